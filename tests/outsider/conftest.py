"""The packages here are what other people wrote: they are installed, and run their own tests, not collected as ours."""

collect_ignore = ["posko_banjir", "posko_rusak"]

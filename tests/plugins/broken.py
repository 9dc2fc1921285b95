"""A plugin's package that cannot be imported."""

raise RuntimeError("this package is broken")

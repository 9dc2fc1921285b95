"""Benchmarks: each prints its figures beside a peer's in the same run. Machines are noisy: read ratios and medians."""

"""Recommendation: which units, in which order, and why."""

"""Percentiles, and one way of printing them."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of all lie, by the nearest rank. Raises ValueError for no values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> str:
    """Median, p99 and most of a series in seconds, printed in milliseconds."""
    p50, p99, most = (percentile(values, share) * 1e3 for share in (0.5, 0.99, 1.0))
    return f"p50 {p50:7.2f}  p99 {p99:7.2f}  max {most:7.2f} ms  (n={len(values)})"

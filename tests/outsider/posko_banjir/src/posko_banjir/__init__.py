"""Flood posts (posko banjir): shelter and water levels."""

from posko_banjir.plugin import PLUGIN

__all__ = ["PLUGIN"]

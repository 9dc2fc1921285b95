"""Siharpa: the market prices of Penajam Paser Utara, as they are noted each day."""

from quickwins.siharpa.plugin import PLUGIN

__all__ = ["PLUGIN"]

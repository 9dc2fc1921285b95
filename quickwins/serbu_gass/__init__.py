"""Serbu Gass: the waste banks of Penajam Paser Utara, their books and the alms of waste."""

from quickwins.serbu_gass.plugin import PLUGIN

__all__ = ["PLUGIN"]

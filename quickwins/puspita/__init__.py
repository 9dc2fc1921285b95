"""Puspita: what there is to see, to attend and where to stay in Penajam Paser Utara, and how to call for help there."""

from quickwins.puspita.plugin import PLUGIN

__all__ = ["PLUGIN"]

"""Internet Taman Rozeline: the public wifi of the park, its access points, its use and its faults."""

from quickwins.taman_rozeline.plugin import PLUGIN

__all__ = ["PLUGIN"]

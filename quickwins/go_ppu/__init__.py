"""Go PPU: the regency's services, applications that can be tracked, complaints with a clock, and satisfaction."""

from quickwins.go_ppu.plugin import PLUGIN

__all__ = ["PLUGIN"]

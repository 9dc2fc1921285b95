"""Calls: one caller's contact with the centre, from the PBX's facts to its disposition."""

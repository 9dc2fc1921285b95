"""Assignments: one unit on one incident, from the offer to its end."""

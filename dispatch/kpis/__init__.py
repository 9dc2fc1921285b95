"""Figures of the centre, folded from calls, incidents and assignments."""

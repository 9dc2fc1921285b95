"""Incidents: what happened, where, how urgent, and how it ends."""

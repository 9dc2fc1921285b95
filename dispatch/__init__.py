"""The core of Siaga 112: calls, incidents, units, assignments and the ordered record of what happened."""

"""Units: what is sent, where it stands, whether it can go."""

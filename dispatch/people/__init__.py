"""People: who may sign in, what they may do, at which desk they sit."""

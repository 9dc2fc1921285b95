"""A small plugin that does a little of everything: a lost-property office."""

"""Places: the gazetteer, and finding what callers say in it."""

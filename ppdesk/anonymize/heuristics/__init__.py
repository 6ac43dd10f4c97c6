"""Searches that may stop early, for lattices too large for the exact one, with a proven bound."""

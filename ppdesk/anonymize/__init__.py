"""Hierarchies, privacy models, quality models, search, apply."""

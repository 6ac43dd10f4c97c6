"""Hierarchies as trees: shown beside their levels, and edited."""

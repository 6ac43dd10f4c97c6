"""Cleaning a table by a list of declared operations, and proposals for such operations."""

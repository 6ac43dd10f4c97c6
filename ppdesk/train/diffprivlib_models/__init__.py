"""Models with diffprivlib's mechanisms behind our own declarations, encoding and JSON."""

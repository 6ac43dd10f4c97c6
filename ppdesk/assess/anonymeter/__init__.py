"""Singling out, linkability and inference as Anonymeter measures them, on plain and on generalized tables."""

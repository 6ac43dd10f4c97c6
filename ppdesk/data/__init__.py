"""Read, profile and type tables of people."""

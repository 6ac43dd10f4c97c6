"""The documents: each with a skeleton of its own, composed from the same recorded evidence."""

"""The verbs that belong to no step: one file each, found by name when they are called."""

"""What was spent: by this project's events, and by all projects of a person on the same data."""

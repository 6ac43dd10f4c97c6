"""Ridge regression with differential privacy by sufficient statistics."""

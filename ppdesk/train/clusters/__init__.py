"""K-means with differential privacy."""

"""Sums over records on whole numbers, and the noise they get: what ridge, k-means and PCA share."""

"""Densities and anomaly scores from noisy histograms, with differential privacy."""

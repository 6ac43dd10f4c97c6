"""Synthetic records with differential privacy: MST, a tree of noisy two-way marginals."""

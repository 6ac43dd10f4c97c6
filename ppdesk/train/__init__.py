"""Estimators with differential privacy and their non-private baselines, feature encoding."""

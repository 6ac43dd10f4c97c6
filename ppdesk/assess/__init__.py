"""Metrics with intervals, utility, fairness, drift."""

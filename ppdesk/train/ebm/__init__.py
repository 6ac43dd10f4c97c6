"""DP-EBM: boosting of binned features, one at a time."""

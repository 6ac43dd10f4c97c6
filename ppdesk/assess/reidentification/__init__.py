"""Re-identification risk: classes, populations, weights, special uniques, thresholds and context."""

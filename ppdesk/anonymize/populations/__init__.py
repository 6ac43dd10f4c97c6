"""Privacy models that look beyond single classes: at the population, the whole sample, or both."""

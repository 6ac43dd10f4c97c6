"""Treatments of single columns of a release: coding, aggregating, perturbing, pseudonyms, shifted dates."""

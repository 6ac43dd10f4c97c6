"""Model bundle, scorer, safe table export."""

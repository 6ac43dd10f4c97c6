"""Statistics with differential privacy: asked for in sentences, planned from declarations, by OpenDP."""

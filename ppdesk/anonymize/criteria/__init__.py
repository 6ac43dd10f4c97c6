"""Privacy models on sensitive attributes: l-diversity, t-closeness, disclosure and likeness bounds."""

"""Privacy standards and machine-wide limits: one TOML schema, loaded fail-closed."""

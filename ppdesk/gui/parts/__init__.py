"""The components of the design system: each draws itself from the look, none knows a step."""

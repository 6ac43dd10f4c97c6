"""Tiny steps for tests of the workbench. The worker finds them by name."""

"""The auditor's window: evidence instead of steps, nothing to run, nothing to change."""

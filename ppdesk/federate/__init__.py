"""Federated training. Nothing here yet: it comes with its own charter and engine."""

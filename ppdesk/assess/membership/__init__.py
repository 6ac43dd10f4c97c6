"""Membership inference: telling from a model which records it was trained on."""

"""Linkage: people an attacker knows of, found again in a published table."""

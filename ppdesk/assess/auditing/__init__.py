"""Audits: the privacy loss that is measured, beside the one that is claimed."""

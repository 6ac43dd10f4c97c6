"""Dialogs: only for passphrases, keys and what cannot be undone."""

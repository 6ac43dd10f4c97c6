"""The secrets of a person and of a project: signing keys, passphrases, escrow."""

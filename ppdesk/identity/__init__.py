"""People's signing keys and certificates, and sealing with them."""

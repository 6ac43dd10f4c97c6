"""The hazards of NIST SP 800-226, layer by layer of its pyramid, each answered from the record."""

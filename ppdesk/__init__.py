"""ppdesk: from a table about people to a defensible release or model, with evidence."""

__version__ = "0.1.0"

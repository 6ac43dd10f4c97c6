"""The help: the documents that come with the program and each step's own, searchable, without a network."""

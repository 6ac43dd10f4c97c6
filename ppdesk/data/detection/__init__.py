"""What a file's own content says about how it is to be read, over all of it."""

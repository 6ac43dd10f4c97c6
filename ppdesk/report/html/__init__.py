"""The accessible edition: the same document as one HTML file without a script, for screen readers and for
screens of any size."""

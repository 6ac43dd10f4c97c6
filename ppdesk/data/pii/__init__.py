"""What in a table is about a person: detectors, what names of columns say, proposals, residual scan."""

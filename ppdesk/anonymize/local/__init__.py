"""Local transformation: equal values may be generalized differently in different classes."""

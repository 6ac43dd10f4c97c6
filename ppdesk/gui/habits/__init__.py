"""What the window does by itself: locks, tells, remembers, takes what is dropped, says what went wrong."""

"""Where the table lies: in memory, in files larger than the memory, or on a cluster."""

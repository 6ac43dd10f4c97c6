"""What documents tell of a released table: its columns, risk, limits, attacks, hierarchies, quality."""

"""How many combinations of columns there are. Light."""

import math


def combinations(columns: int, largest: int) -> int:
    """How many combinations of up to `largest` columns there are."""
    return sum(math.comb(columns, size) for size in range(1, min(largest, columns) + 1))

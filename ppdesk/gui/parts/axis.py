"""Ticks of an axis, at numbers that are easily read."""

import math


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most about `most` round numbers from at or below `low` to at or above `high`."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / max(1, most - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * at, 12) for at in range(first, last + 1)]


def worded(values: list[float]) -> list[str]:
    """Ticks as plain numbers, all with as many digits as the finest needs."""
    largest = max((abs(one) for one in values), default=0.0)
    if largest >= 1e6:
        return [f"{one:.3g}" for one in values]
    digits = max((len(f"{one:.6f}".rstrip("0").partition(".")[2]) for one in values), default=0)
    return [f"{one:,.{digits}f}" for one in values]

"""Shares as a picture says them: 20 %, 64.7 %, 0.02 %."""

import math

from ppdesk.gui.language import tr


def share(value: float) -> str:
    """`value` in 0..1 with one decimal where it has one, with more where it is very small."""
    hundred = 100 * value
    if 0 < abs(hundred) < 0.095:
        digits = min(6, 1 - math.floor(math.log10(abs(hundred))) - 1)
        return tr("{number} %", number=f"{hundred:.{digits}f}")
    if abs(hundred - round(hundred)) < 1e-9:
        return tr("{number:,.0f} %", number=hundred)
    return tr("{number:,.1f} %", number=hundred)

"""Ticks and numbers as a person reads them: round steps, per cent with a space, separators by language."""

import math
from collections.abc import Sequence

from babel.numbers import get_decimal_symbol, get_group_symbol

from ppdesk.core.wording import percent
from ppdesk.report.tongue import Language, Tongue
from ppdesk.report.typeface import printable

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(highest: float, most: int = 5) -> list[float]:
    """Round values from 0 to at least `highest`, at most `most` steps."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in _STEPS if factor * power >= rough * (1 - 1e-9))
    count = math.ceil(highest / step - 1e-9)
    return [round(step * number, 12) for number in range(count + 1)]


def written(number: str, say: Tongue) -> str:
    """A number in English signs (1,000.5) with the separators of the language."""
    if say.language is Language.ENGLISH:
        return number
    thousands, point = get_group_symbol(say.language.value), get_decimal_symbol(say.language.value)
    return printable(number.translate({ord(","): thousands, ord("."): point}))


def plain(values: Sequence[float], say: Tongue) -> list[str]:
    """All values with as many decimals as the finest of them needs: 0, 0.25, 0.50."""
    for places in range(5):
        if all(abs(round(value, places) - value) < 1e-9 * max(1.0, abs(value)) for value in values):
            return [written(f"{value:,.{places}f}", say) for value in values]
    return [written(f"{value:,.3g}", say) for value in values]


def per_cent(values: Sequence[float], say: Tongue) -> list[str]:
    """Shares as per cent: 0 %, 25 %."""
    return [f"{text} %" for text in plain([round(100 * value, 9) for value in values], say)]


def share(value: float, say: Tongue) -> str:
    """One share with the digits that say something: 73 %, 2.7 %, 0.05 %."""
    hundred = round(100 * value, 9)
    if hundred == round(hundred) or 10 <= hundred <= 90:
        return written(percent(value, 0), say)
    if hundred < 1:
        return written(f"{hundred:.2g} %", say)
    return written(percent(value, 1 if hundred < 99 else 2), say)


def score(value: float, say: Tongue, places: int = 3) -> str:
    """A number with fixed decimals and separated thousands."""
    return written(f"{value:,.{places}f}", say)

"""What the text of a released cell says of a number: an interval, a bound, or a list.

Forms: ``[20, 30[`` and ``[20, 30)`` (also with a semicolon), ``20 to 29``, ``20-29``, ``below 20``, ``<20``,
``<=20``, ``65 or more``, ``>=65``, ``>65``. The table's decimal mark holds inside. A comma between two
numbers is followed by a space where the mark is the comma.
"""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.core.cell_numbers import DecimalMark, numbers


def intervals(texts: Sequence[str], mark: DecimalMark) -> tuple[Floats, Floats, Bools, Bools]:
    """(low, high, low_inside, high_inside), each (n,); NaN in `low` for a text that is no interval."""
    import pyarrow as pa
    import pyarrow.compute as pc

    n = len(texts)
    low, high = np.full(n, np.nan), np.full(n, np.nan)
    low_in, high_in = np.ones(n, np.bool_), np.ones(n, np.bool_)
    if not n:
        return low, high, low_in, high_in
    plain = rf"[+-]?(?:[0-9]+\{mark.sign}?[0-9]*|\{mark.sign}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    between = r"\s*;\s*|,\s+" + (r"|\s*,\s*" if mark is DecimalMark.POINT else "")
    array = pa.array(texts, pa.string())

    def take(pattern: str, default: tuple[float, float]) -> "tuple[Bools, dict[str, pa.Array]]":
        found = pc.extract_regex(pc.utf8_trim_whitespace(array), pattern)
        here = pc.is_valid(found).to_numpy(zero_copy_only=False) & np.isnan(low)
        parts = {name: found.field(i) for i, name in enumerate(f.name for f in found.type)}
        for values, name, other in ((low, "low", default[0]), (high, "high", default[1])):
            values[here] = numbers(parts[name], mark)[here] if name in parts else other
        return here, parts

    here, parts = take(
        rf"^(?P<open>[\[\]\(])\s*(?P<low>{plain})(?:{between})(?P<high>{plain})\s*(?P<close>[\[\]\)])$",
        (0, 0),
    )
    if here.any():
        low_in[here] = np.asarray(pc.fill_null(pc.equal(parts["open"], "["), False))[here]
        high_in[here] = np.asarray(pc.fill_null(pc.equal(parts["close"], "]"), False))[here]
    take(rf"^(?P<low>{plain})\s*(?:-|–|to|\.\.)\s*(?P<high>{plain})$", (0, 0))
    endless = float("inf")
    for pattern, ends, inside in (
        (rf"^(?:below|under|<)\s*(?P<high>{plain})$", (-endless, 0), (True, False)),
        (rf"^(?:<=|≤|at most)\s*(?P<high>{plain})$", (-endless, 0), (True, True)),
        (rf"^(?P<low>{plain})\s*(?:or more|\+)$", (0, endless), (True, True)),
        (rf"^(?:>=|≥|at least)\s*(?P<low>{plain})$", (0, endless), (True, True)),
        (rf"^(?:above|over|>)\s*(?P<low>{plain})$", (0, endless), (False, True)),
    ):
        here, _ = take(pattern, ends)
        low_in[here], high_in[here] = inside
    wrong = ~(low <= high)
    low[wrong] = np.nan
    return low, high, low_in, high_in


def listed(text: str) -> list[str] | None:
    """The values of ``{a, b}``; None for another text."""
    text = text.strip()
    if len(text) < 2 or text[0] != "{" or text[-1] != "}":
        return None
    return [one.strip() for one in text[1:-1].split(";" if ";" in text else ",")]

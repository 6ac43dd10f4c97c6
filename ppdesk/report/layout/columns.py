"""How wide the columns of a table are: as wide as their words ask, never wider than the page."""

import re
from collections.abc import Collection, Iterable, Sequence
from math import ceil

from ppdesk.report.typeface import MONO, SANS, SANS_MEDIUM

_LONGEST = (170.0, 120.0, 90.0, 60.0)  # pt: a longer word may break; the first bound that the page allows
_NARROWEST = 0.6  # of the page: what a table takes at least
_SHORT = 125.0  # pt: a column no wider than this keeps its words on one line
_COMFORT = 110.0  # pt: what short columns leave to each of the others
_FIRM = 0.9  # of the page that whole words and whole numbers may take
_LEAST_SHARE = 0.75  # of the page that words without a break may take
_LETTERS = 600  # of a cell that are measured
_STEPS = 16  # in which room is given away where that makes a table least tall
_WORTH = 0.92  # of its height: a table that gets no lower keeps columns of even width
_HASH = re.compile("[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}")
_BREAKS = re.compile("[ \t\n\r]+")  # a space that must not break is none


def widths(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: float,
    pad: float,
    right: Collection[int] = (),
    *,
    scale: float = 1.0,
) -> list[float]:
    """The width of each column, pt, `pad` at both sides included; their sum is at most `total`.

    Every column first gets its longest word (up to a bound); what is left goes to the columns whose
    text would have to wrap, in proportion to what they lack. Columns `right`, of numbers, take no spare room.
    `scale` is that of the type.
    """
    from reportlab.pdfbase.pdfmetrics import stringWidth

    count = len(header)
    word, wish = [0.0] * count, [0.0] * count
    across: list[list[float]] = []  # of each row's cells, on one line
    sample = rows if len(rows) <= 200 else [*rows[:150], *rows[-50:]]
    for cells, face, size in [
        (header, SANS_MEDIUM, 7.5 * scale),
        *((row, SANS, 8.0 * scale) for row in sample),
    ]:
        across.append([0.0] * count)
        for place, text in enumerate(cells[:count]):
            seen = text[:_LETTERS]
            whole = _across(seen, face, size)
            longest = max((stringWidth(piece, face, size) for piece in _BREAKS.split(seen)), default=0.0)
            across[-1][place] = whole * max(1.0, len(text) / _LETTERS)
            wish[place] = max(wish[place], whole + 2 * pad + 1)
            word[place] = max(word[place], longest)
    total = max(_NARROWEST * total, min(total, 1.5 * sum(wish)))  # a little table is not torn apart
    if sum(wish) <= total:  # numbers stay close to what they stand beside
        grow = [0.0 if place in right else one for place, one in enumerate(wish)]
        grow = grow if sum(grow) else wish
        return [one + (total - sum(wish)) * part / sum(grow) for one, part in zip(wish, grow, strict=True)]
    least = _least(word, total, pad)
    words = [min(one, _LONGEST[0]) + 2 * pad + 1 for one in word]
    least = _raised(least, words, total, range(count))
    numbers = [place for place in right if place < count and wish[place] <= _SHORT]
    least = _raised(least, wish, _FIRM * total, numbers)
    even = _filled(_whole(least, wish, total), wish, total)
    low = _lowest(least, wish, total, across, 2 * pad)
    return low if _lines(low, across, 2 * pad) < _WORTH * _lines(even, across, 2 * pad) else even


def _filled(least: Sequence[float], wish: Sequence[float], total: float) -> list[float]:
    """`least` and what is left of `total`, in proportion to what each column lacks."""
    lack = [max(0.0, want - has) for want, has in zip(wish, least, strict=True)]
    spare = total - sum(least)
    if spare <= 0 or not sum(lack):
        return [one * total / sum(least) for one in least]
    return [has + spare * short / sum(lack) for has, short in zip(least, lack, strict=True)]


def _lowest(
    least: Sequence[float],
    wish: Sequence[float],
    total: float,
    across: Sequence[Sequence[float]],
    pads: float,
) -> list[float]:
    """`least`, with what is left of `total` given step by step to the column that makes the table lower."""
    found, step = list(least), (total - sum(least)) / _STEPS
    for _ in range(_STEPS if step > 0 else 0):
        open_ = [place for place in range(len(found)) if found[place] < wish[place]]
        if not open_:
            break

        def after(place: int) -> tuple[float, float]:
            tried = [one + step * (at == place) for at, one in enumerate(found)]
            return _lines(tried, across, pads, area=1.0), found[place] - wish[place]

        found[min(open_, key=after)] += step
    return _filled(found, wish, total)


def _lines(wide: Sequence[float], across: Sequence[Sequence[float]], pads: float, area: float = 0.0) -> float:
    """How many lines the rows take together. `area` is the weight of parts of a line, which show whether a
    column comes nearer to a line less."""
    told = 0.0
    for row in across:
        most = max(max(1.0, cell / (one - pads)) for cell, one in zip(row, wide, strict=True))
        told += ceil(most) + area * most
    return told


def _across(text: str, face: str, size: float) -> float:
    """The width of `text`; short hashes are set in mono, half a point smaller."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if is_short_hash(text):
        return float(stringWidth(text, MONO, size - 0.5))
    return float(stringWidth(text, face, size))


def is_short_hash(text: str) -> bool:
    """Whether `text` is the first 12 digits of a hash, in groups of 4."""
    return _HASH.fullmatch(text) is not None


def _whole(least: Sequence[float], wish: Sequence[float], total: float) -> list[float]:
    """`least`, with the shortest columns, one after the other, as wide as they wish."""
    found = [max(has, min(want, _COMFORT)) for has, want in zip(least, wish, strict=True)]
    if sum(found) > total:
        return list(least)
    for place in sorted(range(len(wish)), key=wish.__getitem__):
        if wish[place] > _SHORT or sum(found) - found[place] + wish[place] > total:
            break
        found[place] = max(wish[place], least[place])
    return found


def _raised(
    least: Sequence[float], wanted: Sequence[float], most: float, places: Iterable[int]
) -> list[float]:
    """`least`, with those of `places` at what they want that lack little, as long as the sum is at most
    `most`: words stay whole, and so do numbers with their interval."""
    found = list(least)
    for place in sorted(places, key=lambda one: wanted[one] - least[one]):
        lack = wanted[place] - found[place]
        if lack > 0 and sum(found) + lack <= most:
            found[place] = wanted[place]
    return found


def _least(word: Sequence[float], total: float, pad: float) -> list[float]:
    """What each column needs so that its words stay whole, as far as the page allows."""
    for longest in _LONGEST:
        least = [min(one, longest) + 2 * pad + 1 for one in word]
        if sum(least) < _LEAST_SHARE * total:
            break
    return least

"""How wide the columns of a table are: as wide as their words ask, never wider than the page."""

from collections.abc import Collection, Sequence

from ppdesk.report.typeface import SANS, SANS_MEDIUM

_LONGEST = 60.0  # pt: a longer word may break
_NARROWEST = 0.6  # of the page: what a table takes at least
_SHORT = 96.0  # pt: a column no wider than this keeps its words on one line


def widths(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: float,
    pad: float,
    right: Collection[int] = (),
) -> list[float]:
    """The width of each column, pt, `pad` at both sides included; their sum is at most `total`.

    Every column first gets its longest word (up to a bound); what is left goes to the columns whose
    text would have to wrap, in proportion to what they lack. Columns `right`, of numbers, take no spare room.
    """
    from reportlab.pdfbase.pdfmetrics import stringWidth

    count = len(header)
    least, wish = [0.0] * count, [0.0] * count
    sample = rows if len(rows) <= 200 else [*rows[:150], *rows[-50:]]
    for cells, face, size in [(header, SANS_MEDIUM, 7.5), *((row, SANS, 8.0) for row in sample)]:
        for place, text in enumerate(cells[:count]):
            whole = stringWidth(text, face, size)
            word = max((stringWidth(piece, face, size) for piece in text.split()), default=0.0)
            wish[place] = max(wish[place], whole + 2 * pad + 1)
            least[place] = max(least[place], min(word, _LONGEST) + 2 * pad + 1)
    total = max(_NARROWEST * total, min(total, 1.5 * sum(wish)))  # a little table is not torn apart
    if sum(wish) <= total:  # numbers stay close to what they stand beside
        grow = [0.0 if place in right else one for place, one in enumerate(wish)]
        grow = grow if sum(grow) else wish
        return [one + (total - sum(wish)) * part / sum(grow) for one, part in zip(wish, grow, strict=True)]
    kept = [want if want <= _SHORT else has for want, has in zip(wish, least, strict=True)]
    least = kept if sum(kept) < 0.75 * total else least
    if sum(least) >= total:
        return [one * total / sum(least) for one in least]
    lack = [max(0.0, want - has) for want, has in zip(wish, least, strict=True)]
    spare = total - sum(least)
    return [has + spare * short / sum(lack) for has, short in zip(least, lack, strict=True)]

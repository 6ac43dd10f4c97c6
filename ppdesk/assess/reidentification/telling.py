"""Which combinations of columns tell records apart best: what to treat as quasi-identifiers.

Distinction is the number of different combinations of values over the number of records, separation the share
of pairs of records that differ (Motwani and Xu 2007, Efficient algorithms for masking and finding
quasi-identifiers; ARX tells both).
"""

import numpy as np

from ppdesk.assess.reidentification.classes import DIGITS
from ppdesk.assess.reidentification.results import Combination
from ppdesk.assess.reidentification.uniques import Walk


def most_telling(
    walk: Walk, names: tuple[str, ...], records: int, *, of_each: int
) -> tuple[Combination, ...]:
    """The `of_each` combinations of each size with the most distinction; all single columns. The smaller
    combinations first, then the more distinct."""
    width = np.zeros(len(walk.masks), np.int64)
    for column in range(len(names)):
        width += (walk.masks >> column) & 1
    pairs = max(1.0, records * (records - 1.0))
    found = []
    for size in range(1, walk.largest + 1):
        these = np.flatnonzero(width == size)
        order = np.lexsort((walk.masks[these], -walk.separated[these], -walk.classes[these]))
        for at in these[order][: len(names) if size == 1 else of_each]:
            found.append(
                Combination(
                    columns=tuple(name for bit, name in enumerate(names) if walk.masks[at] >> bit & 1),
                    distinction=round(int(walk.classes[at]) / records, DIGITS),
                    separation=round(float(walk.separated[at]) / pairs, DIGITS) if records > 1 else 0.0,
                    uniques=round(int(walk.singles[at]) / records, DIGITS),
                )
            )
    return tuple(found)

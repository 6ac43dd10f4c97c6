"""Dates shifted by one number of days per person: order and distances within a person stay, the calendar
goes. The shift is keyed, uniform within +-`within` days, and the same for all dates of one person and domain.

Limits: seasons and weekdays blur only within the bound, a date that is known of a person gives the shift
away and with it all other dates of that person, and the first and last dates of the column still tell about
those who have them.
"""

import hmac
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.masking.errors import NotDatesError, OutsideCalendarError

if TYPE_CHECKING:
    import pyarrow as pa

_FORM = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?")


def shifts(persons: Sequence[str], key: bytes, within: int) -> NDArray[np.int64]:
    """(n,) int64: the days of each of n persons, uniform over the 2 * `within` + 1 whole numbers (128 bits of
    HMAC-SHA-256 modulo that number: no bias that could be seen)."""
    found = []
    for one in persons:
        digest = hmac.digest(key, one.encode("utf-8", "surrogatepass"), "sha256")
        found.append(int.from_bytes(digest[:16], "big") % (2 * within + 1) - within)
    return np.asarray(found, np.int64)


def shifted(column: "pa.ChunkedArray", days: NDArray[np.int64], name: str) -> "pa.Array":
    """(n,) strings: each date moved by its number of days. A time of day stays; missing stays missing.

    NotDatesError where a cell is no day of the calendar (proleptic Gregorian, years 1 to 9999) written as
    2024-02-29, also with a time after it; OutsideCalendarError.
    """
    import pyarrow as pa

    coded = column.combine_chunks().dictionary_encode()
    texts = coded.dictionary.to_pylist()
    codes = np.asarray(coded.indices.fill_null(-1)).astype(np.int64)
    numbers = np.zeros(len(texts), np.int64)
    wrong, tails = [], []
    for place, text in enumerate(texts):
        hit = _FORM.fullmatch(text)
        tails.append((hit[2] or "") if hit else "")
        try:
            numbers[place] = date.fromisoformat(hit[1]).toordinal() if hit else 0
        except ValueError:
            hit = None
        if hit is None:
            wrong.append(place)
    if wrong:
        raise NotDatesError(column=name, cells=int(np.isin(codes, wrong).sum()))
    there = codes >= 0
    moved = np.where(there, numbers[codes] + days if len(texts) else 0, 1)
    outside = int(((moved < 1) | (moved > date.max.toordinal())).sum())
    if outside:
        raise OutsideCalendarError(column=name, cells=outside)
    pairs = np.stack([moved, np.where(there, codes, -1)])
    distinct, where = np.unique(pairs, axis=1, return_inverse=True)
    made = [
        None if code < 0 else date.fromordinal(int(day)).isoformat() + tails[code]
        for day, code in distinct.T.tolist()
    ]
    return pa.array(made, pa.string()).take(pa.array(where.reshape(-1)))

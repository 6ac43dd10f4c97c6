"""What the values of a column look like, in shares and counts. No value of the table is in a result.

Bounds, all told: a detector sees `SAMPLE` distinct values, evenly spaced from the first to the last, and
checks `CHECKED` of those that have its form. In columns that are not all numbers every distinct value is
looked at by one quick filter, and up to `TEXTS` of those that pass it, or `LETTERS` letters, are searched
for what is inside.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from ppdesk.data.pii import contacts, forms, national
from ppdesk.data.pii.detector import Detector, belief
from ppdesk.data.pii.encoded import Encoded, spread

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE = 5_000
CHECKED = 1_000
TEXTS = 20_000
LETTERS = 10_000_000
DETECTORS: tuple[Detector, ...] = (*contacts.DETECTORS, *national.DETECTORS)
_LEAST_SHARE = 0.5  # of the sampled values must have a form that nothing checks
_LEAST_CHECKED = 0.02  # and one that a checksum does: a column may be of several kinds
_SURE = 0.9
# what can begin a hit in running text; RE2 goes through a million cells in a fraction of a second
_MAYBE = (
    r"@[A-Za-z0-9]|://|www\.|[0-9](?:[ ./()-]{0,2}[0-9]){6}|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
    r"|[A-Za-z]{2}[0-9]{2} ?[0-9A-Za-z]{4}|[A-Za-z]{4,6}[0-9]{2}|[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]"
)
_BEFORE, _AFTER = r"(?:^|[^0-9A-Za-z_.,@/-])", r"(?:$|[^0-9A-Za-z_@])"


@dataclass(frozen=True)
class Evidence:
    """What one detector found in one column."""

    detector: Detector
    share: float  # of the cells (of the sampled values) that the detector takes for its kind
    candidates: int  # distinct values of its form that were checked
    passed: int  # of those, valid ones
    inside: bool = False  # found inside running text, where `share` counts cells with at least one

    def belief(self, prior: float | None = None) -> float:
        """How likely the column, or the hits inside texts, are of this kind. `prior` overrules the form's."""
        return belief(self.candidates, self.passed, self.detector.chance, prior or self.detector.prior)

    @property
    def passing(self) -> float:
        """Share of the candidates that are valid."""
        return self.passed / self.candidates if self.candidates else 0.0


@dataclass(frozen=True)
class Scan:
    """One column's values, in numbers."""

    name: str
    rows: int
    missing: int
    distinct: int
    most: int  # rows of its most common value
    sampled: int  # distinct values that the detectors saw
    numbers: float  # shares of the sampled values: numbers,
    whole: float  # whole numbers,
    padded: float  # with leading zeros, as codes are
    dates: float
    times: float  # of day
    addresses: float
    postcodes: float  # of a form that is seldom anything else
    bare_postcodes: float  # of a form that needs the column's name
    names: float  # with a common name of a person
    text: bool  # running text
    years: forms.Years | None
    evidence: tuple[Evidence, ...] = field(default_factory=tuple)

    @property
    def present(self) -> int:
        return self.rows - self.missing

    @property
    def unique(self) -> float:
        """Distinct values per row with a value."""
        return self.distinct / self.present if self.present else 0.0


def scan(column: Encoded) -> Scan:
    """The column's values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = spread(column.distinct, SAMPLE)
    values = pc.utf8_trim_whitespace(column.values.take(pa.array(places)))
    weights = column.counts[places]
    numbers = forms.share(values, forms.NUMBER)
    dates = forms.share(values, forms.DATE)
    evidence = list(_whole(values, weights))
    if numbers < 1.0 and not any(one.belief() >= _SURE and one.share >= _SURE for one in evidence):
        evidence += _inside(column)
    words = values.to_pylist()[:CHECKED] if numbers < 0.5 and dates < 0.5 else []
    return Scan(
        name=column.name,
        rows=column.rows,
        missing=column.missing,
        distinct=column.distinct,
        most=column.most,
        sampled=len(values),
        numbers=numbers,
        whole=forms.share(values, forms.WHOLE),
        padded=forms.share(values, forms.PADDED),
        dates=dates,
        times=forms.share(values, forms.TIME),
        addresses=forms.share(values, forms.ADDRESS) if words else 0.0,
        postcodes=forms.share(values, forms.POSTCODE),
        bare_postcodes=forms.share(values, forms.POSTCODE_BARE),
        names=forms.name_share(words),
        text=forms.running_text(values),
        years=forms.years(values) if dates >= 0.5 else None,
        evidence=tuple(evidence),
    )


def _whole(values: "pa.Array", weights: "Sequence[int]") -> Iterable[Evidence]:
    """Evidence of the detectors whose form enough of the values have."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    for detector in DETECTORS:
        mask = pc.match_substring_regex(values, detector.whole).to_numpy(zero_copy_only=False)
        places = np.flatnonzero(mask)
        least = _LEAST_CHECKED if detector.checked else _LEAST_SHARE
        if not len(places) or len(places) < least * len(values):
            continue
        formed = float(np.asarray(weights)[places].sum() / np.asarray(weights).sum())
        texts = values.take(pa.array(places[spread(len(places), CHECKED)])).to_pylist()
        passed = sum(detector.passes(text) for text in texts)
        yield Evidence(detector, formed * passed / len(texts), len(texts), passed)


@cache
def _searches(detector: Detector) -> tuple[str, "re.Pattern[str]"]:
    """The detector's form between other signs: for RE2, and for Python with the hit as a group."""
    return f"{_BEFORE}(?:{detector.form}){_AFTER}", re.compile(f"{_BEFORE}({detector.form})(?={_AFTER})")


def _inside(column: Encoded) -> Iterable[Evidence]:
    """Evidence inside texts: what `_whole` misses because it is rare or surrounded by words."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    maybe = np.flatnonzero(pc.match_substring_regex(column.values, _MAYBE).to_numpy(zero_copy_only=False))
    if not len(maybe):
        return
    length = pc.mean(pc.utf8_length(column.values.take(pa.array(maybe[spread(len(maybe), TEXTS)])))).as_py()
    places = maybe[spread(len(maybe), min(TEXTS, max(1, int(LETTERS / max(1.0, length)))))]
    texts, weights = column.values.take(pa.array(places)), column.counts[places]
    scale = len(maybe) / len(places)  # cells that were not searched are taken to be like those that were
    for detector in DETECTORS:
        if not detector.embedded:
            continue
        quick, exact = _searches(detector)
        found = np.flatnonzero(pc.match_substring_regex(texts, quick).to_numpy(zero_copy_only=False))
        candidates = passed = cells = 0
        for place in found:
            hits = [match.group(1) for match in exact.finditer(texts[int(place)].as_py())]
            valid = sum(detector.passes(hit) for hit in hits)
            candidates, passed = candidates + len(hits), passed + valid
            cells += int(weights[place]) if valid else 0
        if passed:
            share = min(1.0, cells * scale / max(1, column.present))
            yield Evidence(detector, share, candidates, passed, inside=True)

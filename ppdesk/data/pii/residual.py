"""What of persons is still in the values of a table that is about to leave. Names of columns do not count
here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.pii.encoded import encode
from ppdesk.data.pii.scan import Scan, scan

if TYPE_CHECKING:
    import pyarrow as pa

_LIKELY = 0.5  # belief from which it is told
_PROVED = 0.95  # and from which it is taken for proved,
_HITS = 5  # by at least so many different valid values: fewer may be an accident
_FEW = 10  # distinct values up to which words are categories, not names


@dataclass(frozen=True)
class Residual:
    """One kind in one column. `cells` is an estimate where the column was sampled."""

    column: str
    kind: str
    title: str
    hipaa: tuple[int, ...]
    cells: int
    valid: int  # distinct values that were looked at and are of this kind
    inside: bool  # within longer texts
    proved: bool  # by check digits or by a form that nothing else has


def residual(table: "pa.Table", cancelled: Callable[[], bool] = lambda: False) -> list[Residual]:
    """What the value detectors find in `table` (all columns strings, null = missing), column by column.

    Bounds are those of `scan`: in a column of more distinct values than that, a few identifiers can be
    missed.
    """
    found: list[Residual] = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if cancelled():
            raise CancelledRunError
        seen = scan(encode(name, column))
        found += [*_detected(seen), *_shaped(seen)]
    return found


def _detected(seen: Scan) -> list[Residual]:
    best: dict[tuple[int, ...], tuple[float, Residual]] = {}
    for one in seen.evidence:
        belief, detector = one.belief(), one.detector
        if belief < _LIKELY or not one.passed:
            continue
        made = Residual(
            column=seen.name,
            kind=detector.key,
            title=detector.title,
            hipaa=detector.hipaa,
            cells=max(1, round(one.share * seen.present)),
            valid=one.passed,
            inside=one.inside,
            proved=detector.proves and belief >= _PROVED and one.passed >= _HITS,
        )
        # a number may pass several countries' checks: of one HIPAA identifier the likeliest kind is told
        if detector.hipaa not in best or belief > best[detector.hipaa][0]:
            best[detector.hipaa] = belief, made
    return [made for _, made in best.values()]


def _shaped(seen: Scan) -> list[Residual]:
    """Kinds that have a form and no check: never proved."""
    shapes = (
        ("address", "a street and a number", 2, seen.addresses if seen.addresses >= 0.5 else 0.0),
        (
            "name",
            "a common name of a person",
            1,
            seen.names if seen.names >= 0.5 and seen.distinct > _FEW else 0.0,
        ),
        ("postcode", "a whole postcode", 2, seen.postcodes if seen.postcodes >= 0.5 else 0.0),
        ("event-date", "a date to the day", 3, seen.dates if seen.dates >= 0.5 else 0.0),
        ("text", "running text", 1, 1.0 if seen.text and seen.unique > 0.5 else 0.0),
    )
    return [
        Residual(
            column=seen.name,
            kind=kind,
            title=title,
            hipaa=(number,),
            cells=round(share * seen.present),
            valid=round(share * seen.sampled),
            inside=False,
            proved=False,
        )
        for kind, title, number, share in shapes
        if share > 0
    ]

"""All measures of one table: the original one, or a release."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ppdesk.assess.effort import Effort, Progress, within
from ppdesk.assess.errors import TooManyUniquesError
from ppdesk.assess.reidentification.results import (
    Combination,
    JournalistRisk,
    RecordRisk,
    Side,
    SpecialUniques,
    Uniqueness,
    WeightedRisk,
)
from ppdesk.core.said import said, said_all
from ppdesk.workflow.evaluation.risks_time import ALWAYS, largest_size
from ppdesk.workflow.evaluation.trying import EndedEarlyError, Keeping

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ppdesk.assess.arrays import Bools, Floats
    from ppdesk.assess.reidentification.coding import Tuples

_TOLD = {Effort.QUICK: 1, Effort.STANDARD: 3, Effort.THOROUGH: 10}  # combinations told of each size
_WILD_SECONDS = {Effort.QUICK: 30.0, Effort.STANDARD: 300.0, Effort.THOROUGH: 1800.0}


@dataclass(frozen=True)
class Given:
    """`values`: a column of strings each. `persons`: the same columns of a table of the population, with
    values as they stand here. `suppressed`: so many records are known to say nothing; None: nobody said."""

    title: str
    columns: tuple[str, ...]
    values: "Sequence[pa.ChunkedArray]"
    weights: "Floats | None" = None  # (rows,), NaN where there is none
    persons: "Sequence[pa.ChunkedArray] | None" = None
    notes: tuple[str, ...] = field(default_factory=tuple)
    suppressed: int | None = 0


@dataclass(frozen=True)
class Measures:
    """What is asked; fields as in RiskSettings."""

    limit: float
    wildcards: bool
    people: int | None
    fraction: float | None
    special: bool
    largest: int
    effort: Effort
    keeping: Keeping


@dataclass(frozen=True)
class _Coded:
    """`tuples` of the records that are kept; `codes`, `sizes` and `wild` of all rows; `persons` alike."""

    tuples: "Tuples"
    codes: "NDArray[np.int32]"
    sizes: tuple[int, ...]
    wild: "Bools"
    keep: "Bools"
    persons: "NDArray[np.int32] | None"


def measured_side(given: Given, asked: Measures, progress: Progress) -> Side:
    """All measures. NothingToCompareError."""
    from ppdesk.assess.reidentification.classes import record_risk

    coded = _code(given, within(progress, 0.0, 0.1))
    counts = coded.tuples.counts
    left_out = int((~coded.keep).sum())
    notes = list(given.notes)
    progress(0.1, said("{title}: classes", title=given.title))
    wildcard = None
    if asked.wildcards and (refused := _too_many_patterns(coded, asked.effort)):
        asked = replace(asked, wildcards=False)
        notes.append(refused)
    if asked.wildcards:
        ended = asked.keeping.rest(lambda: _wildcard(coded, asked, within(progress, 0.1, 0.3)))
        if isinstance(ended, EndedEarlyError):
            notes.append(
                said(
                    "{title}: missing values were not taken for any value. {why}",
                    title=given.title,
                    why=ended.message,
                )
            )
            asked = replace(asked, wildcards=False)
        else:
            wildcard = ended
    weighted = None
    if given.weights is not None:
        weighted = _weighted(given, coded, asked, within(progress, 0.3, 0.45))
        if weighted is None:
            notes.append(said("{title}: no record that is left has a survey weight.", title=given.title))
    special, looked_at = None, 0
    combinations: tuple[Combination, ...] = ()
    if asked.special:
        walked = asked.keeping.rest(lambda: _special(given, coded, asked, within(progress, 0.45, 1.0)))
        if isinstance(walked, EndedEarlyError):
            notes.append(
                said(
                    "{title}: combinations of columns were not looked at. {why}",
                    title=given.title,
                    why=walked.message,
                )
            )
        else:
            special, combinations, looked_at, note = walked
            notes += [note] if note else []
    return Side(
        title=given.title,
        columns=given.columns,
        own=record_risk(counts, counts, asked.limit, left_out),
        wildcard=wildcard,
        journalist=_journalist(coded, asked),
        uniqueness=None if asked.people is None else _uniqueness(counts, asked.people),
        weighted=weighted,
        special=special,
        combinations=combinations,
        looked_at=looked_at,
        notes=tuple(notes),
    )


def _code(given: Given, progress: Progress) -> _Coded:
    import numpy as np
    import pyarrow as pa

    from ppdesk.assess.reidentification.coding import coded, tuples

    values = list(given.values)
    rows = len(values[0])
    if given.persons is not None:
        values = [
            pa.chunked_array([*mine.cast(pa.string()).chunks, *theirs.cast(pa.string()).chunks], pa.string())
            for mine, theirs in zip(values, given.persons, strict=True)
        ]
    codes, sizes, wild = coded(values, progress)
    persons = codes[:, rows:] if given.persons is not None else None
    codes, wild = codes[:, :rows], wild[:, :rows]
    nothing: Bools = np.logical_and.reduce(wild, axis=0)
    # where more records say nothing than were suppressed, no hierarchy was left: they are a class
    known = given.suppressed is None or int(nothing.sum()) == given.suppressed
    keep: Bools = ~nothing if known else np.ones(rows, np.bool_)
    found = tuples(given.columns, (codes, sizes, wild), keep)
    return _Coded(found, codes, sizes, wild, keep, persons)


def _too_many_patterns(coded: _Coded, effort: Effort) -> str:
    """Why missing values cannot be taken for any value; empty where they can."""
    from ppdesk.assess.reidentification.wildcards import work_seconds

    seconds = work_seconds(coded.tuples.wild)
    if seconds <= _WILD_SECONDS[effort]:
        return ""
    return said(
        "Missing values were not taken for any value: they are missing in so many different combinations of "
        "columns that it would take about {minutes:,.0f} min. Name fewer columns, or try harder.",
        minutes=seconds / 60,
    )


def _wildcard(coded: _Coded, asked: Measures, progress: Progress) -> RecordRisk:
    import numpy as np

    from ppdesk.assess.reidentification.classes import record_risk
    from ppdesk.assess.reidentification.wildcards import alike

    found = coded.tuples
    like = alike(found.codes, found.sizes, found.wild, found.counts[None].astype(np.float64), progress)[0]
    return record_risk(like, found.counts, asked.limit, int((~coded.keep).sum()))


def _weighted(given: Given, coded: _Coded, asked: Measures, progress: Progress) -> WeightedRisk | None:
    """Over the records with a weight above zero. With wildcards f and F count all that may be alike."""
    import numpy as np

    from ppdesk.assess.reidentification.coding import tuples
    from ppdesk.assess.reidentification.individual import weighted_risk
    from ppdesk.assess.reidentification.wildcards import alike

    weights = np.zeros(0) if given.weights is None else given.weights
    usable = np.isfinite(weights) & (weights > 0)
    keep = coded.keep & usable
    if not keep.any():
        return None
    found = tuples(given.columns, (coded.codes, coded.sizes, coded.wild), keep, weights)
    sums = found.counts * 1.0 if found.weights is None else found.weights
    like = np.array([found.counts.astype(np.float64), sums])
    if asked.wildcards:
        like = alike(found.codes, found.sizes, found.wild, like, progress)
    return weighted_risk(
        like[0], like[1], found.counts, asked.limit,
        weights=float(sums.sum()), unweighable=int((coded.keep & ~usable).sum()),
    )  # fmt: skip


def _journalist(coded: _Coded, asked: Measures) -> JournalistRisk | None:
    from ppdesk.assess.reidentification.people import journalist, people_like

    if coded.persons is None:
        return None
    found = coded.tuples
    people = people_like(found.codes, found.sizes, coded.persons)
    return journalist(people, found.counts, asked.limit, coded.persons.shape[1])


def _uniqueness(counts: "NDArray[np.int64]", people: int) -> Uniqueness:
    """By the estimators of Anonymize. `dankar` falls back to Zayatz where Pitman's model does not fit."""
    import math

    from ppdesk.anonymize.populations.estimators import Sizes, snb, uniques
    from ppdesk.anonymize.populations.models import Estimator

    sizes = Sizes.of(counts)

    def share(estimator: Estimator, *, fallback: bool = False) -> float | None:
        found = uniques(sizes, people, estimator, fallback=fallback) / people
        return round(found, 6) if math.isfinite(found) else None

    return Uniqueness(
        people=people,
        fraction=round(sizes.records / people, 9),
        dankar=share(Estimator.DANKAR, fallback=True),
        pitman=share(Estimator.PITMAN),
        zayatz=share(Estimator.ZAYATZ),
        snb=share(Estimator.SNB),
        snb_arx=round(snb(sizes, people, as_arx=True) / people, 6),
    )


def _special(
    given: Given, coded: _Coded, asked: Measures, progress: Progress
) -> tuple[SpecialUniques | None, tuple[Combination, ...], int, str]:
    """(special uniques, the most telling combinations, how many were looked at, a remark)."""
    import numpy as np

    from ppdesk.assess.reidentification.special import FRACTION, special
    from ppdesk.assess.reidentification.telling import most_telling
    from ppdesk.assess.reidentification.uniques import MOST_COLUMNS, walk

    found, columns = coded.tuples, len(given.columns)
    if columns > MOST_COLUMNS:  # bits of a mask
        return (
            None,
            (),
            0,
            said("Combinations were not looked at: there are more than {most} columns.", most=MOST_COLUMNS),
        )
    largest = largest_size(columns, found.records, asked.effort, asked.largest)
    walked = None
    note: str = ""
    for size in dict.fromkeys((largest, min(largest, 3), min(largest, ALWAYS))):
        try:
            walked = walk(found.codes, found.sizes, found.counts, size, progress)
            break
        except TooManyUniquesError as refused:
            note = said(
                "Combinations of {size} columns were not all looked at: {why}", size=largest, why=str(refused)
            )
            if asked.largest:
                break
    if walked is None:
        return None, (), 0, note
    if asked.fraction is None:
        note = said_all(
            (
                note,
                said(
                    "DIS and its scores take the table for 1 % of the population: nobody said what share "
                    "it is."
                ),
            )
        )
    best = most_telling(walked, given.columns, found.records, of_each=_TOLD[asked.effort])
    looked_at = len(walked.masks)
    if asked.wildcards and found.wild.any():
        note = said_all((note, said("A missing value is in no special unique, and like no value there.")))
        codes = np.where(found.wild, np.int32(-1), found.codes)
        walked = walk(codes, found.sizes, found.counts, walked.largest, progress)
    told = special(walked, given.columns, found.counts, asked.fraction or FRACTION)
    return told, best, looked_at, note.strip()

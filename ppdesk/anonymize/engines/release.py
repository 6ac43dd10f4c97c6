"""Anonymize a table where it lies: count there, search here, replace there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ppdesk.anonymize.apply import classes
from ppdesk.anonymize.arrays import coded, filled, texts
from ppdesk.anonymize.engines.engine import COUNT, LABEL, VALUE, Engine, Recoding
from ppdesk.anonymize.engines.errors import EngineChangedError
from ppdesk.anonymize.errors import MissingColumnError, NoRecordsError
from ppdesk.anonymize.frequency import Encoder, FrequencySet
from ppdesk.anonymize.hierarchies import Hierarchy
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search
from ppdesk.anonymize.solution import Solution
from ppdesk.core.said import said


@dataclass(frozen=True)
class Release:
    """`groups` distinct tuples left the engine. `suppressed` of `records` are written with "*"."""

    solution: Solution
    records: int
    groups: int
    suppressed: int


def release(
    engine: Engine,
    hierarchies: Sequence[Hierarchy],
    k: int,
    suppression_limit: float,
    out: Path,
    *,
    model: LossModel | None = None,
    quality: Quality = Quality.LOSS,
    drop: Sequence[str] = (),
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Release:
    """The optimal k-anonymous release, as the search proves it, written to `out`.

    The columns of `hierarchies` are generalized, those in `drop` left out, all others kept. Models on
    sensitive columns are not known here. Raises what `search` raises, MissingColumnError,
    OutsideHierarchyError, EngineError; then no file is left.
    """
    columns = engine.columns()
    for name in [*(one.column for one in hierarchies), *drop]:
        if name not in columns:
            raise MissingColumnError(column=name)
    names = [one.column for one in hierarchies]
    progress(0.0, said("Count distinct records where the table lies"))
    frequencies = counted(engine, hierarchies)
    solution = search(
        frequencies, k, suppression_limit, model or LossModel(), names,
        quality=quality, progress=progress, cancelled=cancelled,
    )  # fmt: skip
    progress(1.0, said("Write the release where the table lies"))
    made = recoding(frequencies, hierarchies, solution.levels, k, [one for one in columns if one not in drop])
    written = engine.write(made, out)
    if written != frequencies.records:
        out.unlink(missing_ok=True)
        raise EngineChangedError(expected=frequencies.records, found=written)
    return Release(solution, written, len(frequencies.counts), solution.suppressed)


def counted(engine: Engine, hierarchies: Sequence[Hierarchy]) -> FrequencySet:
    """The frequency set of the engine's table. OutsideHierarchyError counts tuples, not records."""
    encoder = Encoder(hierarchies)
    found = engine.distinct([one.column for one in hierarchies])
    if found.num_rows == 0:
        raise NoRecordsError()
    encoder.add(found, filled(found[COUNT], 0))
    return encoder.done()


def recoding(
    frequencies: FrequencySet,
    hierarchies: Sequence[Hierarchy],
    levels: Sequence[int],
    k: int,
    kept: Sequence[str],
) -> Recoding:
    """What the transformation does to values, and which classes it suppresses."""
    import pyarrow as pa

    found = classes(frequencies, levels, k)
    first = found.first[found.hidden]
    maps, hidden = {}, {}
    for index, (one, level) in enumerate(zip(hierarchies, levels, strict=True)):
        labels = texts(one.labels[level])
        columns = {VALUE: texts(one.leaves), LABEL: coded(one.codes[level], labels).cast(pa.string())}
        maps[one.column] = pa.table(columns)
        label_of = one.codes[level][frequencies.leaves(index)[first]]
        hidden[one.column] = coded(label_of, labels).cast(pa.string())
    return Recoding(maps, pa.table(hidden), kept)

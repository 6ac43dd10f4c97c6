"""Release and synthetic records beside the table: the part of Evaluate that needs no model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.assess.effort import Progress, within
from ppdesk.assess.tables.align import aligned
from ppdesk.assess.tables.columns import Declared
from ppdesk.assess.tables.compare import compare
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.generators import generator
from ppdesk.core.said import said, said_all
from ppdesk.workflow import declared
from ppdesk.workflow.data.release_quality_section import MeasureFact
from ppdesk.workflow.evaluation.tables_facts import TablesFacts, TablesSettings
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.treated import treated_columns, treatment_words

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from ppdesk.assess.rebuild import Hierarchies

_CODES = ("pseudonym", "format-preserving", "mask", "date-shift")  # say nothing that could be compared
_OTHER = said("It was not compared: none of its columns is one of the table.")
_NO_RECORDS = said("It was not compared: the table has no records.")


def measures(inputs: Inputs, settings: TablesSettings, ctx: Context, progress: Progress) -> TablesFacts:
    """Compares what there is of RELEASE and SYNTHETIC with TABLE. All random choices (samples of large
    tables, halves for training) come from `ctx.entropy`. CancelledRunError."""

    def told(share: float, doing: str) -> None:
        if ctx.cancelled():
            raise CancelledRunError
        progress(share, doing)

    if not {Kind.RELEASE, Kind.SYNTHETIC} & set(inputs):
        return TablesFacts()
    source = generator(ctx.entropy)
    target = settings.target
    if target is None:
        target = declared.text(inputs[Kind.ROLES].head, "target")
    facts = TablesFacts()
    both = Kind.RELEASE in inputs and Kind.SYNTHETIC in inputs
    if Kind.RELEASE in inputs:
        found = _release(inputs, target, source, within(told, 0.0, 0.5 if both else 1.0))
        facts = facts.model_copy(update=found)
    if Kind.SYNTHETIC in inputs:
        found = _synthetic(inputs, target, source, within(told, 0.5 if both else 0.0, 1.0))
        facts = facts.model_copy(update=found)
    return facts


@dataclass(frozen=True)
class _Release:
    """The released rows, the columns to compare, and what is known of how they were made."""

    rows: "pa.Table"
    columns: list[Declared]
    generalized: tuple[str, ...]
    levels: dict[str, int] | None  # None where values may be on any level


def _release(
    inputs: Inputs, target: str, source: "np.random.Generator", progress: Progress
) -> dict[str, object]:
    artifact, original = inputs[Kind.RELEASE], inputs[Kind.TABLE].table("rows")
    words = release_words(artifact)
    release, left_out = _read(inputs)
    if not release.columns:
        return {"release_words": words, "why_no_release": _OTHER}
    if not original.num_rows or not release.rows.num_rows:
        empty = (
            _NO_RECORDS if not original.num_rows else said("It was not compared: the release has no records.")
        )
        return {"release_words": words, "why_no_release": empty}
    twin = None
    rows, trees = release.rows, _trees(inputs)
    if release.levels and not treatment_words(artifact.head):
        progress(0.0, said("Finding out which record is which"))
        twin = aligned(original, rows, trees, release.levels)
    found = compare(
        original,
        rows if twin is None else twin,
        release.columns,
        source,
        generalized=release.generalized,
        levels=release.levels,
        target=target,
        twin=twin is not None,
        decimal=Reading.of(inputs[Kind.TABLE].head).decimal,
        progress=within(progress, 0.0, 0.95),
    )
    progress(0.95, said("Measuring by ARX's quality models"))
    quality = tuple(MeasureFact(name=one.name, value=one.value, columns=one.columns) for one in found.quality)
    if twin is not None and release.levels:
        quality = _arx(inputs, release.levels, twin) or quality
    return {
        "release": found.table,
        "release_words": words,
        "quality": quality,
        "left_out": tuple(left_out),
    }


def _read(inputs: Inputs) -> tuple[_Release, list[str]]:
    """(what to compare, columns that hold codes)."""
    artifact, original = inputs[Kind.RELEASE], inputs[Kind.TABLE].table("rows")
    rows, treated = artifact.table("rows"), treated_columns(artifact.head)
    known = declared.columns(inputs[Kind.ROLES].head)
    told = artifact.head.get("levels")
    every = (
        {name: declared.number(level) for name, level in told.items()} if isinstance(told, Mapping) else {}
    )
    trees = _trees(inputs)
    generalized = tuple(name for name in every if name in trees and name in rows.column_names)
    levels = {
        name: int(level) for name in generalized if (level := every[name]) is not None and name not in treated
    }
    columns, left_out = [], []
    for name in rows.column_names:
        if name not in original.column_names:
            continue
        if treated.get(name) in _CODES:
            left_out.append(name)
            continue
        tree = trees.get(name) if name in generalized else None
        columns.append(Declared(name, name in known and known[name].numeric, tree, levels.get(name)))
    complete = set(levels) == set(generalized) and bool(levels)
    return _Release(rows, columns, generalized, levels if complete else None), left_out


def release_words(release: Artifact) -> str:
    """How the release was made, from its head."""
    head = release.head
    k, method = declared.number(head.get("k")), declared.text(head, "transformation")
    private = head.get("differential_privacy")
    words = [] if k is None else [f"k = {k:g}"]
    if isinstance(private, Mapping):
        words.append(said("with differential privacy, ε {epsilon}", epsilon=str(private.get("epsilon"))))
    words.append(
        said("local transformation ({method})", method=method)
        if method
        else said("one level for each column")
    )
    if changed := treatment_words(head):
        words.append(changed)
    return said_all(words, by=", ")


def _synthetic(
    inputs: Inputs, target: str, source: "np.random.Generator", progress: Progress
) -> dict[str, object]:
    artifact, original = inputs[Kind.SYNTHETIC], inputs[Kind.TABLE].table("rows")
    rows, known = artifact.table("rows"), declared.columns(inputs[Kind.ROLES].head)
    names = [name for name in rows.column_names if name in original.column_names]
    epsilon = declared.number(artifact.head.get("epsilon"))
    words = declared.text(artifact.head, "method") or said("synthetic")
    if epsilon is not None:
        words = said_all((words, said("ε {epsilon:g}", epsilon=epsilon)), by=", ")
    if not names:
        return {"synthetic_words": words, "why_no_synthetic": _OTHER}
    if not original.num_rows or not rows.num_rows:
        empty = _NO_RECORDS if not original.num_rows else said("It was not compared: it has no records.")
        return {"synthetic_words": words, "why_no_synthetic": empty}
    found = compare(
        original,
        rows,
        [Declared(name, name in known and known[name].numeric) for name in names],
        source,
        target=target,
        decimal=Reading.of(inputs[Kind.TABLE].head).decimal,
        progress=progress,
    )
    return {"synthetic": found.table, "synthetic_words": words}


def _trees(inputs: Inputs) -> "Hierarchies":
    held = inputs.get(Kind.HIERARCHIES)
    found: Hierarchies = {} if held is None else json.loads(held.data("hierarchies"))
    return found


def _arx(inputs: Inputs, levels: Mapping[str, int], twin: "pa.Table") -> tuple[MeasureFact, ...]:
    """All of ARX's measures, which need to know which record is which."""
    import numpy as np
    import pyarrow as pa

    from ppdesk.anonymize.apply import Classes, classes
    from ppdesk.anonymize.frequency import frequency_set
    from ppdesk.anonymize.hierarchies import from_json
    from ppdesk.anonymize.release_quality import measures as of_release
    from ppdesk.assess.tables.align import keys
    from ppdesk.workflow.data.release_quality_section import facts

    loaded = from_json(inputs[Kind.HIERARCHIES].data("hierarchies"))
    hierarchies = [loaded[name] for name in levels]
    frequencies = frequency_set(inputs[Kind.TABLE].table("rows"), hierarchies)
    made = classes(frequencies, list(levels.values()), 1)
    shown = []
    for at, (one, level) in enumerate(zip(hierarchies, levels.values(), strict=True)):
        labels = pa.array(one.labels[level], pa.string())
        shown.append(labels.take(pa.array(one.codes[level][frequencies.leaves(at)[made.first]])))
    mine, theirs = keys(shown, [twin.column(one.column) for one in hierarchies])
    hidden = ~np.isin(mine, theirs)
    return facts(of_release(frequencies, hierarchies, list(levels.values()),
                            Classes(made.of, made.first, made.sizes, hidden)))  # fmt: skip

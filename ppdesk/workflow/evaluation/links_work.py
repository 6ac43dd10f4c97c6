"""The work of `links`: who is looked for, what is known of them, and what the truth is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ppdesk.assess.effort import Effort, Progress, within
from ppdesk.assess.linkage.errors import EmptyFileOfPeopleError, UnknownColumnsError
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.said import said
from ppdesk.core.wording import listed
from ppdesk.workflow.evaluation import people
from ppdesk.workflow.evaluation.links import LinkResult, LinkSettings
from ppdesk.workflow.evaluation.trying import EndedEarlyError
from ppdesk.workflow.step import Context, Heads, Inputs
from ppdesk.workflow.treated import treated_columns

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from ppdesk.assess.arrays import Counts
    from ppdesk.assess.linkage.attack import Truth

TARGETS = {Effort.QUICK: 200, Effort.STANDARD: 1_000, Effort.THOROUGH: 5_000}
_BYTES = 200_000_000  # of the tables of levels, at most
_PAIRS = 4_000_000_000  # pairs of a person and a record, times columns, at most
_NAMED = 10
_TRACED = said("Each target's own record is known, as the release follows from the table and its levels.")
_EXPECTED = said(
    "Whose record is whose is not known, so that a link counts with the chance that it is right, as if all "
    "targets were in the release: shares are what is to be expected at most."
)


@dataclass(frozen=True)
class _Targets:
    """`exact`, `wrong`: what is known of the targets, without and with errors; `rows`: their places in the
    project's table, -1 for none; None where nobody knows."""

    exact: "pa.Table"
    wrong: "pa.Table"
    rows: "Counts | None"
    wanted: int


def expected_seconds(heads: Heads, settings: LinkSettings) -> float:
    """From the sizes alone; measured on a core of 2024, rounded up."""
    rows, columns = people.sizes(heads, Kind.RELEASE)
    known = len(settings.known) or max(1, len(people.roles_of(heads, "quasi-identifier")))
    targets = min(TARGETS[settings.effort], _PAIRS // max(1, rows * known))
    passes = 3 if settings.control else 2
    learnt = min(300, max(30, 20_000_000 // max(1, rows))) * 10
    return 2 + 4e-6 * rows * max(1, columns) + rows * (5e-8 * targets * passes + 2.5e-8 * learnt)


def run(inputs: Inputs, settings: LinkSettings, ctx: Context, progress: Progress) -> LinkResult:
    """See `links.run_it`."""
    from ppdesk.assess.linkage import attack, pairs
    from ppdesk.core.generators import generator

    release = inputs[Kind.RELEASE]
    held = people.held_columns(inputs, release)
    quasi = people.of_role(inputs, "quasi-identifier")
    known = _chosen(settings.known, held) or [name for name in quasi if name in held]
    rows = release.table("rows")
    empty = _empty(settings, known, rows.num_rows)
    if not known or not rows.num_rows or not inputs[Kind.TABLE].table("rows").num_rows:
        return empty
    source = generator(ctx.entropy)
    tick = people.told(ctx, within(progress, 0.0, 0.1), said("Choosing who is looked for"))
    tick(0.0)
    found = _targets(inputs, settings, known, release, source, ctx)
    tables = [found.exact, found.wrong]
    if settings.control:
        tables.append(
            _some(people.from_file(settings.control, inputs, known, ctx), known, found.exact.num_rows, source)
        )
    coded = people.coded(known, inputs, release, tables, tick).values()
    columns = sorted(coded, key=lambda one: one.alike)  # what tells most first: most pairs go no further
    texts = [rows.column(one.name) for one in columns]
    sides = []
    for side in range(len(tables)):
        part = within(progress, 0.1 + 0.03 * side, 0.13 + 0.03 * side)
        sides.append(pairs.make(columns, side, texts, people.told(ctx, part, said("Comparing columns"))))
    exact, fuzzy = sides[:2]
    outside = sides[2] if len(sides) > 2 else None
    finding = people.told(ctx, within(progress, 0.19, 0.25), said("Finding whose record is whose"))
    truth = _truth(inputs, release, exact.member, found.rows, finding)
    first = attack.exact(
        exact, truth, outside, confidence=settings.confidence,
        tick=people.told(ctx, within(progress, 0.25, 0.4), said("Linking what is known exactly")),
    )  # fmt: skip
    second, cut = None, ""
    try:
        second = attack.fuzzy(
            fuzzy, truth, outside, confidence=settings.confidence, source=source,
            tick=people.told(ctx, within(progress, 0.4, 1.0), said("Linking what is known with errors")),
        )  # fmt: skip
    except EndedEarlyError as early:  # what is done stays
        cut = early.message
    truthful = _EXPECTED if truth is None else _by_person(settings.person) if settings.auxiliary else _TRACED
    kind = "expected" if truth is None else "person" if settings.auxiliary else "traced"
    return replace(
        empty,
        targets=found.exact.num_rows,
        wanted=found.wanted,
        truth=kind,
        truth_words=truthful,
        exact=first,
        fuzzy=second,
        notes=tuple(_notes(settings, found, release, known)),
        why_not="",
        cut=cut,
    )


def _empty(settings: LinkSettings, known: Sequence[str], records: int) -> LinkResult:
    return LinkResult(
        effort=settings.effort.value,
        source="file" if settings.auxiliary else "table",
        known=tuple(known),
        records=records,
        targets=0,
        wanted=TARGETS[settings.effort],
        truth="expected",
        truth_words="",
        errors=0.0 if settings.auxiliary else settings.errors,
        confidence=settings.confidence,
        guessing=1 / records if records else 0.0,
        exact=None,
        fuzzy=None,
        limit=settings.limit,
        why_not=said("There are no records, or no column of the release that somebody could know of people."),
    )


def _by_person(column: str) -> str:
    return said(
        "Targets are found in the table by the column {column}, and their own record follows "
        "from its levels.",
        column=column,
    )


def _notes(settings: LinkSettings, found: _Targets, release: Artifact, known: Sequence[str]) -> list[str]:
    notes: list[str] = []
    if found.exact.num_rows < found.wanted:
        notes.append(
            said(
                "{people:,} people were looked for, fewer than the effort asks for: there are no "
                "more, or each takes long in so large a release.",
                people=found.exact.num_rows,
            )
        )
    treated = [name for name in treated_columns(release.head) if name in known]
    if treated:
        notes.append(
            said(
                "Values of {columns} were changed in the release, so that the exact attack may miss.",
                columns=", ".join(treated),
            )
        )
    if not settings.control:
        notes.append(
            said(
                "How often a link is claimed for people who are not in the release was not tried: "
                "that takes a file of records that were never in it."
            )
        )
    return notes


def _chosen(wanted: Sequence[str], held: Sequence[str]) -> list[str]:
    """Those that were chosen. UnknownColumnsError where one is not there."""
    absent = [name for name in wanted if name not in held]
    if absent:
        raise UnknownColumnsError(columns=listed(absent, _NAMED))
    return list(wanted)


def _targets(  # noqa: PLR0917 - what decides who is looked for
    inputs: Inputs,
    settings: LinkSettings,
    known: Sequence[str],
    release: Artifact,
    source: "np.random.Generator",
    ctx: Context,
) -> _Targets:
    import numpy as np
    import pyarrow as pa

    table = inputs[Kind.TABLE].table("rows")
    rows = release.table("rows")
    labels = sum(len(rows.column(name).unique()) for name in known)
    most = min(_BYTES // max(1, labels), _PAIRS // max(1, rows.num_rows * len(known)))
    wanted = TARGETS[settings.effort]
    size = max(1, min(wanted, most))
    if not settings.auxiliary:
        places = source.permutation(table.num_rows)[:size].astype(np.int64)
        exact = table.select(known).take(pa.array(places))
        return _Targets(exact, _with_errors(exact, table, settings.errors, source), places, wanted)
    needs = [*known, settings.person] if settings.person else known
    given = people.from_file(settings.auxiliary, inputs, needs, ctx)
    if not given.num_rows:
        raise EmptyFileOfPeopleError
    given = given.take(pa.array(source.permutation(given.num_rows)[:size]))
    exact = given.select(known)
    if not settings.person:
        return _Targets(exact, exact, None, wanted)
    return _Targets(exact, exact, _found(given.column(settings.person), table, settings.person), wanted)


def _found(names: "pa.ChunkedArray", table: "pa.Table", column: str) -> "Counts":
    """The place of each name in the table; -1 where it is not there. UnknownColumnsError."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if column not in table.column_names:
        raise UnknownColumnsError(columns=column)
    held = pc.drop_null(table.column(column).cast(pa.string()).combine_chunks())
    places = np.flatnonzero(pc.is_valid(table.column(column)).to_numpy())
    at = pc.index_in(names.cast(pa.string()), value_set=held)
    found = pc.fill_null(at, -1).to_numpy().astype(np.int64)
    return np.where(found >= 0, places[np.maximum(found, 0)], -1) if places.size else found


def _with_errors(
    exact: "pa.Table", table: "pa.Table", share: float, source: "np.random.Generator"
) -> "pa.Table":
    """Each value replaced with the chance `share` by that of a random other record."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {}
    for name in exact.column_names:
        wrong = source.random(exact.num_rows) < share
        others = table.column(name).take(pa.array(source.integers(0, table.num_rows, exact.num_rows)))
        columns[name] = pc.if_else(pa.array(wrong), others, exact.column(name))
    return pa.table(columns)


def _some(table: "pa.Table", known: Sequence[str], size: int, source: "np.random.Generator") -> "pa.Table":
    import pyarrow as pa

    if not table.num_rows:
        raise EmptyFileOfPeopleError
    return table.select(known).take(pa.array(source.permutation(table.num_rows)[:size]))


def _truth(
    inputs: Inputs,
    release: Artifact,
    member: "Counts",
    rows: "Counts | None",
    tick: Callable[[float], None],
) -> "Truth | None":
    """Where levels hold for whole columns, what each target became; None where nobody can tell."""
    import numpy as np

    from ppdesk.assess.linkage.attack import Truth
    from ppdesk.assess.linkage.tracing import trace

    said = release.head.get("levels")
    trees = people.trees(inputs)
    if rows is None or not isinstance(said, Mapping) or any(one is None for one in said.values()):
        return None
    levels = {name: int(level) for name, level in said.items() if isinstance(level, int | float)}
    treated = treated_columns(release.head)
    shown, table = release.table("rows"), inputs[Kind.TABLE].table("rows")
    columns = [name for name in shown.column_names if name not in treated and name in table.column_names]
    if not {name for name in columns if levels.get(name, 0) > 0} <= set(trees) or not columns:
        return None
    if set(treated) & set(levels):
        return None  # what was known may have been changed: which record it became cannot be told
    inside = rows >= 0
    found = trace(table, shown, trees, levels, columns, member, np.maximum(rows, 0), tick)
    if found is None:
        return None
    return Truth(np.where(inside, found.own, -1), np.where(inside, found.there, 0.0))

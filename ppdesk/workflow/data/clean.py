"""Step clean: a list of declared operations on the imported table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ppdesk.core.artifacts import Artifact, Head, Kind, Part, column_names
from ppdesk.core.canonical import Json, digest, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Section
from ppdesk.core.wording import counted, percent, sentences
from ppdesk.data.clean.operation import Operation
from ppdesk.data.clean.preflight import Unfit, preflight, wrong_mapping
from ppdesk.data.clean.stability import factors, stability
from ppdesk.data.clean.words import words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.cleaning import recipe
from ppdesk.workflow.data import clean_section, clean_suggestions
from ppdesk.workflow.data.clean_facts import (
    CleanColumn,
    CleanFacts,
    OperationFacts,
    RenamedColumn,
)
from ppdesk.workflow.data.clean_params import CleanParams
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ppdesk.data.clean.replay import Applied, Replayed
    from ppdesk.data.clean.suggestion import Suggestions

_MANY = 0.5  # share of the rows whose removal is remarked
_WORK, _LOOKED = 0.7, 0.9  # of the progress bar
_PASSED_ON = Finding(
    Level.INFO,
    said("No operation: the table is passed on."),
    said("What an earlier run of Clean did is undone."),
    "operations",
    "PP-CLEAN-026",
)


class CleanStep(PlainStep):
    key: ClassVar[str] = "clean"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Clean"
    purpose: ClassVar[str] = (
        "Correct the table by a list of operations, each of which can be taken out again."
    )
    help: ClassVar[str] = (
        "Operations run one after the other on the imported table: trim spaces, set types, read dates,"
        " replace"
        " and merge values, mark, fill or drop what is missing, remove duplicates, hold bounds and rules,"
        " split"
        " and merge columns. Each says how many rows there were before and after and how many cells it"
        " changed."
        " The import is never changed: take an operation out and run again, and it is undone.\n\n"
        "The same list runs on a newer file. Before anything is done, the columns are compared: what is"
        " called"
        " otherwise can be mapped, and an operation that does not fit is skipped only if you say so, with the"
        " reason on record.\n\n"
        "Take values and bounds from the codebook where you can. An operation that looks at other rows,"
        " such as"
        " a mean, makes one record change many others, and private training is refused afterwards."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    icon: ClassVar[str] = "brush-cleaning"
    Params: ClassVar[type[Any]] = CleanParams
    Facts: ClassVar[type[Any]] = CleanFacts

    def check(self, params: CleanParams, heads: Heads) -> list[Finding]:
        names = column_names(heads.get(Kind.TABLE, {}))
        found: list[Finding] = []
        carried: Sequence[Operation] = params.operations
        if names is not None:
            wrong = wrong_mapping(names, params.mapping)
            if wrong:
                return [
                    Finding(
                        Level.BLOCKING,
                        said("The mapping does not fit: {wrong}.", wrong=wrong),
                        said("Say for each name of the operations which column of this table it is."),
                        "mapping",
                        "PP-CLEAN-020",
                    )
                ]
            unfit = preflight(params.operations, names, params.mapping)
            found += [_unfit(one, skip=params.skip_unfit) for one in unfit]
            gone = {one.index for one in unfit}
            carried = [one for index, one in enumerate(params.operations) if index not in gone]
        if not params.operations:
            found.append(_PASSED_ON)
        total = stability(carried)
        if total is None:
            which = [at for at, one in enumerate(params.operations, 1) if factors([one]) == [None]]
            found.append(
                Finding(
                    Level.CAUTION,
                    said("Training with differential privacy will be refused on this table."),
                    said(
                        "Operation {operations} works out values from other rows, so that one record can"
                        " change any number of records. Fill with a declared constant, or hold to a declared"
                        " range.",
                        operations=", ".join(map(str, which)),
                    ),
                    "operations",
                    "PP-CLEAN-022",
                )
            )
        elif total > 1:
            found.append(
                Finding(
                    Level.INFO,
                    said(
                        "One imported record can change up to {total} records of the clean table.",
                        total=total,
                    ),
                    said(
                        "Training with differential privacy divides epsilon by {total}, and by more where it"
                        " counts for a person. Removing duplicates over all columns, as the last such"
                        " operation, would not cost that.",
                        total=total,
                    ),
                    "operations",
                    "PP-CLEAN-023",
                )
            )
        return found

    def cost(self, params: CleanParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        """Nothing leaves the project. The counts shown are exact; what a person decides by them is outside
        any differential privacy guarantee. What cleaning means for a later guarantee is the head's
        `stability`."""
        return NoEvent()

    def run(self, params: CleanParams, inputs: Inputs, ctx: Context) -> Outcome[CleanFacts]:
        from ppdesk.data.clean.replay import replay
        from ppdesk.data.clean.suggest import suggest
        from ppdesk.data.profile import survey

        source = inputs[Kind.TABLE]
        rows, decimal = source.table("rows"), Reading.of(source.head).decimal
        made = replay(
            rows,
            params.operations,
            decimal=decimal,
            mapping=params.mapping,
            skip_unfit=params.skip_unfit,
            places=file_rows(source),
            progress=lambda share, what: ctx.progress(_WORK * share, what),
            cancelled=ctx.cancelled,
        )
        ctx.progress(_WORK, said("Look at the columns"))
        surveyed = survey(made.table, decimal=decimal, cancelled=ctx.cancelled)
        columns = tuple(
            CleanColumn(
                name=one.name,
                type=one.type.value,
                distinct=one.distinct,
                missing=one.missing,
                as_before=_same(rows, made.table, one.name),
            )
            for one in surveyed.columns
        )
        ctx.progress(_LOOKED, said("Look for what is left to do"))
        proposed = suggest(made.table, decimal, ctx.cancelled)
        facts = _facts(params, source, made, columns, proposed)
        rest = {"content": surveyed.content, "rows": sha256_hex(made.places.astype("<i8").tobytes())}
        parts = [Part("rows", made.table, personal=True), recipe(params)]
        aside = _aside(source, made)
        if aside is not None:
            parts.append(Part("quarantine", aside, personal=True))
        parts.append(Part("suggestions", proposed.table(), personal=True))  # also none: the import's are past
        head: dict[str, Json] = {
            **source.head,
            "rows": facts.rows_after,
            "columns": [{"name": one.name, "type": one.type} for one in columns],
            "quarantined": _number(source.head, "quarantined") + facts.quarantined,
            "stability": facts.stability,
            "operations": sum(not one.skipped for one in facts.operations),
            "made": digest(rest),
            "suggestions": proposed.safe(),
        }
        return Outcome(facts, [Artifact(Kind.TABLE, head, tuple(parts))], _remarks(facts))

    def section(self, params: CleanParams, facts: CleanFacts) -> Section:
        return clean_section.section(params, facts)


def file_rows(source: Artifact) -> "NDArray[np.int64]":
    """(n,) int64: where each row of an imported table stands in its file (the header is row 1). Rows that
    were put aside are passed over; where rows were left out by consent or files were put together, it is the
    place in the imported table."""
    import numpy as np

    count = source.table("rows").num_rows
    first = 2 if Reading.of(source.head).header else 1
    aside: list[int] = []
    files = source.head.get("files")
    whole = not _number(source.head, "excluded") and (not isinstance(files, list | tuple) or len(files) <= 1)
    if whole and any(part.name == "quarantine" for part in source.parts):
        aside = source.table("quarantine")["row"].to_pylist()
    places = np.arange(first, first + count + len(aside))
    return places[~np.isin(places, aside)][:count]


def _same(before: "pa.Table", after: "pa.Table", name: str) -> bool:
    """Whether a column is cell for cell as it was."""
    return name in before.column_names and bool(after.column(name).equals(before.column(name)))


def _number(head: Head, name: str) -> int:
    value = head.get(name)
    return value if isinstance(value, int) else 0


def _unfit(one: Unfit, *, skip: bool) -> Finding:
    near = [
        said("{name}: perhaps {names}", name=name, names=" or ".join(names))
        for name, names in one.nearest
        if names
    ]
    advice = said_all(near, by="; ")
    title = said(
        "Operation {number} ({op}) does not fit: {reason}.",
        number=one.index + 1,
        op=one.op,
        reason=one.reason,
    )
    if skip:
        return Finding(
            Level.CAUTION,
            title,
            sentences(advice, said("It will be skipped.")),
            "operations",
            "PP-CLEAN-021",
        )
    what = sentences(advice, said("Map the column, correct the operation, or skip what does not fit."))
    return Finding(Level.BLOCKING, title, what, "mapping" if one.missing else "operations", "PP-CLEAN-021")


def _facts(
    params: CleanParams,
    source: Artifact,
    made: "Replayed",
    columns: tuple[CleanColumn, ...],
    proposed: "Suggestions",
) -> CleanFacts:
    operations = _operations(made.steps)
    done = [one for one in operations if not one.skipped]
    return CleanFacts(
        rows_before=source.table("rows").num_rows,
        rows_after=made.table.num_rows,
        columns_before=source.table("rows").num_columns,
        cells_changed=sum(one.cells_changed for one in done),
        made_missing=sum(one.made_missing for one in done),
        quarantined=sum(one.quarantined for one in done),
        stability=_in_all(source.head, [one.operation for one in made.steps if not one.skipped]),
        operations=operations,
        columns=columns,
        renamed=tuple(RenamedColumn(name=name, theirs=theirs) for name, theirs in params.mapping.items()),
        suggestions=clean_suggestions.facts(proposed, source.head),
    )


def _in_all(table: Head, operations: Sequence[Operation]) -> int | None:
    """The stability of the way from the file to the clean table."""
    before, through = table.get("stability", 1), stability(operations)
    return before * through if isinstance(before, int) and through is not None else None


def _operations(steps: "Sequence[Applied]") -> tuple[OperationFacts, ...]:
    each = iter(factors([one.operation for one in steps if not one.skipped]))
    found, rows, columns = [], 0, 0
    for one in steps:
        counts = one.counts
        if counts is None:
            found.append(
                OperationFacts(
                    op=one.operation.op,
                    words=words(one.operation),
                    rows_before=rows,
                    rows_after=rows,
                    columns_after=columns,
                    cells_changed=0,
                    made_missing=0,
                    quarantined=0,
                    stability=1,
                    skipped=one.skipped,
                )
            )
            continue
        rows, columns = counts.rows_after, counts.columns_after
        found.append(
            OperationFacts(
                op=one.operation.op,
                words=words(one.operation),
                rows_before=counts.rows_before,
                rows_after=rows,
                columns_after=columns,
                cells_changed=counts.cells_changed,
                made_missing=counts.made_missing,
                quarantined=counts.quarantined,
                stability=next(each),
                notes=counts.notes,
            )
        )
    return tuple(found)


def _aside(source: Artifact, made: "Replayed") -> "pa.Table | None":
    """The rows that the import and these operations put aside."""
    import pyarrow as pa

    held = [source.table("quarantine")] if any(part.name == "quarantine" for part in source.parts) else []
    if made.quarantine is not None:
        held.append(made.quarantine)
    return pa.concat_tables(held, promote_options="default") if held else None


def _remarks(facts: CleanFacts) -> list[Finding]:
    found = [
        Finding(
            Level.CAUTION,
            said(
                "Operation {number} ({op}) was skipped: {skipped}.",
                number=number,
                op=one.op,
                skipped=one.skipped,
            ),
            said("The table lacks what it would have done."),
            "operations",
            "PP-CLEAN-024",
        )
        for number, one in enumerate(facts.operations, 1)
        if one.skipped
    ]
    gone = facts.rows_before - facts.rows_after
    if gone > _MANY * facts.rows_before:
        found.append(
            Finding(
                Level.CAUTION,
                said("{share} of the rows were removed.", share=percent(gone / facts.rows_before)),
                said(
                    "{gone} of {rows_before:,}. What is left may no longer stand for the people the table"
                    " is about.",
                    gone=counted(gone, "row"),
                    rows_before=facts.rows_before,
                ),
                "operations",
                "PP-CLEAN-025",
            )
        )
    return found


STEP = CleanStep()

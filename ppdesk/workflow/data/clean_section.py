"""The words and tables of Clean."""

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import counted
from ppdesk.workflow.data import clean_suggestions
from ppdesk.workflow.data.clean_facts import CleanFacts, OperationFacts


def section(facts: CleanFacts) -> Section:
    """The result of a run, from its record alone."""
    gone = facts.rows_before - facts.rows_after
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure("Rows", f"{facts.rows_after:,}", f"{facts.rows_before:,} before"),
                KeyFigure("Removed", f"{gone:,}", f"{facts.quarantined:,} of them put aside"),
                KeyFigure("Cells changed", f"{facts.cells_changed:,}"),
                KeyFigure("Made missing", f"{facts.made_missing:,}"),
                KeyFigure("Columns", f"{len(facts.columns)}", f"{facts.columns_before} before"),
            )
        ),
        _operations(facts),
    ]
    skipped = [(number, one) for number, one in enumerate(facts.operations, 1) if one.skipped]
    blocks += [Words(f"Operation {number} was skipped: {one.skipped}.", "caution") for number, one in skipped]
    notes = [
        f"Operation {number}: {note}" for number, one in enumerate(facts.operations, 1) for note in one.notes
    ]
    if notes:
        blocks.append(Words(" ".join(notes)))
    if facts.renamed:
        said = "; ".join(f"{one.theirs} as {one.name}" for one in facts.renamed)
        blocks.append(Words(f"Columns of another name in this file: {said}."))
    blocks.append(_stability(facts, gone))
    blocks.append(_columns(facts))
    blocks += clean_suggestions.blocks(facts.suggestions, "Add the operations that you want.")
    return Section("Clean", blocks)


def _columns(facts: CleanFacts) -> Block:
    """Those that are not as Import has them."""
    changed = [one for one in facts.columns if not one.as_before]
    same = len(facts.columns) - len(changed)
    as_found = f"{counted(same, 'column is', 'columns are')} as Import found {'it' if same == 1 else 'them'}."
    if not changed:
        return Words(f"{'The' if same == 1 else 'All'} {as_found}")
    return Table(
        "Columns",
        ("Column", "Type", "Distinct", "Missing"),
        [[one.name, one.type, f"{one.distinct:,}", f"{one.missing:,}"] for one in changed],
        right=(2, 3),
        caption=f"As they are now. {f'The other {as_found} ' if same else ''}No values are shown.",
    )


def _operations(facts: CleanFacts) -> Block:
    if not facts.operations:
        return Words("No operation: the table is passed on as it was imported.")
    return Table(
        "Operations",
        (
            "No.",
            "What was done",
            "Rows before",
            "Rows after",
            "Cells changed",
            "Made missing",
            "Put aside",
        ),
        [_row(number, one) for number, one in enumerate(facts.operations, 1)],
        right=(0, 2, 3, 4, 5, 6),
        caption="In this order. The imported table is kept as it was; an operation taken out is undone.",
    )


def _row(number: int, one: OperationFacts) -> list[str]:
    if one.skipped:
        return [f"{number}", f"{one.words} (skipped)", *["none"] * 5]
    counts = (one.rows_before, one.rows_after, one.cells_changed, one.made_missing, one.quarantined)
    return [f"{number}", one.words, *(f"{count:,}" for count in counts)]


def _stability(facts: CleanFacts, gone: int) -> Words:
    """What cleaning means for differential privacy later on."""
    number = " The number of rows that remain is taken as public." if gone else ""
    if facts.stability is None:
        which = [f"{place}" for place, one in enumerate(facts.operations, 1) if one.stability is None]
        what = (
            f"Operation {', '.join(which)} looks"
            if len(which) == 1
            else f"Operations {', '.join(which)} look"
        )
        if not which:
            what = "The import looks"
        return Words(
            f"{what} at other rows in a way that one record can change any number of records. Training with"
            " differential privacy is refused on this table; declare the value instead.",
            "caution",
        )
    if facts.stability == 1:
        return Words(
            "One record of the file changes one record of this table at most, so training with differential"
            f" privacy costs no more than on the file.{number}"
        )
    return Words(
        f"One record of the file can change up to {counted(facts.stability, 'record')} of this table."
        f" Training"
        f" with differential privacy divides epsilon by {facts.stability} to allow for it.{number}",
        "info",
    )

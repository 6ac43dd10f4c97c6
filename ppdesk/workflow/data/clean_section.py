"""The words and tables of Clean."""

from ppdesk.core.said import Said, said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.data.clean.words import words
from ppdesk.workflow.data import clean_suggestions
from ppdesk.workflow.data.clean_facts import CleanFacts, OperationFacts
from ppdesk.workflow.data.clean_params import CleanParams


def section(params: CleanParams, facts: CleanFacts) -> Section:
    """The result of a run, from its record alone."""
    done = _done(params, facts)
    gone = facts.rows_before - facts.rows_after
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure(
                    said("Rows"),
                    f"{facts.rows_after:,}",
                    said("{rows_before:,} before", rows_before=facts.rows_before),
                ),
                KeyFigure(
                    said("Removed"),
                    f"{gone:,}",
                    said("{quarantined:,} of them put aside", quarantined=facts.quarantined),
                ),
                KeyFigure(said("Cells changed"), f"{facts.cells_changed:,}"),
                KeyFigure(said("Made missing"), f"{facts.made_missing:,}"),
                KeyFigure(
                    said("Columns"),
                    f"{len(facts.columns)}",
                    said("{columns_before} before", columns_before=facts.columns_before),
                ),
            )
        ),
        _operations(facts, done),
    ]
    skipped = [(number, one) for number, one in enumerate(facts.operations, 1) if one.skipped]
    blocks += [
        Words(
            said("Operation {number} was skipped: {skipped}.", number=number, skipped=one.skipped), "caution"
        )
        for number, one in skipped
    ]
    notes = [
        said("Operation {number}: {note}", number=number, note=note)
        for number, one in enumerate(facts.operations, 1)
        for note in one.notes
    ]
    if notes:
        blocks.append(Words(said_all(notes)))
    if facts.renamed:
        told = [said("{theirs} as {name}", theirs=one.theirs, name=one.name) for one in facts.renamed]
        blocks.append(
            Words(said("Columns of another name in this file: {columns}.", columns=said_all(told, by="; ")))
        )
    blocks.append(_stability(facts, gone))
    blocks.append(_columns(facts))
    blocks += clean_suggestions.blocks(facts.suggestions, said("Add the operations that you want."))
    return Section(said("Clean"), blocks)


def _columns(facts: CleanFacts) -> Block:
    """Those that are not as Import has them."""
    changed = [one for one in facts.columns if not one.as_before]
    same = len(facts.columns) - len(changed)
    if not changed:
        return Words(
            said_count(
                "The {count:,} column is as Import found it.",
                "All {count:,} columns are as Import found them.",
                same,
            )
        )
    others = (
        said_count(
            "The other {count:,} column is as Import found it.",
            "The other {count:,} columns are as Import found them.",
            same,
        )
        if same
        else ""
    )
    return Table(
        said("Columns"),
        (said("Column"), said("Type"), said("Distinct"), said("Missing")),
        [[one.name, one.type, f"{one.distinct:,}", f"{one.missing:,}"] for one in changed],
        right=(2, 3),
        caption=said_all([said("As they are now."), others, said("No values are shown.")]),
    )


def _done(params: CleanParams, facts: CleanFacts) -> list[str]:
    """Each operation in the words of the record, which know how to be said again."""
    again = [words(one) for one in params.operations]
    held = [one.words for one in facts.operations]
    if len(again) != len(held):
        return held
    return [new if new == old else old for new, old in zip(again, held, strict=True)]


def _operations(facts: CleanFacts, done: list[str]) -> Block:
    if not facts.operations:
        return Words(said("No operation: the table is passed on as it was imported."))
    return Table(
        said("Operations"),
        (
            said("No."),
            said("What was done"),
            said("Rows before"),
            said("Rows after"),
            said("Cells changed"),
            said("Made missing"),
            said("Put aside"),
        ),
        [_row(number, one, done[number - 1]) for number, one in enumerate(facts.operations, 1)],
        right=(0, 2, 3, 4, 5, 6),
        caption=said(
            "In this order. The imported table is kept as it was; an operation taken out is undone."
        ),
    )


def _row(number: int, one: OperationFacts, what: str) -> list[str]:
    if one.skipped:
        return [f"{number}", said("{operation} (skipped)", operation=what), *[said("none")] * 5]
    counts = (one.rows_before, one.rows_after, one.cells_changed, one.made_missing, one.quarantined)
    return [f"{number}", what, *(f"{count:,}" for count in counts)]


def _stability(facts: CleanFacts, gone: int) -> Words:
    """What cleaning means for differential privacy later on."""
    number = said("The number of rows that remain is taken as public.") if gone else ""
    if facts.stability is None:
        which = [f"{place}" for place, one in enumerate(facts.operations, 1) if one.stability is None]
        return Words(_any_number(which), "caution")
    if facts.stability == 1:
        same = said(
            "One record of the file changes one record of this table at most, so training with differential"
            " privacy costs no more than on the file."
        )
        return Words(said_all([same, number]))
    more = said(
        "One record of the file can change up to {stability:,} records of this table. Training with"
        " differential privacy divides epsilon by {stability} to allow for it.",
        stability=facts.stability,
    )
    return Words(said_all([more, number]), "info")


def _any_number(which: list[str]) -> Said:
    if not which:
        return said(
            "The import looks at other rows in a way that one record can change any number of records."
            " Training with differential privacy is refused on this table; declare the value instead."
        )
    if len(which) == 1:
        return said(
            "Operation {operation} looks at other rows in a way that one record can change any number of"
            " records. Training with differential privacy is refused on this table; declare the value"
            " instead.",
            operation=which[0],
        )
    return said(
        "Operations {operations} look at other rows in a way that one record can change any number of"
        " records. Training with differential privacy is refused on this table; declare the value instead.",
        operations=", ".join(which),
    )

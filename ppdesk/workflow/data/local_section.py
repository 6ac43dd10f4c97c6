"""The words and tables of a local transformation."""

from ppdesk.core.section import Block, KeyFigure, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts
from ppdesk.workflow.data.local_facts import LocalFacts


def figure(local: LocalFacts) -> KeyFigure:
    """Granularity."""
    return KeyFigure("Granularity", f"{local.granularity:.3f}", "1 keeps all detail, 0 keeps nothing")


def claim(facts: AnonymizeFacts, local: LocalFacts, also: str) -> Words:
    """What holds, and that no optimum is claimed."""
    return Words(
        f"The release is {facts.k}-anonymous{also}: each of its {facts.after.classes:,} classes of equal"
        f" released values was counted anew and judged. Transformation: {local.method}, class by class. No"
        " optimum is claimed; another transformation may lose less.",
        "ok",
    )


def blocks(facts: AnonymizeFacts) -> list[Block]:
    """Which labels the cells show, and the risk where labels are matched by what they cover."""
    local = facts.local
    if local is None:
        return []
    most = max(len(one.shares) for one in local.labels)
    rows = [
        (
            one.name,
            *(
                percent(share) if level < len(one.shares) - 1 else ""
                for level, share in enumerate((*one.shares[:-1], *[0.0] * (most - len(one.shares))))
            ),
            percent(one.shares[-1]),
            percent(column.loss),
        )
        for one, column in zip(local.labels, facts.columns, strict=True)
    ]
    names = ("Column", *(f"Level {level}" for level in range(most - 1)), "Top (*)", "Loss")
    tried = (
        ""
        if local.tried == local.tuples
        else f" Counted for {local.tried:,} of {local.tuples:,} distinct tuples, evenly chosen."
    )
    return [
        Table(
            "Labels of the cells", names, rows, right=tuple(range(1, len(names))),
            caption="Share of the kept records' cells on each level of the hierarchy; level 0 is the value"
            f" itself. {local.stars:,} of {local.cells:,} cells show the top.",
        ),
        Words(
            "Classes are counted by exact matching: * and every other general value is a value of its own."
            " Somebody who knows a person's values may match them against all records whose labels cover"
            " them. The person's own class is among those, so this never finds fewer records: highest risk"
            f" {percent(local.covered_highest, 2)}, mean {percent(local.covered_mean, 2)}." + tried,
            "info",
        ),
    ]  # fmt: skip

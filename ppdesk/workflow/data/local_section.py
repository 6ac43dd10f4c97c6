"""The words and tables of a local transformation."""

from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, KeyFigure, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts
from ppdesk.workflow.data.local_facts import LocalFacts


def figure(local: LocalFacts) -> KeyFigure:
    """Granularity."""
    note = said("1 keeps all detail, 0 keeps nothing")
    return KeyFigure(said("Granularity"), f"{local.granularity:.3f}", note)


def claim(facts: AnonymizeFacts, local: LocalFacts, models: str) -> Words:
    """What holds, and that no optimum is claimed. `models` besides k-anonymity are in words."""
    classes = facts.after.classes
    holds = (
        said(
            "The release is {k}-anonymous and each class meets {models}: each of its {classes:,} classes of"
            " equal released values was counted anew and judged.",
            k=facts.k, classes=classes, models=models,
        )
        if models
        else said(
            "The release is {k}-anonymous: each of its {classes:,} classes of equal released values was"
            " counted anew and judged.",
            k=facts.k, classes=classes,
        )
    )  # fmt: skip
    how = said(
        "Transformation: {method}, class by class. No optimum is claimed; another transformation may lose"
        " less.",
        method=local.method,
    )
    return Words(said_all((holds, how)), "ok")


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
    levels = (said("Level {level}", level=level) for level in range(most - 1))
    names = (said("Column"), *levels, said("Top (*)"), said("Loss"))
    tried = (
        ""
        if local.tried == local.tuples
        else said(
            "Counted for {tried:,} of {tuples:,} distinct tuples, evenly chosen.",
            tried=local.tried,
            tuples=local.tuples,
        )
    )
    covered = said(
        "Classes are counted by exact matching: * and every other general value is a value of its own."
        " Somebody who knows a person's values may match them against all records whose labels cover them."
        " The person's own class is among those, so this never finds fewer records: highest risk {highest},"
        " mean {mean}.",
        highest=percent(local.covered_highest, 2),
        mean=percent(local.covered_mean, 2),
    )
    return [
        Table(
            said("Labels of the cells"), names, rows, right=tuple(range(1, len(names))),
            caption=said(
                "Share of the kept records' cells on each level of the hierarchy; level 0 is the value"
                " itself. {stars:,} of {cells:,} cells show the top.",
                stars=local.stars, cells=local.cells,
            ),
        ),
        Words(said_all((covered, tried)), "info"),
    ]  # fmt: skip

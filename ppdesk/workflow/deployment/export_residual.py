"""What Export finds of persons in the table that it writes: refused where proved, told where likely.

Why a refusal: a column of cards, national numbers or e-mail addresses in a release is an accident nearly
always and cannot be taken back, and its check digits make a false alarm rare (at least five different valid
values, and a rate of valid ones that accident does not explain). Where it is meant, a person gives the
reason, which goes on record.
"""

from typing import TYPE_CHECKING

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import kept, said
from ppdesk.core.section import Block, Table, Words
from ppdesk.data.pii.hipaa import HIPAA, KNOWN_BY_NAME
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import pyarrow as pa


class LeftIdentifierError(CodedError):
    """Column {column} of the release holds {title}: about {cells} cells, proved by {valid} different
    values."""

    code = "PP-EXPORT-010"
    exit = Exit.REFUSED
    todo = (
        "Declare the column a direct identifier in Roles, or clean it, and anonymize again. If it is"
        " meant to leave, say why (--despite)."
    )


class LeftFact(Facts):
    """One kind in one column of the release, in counts."""

    column: str
    kind: str
    title: str
    hipaa: tuple[int, ...]
    cells: int
    valid: int
    inside: bool
    proved: bool
    made: bool = False  # by a key: the values are pseudonyms


def searched(
    rows: "pa.Table", despite: str, cancelled: "Callable[[], bool]", made: "Collection[str]" = ()
) -> tuple[LeftFact, ...]:
    """What is left in `rows`. Raises LeftIdentifierError where a direct identifier is proved and no reason
    given. The columns `made` hold keyed pseudonyms: what is valid there is so by accident."""
    from ppdesk.data.pii.residual import residual

    found = residual(rows, cancelled)
    for one in found:
        if one.proved and not despite.strip() and one.column not in made:
            raise LeftIdentifierError(
                column=one.column, title=one.title, cells=f"{one.cells:,}", valid=one.valid
            )
    return tuple(
        LeftFact(
            column=one.column,
            kind=one.kind,
            title=one.title,
            hipaa=one.hipaa,
            cells=one.cells,
            valid=one.valid,
            inside=one.inside,
            proved=one.proved,
            made=one.column in made,
        )
        for one in found
    )


def findings(found: "Sequence[LeftFact]") -> list[Finding]:
    """A caution for each kind in each column."""
    return [
        Finding(
            Level.CAUTION,
            said(
                "Column {column} of the release may hold {title}.", column=kept(one.column), title=one.title
            ),
            _said(one),
            code="PP-EXPORT-011",
        )
        for one in found
    ]


def _said(one: LeftFact) -> str:
    if one.made:
        return said(
            "About {cells:,} cells look like it. They are pseudonyms made with a key: what "
            "is valid is so by accident, and may be somebody else's. Tell whoever gets the "
            "file.",
            cells=one.cells,
        )
    if one.proved:
        return said(
            "About {cells:,} cells, proved by {valid:,} different values. A reason was given.",
            cells=one.cells,
            valid=one.valid,
        )
    if one.inside:
        return said(
            "About {cells:,} cells have it inside a longer text. Is that meant to leave? Nobody has proved "
            "that it names a person, nor that it does not.",
            cells=one.cells,
        )
    return said(
        "About {cells:,} cells. Is that meant to leave? Nobody has proved that it names a person, nor that "
        "it does not.",
        cells=one.cells,
    )


def blocks(found: "Sequence[LeftFact]") -> list[Block]:
    """The HIPAA table of what was looked for in the written file."""
    rows = []
    for one in HIPAA:
        left = [fact for fact in found if one.number in fact.hipaa]
        columns = ", ".join(dict.fromkeys(fact.column for fact in left))
        cells = sum(fact.cells for fact in left)
        rows.append(
            [one.letter, one.title, kept(columns) or _unseen(one.number), f"{cells:,}" if left else ""]
        )
    return [
        Table(
            said("What is left of HIPAA's 18 identifiers in the file"),
            ("", said("Identifier"), said("Columns found"), said("Cells")),
            rows,
            right=(3,),
            caption=said(
                "45 CFR 164.514(b)(2)(i). The values of the written table were searched; names "
                "of columns were not."
            ),
        ),
        Words(
            said(
                "Nothing found is no proof: names, places and free text have no check digits, "
                "and a few identifiers in a column of very many different numbers can be "
                "missed."
            ),
            "info",
        ),
    ]


def _unseen(number: int) -> str:
    return said("cannot be told from values") if number in KNOWN_BY_NAME else said("nothing found")

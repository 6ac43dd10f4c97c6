"""What the recipient's edition of the audit trail leaves out of the chapters that it quotes.

Each thing left out is named in its place. Of some tables only columns or rows go: those with counts that
single out records, and plain hashes and sizes of files of people, by which a guess at them is confirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ppdesk.core.section import Block, Figures, Table, Words
from ppdesk.workflow.reporting.documents.brief import Brief

CHAPTERS = frozenset({"inspect", "quality", "configure", "attack", "audit"})
BLOCKS: Mapping[str, frozenset[str]] = {
    "import": frozenset({"Worth a look"}),
    "clean": frozenset({"Worth a look"}),
    "anonymize": frozenset(
        {"Risk of re-identification", "Records by class size", "Alternatives", "Transformations"}
        | {"Risk against the population", "Models on the population and the whole table"}
        | {"What treatments did to numbers"}
    ),
    "evaluate": frozenset({"Numbers of the release", "Numbers of the synthetic records"}),
    "synthesize": frozenset({"Fidelity and privacy, side by side", "Distance of each column"}),
}
_OF_A_FILE = frozenset({"Bytes", "SHA-256", "Fingerprint of the content"})
_WORDS: Mapping[str, str] = {"synthesize": "Closest records"}  # how a paragraph begins
_FIGURES: Mapping[str, frozenset[str]] = {"anonymize": frozenset({"Classes"})}
_COLUMNS: Mapping[tuple[str, str], frozenset[str]] = {
    ("import", "Columns"): frozenset({"Distinct", "Missing", "Rarest", "Most common", "Alone"}),
    ("import", "Files appended"): _OF_A_FILE,
    ("import", "Files joined"): _OF_A_FILE,
    ("clean", "Columns"): frozenset({"Distinct", "Missing"}),
    ("anonymize", "Sensitive columns"): frozenset({"Worst class"}),
    ("roles", "Columns"): frozenset({"Missing", "Not declared"}),
}
_SYNTHETIC = "The synthetic records"  # how the last part of Evaluate begins: compared with the table
_ROWS = frozenset({"File", "SHA-256 of the file", "Fingerprint of the content"})  # of the imported file


def without(brief: Brief, kind: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of a chapter of the step `kind` without what would help an attacker."""
    opening, at = _WORDS.get(kind), _compared(blocks) if kind == "evaluate" else len(blocks)
    for block in blocks[:at]:
        title = getattr(block, "title", "")
        if title in BLOCKS.get(kind, ()):
            yield from _named(brief, title, block)
        elif opening is not None and isinstance(block, Words) and block.text.startswith(opening):
            yield from _named(brief, opening, block)
        elif isinstance(block, Table):
            yield from _thinned(brief, kind, block)
        elif isinstance(block, Figures):
            gone = _FIGURES.get(kind, frozenset())
            yield replace(block, items=[one for one in block.items if one.label not in gone])
        else:
            yield block
    if at < len(blocks):  # exact figures, outside of what differential privacy promises of the records
        remarks = [one for one in blocks[at:] if isinstance(one, Words) and one.tone != "plain"]
        figures = [one for one in blocks[at:] if one not in remarks]
        yield from brief.held(brief.say("“{step}”", step=_SYNTHETIC), figures)
        yield from remarks


def _compared(blocks: Sequence[Block]) -> int:
    """The place from which on synthetic records are compared with the table."""
    found = (
        at
        for at, one in enumerate(blocks)
        if isinstance(one, Words) and one.tone == "plain" and one.text.startswith(_SYNTHETIC)
    )
    return next(found, len(blocks))


def _named(brief: Brief, name: str, block: Block) -> tuple[Block, ...]:
    return brief.held(brief.say("“{step}”", step=name), (block,))


def _thinned(brief: Brief, kind: str, table: Table) -> Iterator[Block]:
    """The table without some of its columns and rows, and what went."""
    columns = _COLUMNS.get((kind, table.title), frozenset())
    rows = _ROWS if kind == "import" else frozenset()
    stay = [place for place, name in enumerate(table.header) if name not in columns]
    go = [place for place, name in enumerate(table.header) if name in columns]
    names = [table.header[place] for place in go] + [one[0] for one in table.rows if one[0] in rows]
    if not names:
        yield table
        return
    yield replace(
        table,
        header=_of(table.header, stay),
        rows=[_of(one, stay) for one in table.rows if one[0] not in rows],
        right=tuple(at for at, place in enumerate(stay) if place in table.right),
        caption="" if columns else table.caption,
    )
    lost = [_of(one, go) if one[0] not in rows else one for one in table.rows]
    yield from _named(brief, ", ".join(names), Table(table.title, (), lost))


def _of(row: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(row[place] for place in places)

"""A document as plain text: what it says and where that comes from, without pages. For reading and comparing.

A heading is a line that begins with ``#``, a table's cells are parted by `` | ``, a remark begins with ``!``,
an answer with ``>`` and a blank is ``> ____``. Below a block stand the places of its values.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ppdesk.core.canonical import canonical, sha256_hex
from ppdesk.core.section import Answer, Block, Figures, Plot, Table, Words
from ppdesk.report.cited import Source
from ppdesk.report.document import Chapter, Document, Endorsement, short

BLANK = "____"
_LONGEST = 300  # characters of a chart's values that are written out; of more, their SHA-256


def plain(document: Document, *, quoted: bool = True) -> str:
    """The document's words, line by line, ending with a line feed. Not `quoted`: of chapters that are quoted
    from an event only the title and the event."""
    return "\n".join(_lines(document, quoted=quoted)) + "\n"


def _lines(document: Document, *, quoted: bool) -> Iterator[str]:
    yield f"# {document.cover.title}"
    yield document.cover.subtitle
    told = (document.kind, document.edition, document.language, document.paper, document.valid_until)
    yield f"({', '.join(one for one in told if one)}{', draft' if document.draft else ''})"
    if document.stamp:
        yield f"! {document.stamp}"
    yield from (f"{name}: {value}" for name, value in document.cover.facts)
    for part in document.parts:
        yield ""
        yield f"## {part.title}"
        for chapter in part.chapters:
            yield ""
            yield from _chapter(chapter, quoted=quoted)
    yield ""
    yield from _signing(document)


def _chapter(chapter: Chapter, *, quoted: bool) -> Iterator[str]:
    yield f"### {chapter.section.title}"
    origin = chapter.origin
    if origin is not None:
        yield f"Event {origin.event}, {origin.actor}, {origin.time}, {short(origin.hash)}"
        if not quoted:
            return
    blocks = chapter.section.blocks
    labels = chapter.labels or ("",) * len(blocks)
    sources = chapter.sources or ((),) * len(blocks)
    for block, label, places in zip(blocks, labels, sources, strict=True):
        yield from _block(block, label)
        if places:
            yield f"    From {_places(places)}"


def _block(block: Block, label: str) -> Iterator[str]:
    if isinstance(block, Words):
        yield block.text if block.tone == "plain" else f"! ({block.tone}) {block.text}"
    elif isinstance(block, Figures):
        yield from (
            f"* {one.label}: {one.value}" + (f" ({one.note})" if one.note else "") for one in block.items
        )
    elif isinstance(block, Table):
        yield _titled(label, block.title)
        yield " | ".join(block.header)
        yield from (" | ".join(row) for row in block.rows)
        if block.caption:
            yield f"  {block.caption}"
    elif isinstance(block, Plot):
        yield _titled(label, block.title)
        exact = canonical(dict(block.values))
        shown = exact.decode() if len(exact) <= _LONGEST else f"SHA-256 {sha256_hex(exact)[:12]}"
        yield f"  {block.name} {shown}"
        if block.caption:
            yield f"  {block.caption}"
    else:
        yield from _answer(block)


def _titled(label: str, title: str) -> str:
    return f"{label}. {title}" if label else title


def _answer(block: Answer) -> Iterator[str]:
    yield f"? {block.question}" + (f" [{block.clause}]" if block.clause else "")
    if block.help:
        yield f"  {block.help}"
    yield f"> {block.text or BLANK}"
    if block.by:
        yield f"  {block.by}"


def _signing(document: Document) -> Iterator[str]:
    signing = document.signing
    yield "## ="
    yield from signing.statements
    yield from (f"> {one} {BLANK}" for one in signing.blanks)
    yield from map(_endorsement, signing.endorsements)


def _endorsement(one: Endorsement) -> str:
    said = f": {one.comment}" if one.comment else ""
    return f"{one.name} ({one.role}), {one.decision}, {one.time}, event {one.event}{said}"


def _places(sources: Sequence[Source]) -> str:
    """``12 /facts/k, /facts/n; 14 /params/x``; event 0 is the ledger over all events."""
    groups = groupby(sources, key=lambda one: one.event)
    return "; ".join(f"{event} {', '.join(one.pointer for one in some)}" for event, some in groups)

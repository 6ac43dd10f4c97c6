"""The items of the evidence: what each block of the document rests on, value by value."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ppdesk.core.canonical import Json, canonical, digest, sha256_hex
from ppdesk.core.section import Block, Plot, Table
from ppdesk.report.cited import BUDGET, Source
from ppdesk.report.document import Document, Edition
from ppdesk.report.plain_values import to_plain

Value: TypeAlias = Callable[[Source], Json]
_LONGEST = 400  # bytes of a value that stands in the evidence as it is; of others its SHA-256 does


def blocks_of(document: Document) -> Iterator[tuple[list[Json], Block, str, tuple[Source, ...]]]:
    """Each block with its place (part, chapter, block; counted from 0), its label and its sources."""
    for part_at, part in enumerate(document.parts):
        for chapter_at, chapter in enumerate(part.chapters):
            blocks = chapter.section.blocks
            labels = chapter.labels or ("",) * len(blocks)
            sources = chapter.sources or ((),) * len(blocks)
            for at, (block, label, places) in enumerate(zip(blocks, labels, sources, strict=True)):
                yield [part_at, chapter_at, at], block, label, places


def items_json(document: Document, hashes: Mapping[Json, str], value: Value | None) -> list[Json]:
    """An item for each block that has a number or a source. `hashes`: event -> its hash."""
    whole = document.edition == Edition.INTERNAL
    found: list[Json] = []
    for place, block, label, sources in blocks_of(document):
        if label or sources:
            found.append(
                {
                    "place": place,
                    "label": label,
                    "title": block.title if isinstance(block, Table | Plot) else "",
                    "sha256": digest(to_plain(block)),
                    "sources": [_source_json(one, hashes, value, whole=whole) for one in sources],
                }
            )
    return found


def _source_json(source: Source, hashes: Mapping[Json, str], value: Value | None, *, whole: bool) -> Json:
    """`whole`: whether lists and objects may stand in it. The recipient's edition shows of them what the
    paper shows and no more; and the hash of a short list would give it away to who tries them all."""
    found: dict[str, Json] = {"event": source.event, "pointer": source.pointer}
    if source.event != BUDGET:
        found["hash"] = hashes.get(source.event, "")
    if value is None:
        return found
    told = value(source)
    if not whole and not isinstance(told, str | int | float | None):
        return {**found, "withheld": True}
    return {**found, **shown(told)}


def shown(told: Json) -> dict[str, Json]:
    """A value as an item holds it: itself, or its SHA-256 where it is long."""
    exact = canonical(told)
    return {"value": told} if len(exact) <= _LONGEST else {"sha256": sha256_hex(exact)}

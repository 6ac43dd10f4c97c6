"""The document: what a report says, in order, before anybody thinks about pages.

Parts hold chapters, a chapter shows one section and says where it comes from. Tables and figures are
numbered here, so that the paper and the evidence call the same thing by the same name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ppdesk.core.section import Block, Plot, Section, Table
from ppdesk.report.cited import Source, sources_of
from ppdesk.report.tongue import Language, Tongue

SHORT_HASH = 12  # hexadecimal digits of an event's hash that paper shows; evidence.json has all 64


class Edition(StrEnum):
    """For whom it is. The recipient's edition leaves out details that would help an attacker, and says so."""

    INTERNAL = "internal"
    RECIPIENT = "recipient"


class Paper(StrEnum):
    """Sizes of paper: ISO 216 A4, 210 x 297 mm, and US Letter, 8.5 x 11 in."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True)
class Origin:
    """Where a chapter comes from: an event of the project's history."""

    event: int
    hash: str  # 64 hexadecimal digits
    time: str  # UTC, as the chain writes it
    actor: str
    key: str  # the step


@dataclass(frozen=True)
class Chapter:
    """A section with its origin. `labels` has one entry for each block, "" for those without a number, and so
    has `sources`: the places of the recorded values that a block shows. `language` is that of its words where
    it is not the document's, as in a section that is quoted from the record in English."""

    section: Section
    origin: Origin | None = None
    labels: tuple[str, ...] = ()
    sources: tuple[tuple[Source, ...], ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Part:
    """Chapters under one heading."""

    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Cover:
    """The first page: what this is, for whom, and the facts that identify it."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF, beside the evidence. `mime` such as ``text/csv``."""

    name: str
    mime: str
    data: bytes
    description: str


@dataclass(frozen=True)
class Endorsement:
    """What a named person signed about the draft of this report, before somebody certified it."""

    event: int
    hash: str  # of that event
    name: str
    role: str
    decision: str  # "endorsed" or "objected"
    comment: str
    time: str  # UTC, as the chain writes it
    fingerprint: str


@dataclass(frozen=True)
class Signing:
    """What stands above the signature: what the signer states, what is still blank, who else has signed the
    draft in the history."""

    statements: tuple[str, ...]
    blanks: tuple[str, ...]
    endorsements: tuple[Endorsement, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report. `head_seq` and `head_hash` say which state of the history it tells. `kind` names the
    skeleton it was composed by, `valid_until` the day it expires (ISO 8601, empty: none was set), `author`
    the organisation that answers for it. A draft says so on every page and has no place for a signature. A
    compact one has no cover and no contents. `event_hashes` are number and hash of the events that values
    come from, for the line under each table and figure: see `hashes_of`."""

    cover: Cover
    parts: tuple[Part, ...]
    signing: Signing
    made: datetime  # UTC; date of the PDF and, with the history's head, its identity
    project_id: str
    head_seq: int
    head_hash: str
    stamp: str = ""  # the test mode's stamp, on every page
    language: str = "en"
    kind: str = "audit"
    edition: str = "internal"
    paper: str = "a4"
    valid_until: str = ""
    draft: bool = False
    compact: bool = False
    author: str = ""
    event_hashes: tuple[tuple[int, str], ...] = ()


def numbered(parts: Sequence[Part], language: str = "en") -> tuple[Part, ...]:
    """`parts` with "Table 1", "Figure 1" and so on in their labels, through the whole document, and with the
    places of the values in each block."""
    say = Tongue(Language(language))
    counts = {"Table": 0, "Figure": 0}

    def label(block: Block) -> str:
        word = "Table" if isinstance(block, Table) else "Figure" if isinstance(block, Plot) else ""
        if not word:
            return ""
        counts[word] += 1
        number = counts[word]
        return str(
            say("Table {number}", number=number) if word == "Table" else say("Figure {number}", number=number)
        )

    def completed(chapter: Chapter) -> Chapter:
        blocks = chapter.section.blocks
        return replace(
            chapter,
            labels=tuple(label(block) for block in blocks),
            sources=tuple(sources_of(block) for block in blocks),
        )

    return tuple(replace(part, chapters=tuple(map(completed, part.chapters))) for part in parts)


def hashes_of(parts: Sequence[Part], events: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Those of `events`, each with its hash, that a value in the numbered `parts` comes from."""
    cited = {place.event for chapter in chapters(parts) for places in chapter.sources for place in places}
    return tuple((number, hash_) for number, hash_ in events if number in cited)


def chapters(parts: Sequence[Part]) -> Iterator[Chapter]:
    """All chapters in order."""
    return (chapter for part in parts for chapter in part.chapters)


def in_groups(digits: str, size: int = 4) -> str:
    """A hash in groups, as a person compares it: ``7be2 91d0 44af``."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def short(hash_: str) -> str:
    """The first digits of a hash, in groups."""
    return in_groups(hash_[:SHORT_HASH])

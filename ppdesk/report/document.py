"""The document: what a report says, in order, before anybody thinks about pages.

Parts hold chapters, a chapter shows one section and says where it comes from. Tables and figures are
numbered here, so that the paper and the evidence call the same thing by the same name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ppdesk.core.section import Block, Plot, Section, Table

SHORT_HASH = 12  # hexadecimal digits of an event's hash that paper shows; evidence.json has all 64


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
    """A section with its origin. `labels` has one entry for each block, "" for those without a number."""

    section: Section
    origin: Origin | None = None
    labels: tuple[str, ...] = ()


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
class Signing:
    """What stands above the signature: what the signer states, and what is still blank."""

    statements: tuple[str, ...]
    blanks: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A whole report. `head_seq` and `head_hash` say which state of the history it tells."""

    cover: Cover
    parts: tuple[Part, ...]
    signing: Signing
    made: datetime  # UTC; date of the PDF and, with the history's head, its identity
    project_id: str
    head_seq: int
    head_hash: str
    stamp: str = ""  # the test mode's stamp, on every page
    language: str = "en"


def numbered(parts: Sequence[Part]) -> tuple[Part, ...]:
    """`parts` with "Table 1", "Figure 1" and so on in their labels, through the whole document."""
    counts = {"Table": 0, "Figure": 0}

    def label(block: Block) -> str:
        word = "Table" if isinstance(block, Table) else "Figure" if isinstance(block, Plot) else ""
        if not word:
            return ""
        counts[word] += 1
        return f"{word} {counts[word]}"

    return tuple(
        replace(
            part,
            chapters=tuple(
                replace(chapter, labels=tuple(label(block) for block in chapter.section.blocks))
                for chapter in part.chapters
            ),
        )
        for part in parts
    )


def chapters(parts: Sequence[Part]) -> Iterator[Chapter]:
    """All chapters in order."""
    return (chapter for part in parts for chapter in part.chapters)


def in_groups(digits: str, size: int = 4) -> str:
    """A hash in groups, as a person compares it: ``7be2 91d0 44af``."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def short(hash_: str) -> str:
    """The first digits of a hash, in groups."""
    return in_groups(hash_[:SHORT_HASH])

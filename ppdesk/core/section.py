"""What a step shows: words, key figures, tables and figures, the same for screen and report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ppdesk.core.canonical import Json


@dataclass(frozen=True)
class Words:
    """A paragraph. `tone` picks the banner: plain text, or a remark with its shape and colour."""

    text: str
    tone: Literal["plain", "ok", "caution", "risk", "info"] = "plain"


@dataclass(frozen=True)
class KeyFigure:
    """A number that matters, already worded: ``KeyFigure("AUROC", "0.874", "0.866 to 0.881, 95 %")``."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """A row of key figures."""

    items: Sequence[KeyFigure]


@dataclass(frozen=True)
class Table:
    """A small table of worded cells. `right` names the columns (by index) that are numbers."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    caption: str = ""


@dataclass(frozen=True)
class Plot:
    """A chart by name (a function of that name in ``report/figures``) with the values it draws."""

    title: str
    name: str
    values: Mapping[str, Json]
    caption: str = ""


@dataclass(frozen=True)
class Answer:
    """Words that only a person can give, under the question. An empty `text` is a visible blank.

    `clause` names the rule that asks, `help` says what belongs here; `by` who answered, in which role and on
    which day.
    """

    question: str
    text: str = ""
    by: str = ""
    clause: str = ""
    help: str = ""


Block: TypeAlias = Words | Figures | Table | Plot | Answer


@dataclass(frozen=True)
class Section:
    """A step's result for a person."""

    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)

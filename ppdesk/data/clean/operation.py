"""What all operations share: the columns they read and make, and what becomes of a bad cell or row."""

from enum import StrEnum
from typing import ClassVar

from pydantic import field_validator

from ppdesk.core.params import Params, param


class BadCell(StrEnum):
    """What becomes of a cell that is not as declared."""

    MISSING = "missing"
    QUARANTINE = "quarantine"
    KEEP = "keep"


class BadRow(StrEnum):
    """What becomes of a row that is not as declared."""

    DROP = "drop"
    QUARANTINE = "quarantine"
    MISSING = "missing"
    FLAG = "flag"


class OutsideRow(StrEnum):
    """What becomes of a number outside its bounds, or of its row."""

    MISSING = "missing"
    CLIP = "clip"
    DROP = "drop"
    QUARANTINE = "quarantine"


class Operation(Params):
    """Base of all operations."""

    title: ClassVar[str] = ""  # for a list of operations to choose from
    help: ClassVar[str] = ""  # one sentence
    row_local: ClassVar[bool] = True  # each row's result rests on that row and on declared values alone

    op: str

    @field_validator("columns", "by", "into", "formats", "tokens", "block", mode="before", check_fields=False)
    @classmethod
    def _one_is_a_list(cls, value: object, info: object) -> object:
        annotation = cls.model_fields[getattr(info, "field_name", "")].annotation
        return (value,) if isinstance(value, str) and annotation is not str else value

    def reads(self) -> tuple[str, ...]:
        """The columns that must be there, each once."""
        named: list[str] = []
        for field in ("column", "columns", "by", "block"):
            said = getattr(self, field, ())
            named += [said] if isinstance(said, str) else list(said)
        return tuple(dict.fromkeys(name for name in named if name))

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the columns afterwards, for columns `names` before."""
        return names


def one_column() -> str:
    found: str = param(label="Column", help="The column it changes.", min_length=1)
    return found


def some_columns(help: str = "The columns it changes.", none: str = "all") -> tuple[str, ...]:
    found: tuple[str, ...] = param((), label="Columns", help=help, empty=none)
    return found


def these_columns(help: str = "The columns it changes.") -> tuple[str, ...]:
    found: tuple[str, ...] = param(label="Columns", help=help, min_length=1)
    return found

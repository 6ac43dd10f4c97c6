"""Operations that make, name or leave out columns. All rest on one row and declared values."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ppdesk.core.params import param
from ppdesk.data.clean.operation import Operation, one_column, these_columns


class Split(Operation):
    title: ClassVar[str] = "Split a column"
    help: ClassVar[str] = "One column becomes several: at a text, or by the groups of a regular expression."

    op: Literal["split"] = param("split", label="Operation", help="Split a column.")
    column: str = one_column()
    into: tuple[str, ...] = param(label="New columns", help="Their names, from left to right.", min_length=1)
    separator: str = param("", label="At", help="The text between the parts. The last part keeps the rest.")
    pattern: str = param(
        "",
        label="Regular expression",
        help="Instead of a text: RE2 with as many groups as new columns. A value that does not match gives"
        " missing parts.",
        free_text=True,
    )
    keep: bool = param(False, label="Keep the column", help="Whether the column stays beside its parts.")

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if bool(self.separator) == bool(self.pattern):
            raise ValueError("a text to split at is needed, or a regular expression, not both")
        return self

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        at = names.index(self.column)
        kept = (self.column,) if self.keep else ()
        return (*names[:at], *kept, *self.into, *names[at + 1 :])


class Merge(Operation):
    title: ClassVar[str] = "Merge columns"
    help: ClassVar[str] = "Several columns become one text."

    op: Literal["merge"] = param("merge", label="Operation", help="Merge columns.")
    columns: tuple[str, ...] = these_columns("What is joined, from left to right.")
    into: str = param(label="New column", help="Its name.", min_length=1)
    separator: str = param(" ", label="Between them", help="The text between two values.")
    skip_missing: bool = param(
        True, label="Pass over missing", help="Off: a missing value makes the whole missing."
    )
    keep: bool = param(False, label="Keep the columns", help="Whether the columns stay.")

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        at = names.index(self.columns[0])
        gone = () if self.keep else self.columns
        before = tuple(name for name in names[: at + 1] if name not in gone)
        return (*before, self.into, *(name for name in names[at + 1 :] if name not in gone))


class Rename(Operation):
    title: ClassVar[str] = "Rename a column"
    help: ClassVar[str] = "Gives a column another name."

    op: Literal["rename"] = param("rename", label="Operation", help="Rename a column.")
    column: str = one_column()
    to: str = param(label="New name", help="What it is called from here on.", min_length=1)

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.to if name == self.column else name for name in names)


class DropColumns(Operation):
    title: ClassVar[str] = "Leave out columns"
    help: ClassVar[str] = "Takes columns out of the table."

    op: Literal["drop-columns"] = param("drop-columns", label="Operation", help="Leave out columns.")
    columns: tuple[str, ...] = these_columns("What is left out.")

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in self.columns)


class KeepColumns(Operation):
    title: ClassVar[str] = "Keep only columns"
    help: ClassVar[str] = "Keeps these columns, in this order, and no other."

    op: Literal["keep-columns"] = param("keep-columns", label="Operation", help="Keep only columns.")
    columns: tuple[str, ...] = these_columns("What is kept, in this order.")

    def shape(self, names: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG002  of the base
        return self.columns

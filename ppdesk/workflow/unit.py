"""The privacy unit: whose protection a guarantee counts, as heads and facts tell it. Light: heads only."""

from collections.abc import Mapping
from dataclasses import dataclass

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_count

RECORD = "record"


@dataclass(frozen=True)
class Unit:
    """One record, or one person: all records with the same id in `column`, of which `most_rows` count."""

    column: str | None = None
    most_rows: int = 1

    @classmethod
    def of(cls, head: Head) -> "Unit":
        """What the head of ROLES or MODEL declares; one record where it says nothing."""
        said = head.get("unit")
        if not isinstance(said, Mapping):
            return cls()
        most = said.get("most_rows")
        return cls(str(said.get("column")), most if isinstance(most, int) and most > 0 else 1)

    def to_json(self) -> Json:
        """As heads keep it."""
        return RECORD if self.column is None else {"column": self.column, "most_rows": self.most_rows}

    @property
    def per(self) -> str:
        """After a number: "per record", "per person"."""
        return said("per record") if self.column is None else said("per person")

    @property
    def words(self) -> str:
        """Who is protected."""
        if self.column is None:
            return said("one record")
        return said_count(
            "one person (at most {count} record each, id column {column})",
            "one person (at most {count:,} records each, id column {column})",
            self.most_rows,
            column=self.column,
        )

    @property
    def short(self) -> str:
        """The same without the column's name, for places that anybody may read."""
        return RECORD if self.column is None else f"person, at most {self.most_rows} records"


def stability(table: Head) -> int | None:
    """How many records of this table may change when one record of the imported file is replaced; None where
    nothing bounds it. A head that does not say is of a table that was not cleaned: 1."""
    said = table.get("stability", 1)
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else None

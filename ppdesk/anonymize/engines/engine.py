"""The two things that anonymizing needs of the place where a table lies: count its distinct tuples, and
replace values. All else works on the frequency set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

COUNT = "records in ppdesk"  # the column of counts; its name should meet no other
VALUE, LABEL = "value", "label"


@dataclass(frozen=True)
class Recoding:
    """What becomes of the table.

    `maps`: for each quasi-identifier a table of the strings `VALUE` ("" is missing) and `LABEL`. `hidden`:
    the classes to suppress, a row of labels each, with the quasi-identifiers as columns. `kept`: the columns
    of the release, in order.
    """

    maps: "Mapping[str, pa.Table]"
    hidden: "pa.Table"
    kept: Sequence[str]


class Engine(Protocol):
    """A place where a table lies. Values are compared as text; a missing one is empty."""

    def columns(self) -> tuple[str, ...]:
        """The names of the columns. EngineError."""
        ...

    def distinct(self, columns: Sequence[str]) -> "pa.Table":
        """The distinct tuples of `columns`, strings, with `COUNT`, int64. This is personal data, and the only
        data that leaves the place. EngineError."""
        ...

    def write(self, recoding: Recoding, out: Path) -> int:
        """Write the release and tell how many records it has. Records of a hidden class have "*" in all
        quasi-identifiers. Their order must not depend on the table's order. EngineError."""
        ...

"""All operations, told apart by `op`."""

from typing import Annotated

from pydantic import Field

from ppdesk.data.clean.cell_operations import (
    Case,
    Map,
    MergeValues,
    Missing,
    ParseDates,
    Replace,
    Trim,
    Type,
)
from ppdesk.data.clean.column_operations import DropColumns, KeepColumns, Merge, Rename, Split
from ppdesk.data.clean.operation import Operation
from ppdesk.data.clean.row_operations import (
    DropMissing,
    Duplicates,
    Fill,
    Filter,
    FuzzyDuplicates,
    Outliers,
    Range,
    Rule,
)

AnyOperation = Annotated[
    Trim
    | Case
    | Type
    | ParseDates
    | Map
    | MergeValues
    | Missing
    | Replace
    | Fill
    | DropMissing
    | Duplicates
    | FuzzyDuplicates
    | Outliers
    | Range
    | Rule
    | Filter
    | Split
    | Merge
    | Rename
    | DropColumns
    | KeepColumns,
    Field(discriminator="op"),
]

OPERATIONS: tuple[type[Operation], ...] = (
    Trim, Case, Missing, MergeValues, Map, Replace, Type, ParseDates, Fill, DropMissing, Duplicates,
    FuzzyDuplicates, Range, Outliers, Rule, Filter, Split, Merge, Rename, DropColumns, KeepColumns,
)  # fmt: skip
"""In the order in which a person is offered them."""

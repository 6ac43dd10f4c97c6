"""What Clean found out, in counts."""

from ppdesk.workflow.data.clean_suggestions import SuggestionFacts
from ppdesk.workflow.step import Facts


class OperationFacts(Facts):
    """One operation of the list. `skipped`: why it was not carried out, or empty. `stability`: how many
    records one replaced record changes at most through it; None: any number."""

    op: str
    words: str
    rows_before: int
    rows_after: int
    columns_after: int
    cells_changed: int
    made_missing: int
    quarantined: int
    stability: int | None
    skipped: str = ""
    notes: tuple[str, ...] = ()


class CleanColumn(Facts):
    """One column afterwards; no value. `as_before`: cell for cell as it came."""

    name: str
    type: str
    distinct: int
    missing: int
    as_before: bool = False


class RenamedColumn(Facts):
    """A column of the file under the name that the operations have for it."""

    name: str
    theirs: str


class CleanFacts(Facts):
    """Before and after, and each operation. `stability`: of the whole way from the file to this table."""

    rows_before: int
    rows_after: int
    columns_before: int
    cells_changed: int
    made_missing: int
    quarantined: int
    stability: int | None
    operations: tuple[OperationFacts, ...]
    columns: tuple[CleanColumn, ...]
    renamed: tuple[RenamedColumn, ...] = ()
    suggestions: tuple[SuggestionFacts, ...] = ()

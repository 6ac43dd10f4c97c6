"""Operations of Clean in words: what a row of the recipe says, and what came of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ppdesk.data.clean import words as of_operations
from ppdesk.data.clean.operation import Operation
from ppdesk.data.clean.operations import OPERATIONS
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.words import choice

Values = Mapping[str, Any]

BY_OP: dict[str, type[Operation]] = {one.model_fields["op"].default: one for one in OPERATIONS}

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Text", ("trim", "case", "replace")),
    ("Values", ("map", "merge-values", "type", "parse-dates", "range", "outliers")),
    ("Missing", ("missing", "fill", "drop-missing")),
    ("Rows", ("duplicates", "fuzzy-duplicates", "rule", "filter")),
    ("Columns", ("split", "merge", "rename", "drop-columns", "keep-columns")),
)


def operation(values: Values) -> Operation | None:
    """The operation that `values` say; None for none of this version."""
    known = BY_OP.get(str(values.get("op", "")))
    try:
        return known.model_validate(dict(values)) if known is not None else None
    except ValidationError:
        return None


def said(values: Values) -> str:
    """An operation in one sentence without a full stop."""
    found = operation(values)
    words = of_operations.words(found) if found is not None else choice(str(values.get("op", "operation")))
    return told(words)


def note(values: Values) -> str:
    """What a rule or a filter asks for, as it was typed."""
    return str(values.get("holds") or values.get("where") or "")


def came_of_it(facts: Values, columns: int) -> tuple[str, str]:
    """(words, shape) for the facts of one operation in the last run, on a table of so many columns."""
    if facts.get("skipped"):
        return tr("Skipped: {reason}", reason=told(str(facts["skipped"]))), "off"
    before, after = int(facts.get("rows_before") or 0), int(facts.get("rows_after") or 0)
    cells, aside = int(facts.get("cells_changed") or 0), int(facts.get("quarantined") or 0)
    pieces = [tr("{before:,} to {after:,} rows", before=before, after=after)] if before != after else []
    now = int(facts.get("columns_after") or 0)
    pieces += [tr("{before} to {after} columns", before=columns, after=now)] if now != columns else []
    pieces += [tr_count("{count:,} cell changed", "{count:,} cells changed", cells)] if cells else []
    pieces += [tr_count("{count:,} put aside", "{count:,} put aside", aside)] if aside else []
    return (", ".join(pieces), "done") if pieces else (tr("Nothing changed"), "todo")

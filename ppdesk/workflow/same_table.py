"""Whether the table that holds now is the one the model's split was drawn on. Light: heads only.

A split names records by their place. On another table, also on a newer extract of the same register, it
would call records held out that training has seen.
"""

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.workflow.step import Heads


class OtherTableError(CodedError):
    """The model was trained on another table than the one that holds now, so the records held out of its
    training are not known."""

    code = "PP-TRAIN-010"
    exit = Exit.REFUSED
    todo = "Train again on this table, or import the table again that the model was trained on."


def mark(table: Head) -> dict[str, Json]:
    """What a MODEL head says of the TABLE it was trained on: its file's SHA-256 and its records."""
    return {"table_sha256": table.get("sha256"), "table_rows": table.get("rows")}


def same(model: Head, table: Head) -> bool:
    """Whether `model` was trained on `table`. False too where the model does not say."""
    said = mark(table)
    return None not in said.values() and all(model.get(name) == value for name, value in said.items())


def findings(heads: Heads) -> list[Finding]:
    """A blocking finding where model and table do not belong together."""
    if Kind.MODEL not in heads or Kind.TABLE not in heads or same(heads[Kind.MODEL], heads[Kind.TABLE]):
        return []
    error = OtherTableError()
    return [Finding(Level.BLOCKING, error.message, error.advice, code=error.code)]

"""Whether the table that holds now is the one the model's split was drawn on. Light: heads only.

A split names records by their place. On another table, also on a newer extract of the same register or the
same one cleaned in another way, it would call records held out that training has seen.
"""

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json, digest
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


_MADE = "table_made"
# what of a TABLE head decides which rows it holds in which order, beside the file
_WAYS = ("columns", "contents", "excluded", "files", "made", "quarantined", "reading")


def mark(table: Head) -> dict[str, Json]:
    """What a MODEL head says of the TABLE it was trained on: its file's SHA-256, its records, and how they
    were made of the file."""
    made = digest({name: table[name] for name in _WAYS if name in table})
    return {"table_sha256": table.get("sha256"), "table_rows": table.get("rows"), _MADE: made}


def same(model: Head, table: Head) -> bool:
    """Whether `model` was trained on `table`. False too where the model does not say."""
    said = mark(table)
    if _MADE not in model:  # from before tables could be cleaned
        del said[_MADE]
    return None not in said.values() and all(model.get(name) == value for name, value in said.items())


def findings(heads: Heads) -> list[Finding]:
    """A blocking finding where model and table do not belong together."""
    if Kind.MODEL not in heads or Kind.TABLE not in heads or same(heads[Kind.MODEL], heads[Kind.TABLE]):
        return []
    error = OtherTableError()
    return [Finding(Level.BLOCKING, error.message, error.advice, code=error.code)]

"""What is worth a look in the table, as Import and Clean found it: words and counts, no value."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.cli import results
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.core.exits import Exit

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json


def show(invocation: Invocation, access: Access) -> int:
    """Lists the suggestions that the table's head holds. They are on record already: nothing is run."""
    from ppdesk.core.artifacts import Kind
    from ppdesk.workbench.errors import MissingInputError

    with invocation.look(access) as session:
        table = session.heads().get(Kind.TABLE)
        stamp = results.stamp_of(session)
    if table is None:
        raise MissingInputError(step="clean", kind=Kind.TABLE.value, maker="import")
    held = table.get("suggestions")
    found: list[Mapping[str, Json]] = (
        [one for one in held if isinstance(one, Mapping)] if isinstance(held, list | tuple) else []
    )
    lines = [f"{one.get('count'):>12,}  {one.get('words')}" for one in found]
    invocation.console.result(
        {"suggestions": [dict(one) for one in found], "stamp": stamp},
        lines or ["Nothing in the table looks as if it needed cleaning."],
    )
    return int(Exit.OK)

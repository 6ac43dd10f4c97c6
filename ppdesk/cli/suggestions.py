"""What is worth a look in the table: what Import and Clean found, as operations where these hold no value;
clusters of values, on record."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.cli import results
from ppdesk.cli.cancel import stoppable
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.signing import at_work
from ppdesk.core.exits import Exit
from ppdesk.core.wording import counted

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json


def operations_help() -> str:
    """For the help of the verb: which operations there are, and how one is written."""
    from ppdesk.data.clean.operations import OPERATIONS

    names = ", ".join(one.model_fields["op"].default for one in OPERATIONS)
    return (
        f"Operations (op): {names}.\n\n"
        "\b\nIn the file for --operations each is a table:\n"
        '  [[operations]]\n  op = "case"\n  columns = ["city"]\n  to = "title"\n\n'
        "The manual tells the settings of each: resources/docs/cli.md, ppdesk clean. ppdesk clean"
        " --suggestions prints some that fit the table."
    )


def show(invocation: Invocation, access: Access) -> int:
    """Lists the suggestions that the table's head holds. They are on record already: nothing is run."""
    from ppdesk.core.artifacts import Kind
    from ppdesk.data.clean.suggestion import without_values
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
    ready = [without_values(str(one.get("id"))) for one in found]
    lines = [
        line
        for one, operation in zip(found, ready, strict=True)
        for line in (f"# {one.get('count'):,}: {one.get('words')}", *_operation(one, operation), "")
    ]
    if any(ready):
        note = "Keep the operations that you want in a file: ppdesk clean --operations FILE --project FILE"
        invocation.console.note(note)
    if stamp and not invocation.console.json:  # not below the lines, which may be kept as a file
        invocation.console.note(stamp)
    invocation.console.result(
        {
            "suggestions": [
                {**one, "operation": operation} for one, operation in zip(found, ready, strict=True)
            ],
            "stamp": stamp if invocation.console.json else "",
        },
        lines[:-1] or ["Nothing in the table looks as if it needed cleaning."],
    )
    return int(Exit.OK)


def _operation(one: "Mapping[str, Json]", operation: "Mapping[str, Json] | None") -> list[str]:
    """The lines of a suggestion: its operation in TOML, or how to get at it."""
    if operation is not None:
        return ["[[operations]]", *(f"{name} = {_value(value)}" for name, value in operation.items())]
    kind, _, column = str(one.get("id")).partition(":")
    way = "# Values of people stand in it: choose in the window, or ppdesk look suggestions (on record)."
    if kind in ("case", "clusters"):
        return [way, f"# As an operation: ppdesk clean --clusters {_toml(column)} (on record)."]
    return [way]


def _value(value: "Json") -> str:
    """Texts, numbers and lists of them in TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return _toml(value) if isinstance(value, str) else json.dumps(value)


def clusters(invocation: Invocation, access: Access, column: str, method: str) -> int:
    """Prints the operation merge-values for a column, as it stands in a file of operations."""
    from ppdesk.data.clean.cluster import Method
    from ppdesk.workbench.clustering import clusters_of

    opened = invocation.open(access)
    with at_work(invocation, access, opened, needed=False) as session, stoppable() as wish:
        found = clusters_of(session, column, Method(method), cancelled=wish.is_set)
        stamp = results.stamp_of(session)
    merge = {old: new for one in found for old, new in one.merge().items()}
    operation: dict[str, Json] = {"op": "merge-values", "column": column, "values": merge}
    lines = ["[[operations]]", 'op = "merge-values"', f"column = {_toml(column)}", "[operations.values]"]
    for one in found:
        lines.append(f"# {len(one.values)} values, {one.cells:,} cells would change")
        lines += [f"{_toml(old)} = {_toml(new)}" for old, new in one.merge().items()]
    invocation.console.note(f"{counted(len(found), 'cluster')}. On record.")
    if stamp and not invocation.console.json:  # not below the lines, which may be kept as a file
        invocation.console.note(stamp)
    listed: list[Json] = [[[value, count] for value, count in one.values] for one in found]
    invocation.console.result(
        {
            "operation": operation if merge else None,
            "clusters": listed,
            "stamp": stamp if invocation.console.json else "",
        },
        lines if found else ["# No values of this column belong together by this method."],
    )
    return int(Exit.OK)


def _toml(text: str) -> str:
    """A basic string of TOML: one of JSON, and DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

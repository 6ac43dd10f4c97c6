"""Names for the levels of a hierarchy: "5 years" for level 1. Declared, so they say nothing of people."""

from collections.abc import Mapping, Sequence

from ppdesk.core.artifacts import Head
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said

TOP = "*"


class LevelNamesError(CodedError):
    """{column} has {names} names of levels, and its hierarchy has {levels} levels."""

    code = "PP-ROLES-036"
    exit = Exit.BAD_INPUT
    todo = "Name each level, from the values themselves up. The last one, *, needs no name."


def check(names: Mapping[str, Sequence[str]], generalized: Sequence[str]) -> list[Finding]:
    """Whether each is of a column that has a hierarchy, and no name stands twice or is empty."""
    found = []
    for column, held in names.items():
        if column not in generalized:
            title = said("There are names of levels for {column}, which has no hierarchy.", column=column)
        elif not all(one.strip() for one in held) or len(set(held)) < len(held):
            title = said("{column}: a name of a level is empty, or stands there twice.", column=column)
        else:
            continue
        found.append(Finding(Level.BLOCKING, title, "", "level_names", "PP-ROLES-035"))
    return found


def whole(column: str, names: Sequence[str], levels: int) -> list[str]:
    """One name for each of `levels`; the top may go without. LevelNamesError."""
    if len(names) not in (levels, levels - 1):
        raise LevelNamesError(column=column, names=len(names), levels=levels)
    return [*names, *[TOP] * (levels - len(names))]


def name_of(hierarchies: Head, column: str, level: int) -> str:
    """The name of a level, "" where it has none. `hierarchies` is the head of HIERARCHIES."""
    columns = hierarchies.get("columns")
    shape = columns.get(column) if isinstance(columns, Mapping) else None
    names = shape.get("names") if isinstance(shape, Mapping) else None
    return str(names[level]) if isinstance(names, list | tuple) and 0 <= level < len(names) else ""


def words(names: Sequence[str]) -> str:
    """All of them: "year, 5 years, 20 years"."""
    return ", ".join(names)

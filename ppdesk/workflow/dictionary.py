"""A data dictionary: one TOML file that says what each column is and where its hierarchy lies.

    [columns.age]
    role = "quasi-identifier"
    type = "numeric"
    min = 0
    max = 100
    hierarchy = "hierarchies/age.csv"

The files it names lie relative to the dictionary. What it says is declared, so it may be public: it must
come from a codebook, never from looking at the data.
"""

import tomllib
from pathlib import Path
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class DictionaryUnreadableError(CodedError):
    """The data dictionary {file} cannot be read: {reason}."""

    code = "PP-WORKFLOW-010"
    exit = Exit.BAD_INPUT
    todo = "Write it as TOML in UTF-8 with one table [columns.NAME] per column."


def expand(path: Path) -> dict[str, Any]:
    """The values of step `roles` that the dictionary at `path` stands for:
    ``{"columns": [{"name": ..., "role": ..., ...}], "hierarchies": {column: path}}``, columns in file order.

    Raises DictionaryUnreadableError. What a column may say is checked by the step itself.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DictionaryUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
    except UnicodeDecodeError:
        raise DictionaryUnreadableError(file=path.name, reason="it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise DictionaryUnreadableError(file=path.name, reason=str(error)) from None
    declared = found.get("columns")
    if not isinstance(declared, dict) or not declared:
        raise DictionaryUnreadableError(file=path.name, reason="it has no [columns.NAME] tables")
    surplus = sorted(set(found) - {"columns"})
    if surplus:
        raise DictionaryUnreadableError(
            file=path.name, reason=f"{surplus[0]} has no meaning outside a column"
        )
    columns, hierarchies = [], {}
    for name, entry in declared.items():
        if not isinstance(entry, dict):
            raise DictionaryUnreadableError(file=path.name, reason=f"column {name} is not a table")
        rest = dict(entry)
        hierarchy = rest.pop("hierarchy", None)
        if hierarchy is not None:
            hierarchies[name] = str(path.parent / str(hierarchy))
        columns.append({"name": name, **rest})
    return {"columns": columns, "hierarchies": hierarchies}

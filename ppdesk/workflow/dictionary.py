"""A data dictionary: one TOML file that says what each column is and where its hierarchy lies.

    [columns.age]
    role = "quasi-identifier"
    type = "numeric"
    min = 0
    max = 100
    hierarchy = "hierarchies/age.csv"

A quantity that spans orders of magnitude, such as an amount, says so:

    log = true

Instead of a file, a rule may say how its values generalize:

    generalize = {kind = "intervals", widths = [5, 10, 20]}

The levels of a hierarchy may have names, from the values themselves up; the last one, *, needs none:

    level_names = ["year", "5 years", "10 years", "20 years"]

Where a person may have several records, a table says which column is the same in all of them, and how many
of them count at most:

    [unit]
    column = "patient"
    most_rows = 4

The files it names lie relative to the dictionary. What it says is declared, so it may be public: it must
come from a codebook, never from looking at the data.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
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
    surplus = sorted(set(found) - {"columns", "unit"})
    if surplus:
        raise DictionaryUnreadableError(
            file=path.name, reason=f"{surplus[0]} has no meaning outside a column"
        )
    columns, hierarchies, rules, names = [], {}, [], {}
    for name, entry in declared.items():
        if not isinstance(entry, dict):
            raise DictionaryUnreadableError(file=path.name, reason=f"column {name} is not a table")
        rest = dict(entry)
        hierarchy = rest.pop("hierarchy", None)
        if hierarchy is not None:
            hierarchies[name] = str(path.parent / str(hierarchy))
        named = rest.pop("level_names", None)
        if named is not None:
            names[name] = named
        rule = rest.pop("generalize", None)
        if isinstance(rule, str):  # the kind alone, for one that needs no more
            rule = {"kind": rule}
        if rule is not None:
            if not isinstance(rule, dict):
                raise DictionaryUnreadableError(
                    file=path.name, reason=f"generalize of column {name} is a table with its kind"
                )
            rules.append({"column": name, **rule})
        columns.append({"name": name, **rest})
    ruled = ({"generalize": rules} if rules else {}) | ({"level_names": names} if names else {})
    return {"columns": columns, "hierarchies": hierarchies, **ruled, **_unit(found.get("unit"), path.name)}


def _unit(said: object, file: str) -> dict[str, Any]:
    """The privacy unit, where the dictionary names one."""
    if said is None:
        return {}
    if not isinstance(said, dict) or "column" not in said or set(said) - {"column", "most_rows"}:
        raise DictionaryUnreadableError(file=file, reason="[unit] has column and most_rows")
    return {"unit_column": said["column"], **{name: said[name] for name in ("most_rows",) if name in said}}


def written(values: Mapping[str, Any], notes: Mapping[str, Sequence[str]], begin: str = "A proposal") -> str:
    """The dictionary that says `values` (as step `roles` takes them; hierarchy files relative to it), for a
    person to complete: what is missing stands there as a comment. `notes` are remarks by column, and under
    "[unit]" on the unit. `begin` says what it is."""
    lines = [
        f"# {_line(begin)}: read it, change it, complete it. Lines that begin with # are remarks.",
        "# Bounds and categories come from a codebook or from knowledge of the world, never from the data.",
        '# origin = "codebook", "knowledge" or "data" says where those of a column come from.',
    ]
    if values.get("unit_column"):
        lines += ["", *(f"# {_line(note)}" for note in notes.get("[unit]", ()) if note)]
        lines += [
            "[unit]",
            f"column = {_text(values['unit_column'])}",
            f"most_rows = {values['most_rows']}",
        ]
    rules = {str(one["column"]): one for one in values.get("generalize", ())}
    for one in values["columns"]:
        name = str(one["name"])
        lines += ["", *(f"# {_line(note)}" for note in notes.get(name, ()))]
        lines += [f"[columns.{_text(name)}]", f"role = {_text(one['role'])}"]
        lines += [f"type = {_text(one['type'])}"] if "type" in one else []
        if one.get("target"):
            lines += ["target = true", '# positive = "the value to find"']
        lines += _declared(one)
        file = values.get("hierarchies", {}).get(name)
        if file is not None:
            lines.append(f"hierarchy = {_text(file)}")
        elif one["role"] == "quasi-identifier":
            lines += _generalized(rules.get(name))
        levels = values.get("level_names", {}).get(name)
        lines += [f"level_names = {toml_value(levels)}"] if levels else []
    return "\n".join(lines) + "\n"


def _declared(one: Mapping[str, Any]) -> list[str]:
    """Bounds or categories, or that they are missing."""
    if one["role"] == "direct-identifier":
        return []
    said = [
        f"{name} = {toml_value(one[name])}"
        for name in ("min", "max", "log", "categories", "origin")
        if name in one
    ]
    if said:
        return said
    return (
        ["# min = 0", "# max = 100"]
        if one.get("type") == "numeric"
        else ['# categories = ["one", "another"]']
    )


def _generalized(rule: Mapping[str, Any] | None) -> list[str]:
    """How a quasi-identifier generalizes, and that a file can say it too."""
    file = '# hierarchy = "hierarchies/a-file.csv"'
    if rule is None:
        return [file]
    said = ", ".join(f"{name} = {toml_value(value)}" for name, value in rule.items() if name != "column")
    return [f"generalize = {{{said}}}", f"{file}, instead of generalize"]


def toml_value(value: object) -> str:
    """As TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(name)} = {toml_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return _text(value)


def _text(value: object) -> str:
    """As a basic string of TOML, which JSON's strings are but for one sign."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(value: str) -> str:
    """One line without control signs."""
    return "".join(sign if sign.isprintable() else " " for sign in value)

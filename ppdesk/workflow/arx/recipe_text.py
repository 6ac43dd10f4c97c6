"""A recipe as TOML."""

from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.workflow.dictionary import toml_value


def recipe_text(title: str, steps: Sequence[tuple[str, Mapping[str, Any]]], remarks: Sequence[str]) -> str:
    """`steps` as (key, values); `remarks` stand above as comments."""
    lines = [f"# {_line(one)}" for one in remarks]
    lines += ["", f"title = {toml_value(_line(title))}"]
    for key, values in steps:
        lines += ["", "[[steps]]", f"step = {toml_value(key)}"]
        lines += [f"{name} = {toml_value(value)}" for name, value in values.items()]
    return "\n".join(lines) + "\n"


def _line(value: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in value)

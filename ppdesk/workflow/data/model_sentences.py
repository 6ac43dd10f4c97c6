"""Models and treatments as a person writes them: one sentence each, or a table with the same settings."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

M = TypeVar("M")


def read(
    untrusted: object,
    pattern: re.Pattern[str],
    taken: Callable[[re.Match[str]], dict[str, Any]],
    adapter: TypeAdapter[M],
    *,
    kind: str,
    form: str,
) -> M:
    """What a sentence, a table, or JSON text of a table says.

    `pattern` is of a whole sentence, `taken` its settings as a table; `kind` the setting that says what it
    is, `form` how a sentence is written. ValueError says what is wrong.
    """
    if isinstance(untrusted, str) and untrusted.lstrip().startswith("{"):
        untrusted = json.loads(untrusted)
    if isinstance(untrusted, str):
        found = pattern.fullmatch(untrusted.strip())
        if found is None:
            raise ValueError(f"write it as: {form}.")
        untrusted = taken(found)
    if not isinstance(untrusted, Mapping):
        raise ValueError(f"give a sentence or a table with {kind}")  # noqa: TRY004 - for pydantic
    try:
        return adapter.validate_python(dict(untrusted))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(piece) for piece in first["loc"][1:]) or kind
        said = "a value is needed" if first["type"] == "missing" else first["msg"]
        raise ValueError(f"{where}: {said.removeprefix('Value error, ')}") from None


def each_once(untrusted: Any, sentence: Callable[[object], str]) -> Any:
    """Each item as its sentence, once. ValueError."""
    if not isinstance(untrusted, Sequence) or isinstance(untrusted, str):
        return untrusted
    return tuple(dict.fromkeys(sentence(one) for one in untrusted))

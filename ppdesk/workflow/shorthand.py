"""Values that a person may write in a shorter form than a step's parameters have.

- ``dictionary = "dictionary.toml"`` for step `roles` stands for its columns, their hierarchies and rules;
- ``operations = "clean.toml"`` for step `clean`: a file with the operations, and the mapping if there is one;
- ``from = "answers.toml"`` for step `statements`: a file with answers; those written out stand over it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ppdesk.core.errors import CodedError, InvalidParamsError
from ppdesk.core.exits import Exit

DICTIONARY = "dictionary"
OPERATIONS = "operations"
ANSWERS = "from"
_MOST_BYTES = 2**20  # of a file of operations


class OperationsUnreadableError(CodedError):
    """The operations in {file} cannot be read: {reason}."""

    code = "PP-WORKFLOW-012"
    exit = Exit.BAD_INPUT
    todo = (
        "Write them as TOML in UTF-8, each under [[operations]] with its op. operations = [] stands for none."
    )


def spelled_out(key: str, values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """`values` of step `key` with the shorthand replaced. Relative paths are taken from `folder`.

    DictionaryUnreadableError, OperationsUnreadableError, AnswersUnreadableError for a file that is none,
    InvalidParamsError where it stands beside what it would replace.
    """
    rest = dict(values)
    if key == "roles" and DICTIONARY in rest:
        from ppdesk.workflow.dictionary import expand

        path = rest.pop(DICTIONARY)
        if not isinstance(path, str):
            raise InvalidParamsError(step=key, field=DICTIONARY, reason="it is the name of a file")
        return _beside(key, expand(folder / path), rest, "the dictionary")
    if key == "clean" and isinstance(rest.get(OPERATIONS), str):
        return _beside(key, _operations(folder / rest.pop(OPERATIONS)), rest, "the file of operations")
    if key == "statements" and ANSWERS in rest:
        return _with_answers(folder, rest)
    return rest


def _with_answers(folder: Path, rest: dict[str, Any]) -> dict[str, Any]:
    """The answers of a file, overruled one by one by those that are written out. AnswersUnreadableError."""
    from ppdesk.workflow.reporting.statements_file import read_answers
    from ppdesk.workflow.reporting.statements_params import flattened

    path, given = rest.pop(ANSWERS), rest.get("answers", {})
    if not isinstance(path, str):
        raise InvalidParamsError(step="statements", field=ANSWERS, reason="it is the name of a file")
    if not isinstance(given, Mapping):
        return rest  # the parameters say what is wrong with it
    return {**rest, "answers": {**flattened(read_answers(folder / path)), **flattened(given)}}


def _beside(key: str, meant: dict[str, Any], rest: dict[str, Any], who: str) -> dict[str, Any]:
    twice = sorted(set(meant) & set(rest))
    if twice:
        raise InvalidParamsError(step=key, field=twice[0], reason=f"{who} says it already")
    return {**meant, **rest}


def _operations(path: Path) -> dict[str, Any]:
    """What a file of operations says. The texts of TOML's own errors may quote the file: left out."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise OperationsUnreadableError(file=path.name, reason="it is too large")
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OperationsUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
    except (ValueError, RecursionError):
        raise OperationsUnreadableError(file=path.name, reason="it is not TOML in UTF-8") from None
    if not isinstance(found.get(OPERATIONS), list):
        raise OperationsUnreadableError(file=path.name, reason="it has no [[operations]]")
    surplus = sorted(set(found) - {OPERATIONS, "mapping", "skip_unfit"})
    if surplus:
        raise OperationsUnreadableError(file=path.name, reason=f"{surplus[0]} has no meaning there")
    return found

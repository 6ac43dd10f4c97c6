"""Answers in a file: TOML, one table for the document, one line for each question::

[dpia]
necessity = "Why it is needed."
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.questions import Question
from ppdesk.workflow.reporting.statements_given import Held

_MOST_BYTES = 2**21


class AnswersUnreadableError(CodedError):
    """The answers in {file} cannot be read: {reason}."""

    code = "PP-STATEMENTS-005"
    exit = Exit.BAD_INPUT
    todo = "Write them as TOML in UTF-8, as `ppdesk statements --questions DOCUMENT` prints them."


def read_answers(path: Path) -> dict[str, Any]:
    """What the file says, not judged yet. AnswersUnreadableError; TOML's own texts may quote the file and are
    left out."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise AnswersUnreadableError(file=path.name, reason="it is too large")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise AnswersUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
    except (ValueError, RecursionError):
        raise AnswersUnreadableError(file=path.name, reason="it is not TOML in UTF-8") from None


def lines(document: str, asked: Sequence[Question], held: Mapping[str, Held]) -> Iterator[str]:
    """The questions as such a file: answers that hold stand in it, the others are to be filled in."""
    yield f"[{document}]"
    group = ""
    for one in asked:
        if one.group and one.group != group:
            group = one.group
            yield from ("", f"# -- {group} --")
        yield ""
        yield f"# {one.title[Language.ENGLISH]} ({one.clause})"
        yield f"# {one.help[Language.ENGLISH]}"
        yield from (f"# {choice.key}: {choice.words[Language.ENGLISH]}" for choice in one.choices)
        if one.kind == "date":
            yield "# A day as 2026-12-31."
        name, answer = one.id.removeprefix(f"{document}."), held.get(one.id)
        if answer is None:
            yield f'# {name} = ""'
            continue
        who = ", ".join(words for words in (answer.person, answer.role) if words)
        yield f"# Answered: {' '.join(who.split())}, event {answer.event}"
        yield from f"{name} = {_quoted(answer.words)}".split("\n")


def _quoted(words: str) -> str:
    """A TOML string; over several lines where the answer has them."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    return f'"""\n{escaped}"""' if "\n" in words else f'"{escaped}"'

"""What Statements asks for: who answers, for which document, and the answers.

Wrong answers are refused here, at the edge, by the same questions that the documents ask.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationInfo, field_validator, model_validator

from ppdesk.core.params import Params, param
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.reporting.questions import question, questions

MOST_LETTERS = 20_000  # of one answer: about eight printed pages
_ID = re.compile(r"[a-z0-9-]{1,40}(\.[a-z0-9_-]{1,60}){1,3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class StatementsParams(Params):
    """Answers of one person. Those of earlier runs that are not named here still hold."""

    person: str = param(
        label="Person",
        help="Who answers: the name that stands beside each answer.",
        min_length=1,
        free_text=True,
    )
    role: str = param(
        "",
        label="Role",
        help="In which capacity, for example data protection officer or controller.",
        free_text=True,
    )
    document: DocumentKind = param(
        DocumentKind.DPIA, label="Document", help="The document whose questions are answered."
    )
    answers: dict[str, str] = param(
        {},
        label="Answers",
        help="The id of each question with the answer. Empty words take an answer back.",
        free_text=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _document_of_answers(cls, given: Any) -> Any:
        """Where no document is named, the first answer's question names it."""
        if not isinstance(given, Mapping) or "document" in given:
            return given
        first = next(iter(given.get("answers") or {}), "")
        return {**given, "document": first.partition(".")[0]} if isinstance(first, str) and first else given

    @field_validator("answers", mode="before")
    @classmethod
    def _flat(cls, given: object) -> object:
        """TOML reads ``dpia.necessity = "..."`` as a table in a table."""
        return flattened(given) if isinstance(given, Mapping) else given

    @field_validator("answers")
    @classmethod
    def _fits(cls, given: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        document = info.data.get("document")
        tidied = {id_: tidy(words) for id_, words in given.items()}
        for id_, words in tidied.items():
            wrong = "" if document is None else wrong_answer(document, id_, words)
            if wrong:
                raise ValueError(wrong.rstrip("."))
        return tidied


def tidy(words: str) -> str:
    """`words` without space around them, lines ended by a line feed."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def wrong_answer(document: DocumentKind, id_: str, words: str) -> str:
    """Why `words` are no answer to the question `id_` of `document`, as a sentence that does not repeat them;
    empty if they are one."""
    asked = question(id_)
    if asked is None or id_.partition(".")[0] != document.value:
        return _unknown(document.value, id_)
    if len(words) > MOST_LETTERS:
        return f"{id_}: at most {MOST_LETTERS:,} letters."
    if _CONTROL.search(words):
        return f"{id_}: a control character cannot be printed."
    return asked.wrong(words)


def _unknown(document: str, id_: str) -> str:
    known = [one.id for one in questions(document)]
    if not known:
        return f"the document {document} asks no questions"
    near = get_close_matches(id_, known, 1)
    hint = f" (near to it: {near[0]})" if near else ""
    name = id_ if _ID.fullmatch(id_) else "what is answered"
    return f"{name} is no question of the document {document}{hint}."


def flattened(given: Mapping[Any, Any]) -> dict[str, Any]:
    """Tables in tables as one: ``{"dpia": {"necessity": words}}`` -> ``{"dpia.necessity": words}``."""
    return dict(_flattened("", given))


def _flattened(before: str, given: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        where = f"{before}.{name}" if before else str(name)
        if isinstance(value, Mapping):
            yield from _flattened(where, value)
        else:
            # a day may be written without quotation marks
            yield where, value.isoformat() if hasattr(value, "isoformat") else value

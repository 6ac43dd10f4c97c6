"""Questions that only a person can answer: what a document asks, by which rule, and how an answer looks.

``resources/questions/<document>.toml``, format ``ppdesk-questions-1``: title and help in every language of
the documents. A question without an answer is a visible blank.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from ppdesk.core.resources import resource
from ppdesk.report.tongue import Language

FORMAT = "ppdesk-questions-1"
AnswerKind = Literal["text", "choice", "date"]


@dataclass(frozen=True)
class Choice:
    """One answer of several; `key` is what the record holds."""

    key: str
    words: Mapping[Language, str]


@dataclass(frozen=True)
class Question:
    """One question. `id` begins with the document's key: ``dpia.necessity``."""

    id: str
    kind: AnswerKind
    clause: str
    title: Mapping[Language, str]
    help: Mapping[Language, str]
    choices: tuple[Choice, ...] = ()
    group: str = ""  # a heading on the page of the program, English
    clauses: Mapping[Language, str] | None = None  # the rule as each language cites it, where that differs

    def cited(self, language: Language) -> str:
        """The rule that asks, as `language` cites it."""
        return self.clause if self.clauses is None else self.clauses[language]

    def wrong(self, answer: str) -> str:
        """Why `answer` is none to this question; empty if it is one. An empty answer takes one back."""
        if not answer:
            return ""
        if self.kind == "choice" and answer not in {one.key for one in self.choices}:
            return f"{self.id} takes one of {', '.join(one.key for one in self.choices)}."
        if self.kind == "date":
            try:
                date.fromisoformat(answer)
            except ValueError:
                return f"{self.id} takes a day as 2026-12-31."
        return ""

    def shown(self, answer: str, language: Language) -> str:
        """An answer as a document shows it: the words of a choice, else as it was given."""
        return next((one.words[language] for one in self.choices if one.key == answer), answer)


@cache
def questions(document: str) -> tuple[Question, ...]:
    """What the document of key `document` asks, in order; nothing where it asks nothing."""
    path = resource("questions", f"{document}.toml")
    if not path.is_file():
        return ()
    whole = tomllib.loads(path.read_text(encoding="utf-8"))
    if whole.get("format") != FORMAT:
        raise ValueError(f"{path.name} is not in the format {FORMAT}")
    sets = {name: _choices(list_) for name, list_ in whole.get("choices", {}).items()}
    return tuple(_question(one, sets) for one in whole["questions"])


def asks(document: str) -> bool:
    """Whether the document of key `document` asks anything; nothing is read for it."""
    return resource("questions", f"{document}.toml").is_file()


def question(id_: str) -> Question | None:
    """The question of that id, None where no document asks it."""
    document = id_.partition(".")[0]
    if not document.replace("-", "").isalnum():
        return None
    return next((one for one in questions(document) if one.id == id_), None)


def _question(one: Mapping[str, Any], sets: Mapping[str, tuple[Choice, ...]]) -> Question:
    clause = one.get("clause", "")
    clauses = _words(clause) if isinstance(clause, Mapping) else None
    return Question(
        id=one["id"],
        kind=one.get("kind", "text"),
        clause=clause if clauses is None else clauses[Language.ENGLISH],
        title=_words(one["title"]),
        help=_words(one["help"]),
        choices=sets[one["choices"]] if "choices" in one else (),
        group=one.get("group", ""),
        clauses=clauses,
    )


def _choices(listed: list[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(one["key"], _words(one["words"])) for one in listed)


def _words(told: Mapping[str, str]) -> dict[Language, str]:
    return {language: told[language.value] for language in Language}

"""The answers that hold: of every run the last one to each question. For the step, the page and the verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Held:
    """An answer on record that nothing has replaced or taken back."""

    words: str
    person: str
    role: str
    event: int


def last_answers(document: str, runs: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[str, Held]:
    """Question -> the answer that holds. `runs`: event and parameters of the finished runs of `statements`,
    oldest first. Runs whose answers are not in this copy are passed over."""
    found: dict[str, Held] = {}
    for event, params in runs:
        answers = params.get("answers")
        if not isinstance(answers, Mapping):
            continue
        for id_, words in answers.items():
            if not isinstance(words, str) or id_.partition(".")[0] != document:
                continue
            found.pop(id_, None)
            if words.strip():
                who, role = str(params.get("person") or ""), str(params.get("role") or "")
                found[id_] = Held(words, who, role, event)
    return found

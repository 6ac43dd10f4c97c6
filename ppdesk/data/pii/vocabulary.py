"""The words that names of columns are made of, by concept: see resources/personal-data/vocabulary.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ppdesk.core.resources import resource

Class = Literal["direct", "quasi", "special", "sensitive", "outcome"]


@dataclass(frozen=True)
class Concept:
    """What a name may speak of. `key` is the kind (a detector's where there is one). `special`: others can
    know it *and* GDPR Art. 9 names it. `prior`: how sure the name alone makes the role, 0..1."""

    key: str
    title: str  # "a person's name": it follows "speaks of"
    role: Class
    prior: float
    hipaa: tuple[int, ...]
    person: bool  # the same text means the same person
    phrases: tuple[str, ...]


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts, in the order of the file."""
    read = tomllib.loads(resource("personal-data", "vocabulary.toml").read_text(encoding="utf-8"))
    return tuple(
        Concept(
            key=one["key"],
            title=one["title"],
            role=one["role"],
            prior=float(one["prior"]),
            hipaa=tuple(one["hipaa"]),
            person=bool(one["person"]),
            phrases=tuple(" ".join(phrase.split()) for phrase in one["phrases"].split(",")),
        )
        for one in read["concept"]
    )

"""A privacy standard: limits, each with its value and its sources. One TOML form, read strictly.

::

    format = "ppdesk-standard-1"
    key = "gdpr"
    title = "GDPR"
    place = "European Union"
    summary = "Anonymous when nobody is reasonably likely to be identified."
    caution = "No law gives you k or ε. ..."

    [limits.k_min]
    value = 5
    basis = "practice"            # law, guidance, practice or own: where the *number* comes from

    [[limits.k_min.sources]]
    title = "WP29 Opinion 05/2014, section 3.2.1"
    where = "https://..."
    quote = "..."                 # word for word
    says = "..."                  # what follows from it for this limit, in plain words

    reasons = ["anonymize"]       # steps whose runs need a reason on record; may be missing

    [[clauses]]
    title = "Recital 26"
    where = "https://..."         # may be missing
    quote = "..."                 # its own words, where they are short
    says = "..."

    [clauses.serves]              # step -> what the step does for it
    roles = "..."
"""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ppdesk.core.resources import resource
from ppdesk.policy.errors import StandardFileError, UnknownStandardError
from ppdesk.policy.limits import RULES, Limit

FORMAT: Literal["ppdesk-standard-1"] = "ppdesk-standard-1"
PRESETS = ("gdpr", "hipaa")
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
_MOST_BYTES = 2**20

Basis = Literal["law", "guidance", "practice", "own"]


class Source(BaseModel):
    """Where a limit comes from. `quote` is word for word, `says` is ours."""

    model_config = _STRICT

    title: str = Field(min_length=3)
    where: str = ""
    quote: str = ""
    says: str = ""

    @model_validator(mode="after")
    def _tells_something(self) -> "Source":
        if not (self.quote or self.says):
            raise ValueError("a source needs a quote or what it says")
        return self

    @property
    def text(self) -> str:
        """The source in one line."""
        quote = f": “{self.quote}”" if self.quote else ""
        says = f" {self.says}" if self.says else ""
        return f"{self.title}{quote or '.'}{says}"


class SetLimit(BaseModel):
    """A limit's value, what kind of authority its number has, and its sources (at least one)."""

    model_config = _STRICT

    value: float
    basis: Basis
    sources: list[Source] = Field(min_length=1)


class Clause(BaseModel):
    """What the rules ask for, in short, and the steps that serve it."""

    model_config = _STRICT

    title: str
    says: str
    where: str = ""
    quote: str = ""
    serves: dict[str, str]  # step -> what it does for the clause

    @property
    def served_by(self) -> list[str]:
        """The steps that serve it."""
        return list(self.serves)


class Standard(BaseModel):
    """A standard, complete: all limits are there and each can be that number."""

    model_config = _STRICT

    format: Literal["ppdesk-standard-1"]
    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    title: str = Field(min_length=2)
    place: str
    summary: str
    caution: str
    limits: dict[str, SetLimit]
    clauses: list[Clause] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)  # steps whose runs need a reason on record

    @model_validator(mode="after")
    def _complete(self) -> "Standard":
        names = [limit.value for limit in Limit]
        for name in self.limits:
            if name not in names:
                raise ValueError(f"there is no limit named {name}")
        for limit in Limit:
            if limit.value not in self.limits:
                raise ValueError(f"the limit {limit.value} is missing")
            if not RULES[limit].allows(self.limits[limit.value].value):
                raise ValueError(f"{limit.value} cannot be {self.limits[limit.value].value:g}")
        return self

    def clauses_of(self, step: str) -> list[Clause]:
        """The clauses that `step` serves, the one that asks most of it first."""
        return [clause for clause in self.clauses if step in clause.serves]

    def value(self, limit: Limit) -> float:
        """The number of `limit`."""
        return self.limits[limit.value].value


def load_standard(path: Path) -> Standard:
    """The standard at `path`. StandardFileError for anything that is not entirely right."""
    try:
        with path.open("rb") as file:
            untrusted = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise StandardFileError(file=path.name, reason="it cannot be read") from error
    if len(untrusted) > _MOST_BYTES:
        raise StandardFileError(file=path.name, reason="it is larger than a standard can be")
    try:
        value = tomllib.loads(untrusted.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise StandardFileError(file=path.name, reason="it is not TOML in UTF-8") from error
    try:
        return Standard.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(piece) for piece in first["loc"]) or "the file"
        raise StandardFileError(file=path.name, reason=f"{where}: {first['msg']}") from error


def preset(name: str) -> Standard:
    """A standard that comes with the program. UnknownStandardError, StandardFileError."""
    if name not in PRESETS:
        raise UnknownStandardError(name=name)
    found = load_standard(resource("standards", f"{name}.toml"))
    if found.key != name:
        raise StandardFileError(file=f"{name}.toml", reason="its key is another name")
    return found

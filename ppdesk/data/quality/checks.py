"""Checks: what must hold of a table, as a sentence for people and as plain values for the record.

    id is unique                    patient, visit are unique
    name is not missing             age is a number | an integer | a date
    age is between 0 and 120        age is at least 0 | at most 120
    sex is one of male; female      postcode matches [0-9]{5}
    postcode determines city        visit is at most 30 days old

or an expression of the cleaning language (data.clean.expression), such as

    [date of birth] <= visit and (sex = 'm' or pregnancies is not missing)

A name with a space, a comma or a bracket stands in brackets, a closing bracket in it doubled. A value with a
semicolon or spaces at its ends stands in quotation marks, a quotation mark in it doubled. Light: no engine.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ppdesk.core.canonical import Json
from ppdesk.data.clean.expression import ExpressionError, columns_of
from ppdesk.data.quality.errors import CheckUnreadableError


class Dimension(StrEnum):
    """What a check is about, after ISO/IEC 25012; each is a share of records, as in ISO/IEC 25024."""

    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"


class Rule(StrEnum):
    """The kinds of check."""

    PRESENT = "present"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    BOUNDS = "bounds"
    CATEGORIES = "categories"
    PATTERN = "pattern"
    UNIQUE = "unique"
    HOLDS = "holds"
    DETERMINES = "determines"
    RECENT = "recent"


DIMENSION = {
    Rule.PRESENT: Dimension.COMPLETENESS,
    Rule.NUMBER: Dimension.VALIDITY,
    Rule.INTEGER: Dimension.VALIDITY,
    Rule.DATE: Dimension.VALIDITY,
    Rule.BOUNDS: Dimension.VALIDITY,
    Rule.CATEGORIES: Dimension.VALIDITY,
    Rule.PATTERN: Dimension.VALIDITY,
    Rule.UNIQUE: Dimension.UNIQUENESS,
    Rule.HOLDS: Dimension.CONSISTENCY,
    Rule.DETERMINES: Dimension.CONSISTENCY,
    Rule.RECENT: Dimension.TIMELINESS,
}


@dataclass(frozen=True)
class Check:
    """One check. `columns`: all that it names; for determines the determined one last."""

    rule: Rule
    columns: tuple[str, ...]
    low: float | None = None  # bounds
    high: float | None = None
    values: tuple[str, ...] = field(default=())  # categories
    pattern: str = ""  # a regular expression that the whole value matches
    expression: str = ""  # holds
    days: float | None = None  # recent

    @property
    def dimension(self) -> Dimension:
        alone = self.rule is Rule.HOLDS and len(self.columns) == 1  # no other column to agree with
        return Dimension.VALIDITY if alone else DIMENSION[self.rule]

    def words(self) -> str:
        """The sentence. `parse` of it is the check again."""
        if self.rule is Rule.HOLDS:
            return self.expression
        *most, last = [_quoted_name(one) for one in self.columns]
        said = {
            Rule.PRESENT: "is not missing",
            Rule.NUMBER: "is a number",
            Rule.INTEGER: "is an integer",
            Rule.DATE: "is a date",
            Rule.BOUNDS: f"is {_bounds_words(self.low, self.high)}",
            Rule.CATEGORIES: f"is one of {'; '.join(_quoted_value(one) for one in self.values)}",
            Rule.PATTERN: f"matches {self.pattern}",
            Rule.UNIQUE: f"{'are' if most else 'is'} unique",
            Rule.RECENT: f"is at most {_number(self.days or 0.0)} days old",
        }
        if self.rule is Rule.DETERMINES:
            return f"{', '.join(most)} determines {last}"
        return f"{', '.join([*most, last])} {said[self.rule]}"

    def plain(self) -> dict[str, Json]:
        """For the record: only what the rule has."""
        found: dict[str, Json] = {"rule": self.rule.value, "columns": list(self.columns)}
        optional: dict[str, Json] = {
            "low": self.low, "high": self.high, "values": list(self.values) or None,
            "pattern": self.pattern or None, "expression": self.expression or None, "days": self.days,
        }  # fmt: skip
        return found | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def of(cls, plain: Mapping[str, Json]) -> "Check":
        """The check that `plain` was made from. ValueError, TypeError or KeyError where it is none."""
        columns, values = plain["columns"], plain.get("values") or []
        if not isinstance(columns, list | tuple) or not isinstance(values, list | tuple):
            raise TypeError("columns and values are lists")
        return cls(
            rule=Rule(str(plain["rule"])),
            columns=tuple(str(one) for one in columns),
            low=_float(plain.get("low")),
            high=_float(plain.get("high")),
            values=tuple(str(one) for one in values),
            pattern=str(plain.get("pattern") or ""),
            expression=str(plain.get("expression") or ""),
            days=_float(plain.get("days")),
        )


_NAME = r"(?:\[(?:[^\]]|\]\])+\]|[^\s\[\],]+)"
_NAMES = rf"{_NAME}(?:\s*,\s*{_NAME})*"
_REAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_OF_TYPE = {"number": Rule.NUMBER, "integer": Rule.INTEGER, "date": Rule.DATE}
_SENTENCES = {
    Rule.PRESENT: rf"(?P<names>{_NAME}) is not missing",
    Rule.NUMBER: rf"(?P<names>{_NAME}) is an? (?P<type>number|integer|date)",
    Rule.UNIQUE: rf"(?P<names>{_NAMES}) (?:is|are) unique",
    Rule.RECENT: rf"(?P<names>{_NAME}) is at most (?P<days>{_REAL}) days? old",
    Rule.BOUNDS: rf"(?P<names>{_NAME}) is (?:between (?P<low>{_REAL}) and (?P<high>{_REAL})"
    rf"|at least (?P<least>{_REAL})|at most (?P<most>{_REAL}))",
    Rule.CATEGORIES: rf"(?P<names>{_NAME}) is one of (?P<values>.+)",
    Rule.PATTERN: rf"(?P<names>{_NAME}) matches (?P<pattern>[^\s'\"].*)",
    Rule.DETERMINES: rf"(?P<names>{_NAMES}) determines? (?P<other>{_NAME})",
}
_VALUE = re.compile(r'\s*("(?:[^"]|"")*"|[^;]*?)\s*(?:;|$)')


def parse(sentence: str) -> Check:
    """The check that a sentence says. CheckUnreadableError."""
    text = sentence.strip()
    for rule, form in _SENTENCES.items():
        met = re.fullmatch(form, text, re.DOTALL)
        if met is not None:
            return _sound(_check(rule, met.groupdict()), text)
    try:
        return Check(Rule.HOLDS, columns_of(text), expression=text)
    except ExpressionError as error:
        raise CheckUnreadableError(check=text, reason=str(error)) from None


def _check(rule: Rule, said: Mapping[str, str | None]) -> Check:
    names = tuple(_plain_name(one) for one in re.findall(_NAME, said["names"] or ""))
    other = said.get("other")
    kind, days, values = said.get("type"), said.get("days"), said.get("values")
    return Check(
        _OF_TYPE[kind] if kind else rule,
        names if other is None else (*names, _plain_name(other)),
        low=_real(said.get("low") or said.get("least")),
        high=_real(said.get("high") or said.get("most")),
        values=() if values is None else _split(values),
        pattern=said.get("pattern") or "",
        days=_real(days),
    )


def _sound(check: Check, text: str) -> Check:
    """The check, where it can be held at all."""
    reason = ""
    if len(set(check.columns)) < len(check.columns):
        reason = "it names a column twice"
    elif any(one is not None and not math.isfinite(one) for one in (check.low, check.high, check.days)):
        reason = "a number is too large"
    elif check.low is not None and check.high is not None and check.low > check.high:
        reason = "the lower bound is above the upper"
    elif check.days is not None and check.days < 0:
        reason = "an age is not negative"
    elif check.rule is Rule.CATEGORIES and len(set(check.values)) < len(check.values):
        reason = "it lists a value twice"
    elif check.rule is Rule.PATTERN:
        try:
            re.compile(check.pattern)
        except re.error as error:
            reason = f"the pattern is no regular expression: {error.msg}"
    if reason:
        raise CheckUnreadableError(check=text, reason=reason)
    return check


def _split(values: str) -> tuple[str, ...]:
    found, place = [], 0
    while place < len(values):
        met = _VALUE.match(values, place)
        if met is None:
            raise CheckUnreadableError(check=values, reason="a quotation mark is not closed")
        piece = met.group(1)
        quoted = len(piece) > 1 and piece[0] == piece[-1] == '"'
        found.append(piece[1:-1].replace('""', '"') if quoted else piece)
        place = met.end()
    return tuple(found)


def _quoted_value(value: str) -> str:
    plain = value and value == value.strip() and ";" not in value and '"' not in value
    return value if plain else '"' + value.replace('"', '""') + '"'


def _quoted_name(name: str) -> str:
    return name if re.fullmatch(r"[^\s\[\],<>=!]+", name) else "[" + name.replace("]", "]]") + "]"


def _plain_name(name: str) -> str:
    return name[1:-1].replace("]]", "]") if name.startswith("[") else name


def _bounds_words(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {_number(high or 0.0)}"
    return f"at least {_number(low)}" if high is None else f"between {_number(low)} and {_number(high)}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 2.0**53 else repr(value)


def _real(text: str | None) -> float | None:
    return None if text is None else float(text)


def _float(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) else None

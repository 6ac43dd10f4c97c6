"""The language of rules and filters: comparisons of columns and constants, joined by and, or, not.

::

    age >= 18 or licence is missing
    [date of birth] <= [date of visit] and sex in ('f', 'm')
    code matches '^[A-Z]{3}$'

An expression is read by a parser of its own and never run as code. A comparison with a missing value is
unknown, and so is what cannot be told without it (Kleene's three values, as in SQL). A column beside a number
is compared as a number, beside a text as text; two columns as numbers where both cells are numbers, as texts
where neither is. Dates written as 2024-02-29 compare as texts.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

_LONGEST = 4_000  # characters
_DEEPEST = 40  # brackets and nots within each other

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.]))
    | (?P<quoted>\[[^\[\]]+\])
    | (?P<word>[^\W\d]\w*)
    | (?P<mark><=|>=|<>|!=|==|[=<>(),])
    )""",
    re.VERBOSE,
)
_KEYWORDS = {"and", "or", "not", "in", "is", "missing", "matches"}
_SAME = {"==": "=", "<>": "!="}


class ExpressionError(ValueError):
    """Where an expression stops making sense. Its text holds no piece of the expression."""


@dataclass(frozen=True)
class Column:
    """A column by name."""

    name: str


@dataclass(frozen=True)
class Compare:
    """left and right are columns, numbers or texts; at least one is a column."""

    mark: str
    left: "Column | float | str"
    right: "Column | float | str"


@dataclass(frozen=True)
class Among:
    """Whether a column's value is one of a list."""

    column: Column
    values: tuple[float | str, ...]


@dataclass(frozen=True)
class Matches:
    """Whether a column's value matches a regular expression somewhere (RE2)."""

    column: Column
    pattern: str


@dataclass(frozen=True)
class IsMissing:
    """Whether a column has no value."""

    column: Column


@dataclass(frozen=True)
class Not:
    """The opposite; unknown stays unknown."""

    inner: "Node"


@dataclass(frozen=True)
class Join:
    """All (and) or one (or) of `parts`."""

    word: str
    parts: tuple["Node", ...]


Node: TypeAlias = Compare | Among | Matches | IsMissing | Not | Join


def parse(text: str) -> Node:
    """The tree of an expression. ExpressionError with the place where it goes wrong."""
    if len(text) > _LONGEST:
        raise ExpressionError("the expression is too long")
    return _Reader(_tokens(text)).whole()


def columns_of(text: str) -> tuple[str, ...]:
    """The columns that an expression names, in order. ExpressionError."""
    return tuple(dict.fromkeys(_names(parse(text))))


def _names(node: Any) -> list[str]:
    match node:
        case Column(name):
            return [name]
        case Compare(_, left, right):
            return [*_names(left), *_names(right)]
        case Among(column, _) | Matches(column, _) | IsMissing(column):
            return [column.name]
        case Not(inner):
            return _names(inner)
        case Join(_, parts):
            return [name for part in parts for name in _names(part)]
        case _:
            return []


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    end = len(text.rstrip())
    while at < end:
        hit = _TOKEN.match(text, at)
        if hit is None:
            raise ExpressionError(f"character {at + 1} cannot be read")
        kind = str(hit.lastgroup)
        word, place = hit.group(kind), hit.start(kind) + 1
        if kind == "word" and word.lower() in _KEYWORDS:
            kind, word = "key", word.lower()
        found.append(_Token(kind, _SAME.get(word, word), place))
        at = hit.end()
    return [*found, _Token("end", "", len(text) + 1)]


class _Reader:
    """Recursive descent: or, and, not, comparison."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def whole(self) -> Node:
        node = self._or()
        if self._now.kind != "end":
            raise self._wrong("and, or, or the end is expected")
        return node

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _wrong(self, reason: str) -> ExpressionError:
        return ExpressionError(f"at character {self._now.place} {reason}")

    def _take(self, kind: str, *texts: str) -> str | None:
        """The text of the present token where it is of this kind (and one of these), moving on."""
        now = self._now
        if now.kind != kind or (texts and now.text not in texts):
            return None
        self._at += 1
        return now.text

    def _need(self, kind: str, text: str) -> None:
        if self._take(kind, text) is None:
            raise self._wrong(f'"{text}" is expected')

    def _or(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError("the expression is too deep")
        parts = [self._and()]
        while self._take("key", "or"):
            parts.append(self._and())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Join("or", tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._take("key", "and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Join("and", tuple(parts))

    def _not(self) -> Node:
        turned = False
        while self._take("key", "not"):
            turned = not turned
        inner = self._bracket()
        return Not(inner) if turned else inner

    def _bracket(self) -> Node:
        if self._take("mark", "("):
            inner = self._or()
            self._need("mark", ")")
            return inner
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._term()
        mark = self._take("mark", "=", "!=", "<", "<=", ">", ">=")
        if mark is not None:
            right = self._term()
            if not isinstance(left, Column) and not isinstance(right, Column):
                raise self._wrong("a comparison needs a column")
            return Compare(mark, left, right)
        if not isinstance(left, Column):
            raise self._wrong("a comparison is expected")
        if self._take("key", "is"):
            turned = self._take("key", "not") is not None
            self._need("key", "missing")
            return Not(IsMissing(left)) if turned else IsMissing(left)
        if self._take("key", "matches"):
            pattern = self._term()
            if not isinstance(pattern, str):
                raise self._wrong("a text is expected")
            return Matches(left, pattern)
        turned = self._take("key", "not") is not None
        self._need("key", "in")
        among = Among(left, self._values())
        return Not(among) if turned else among

    def _values(self) -> tuple[float | str, ...]:
        self._need("mark", "(")
        found: list[float | str] = []
        while not found or self._take("mark", ","):
            value = self._term()
            if isinstance(value, Column):
                raise self._wrong("a list holds numbers and texts")
            found.append(value)
        self._need("mark", ")")
        return tuple(found)

    def _term(self) -> Column | float | str:
        if (text := self._take("text")) is not None:
            return text[1:-1].replace(text[0] * 2, text[0])
        if (number := self._take("number")) is not None:
            return float(number)
        if (quoted := self._take("quoted")) is not None:
            return Column(quoted[1:-1].strip())
        if (word := self._take("word")) is not None:
            return Column(word)
        raise self._wrong("a column, a number or a text is expected")

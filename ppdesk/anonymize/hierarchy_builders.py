"""Hierarchies by declaration: a rule says how every value of a column generalizes, level by level, up to "*".

A rule is declared, so it is public. Where the values possible are declared too (categories, whole numbers
between bounds), the leaves are all of them, whether the table has them or not. Where they are open (dates,
postcodes, decimals), the rule is applied to the values as they come, and the leaves are values of people.

Each level is computed from the one below it alone: equal values generalize equally by construction. A missing
value stays missing up to the top.

The loss counts the share of the hierarchy's rows that a value covers (`loss`), for a rule as for a file. ARX
takes a share of the domain instead where a hierarchy was made by one of its builders, so that the same
hierarchy scores differently as a file. Here it does not: written by `to_csv` and read by ARX or by
`from_csv`, it scores the same.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import Protocol

from ppdesk.anonymize.errors import TooManyLeavesError, UnsoundRuleError, ValuesOutsideRuleError
from ppdesk.anonymize.hierarchies import TOP, Hierarchy
from ppdesk.anonymize.hierarchy_intervals import MOST_LEVELS
from ppdesk.core.said import said

MISSING = ""  # the leaf of missing values, as in a file
MOST_LEAVES = 1_000_000


class Grain(StrEnum):
    """What a date is made coarser to."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"


class Side(StrEnum):
    """Where masking begins."""

    RIGHT = "right"
    LEFT = "left"


class Rule(Protocol):
    """How the values of a column generalize."""

    def unsound(self) -> str:
        """Why the rule cannot be used, as the end of a sentence; "" where it can."""
        ...

    def declared(self) -> Sequence[str] | None:
        """All values possible, None where they are open."""
        ...

    def wants(self) -> str:
        """What a value must be, as the end of a sentence."""
        ...

    def height(self) -> int:
        """How many levels lie between the values and the top."""
        ...

    def levels(self, value: str) -> tuple[str, ...] | None:
        """What `value` becomes on these levels; None where it does not fit."""
        ...


def build(column: str, rule: Rule, values: Sequence[str]) -> Hierarchy:
    """The hierarchy of `column` under `rule`. `values`: the different values of the column, in any order;
    the missing ones may be among them as "".

    Raises UnsoundRuleError, ValuesOutsideRuleError (with counts, not values), TooManyLeavesError.
    """
    reason = rule.unsound()
    if reason:
        raise UnsoundRuleError(column=column, reason=reason)
    declared = rule.declared()
    met = sorted(set(values) - {MISSING})
    leaves = met if declared is None else declared
    if len(leaves) > MOST_LEAVES:
        raise TooManyLeavesError(column=column, leaves=len(leaves), most=MOST_LEAVES)
    rows = []
    outside = 0 if declared is None else len(set(met).difference(declared))
    for leaf in leaves:
        levels = rule.levels(leaf)
        if levels is None:
            outside += 1
        else:
            rows.append((leaf, *levels, TOP))
    if outside:
        raise ValuesOutsideRuleError(column=column, values=outside, wants=rule.wants())
    if MISSING not in leaves:
        rows.append((*[MISSING] * (rule.height() + 1), TOP))
    return Hierarchy.of_rows(column, rows)  # `validated` could only name a value, which may be a person's


def example(rule: Rule, value: str) -> tuple[str, ...]:
    """What becomes of one made-up value, the value first and "*" last; empty where the rule cannot be used
    or the value does not fit."""
    levels = None if rule.unsound() else rule.levels(value)
    return () if levels is None else (value, *levels, TOP)


@dataclass(frozen=True)
class Groups:
    """Categories put into named groups, and these into larger ones: each level maps the name of a group to
    its members, which are categories on the first level, and groups of the level below on the others."""

    categories: Sequence[str]
    groups: Sequence[Mapping[str, Sequence[str]]]

    def unsound(self) -> str:
        if not self.groups or len(self.groups) > MOST_LEVELS:
            return said("it needs 1 to {most} levels of groups", most=MOST_LEVELS)
        below: Mapping[str, object] = dict.fromkeys(self.categories)
        for place, level in enumerate(self.groups, start=1):
            if MISSING in level or not _stays_at_top(self.groups[place - 1 :]):
                return said("a group of level {level} has no name of its own", level=place)
            times = Counter(one for group in level.values() for one in group)
            for one, count in times.items():
                if one not in below:
                    return _unknown(one, place)
                if count > 1:
                    return said('"{value}" is in level {level} twice', value=one, level=place)
            forgotten = next((one for one in below if one not in times), None)
            if forgotten is not None:
                return said('"{value}" is in no group of level {level}', value=forgotten, level=place)
            below = level
        return ""

    def declared(self) -> Sequence[str] | None:
        return self.categories

    def wants(self) -> str:
        return said("one of its declared categories")

    def height(self) -> int:
        return len(self.groups)

    def levels(self, value: str) -> tuple[str, ...] | None:
        found = []
        for parents in self._parents:
            if value not in parents:
                return None
            value = parents[value]
            found.append(value)
        return tuple(found)

    @cached_property
    def _parents(self) -> tuple[Mapping[str, str], ...]:
        return tuple({one: name for name, group in level.items() for one in group} for level in self.groups)


def _unknown(value: str, level: int) -> str:
    if level == 1:
        return said('"{value}" on level {level} is no declared category', value=value, level=level)
    return said('"{value}" on level {level} is no group below it', value=value, level=level)


@dataclass(frozen=True)
class Dates:
    """Days of ISO 8601 (2024-02-29, with or without a time), made coarser by `grains`, finer ones first."""

    grains: Sequence[Grain] = tuple(Grain)

    def unsound(self) -> str:
        order = list(Grain)
        places = [order.index(grain) for grain in self.grains]
        if not places or any(finer >= coarser for finer, coarser in pairwise(places)):
            return said("its steps must become coarser: month, quarter, year, decade")
        return ""

    def declared(self) -> Sequence[str] | None:
        return None

    def wants(self) -> str:
        return said("a date as 2024-02-29 (Clean can write dates so)")

    def height(self) -> int:
        return len(self.grains)

    def levels(self, value: str) -> tuple[str, ...] | None:
        found = _DAY.match(value)
        try:
            day = date.fromisoformat(found.group(1)) if found else None
        except ValueError:
            day = None
        return None if day is None else tuple(_coarser(day, grain) for grain in self.grains)


@dataclass(frozen=True)
class Redaction:
    """Masks `step` more signs on each level, beginning at `side`. As ARX does it: a value shorter than
    `length`, the longest possible, is filled up with * on that side first, so that all are equally long."""

    length: int
    step: int = 1
    side: Side = Side.RIGHT

    def unsound(self) -> str:
        if self.length < 1 or self.step < 1 or self.step > self.length:
            return said("its length must be at least 1, and no step may mask more signs than that")
        if ceil(self.length / self.step) > MOST_LEVELS:
            return said("it would have more than {most} levels", most=MOST_LEVELS)
        return ""

    def declared(self) -> Sequence[str] | None:
        return None

    def wants(self) -> str:
        return said("no longer than {length} signs, its declared length", length=self.length)

    def height(self) -> int:
        return ceil(self.length / self.step) - 1

    def levels(self, value: str) -> tuple[str, ...] | None:
        if len(value) > self.length:
            return None
        found = []
        for masked in range(self.step, self.length, self.step):
            left = self.length - masked
            if self.side is Side.RIGHT:
                found.append(value.ljust(self.length, TOP)[:left] + TOP * masked)
            else:
                found.append(TOP * masked + value.rjust(self.length, TOP)[masked:])
        return tuple(found)


@dataclass(frozen=True)
class Flat:
    """Every value becomes "*" at once. `categories`: all values possible, None where they are open."""

    categories: Sequence[str] | None = None

    def unsound(self) -> str:
        return ""

    def declared(self) -> Sequence[str] | None:
        return self.categories

    def wants(self) -> str:
        return said("one of its declared categories")

    def height(self) -> int:
        return 0

    def levels(self, value: str) -> tuple[str, ...] | None:  # noqa: ARG002  every value has none
        return ()


def _stays_at_top(levels: Sequence[Mapping[str, Sequence[str]]]) -> bool:
    """Whether a group that is called as the top lies in one that is, on each of `levels` after the first."""
    return TOP not in levels[0] or all(TOP in level.get(TOP, ()) for level in levels[1:])


_DAY = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?$", re.ASCII)


def _coarser(day: date, grain: Grain) -> str:
    match grain:
        case Grain.MONTH:
            return f"{day.year:04d}-{day.month:02d}"
        case Grain.QUARTER:
            return f"{day.year:04d}-Q{(day.month + 2) // 3}"
        case Grain.YEAR:
            return f"{day.year:04d}"
        case Grain.DECADE:
            first = day.year // 10 * 10
            return f"{first:04d} to {first + 9:04d}"

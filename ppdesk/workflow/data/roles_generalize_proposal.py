"""How a quasi-identifier could generalize: proposed from what is declared of it and from its name, never from
its values. Bounds are proposed only where knowledge of the world gives them, as for an age."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ppdesk.core.said import said, said_all

_STEPS = 20  # intervals of the finest width that the bounds should hold, about
_NESTED = {1: (1, 5, 10), 2: (2, 10, 20), 5: (5, 10, 50)}  # of the 1-2-5 series, each a multiple of the last
_LONGEST_POSTCODE = 10  # signs, as 12345-6789
_LONGEST_OF_DIGITS = 7  # as in Japan; few countries have more
_WORLD = {"age": (0, 120), "birth-year": (1900, 2099)}
_WIDTHS = {"age": [5, 10, 20], "birth-year": [5, 10, 20]}
_DATES = ("birth-date", "event-date")


@dataclass(frozen=True)
class Way:
    """`rule` as step `roles` takes it; `declared` what the column must be declared as for it: bounds that the
    world is known to have, where none are declared, or another type; `why` in sentences."""

    rule: Mapping[str, Any]
    why: str
    declared: Mapping[str, Any] = field(default_factory=dict)


def way(entry: Mapping[str, Any], type_in_file: str, kind: str = "") -> Way:
    """For a column declared as `entry`, whose values parse as `type_in_file`. `kind`: what the inspection
    took it for; "" to go by its name."""
    name = str(entry["name"])
    kind = kind or _by_name(name)
    if kind == "postcode":
        length = _LONGEST_OF_DIGITS if type_in_file == "integer" else _LONGEST_POSTCODE
        return Way(
            {"column": name, "kind": "redaction", "length": length},
            said(
                "A postcode is masked from the right. {length} signs are enough for most countries: declare "
                "the length of yours, for fewer levels.",
                length=length,
            ),
            {"type": "categorical"} if entry.get("type") == "numeric" else {},
        )
    if entry.get("type") == "numeric":
        return _number(entry, type_in_file, kind)
    if type_in_file == "date":
        why = said("Dates become months, quarters, years, decades.")
        return Way({"column": name, "kind": "dates"}, why)
    if kind in _DATES:
        return _flat(
            name, said("Once Clean has written its dates as 2024-02-29, dates can become coarser in steps.")
        )
    rule = _known(name, entry.get("categories") or ())
    if rule is not None:
        return Way(rule, said("Its categories have groups that the world knows, such as continents."))
    return _flat(name, said("Its values are kept or become *. Groups between are yours to declare."))


def _known(name: str, categories: Sequence[str]) -> dict[str, Any] | None:
    """Groups of declared categories that are recognized by their names; None where they are not."""
    from ppdesk.workflow.data.known_groups import known_tree
    from ppdesk.workflow.data.roles_trees import rule_of_tree

    tree = known_tree(categories) if categories else None
    return None if tree is None else rule_of_tree(name, tree)


def _number(entry: Mapping[str, Any], type_in_file: str, kind: str) -> Way:
    name, whole = str(entry["name"]), type_in_file == "integer"
    low, high = entry.get("min"), entry.get("max")
    known = kind in _WORLD and low is None and high is None
    if known:
        low, high = _WORLD[kind]
    if low is None or high is None or not low < high:
        return _flat(name, said("Once its bounds are declared, it can become intervals."))
    widths = _WIDTHS.get(kind) or nested_widths(float(low), float(high), whole=whole)
    if not widths:
        return _flat(name, said("Its bounds leave no room for intervals."))
    rule = {"column": name, "kind": "intervals", "widths": widths, "whole": whole}
    why = said("Intervals of {widths}.", widths=said_all((f"{width:g}" for width in widths), by=", "))
    if not known:
        return Way(rule, why)
    bounds = said(
        "The bounds {low} to {high} are knowledge of the world, not of the data.",
        low=f"{low}",
        high=f"{high}",
    )
    return Way(rule, said_all((why, bounds)), {"min": low, "max": high, "origin": "knowledge"})


def nested_widths(low: float, high: float, *, whole: bool) -> list[float]:
    """Up to three widths of the 1-2-5 series for these bounds, each a multiple of the one before; the finest
    makes about twenty intervals. Empty where the bounds are too near."""
    span = high - low
    finest = span / _STEPS
    if not math.isfinite(finest) or finest <= 0:
        return []
    power = math.floor(math.log10(finest))
    if whole:
        power = max(power, 0)
    if not -12 <= power <= 12:  # widths beyond are no plain decimals
        return []
    first = next((digit for digit in _NESTED if digit * 10.0**power >= finest), 1)
    if first * 10.0**power < finest:
        power += 1
    widths = [float(f"{digit}e{power}") for digit in _NESTED[first]]
    return [width for width in widths if width < span and not (whole and width == 1)]


def _flat(name: str, why: str) -> Way:
    return Way({"column": name, "kind": "suppress"}, why)


def _by_name(name: str) -> str:
    from ppdesk.data.pii.headers import named

    found = named(name)
    return found.concept.key if found is not None and found.exact else ""

"""A generalization in one line of text, as a person types it on the page of Roles, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.language import tr

FILE = "file"
HINTS = {
    FILE: "file",
    "intervals": "5; 10; 20",
    "groups": "north = Kiel, Bonn; south = Ulm | DE = north, south",
    "dates": "month; quarter; year; decade",
    "redaction": "longest length; at once",
    "suppress": "",
}
HELP = {
    FILE: "A hierarchy file: one row per value, then its generalizations, separated by semicolons, up to *.",
    "intervals": "The width of the intervals on each level, each a multiple of the one before.",
    "groups": "name = category, category; name = category. A | begins the next level, made of these groups.",
    "dates": "Which of month, quarter, year and decade, finer ones first.",
    "redaction": "The longest length possible, and how many signs more are masked on each level. A third"
    " word, left, masks from the left.",
    "suppress": "Values are kept, or all of them become *.",
}
_LEFT = ("right", "left")


def text_of(rule: Mapping[str, Any]) -> str:
    """The settings of a rule as the step takes it."""
    match rule["kind"]:
        case "intervals":
            return "; ".join(_number(float(width)) for width in rule["widths"])
        case "groups":
            return " | ".join(_level(level) for level in rule["levels"])
        case "dates":
            return "; ".join(str(step) for step in rule.get("steps") or HINTS["dates"].split("; "))
        case "redaction":
            pieces = [str(rule["length"]), str(rule.get("step", 1)), str(rule.get("side", "right"))]
            return "; ".join(pieces if pieces[2] == "left" else pieces[: 1 if pieces[1] == "1" else 2])
    return ""


def rule_of(kind: str, text: str, name: str, *, whole: bool) -> dict[str, Any]:
    """The rule that `text` stands for. WrongValueError. `whole`: intervals are of whole numbers."""
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    rule: dict[str, Any] = {"column": name, "kind": kind}
    match kind:
        case "intervals":
            return {**rule, "widths": _widths(pieces, name), "whole": whole}
        case "groups":
            return {**rule, "levels": [_groups(level, name) for level in text.split("|")]}
        case "dates":
            return {**rule, "steps": pieces} if pieces else rule
        case "redaction":
            return {**rule, **_masked(pieces, name)}
    return rule


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _level(level: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{group} = {', '.join(members)}" for group, members in level.items())


def _widths(pieces: Sequence[str], name: str) -> list[float]:
    try:
        found = [float(piece) for piece in pieces]
    except ValueError:
        found = []
    if not found:
        raise WrongValueError(
            tr("{column}, widths: enter numbers, such as {hint}.", column=name, hint=HINTS["intervals"])
        )
    return found


def _groups(level: str, name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for piece in level.split(";"):
        group, equals, members = piece.partition("=")
        if not piece.strip():
            continue
        if not equals or not group.strip() or group.strip() in found:
            raise WrongValueError(tr("{column}, groups: enter {hint}.", column=name, hint=HINTS["groups"]))
        found[group.strip()] = [one.strip() for one in members.split(",") if one.strip()]
    return found


def _masked(pieces: Sequence[str], name: str) -> dict[str, Any]:
    numbers, side = list(pieces), "right"
    if numbers and numbers[-1] in _LEFT:
        side = numbers.pop()
    if not 1 <= len(numbers) <= 2 or not all(one.isascii() and one.isdigit() for one in numbers):
        raise WrongValueError(
            tr("{column}, masked signs: enter the longest length, such as 5, or 5; 2.", column=name)
        )
    found: dict[str, Any] = {"length": int(numbers[0])}
    if len(numbers) == 2:
        found["step"] = int(numbers[1])
    return {**found, "side": side} if side == "left" else found

"""Transformations for the screen: of the artifact's lattice where it can be read, else of the record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ppdesk.core.section import Plot
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.parts.solution_marks import ORDER, Spot

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_space import Space

Facts = Mapping[str, Any]


def of_plot(plot: Plot) -> list[Spot]:
    """The points of the figure on paper: without levels, so none of them can be chosen."""
    values: Mapping[str, Any] = plot.values
    points = zip(values["totals"], values["scores"], values["statuses"], strict=True)
    exact = ("best", "alternative", "meets")
    return [
        Spot(int(total), float(score), status, exact=status in exact)
        for total, score, status in points
        if status in ORDER
    ]


def of_lattice(data: bytes, facts: Facts) -> tuple[list[str], list[Spot], int]:
    """(columns, transformations, how many there are in all) of the part "lattice". What `facts`, those of
    the run, say of the best ones is added."""
    found = json.loads(data)
    known = _known(facts)
    spots = []
    for one in found["points"]:
        levels, score = tuple(one["levels"]), one["score"]
        if one["status"] not in ORDER:
            continue
        spot = Spot(
            sum(levels),
            float(one["bound"] if score is None else score),
            one["status"],
            exact=score is not None,
            levels=levels,
            suppressed=one["suppressed"],
            reason=found["reasons"].get(one["status"], ""),
        )
        spots.append(replace(spot, **known.get(levels, {})))
    return list(found["columns"]), spots, int(found["lattice_size"])


def _known(facts: Facts) -> dict[tuple[int, ...], dict[str, Any]]:
    """Classes and mean risk of the one that was taken and the next best, by levels."""
    after = facts.get("after", {})
    taken = tuple(one["level"] for one in facts.get("columns", ()))
    known = {
        taken: {
            "classes": after.get("classes"),
            "risk": after.get("marketer"),
            "smallest": after.get("smallest"),
        }
    }
    for one in _alternatives(facts):
        known[tuple(one["levels"])] = {"classes": one["classes"], "risk": one["average_risk"]}
    return known


def _alternatives(facts: Facts) -> Sequence[Facts]:
    search = facts.get("search", {})
    return list(search.get("alternatives", ())) if isinstance(search, Mapping) else []


def alternatives(facts: Facts) -> list[dict[str, int]]:
    """The levels by column of the next best, in the order of the table of alternatives."""
    names = [str(one["name"]) for one in facts.get("columns", ())]
    return [dict(zip(names, map(int, one["levels"]), strict=True)) for one in _alternatives(facts)]


def of_space(space: "Space", shown: Shown) -> list[Spot]:
    """The transformations that were counted for a choice, and the one that was taken."""
    taken = tuple(shown.levels[name] for name in space.columns) if shown.levels else ()
    spots = [
        Spot(
            sum(one.levels), one.score, "meets" if one.suppressed <= shown.limit else "fails",
            levels=one.levels, suppressed=one.suppressed, classes=one.classes, risk=one.risk,
        )
        for one in space.points
        if one.levels != taken
    ]  # fmt: skip
    best = taken_of(shown, space.columns)
    return [*spots, best] if best is not None else spots


def taken_of(shown: Shown, columns: Sequence[str]) -> Spot | None:
    """The transformation of which the figures are; None where levels differ by class."""
    after, score = shown.after, shown.score
    if after is None or score is None or set(shown.levels) != set(columns):
        return None
    levels = tuple(shown.levels[name] for name in columns)
    return Spot(
        sum(levels), score, "best", levels=levels, suppressed=shown.suppressed, classes=after.classes,
        risk=after.marketer, smallest=after.smallest,
    )  # fmt: skip

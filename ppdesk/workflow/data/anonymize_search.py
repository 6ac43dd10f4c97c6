"""The search in the step: checks before, engine's form, facts and the lattice after."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head, Kind, Part
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.workflow.data.search_facts import AlternativeFact, SearchFacts
from ppdesk.workflow.data.search_params import SearchParams
from ppdesk.workflow.step import Heads

if TYPE_CHECKING:
    from ppdesk.anonymize.criteria.make import Requirements
    from ppdesk.anonymize.frequency import FrequencySet
    from ppdesk.anonymize.heuristics.points import Point
    from ppdesk.anonymize.heuristics.solve import Plan, Solved
    from ppdesk.anonymize.populations.judging import Populations

_EXACTLY = 2**53 - 1  # the largest whole number that a record holds exactly
_DRAWN = 400  # points of the figure


def check(params: SearchParams, quasi: Sequence[str], heads: Heads) -> list[Finding]:
    """Columns that are no quasi-identifiers, levels that do not exist or cross."""
    found = []
    counts = level_counts(heads)
    for field, given in (
        ("lowest_levels", params.lowest_levels),
        ("highest_levels", params.highest_levels),
        ("levels", params.levels),
    ):
        found += _wrong(field, given, quasi, counts)
    unknown = [name for name in params.keep if name not in quasi]
    if unknown:
        found.append(_blocking("keep", _strange(unknown), "PP-ANONYMIZE-040"))
    highest = params.highest()
    crossed = [name for name, low in params.lowest_levels.items() if low > highest.get(name, low)]
    if crossed:
        text = said(
            "The lowest level is above the highest, or the column is to be kept: {columns}.",
            columns=", ".join(crossed),
        )
        found.append(_blocking("lowest_levels", text, "PP-ANONYMIZE-042"))
    missing = [name for name in quasi if name not in params.levels]
    if params.levels and missing:
        text = said(
            "Choose a level for each quasi-identifier. Without one: {columns}.", columns=", ".join(missing)
        )
        found.append(_blocking("levels", text, "PP-ANONYMIZE-043"))
    outside = [
        name
        for name, level in params.levels.items()
        if not params.lowest_levels.get(name, level) <= level <= highest.get(name, level)
    ]
    if outside:
        text = said(
            "Chosen levels outside the lowest and highest ones: {columns}.", columns=", ".join(outside)
        )
        found.append(_blocking("levels", text, "PP-ANONYMIZE-044"))
    return found


def _wrong(
    field: str, given: Mapping[str, int], quasi: Sequence[str], counts: Mapping[str, int]
) -> list[Finding]:
    found = []
    unknown = [name for name in given if name not in quasi]
    if unknown:
        found.append(_blocking(field, _strange(unknown), "PP-ANONYMIZE-040"))
    wrong = [name for name, level in given.items() if not 0 <= level < counts.get(name, level + 1)]
    if wrong:
        has = said_all(
            (
                said("{name} has levels 0 to {top}", name=name, top=counts[name] - 1)
                if name in counts
                else name
                for name in wrong
            ),
            by=", ",
        )
        text = said("Levels that do not exist: {levels}.", levels=has)
        found.append(_blocking(field, text, "PP-ANONYMIZE-041"))
    return found


def _blocking(field: str, detail: str, code: str) -> Finding:
    return Finding(Level.BLOCKING, said("The levels cannot be used."), detail, field, code)


def _strange(names: Sequence[str]) -> str:
    return said("No quasi-identifiers: {columns}.", columns=", ".join(names))


def level_counts(heads: Heads) -> dict[str, int]:
    """How many levels each column's hierarchy has."""
    hierarchies: Head = heads.get(Kind.HIERARCHIES, {})
    columns = hierarchies.get("columns")
    if not isinstance(columns, Mapping):
        return {}
    told = {str(name): one.get("levels") for name, one in columns.items() if isinstance(one, Mapping)}
    return {name: levels for name, levels in told.items() if isinstance(levels, int)}


def plan(params: SearchParams) -> "Plan":
    """The parameters for the engine."""
    from ppdesk.anonymize.constraints import Constraints
    from ppdesk.anonymize.heuristics.solve import Plan

    return Plan(
        params.algorithm,
        Constraints(params.lowest_levels, params.highest()),
        alternatives=params.alternatives,
        seconds=params.time_limit,
        steps=params.steps,
        levels=params.levels or None,
    )


def facts(
    solved: "Solved", frequencies: "FrequencySet", k: int, needs: "Requirements",
    populations: "Populations | None" = None,
) -> SearchFacts:  # fmt: skip
    """What the record says of the search. Each alternative is grouped again for its risks."""
    from ppdesk.anonymize.apply import classes
    from ppdesk.anonymize.risk import risk

    others = []
    for levels, score, suppressed in solved.others:
        made = classes(frequencies, levels, k, needs, populations)
        found = risk(made.sizes[~made.hidden], k)
        others.append(
            AlternativeFact(
                levels=levels, score=score, suppressed=suppressed, classes=found.classes,
                highest_risk=found.prosecutor, average_risk=found.marketer,
            )
        )  # fmt: skip
    drawn = _drawn(solved.points)
    whole = [(0, levels - 1) for levels in frequencies.maps.shape]
    return SearchFacts(
        algorithm=solved.algorithm,
        optimal=solved.optimal,
        bound=solved.bound,
        ended=solved.ended,
        undecided=whole_number(solved.undecided),
        constrained=list(solved.box) != whole,
        alternatives=tuple(others),
        totals=tuple(sum(one.levels) for one in drawn),
        scores=tuple(one.bound if one.score is None else one.score for one in drawn),
        statuses=tuple(one.status for one in drawn),
    )


def _drawn(points: "Sequence[Point]") -> "list[Point]":
    """The marked ones, and evenly spread others."""
    marked = [one for one in points if one.status in {"best", "alternative"}]
    others = [one for one in points if one.status not in {"best", "alternative"}]
    step = max(1, -(-len(others) // _DRAWN))
    return [*others[::step], *marked]


def whole_number(value: int) -> int | float:
    """A count for the record, which holds whole numbers up to 2^53 exactly, and larger ones nearly."""
    return value if value <= _EXACTLY else float(value)


def head(solved: "Solved") -> dict[str, Json]:
    """What a RELEASE says of the search: whether the optimum is proved, and how it was found if not."""
    if solved.optimal:
        return {"optimal": True}
    return {"optimal": False, "algorithm": solved.algorithm, "bound": solved.bound}


def proof(solved: "Solved", columns: Sequence[str]) -> dict[str, Json]:
    """What the part "solution" says of the search."""
    return {
        "algorithm": solved.algorithm,
        "optimal": solved.optimal,
        "bound": solved.bound,
        "ended": solved.ended,
        "undecided": whole_number(solved.undecided),
        "box": {name: list(one) for name, one in zip(columns, solved.box, strict=True)},
    }


def lattice(solved: "Solved", columns: Sequence[str]) -> Part:
    """Part "lattice": points for a screen, with the reason of each status in words. Counts only."""
    from ppdesk.anonymize.heuristics.points import REASONS

    points: list[Json] = [
        {
            "levels": list(one.levels),
            "status": one.status,
            "score": one.score,
            "suppressed": one.suppressed,
            "bound": one.bound,
        }
        for one in solved.points
    ]
    told: dict[str, Json] = {
        "columns": list(columns),
        "lattice_size": whole_number(solved.lattice_size),
        "points": points,
        "reasons": dict(REASONS),
    }
    return Part("lattice", canonical(told))


def remarks(found: SearchFacts, score: float) -> list[Finding]:
    """What a person must know of a result that is not the proved optimum."""
    if found.optimal:
        return []
    if found.algorithm == "chosen":
        return [
            Finding(
                Level.INFO, said("The levels were chosen, not searched for."),
                said("They meet the privacy models. Whether others lose less is not claimed."),
                "levels", "PP-ANONYMIZE-045",
            )
        ]  # fmt: skip
    title = said("The best that was found is not proved to be the best there is.")
    return [Finding(Level.CAUTION, title, _unproved(found, score), "algorithm", "PP-ANONYMIZE-046")]


def _unproved(found: SearchFacts, score: float) -> str:
    """How the search ended, and what is known."""
    if not found.ended:
        return said(
            "The search came to its own end. Its score is {score:.6g}; none can be below {bound:.6g}.",
            score=score, bound=found.bound,
        )  # fmt: skip
    if "time" in found.ended:
        return said(
            "The search ended at {ended}. Its score is {score:.6g}; none can be below {bound:.6g}. What a"
            " time limit ends need not come out the same again.",
            ended=found.ended, score=score, bound=found.bound,
        )  # fmt: skip
    return said(
        "The search ended at {ended}. Its score is {score:.6g}; none can be below {bound:.6g}.",
        ended=found.ended, score=score, bound=found.bound,
    )  # fmt: skip

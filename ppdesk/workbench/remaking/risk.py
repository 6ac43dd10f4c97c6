"""Re-identification risk from the recorded sizes of classes, and thresholds against what was found."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.core.said import said
from ppdesk.core.wording import percent
from ppdesk.workbench.remaking.views import Line, Record, Remade, compared, not_held
from ppdesk.workflow.reporting.members import whole

if TYPE_CHECKING:
    from ppdesk.store.events import Event

RISK, LIMITS = "risk", "limits"
_ROUNDING = 1e-9  # relative; as the attacks themselves are judged
_BY_FIGURE = ("risk-", "link")  # keys of attacks that are over the limit where their figure is
_SIDES = (("before", said("before")), ("after", said("after")))


def risk(_record: Record, event: "Event") -> Remade:
    """The risks of the table before and after, from the histogram of class sizes on record."""
    from ppdesk.anonymize.risk import EDGES

    title = said("the risk of a record")
    k = event.params.get("k")
    then: dict[str, Json] = {}
    now: dict[str, Json] = {}
    lines: list[Line] = []
    for side, word in _SIDES:
        told = event.facts.get(side)
        if not _holds_sizes(told, len(EDGES)):
            return not_held(event.seq, RISK, title, said("The sizes of its classes are not in this record."))
        assert isinstance(told, Mapping)  # noqa: S101  _holds_sizes looked
        again = _again(told, k if isinstance(k, int) else 0, EDGES)
        then[side], now[side] = {name: told.get(name) for name in again}, again
        for label, name in (
            (said("Highest risk, {side}", side=word), "prosecutor"),
            (said("Average risk, {side}", side=word), "marketer"),
        ):
            lines.append(Line(label, _share(told.get(name)), _share(again.get(name))))
    words = said("from the recorded histogram of class sizes")
    return compared(event.seq, RISK, title, words, lines=lines, then=then, now=now)


def _holds_sizes(told: Json, bins: int) -> bool:
    if not isinstance(told, Mapping):
        return False
    histogram = told.get("histogram")
    numbers = all(isinstance(told.get(name), int) for name in ("classes", "smallest", "largest"))
    if not isinstance(histogram, list) or len(histogram) != bins:
        return False
    return numbers and all(isinstance(one, int) and one >= 0 for one in histogram)


def _again(told: Mapping[str, Json], k: int, edges: Sequence[int]) -> dict[str, Json]:
    """What the histogram and the number of classes give. The smallest class must lie in the first bin that
    is filled, and so must the largest in the last."""
    listed = told["histogram"]
    histogram = [one for one in listed if isinstance(one, int)] if isinstance(listed, list) else []
    classes, smallest, largest = (whole(told[name]) for name in ("classes", "smallest", "largest"))
    records = sum(histogram)
    filled = [at for at, held in enumerate(histogram) if held]
    if not records or not filled:
        return {"records": records, "prosecutor": 0.0, "marketer": 0.0, "uniques": 0, "at_risk": 0.0}
    spans = [*pairwise([*edges, math.inf])]
    fits = spans[filled[0]][0] <= smallest < spans[filled[0]][1]
    fits = fits and spans[filled[-1]][0] <= largest < spans[filled[-1]][1]
    fewest = sum(
        -(-held // (high - 1)) if held and high < math.inf else held > 0
        for (_, high), held in zip(spans, histogram, strict=True)
    )
    most = sum(held // low for (low, _), held in zip(spans, histogram, strict=True))
    made: dict[str, Json] = {
        "records": records,
        "prosecutor": 1.0 / smallest if fits and smallest else None,
        "marketer": classes / records if fewest <= classes <= most else None,
        "uniques": histogram[0],
    }
    if k in edges:  # else some class sizes of a bin are below k, and some are not
        made["at_risk"] = sum(histogram[: list(edges).index(k)]) / records
    return made


def limits(record: Record, event: "Event") -> Remade:
    """The thresholds of an event against what it found."""
    return _attempts(event) if event.kind in ("attack", "audit") else _release(record, event)


def _release(record: Record, event: "Event") -> Remade:
    title = said("the thresholds of {step}", step=event.kind)
    facts, params = event.facts, event.params
    records, suppressed, k = facts.get("records"), facts.get("suppressed"), params.get("k")
    after, limit = facts.get("after"), params.get("suppression_limit")
    if not (
        isinstance(records, int)
        and isinstance(suppressed, int)
        and isinstance(k, int)
        and isinstance(limit, int | float)
        and isinstance(after, Mapping)
    ):
        return not_held(event.seq, LIMITS, title, said("What it found is not in this copy."))
    most = int(limit * records)
    smallest = after.get("smallest")
    standard = _standard(record, event)
    met = isinstance(smallest, int) and (smallest >= k or not smallest) and suppressed <= most
    met = met and _meets(standard, k, limit, after.get("prosecutor"))
    found = {"most_suppressed": most, "smallest": smallest, "met": met}
    lines = [
        Line(said("Smallest class, at least"), f"{k}", f"{smallest}"),
        Line(said("Suppressed, at most"), f"{facts.get('limit')}", f"{suppressed}"),
    ]
    lines += [
        Line(said("{name}, by the standard", name=name), limit_, value)
        for name, limit_, value in _by_standard(standard, k, limit, after.get("prosecutor"))
    ]
    then: dict[str, Json] = {"most_suppressed": facts.get("limit"), "smallest": smallest, "met": True}
    return compared(
        event.seq,
        LIMITS,
        title,
        said("what it found against what was asked for"),
        lines=lines,
        then=then,
        now=found,
    )


def _standard(record: Record, event: "Event") -> Mapping[str, Json]:
    """The limits that were in force when `event` was run, by name."""
    made = [one for one in record.events if one.kind == "standard" and one.outcome == "ok"]
    last = next((one for one in reversed(made) if one.seq < event.seq), None)
    listed = last.facts.get("limits") if last is not None else None
    rows = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return {str(one.get("name")): one.get("value") for one in rows}


def _by_standard(
    standard: Mapping[str, Json], k: int, limit: float, prosecutor: Json
) -> list[tuple[str, str, str]]:
    found = []
    if isinstance(least := standard.get("k_min"), int):
        found.append((str(said("k, at least")), f"{least}", f"{k}"))
    if isinstance(most := standard.get("suppression_max"), int | float):
        found.append((str(said("Suppressed, at most")), percent(most), percent(limit)))
    if isinstance(top := standard.get("risk_max"), int | float) and isinstance(prosecutor, int | float):
        found.append((str(said("Highest risk, at most")), percent(top), percent(prosecutor)))
    return found


def _meets(standard: Mapping[str, Json], k: int, limit: float, prosecutor: Json) -> bool:
    """Whether the run kept what the standard asks of it; without that, it would not have been run."""
    least, most, top = (standard.get(name) for name in ("k_min", "suppression_max", "risk_max"))
    met = not isinstance(least, int) or k >= least
    met = met and (not isinstance(most, int | float) or limit <= most)
    if isinstance(top, int | float) and isinstance(prosecutor, int | float):
        met = met and prosecutor <= top * (1 + _ROUNDING)
    return met


def _attempts(event: "Event") -> Remade:
    """Each attack that is judged by its figure and a limit: over it or not. Attacks on a model are judged by
    a bound on epsilon that is not made again here."""
    from ppdesk.assess.attempts import Verdict

    title = said("the thresholds of {step}", step=event.kind)
    listed = event.facts.get("attempts")
    if not isinstance(listed, list):
        return not_held(event.seq, LIMITS, title, said("What it found is not in this copy."))
    then: dict[str, Json] = {}
    now: dict[str, Json] = {}
    lines: list[Line] = []
    for one in listed:
        if not isinstance(one, Mapping) or not str(one.get("key")).startswith(_BY_FIGURE):
            continue
        found, allowed = one.get("found"), one.get("allowed")
        value = found.get("value") if isinstance(found, Mapping) else None
        if not isinstance(value, int | float) or not isinstance(allowed, int | float):
            continue
        key = str(one.get("key"))
        place = f"{len(lines)} {key}"  # two of one kind are two
        then[place] = one.get("verdict") == Verdict.OVER.value
        now[place] = value > allowed * (1 + _ROUNDING)
        lines.append(Line(str(one.get("title")), f"{allowed:.4g}", f"{value:.4g}"))
    if not lines:
        return not_held(event.seq, LIMITS, title, said("No attack in it has a limit."))
    words = said("each measured figure against its limit: limit, then measured")
    return compared(event.seq, LIMITS, title, words, lines=lines, then=then, now=now)


def _share(value: Json) -> str:
    return percent(value) if isinstance(value, int | float) else str(said("does not fit"))

"""What a run claims to spend, from the noise that it recorded; and the sum in a signed report."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.said import said, said_count
from ppdesk.core.wording import chance
from ppdesk.privacy.events.numbers import is_finite
from ppdesk.workbench.remaking.views import Line, Record, Remade, compared, not_held

if TYPE_CHECKING:
    from ppdesk.core.artifacts import Head
    from ppdesk.privacy.events import DpEvent
    from ppdesk.store.events import Event

COST, BUDGET = "cost", "budget"
_TOLD = frozenset({"rows", "method", *(f"{a}_{b}" for a in ("spent", "limit") for b in ("epsilon", "delta"))})
_DIGITS = 9  # of a figure that an accountant finds anew: its last digits hang on the library's version


def cost(record: Record, event: "Event") -> Remade:
    """Whether the claimed epsilon and delta cover the mechanism on record."""
    from ppdesk.privacy.events import EpsilonDelta, Stated, from_json

    title = said("ε of {step}", step=event.kind)
    try:
        found = from_json(event.cost or {})
    except (CodedError, ValueError):
        return not_held(event.seq, COST, title, said("Its cost cannot be read."))
    if isinstance(found, EpsilonDelta):
        return _parts(record, event, found)
    if not isinstance(found, Stated):
        return not_held(event.seq, COST, title, said("It states no pair of epsilon and delta."))
    from ppdesk.privacy.calibration import epsilon_of

    try:
        proved = epsilon_of(found.event, found.delta, neighbours=found.neighbours)
    except CodedError as error:
        return not_held(event.seq, COST, title, error.message)
    covered = math.isfinite(proved) and round(proved, _DIGITS) <= round(found.epsilon, _DIGITS)
    claim: dict[str, Json] = {"epsilon": found.epsilon, "delta": found.delta, "covers": True}
    lines = [
        *_noise(found.event),
        Line(said("Neighbours"), str(found.neighbours)),
        Line(said("Recorded"), _pair(found.epsilon, found.delta)),
        Line(said("Found now, at most"), "", _pair(proved, found.delta)),
    ]
    return compared(
        event.seq,
        COST,
        title,
        said("from its recorded noise; what is found now must not be above the claim"),
        lines=lines,
        then=claim,
        now={**claim, "covers": covered},
    )


def _parts(record: Record, event: "Event", found: "DpEvent") -> Remade:
    """A pair without a mechanism beside it: the sum of the parts that the run's result names."""
    title = said("ε of {step}", step=event.kind)
    ended = next((one for one in record.events if one.refers == event.seq and one.outcome == "ok"), None)
    listed = None if ended is None else ended.facts.get("statistics")
    stated = getattr(found, "epsilon", 0.0)
    if not isinstance(listed, list):
        return not_held(
            event.seq, COST, title, said("The record names the pair, and not the noise that it comes from.")
        )
    parts = [one.get("epsilon") if isinstance(one, Mapping) else None for one in listed]
    shares = [float(one) for one in parts if is_finite(one) and one >= 0]
    if not shares or len(shares) < len(parts):  # a share that is left out would make the sum too small
        return not_held(event.seq, COST, title, said("Its cost cannot be read."))
    total = math.fsum(shares)
    claim: dict[str, Json] = {"epsilon": stated, "covers": True}
    return compared(
        event.seq,
        COST,
        title,
        said_count(
            "from the share of ε on record for {count} answer; its noise is not on record",
            "from the shares of ε on record for {count} answers; their noise is not on record",
            len(shares),
        ),
        lines=[Line(said("Recorded"), f"ε {stated:.4f}"), Line(said("Found now"), "", f"ε {total:.4f}")],
        then=claim,
        now={**claim, "covers": round(total, _DIGITS) <= round(stated, _DIGITS)},
    )


def _noise(event: "DpEvent") -> list[Line]:
    """The mechanism in words, as far as it is one of the simple ones."""
    from ppdesk.privacy.events import Gaussian, Laplace, PoissonSampled, SelfComposed

    lines, steps, inner = [], 1, event
    if isinstance(inner, SelfComposed):
        steps, inner = inner.count, inner.event
    if isinstance(inner, PoissonSampled):
        lines.append(Line(said("Sampling rate"), f"{inner.rate:.4g}"))
        inner = inner.event
    if isinstance(inner, Gaussian | Laplace):
        lines.append(Line(said("Noise"), f"{inner.noise_multiplier:.6g}"))
    if steps > 1:
        lines.insert(0, Line(said("Steps"), f"{steps:,}"))
    return lines


def budget(record: Record, event: "Event") -> Remade:
    """The budget inside a signed report, summed again from the events that it tells."""
    from ppdesk.workbench.auditing.summing import limits_on_record
    from ppdesk.workbench.budget.accounts import Elsewhere, view
    from ppdesk.workbench.remaking.chain import content_hash
    from ppdesk.workflow.catalog import CATALOG

    title = said("the budget in the report of event {seq}", seq=event.seq)
    data = record.shelf.part(event, "evidence.json")
    evidence = _object(data)
    told, head = evidence.get("budget"), evidence.get("head")
    if not isinstance(told, Mapping) or not isinstance(head, Mapping) or not told.keys() >= _TOLD:
        return not_held(event.seq, BUDGET, title, said("The report's evidence is not in this file."))
    last = record.event(head.get("seq"))
    if last is None or last.seq >= event.seq:
        return not_held(
            event.seq, BUDGET, title, said("The event that it is over does not stand in this file.")
        )
    before = [one for one in record.events if one.seq <= last.seq]
    titles = {entry.key: entry.load().title for entry in CATALOG}
    limits = {name: told.get(f"limit_{name}") for name in ("epsilon", "delta")}
    standard = None
    if all(isinstance(one, int | float) for one in limits.values()):
        standard = {f"{name}_max": value for name, value in limits.items()}
    again: dict[str, Json] = json.loads(json.dumps(asdict(view(before, standard, titles, Elsewhere()))))
    # what other projects spent is known from the register of another computer: it cannot be summed here
    kept = [name for name in again if name.startswith(("elsewhere", "total", "register"))]
    was, now = ({k: v for k, v in one.items() if k not in kept} for one in (dict(told), again))
    was = {**_known(was, now), "head": head.get("hash"), "within": True}
    now = {**now, "head": content_hash(last), "within": _within(limits, limits_on_record(before))}
    rows = told.get("rows")
    count = len(rows) if isinstance(rows, list) else 0
    lines = [
        Line(said("Over event"), str(last.seq), str(last.seq)),
        Line(said("Reservations"), str(count), str(len(_rows(again)))),
        Line(said("Composed by"), str(told.get("method")), str(again["method"])),
        *(
            Line(name, _figure(told.get(key), key), _figure(again[key], key))
            for name, key in ((said("Sum of ε"), "spent_epsilon"), (said("Sum of δ"), "spent_delta"))
        ),
    ]
    words = said_count(
        "summed from {count} reservation on record", "summed from {count} reservations on record", count
    )
    return compared(event.seq, BUDGET, title, words, lines=lines, then=was, now=now)


def _within(told: Mapping[str, Json], on_record: "Head | None") -> bool:
    """Whether the limits that a report names are not above those on record."""
    for name, value in told.items():
        most = (on_record or {}).get(f"{name}_max")
        if isinstance(most, int | float) and not (isinstance(value, int | float) and value <= most):
            return False
    return True


def _known(was: Mapping[str, Json], now: Mapping[str, Json]) -> dict[str, Json]:
    """`was` as it stands; a report of an earlier version may lack a name that is told today."""
    return {**{name: value for name, value in now.items() if name not in was}, **was}


def _rows(budget_: Mapping[str, Json]) -> list[Json]:
    rows = budget_.get("rows")
    return list(rows) if isinstance(rows, list) else []


def _object(data: bytes | None) -> Mapping[str, Json]:
    try:
        found = json.loads(data) if data else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _figure(value: Json, key: str) -> str:
    if not isinstance(value, int | float):
        return str(said("not a number"))
    return chance(value) if key.endswith("delta") else f"ε {value:.4f}"


def _pair(epsilon: float, delta: float) -> str:
    told = f"ε {epsilon:.4f}" if math.isfinite(epsilon) else str(said("no bound"))
    return f"{told}, δ {chance(delta)}" if delta else told

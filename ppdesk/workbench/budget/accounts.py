"""The budget as the events tell it. Never stored, always summed."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ppdesk.core.artifacts import Head
from ppdesk.core.wording import sentences
from ppdesk.privacy.events import DpEvent, NoEvent, from_json
from ppdesk.workbench.views import BudgetRow, BudgetView, Standing

if TYPE_CHECKING:
    from ppdesk.core.findings import Finding
    from ppdesk.privacy.ledger import Budget, Spent
    from ppdesk.store.events import Event

_STANDING: Mapping[str, Standing] = {
    "ok": "spent",
    "failed": "failed",
    "cancelled": "cancelled",
    "void": "void",
}


@dataclass(frozen=True)
class Elsewhere:
    """What other projects, and copies of this one, spent on the same data, as far as the register knows.

    `remarks` are what a person must know of the register itself.
    """

    events: tuple[DpEvent, ...] = ()
    projects: int = 0
    remarks: "tuple[Finding, ...]" = ()

    @property
    def total(self) -> "Spent":
        from ppdesk.privacy.ledger import Budget

        return Budget(0.0, 0.0).total(self.events)


def reservations(events: "Sequence[Event]") -> "list[tuple[Event, Standing]]":
    """Each reservation and how it ended. One without an outcome was interrupted, and counts as spent.

    What was spent stays spent: a void beside another outcome of the same run does not give it back.
    """
    ends: dict[int, str] = {}
    for event in events:
        if event.refers is not None and ends.get(event.refers, "void") == "void":
            ends[event.refers] = event.outcome
    return [
        (event, _STANDING.get(ends.get(event.seq, ""), "interrupted"))
        for event in events
        if event.outcome == "reserved"
    ]


def spent(events: "Sequence[Event]") -> list[DpEvent]:
    """The cost of every reservation that counts: all but those whose worker never received data."""
    return [_cost(event) for event, standing in reservations(events) if standing != "void"]


def tightest(events: "Sequence[Event]", limit_delta: float | None) -> "Spent | None":
    """The smallest total that is proved at the delta limit for what this project did exactly; None where it
    is the charged one. For telling only, and it loads dp-accounting: not for a screen that must be quick."""
    from ppdesk.privacy.ledger import Budget

    own = spent(events)
    found = Budget(0.0, limit_delta or 0.0).tightest(own)
    return None if found == Budget(0.0, 0.0).total(own) else found


def limits(standard: Head | None) -> "Budget | None":
    """The budget that the standard allows; None while there is no standard."""
    from ppdesk.privacy.ledger import Budget

    if standard is None:
        return None
    # the step that made the head has checked both; Budget refuses what is no limit
    return Budget(cast(float, standard["epsilon_max"]), cast(float, standard["delta_max"]))


def view(
    events: "Sequence[Event]", standard: Head | None, titles: Mapping[str, str], elsewhere: Elsewhere
) -> BudgetView:
    """The budget for a person. `titles` names the steps by key."""
    from ppdesk.privacy.ledger import Budget

    limit = limits(standard)
    # the sum does not depend on the limit; without one it is still worth telling
    teller = limit or Budget(1.0, 0.0)
    own = spent(events)
    whole, others, together = (
        teller.total(some) for some in (own, elsewhere.events, [*own, *elsewhere.events])
    )
    rows = []
    for event, standing in reservations(events):
        alone = teller.total([_cost(event)])
        rows.append(
            BudgetRow(
                seq=event.seq,
                time=event.time,
                actor=event.actor,
                key=event.kind,
                title=titles.get(event.kind, event.kind),
                epsilon=alone.epsilon,
                delta=alone.delta,
                standing=standing,
            )
        )
    return BudgetView(
        spent_epsilon=whole.epsilon,
        spent_delta=whole.delta,
        limit_epsilon=None if limit is None else limit.limit_epsilon,
        limit_delta=None if limit is None else limit.limit_delta,
        neighbours=str(whole.neighbours or ""),
        method=whole.method,
        rows=tuple(rows),
        elsewhere_epsilon=_sayable(others.epsilon),
        elsewhere_delta=others.delta,
        elsewhere_projects=elsewhere.projects,
        total_epsilon=_sayable(together.epsilon),
        total_delta=together.delta,
        register=tuple(sentences(remark.title, remark.detail) for remark in elsewhere.remarks),
    )


def _sayable(epsilon: float) -> float:
    """JSON has no infinity, and a sum beyond the range of floats is over any limit all the same."""
    return min(epsilon, sys.float_info.max)


def _cost(event: "Event") -> DpEvent:
    return NoEvent() if event.cost is None else from_json(event.cost)

"""The budget added up entry by entry, as the ledger does, and what is proved beside it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from ppdesk.core.errors import CodedError
from ppdesk.core.said import said
from ppdesk.workbench.auditing.views import Entry, Proof, Sum
from ppdesk.workbench.budget import accounts, gaps

if TYPE_CHECKING:
    from ppdesk.core.artifacts import Head
    from ppdesk.store.events import Event


def limits_on_record(events: "Sequence[Event]") -> "Head | None":
    """The limits of the last standard that the record holds, by name; None where there is none, or a copy
    leaves them closed."""
    made = next((one for one in reversed(events) if one.kind == "standard" and one.outcome == "ok"), None)
    listed = None if made is None else made.facts.get("limits")
    rows = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    found = {str(one.get("name")): one.get("value") for one in rows}
    both = all(isinstance(found.get(name), int | float) for name in ("epsilon_max", "delta_max"))
    return cast("Head", found) if both else None


def added_up(events: "Sequence[Event]", titles: Mapping[str, str]) -> Sum:
    """Each reservation in its order, with the total after it."""
    from ppdesk.privacy.events import from_json
    from ppdesk.privacy.ledger import Budget

    limit = accounts.limits(limits_on_record(events))
    teller = limit or Budget(1.0, 0.0)
    entries, costs, broken = [], [], ""
    for event, standing in accounts.reservations(events):
        try:
            own = from_json(event.cost) if event.cost is not None else None
        except CodedError as error:  # it stops the sum, and is not left out of it
            broken = broken or error.message
            continue
        counts = standing != "void" and own is not None
        if own is not None and counts:
            costs.append(own)
        alone = teller.total([own] if own is not None else [])
        entries.append(
            Entry(
                event.seq,
                event.time,
                event.actor,
                titles.get(event.kind, event.kind),
                alone.epsilon,
                alone.delta,
                standing,
                counts,
                teller.total(costs).epsilon,
            )
        )
    whole = teller.total(costs)
    return Sum(
        tuple(entries),
        whole.epsilon,
        whole.delta,
        whole.method,
        str(whole.neighbours or ""),
        None if limit is None else limit.limit_epsilon,
        None if limit is None else limit.limit_delta,
        broken=broken,
        remarks=gaps.words(events),
    )


def proved(events: "Sequence[Event]", limit_delta: float | None) -> Proof:
    """The smallest total that an accountant proves, and whether each claim covers its noise. Loads
    dp-accounting: not for a screen that must be quick."""
    from ppdesk.privacy.stated import verify_stated

    try:
        claims, broken = verify_stated(accounts.spent(events)), ""
    except CodedError as error:
        claims, broken = 0, error.message
    try:
        tight = accounts.tightest(events, limit_delta)
    except CodedError as error:
        return Proof(None, 0.0, said("not composed: {reason}", reason=error.message), claims, broken)
    if tight is None:
        return Proof(None, 0.0, said("nothing tighter is proved than the sum"), claims, broken)
    return Proof(tight.epsilon, tight.delta, tight.method, claims, broken)

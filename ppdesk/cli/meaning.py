"""The privacy budget, for a script and in plain words."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import sentence

if TYPE_CHECKING:
    from ppdesk.workbench.views import BudgetView

_WIDTH = 96


def budget_json(view: "BudgetView") -> dict[str, Json]:
    """The budget as plain values."""
    return {
        "spent": {"epsilon": view.spent_epsilon, "delta": view.spent_delta},
        "limit": {"epsilon": view.limit_epsilon, "delta": view.limit_delta},
        "neighbours": view.neighbours,
        "method": view.method,
        "rows": [
            {
                "seq": row.seq,
                "time": row.time,
                "actor": row.actor,
                "step": row.key,
                "epsilon": row.epsilon,
                "delta": row.delta,
                "standing": row.standing,
            }
            for row in view.rows
        ],
    }


def budget_words(view: "BudgetView") -> Iterator[str]:
    """What was spent, of what limit, and what that promises to one person."""
    limit = "no limit set yet" if view.limit_epsilon is None else f"limit {view.limit_epsilon:g}"
    spent = f"Privacy spent: epsilon {view.spent_epsilon:g} ({limit}), delta {view.spent_delta:g}"
    if view.limit_delta is not None:
        spent += f" (limit {view.limit_delta:g})"
    yield spent + "."
    if view.spent_epsilon > 0 and view.neighbours:
        text = sentence(view.spent_epsilon, view.spent_delta, Neighbours(view.neighbours))
        yield from textwrap.wrap(f"In words: {text}", _WIDTH)
    if view.method:
        yield from textwrap.wrap(f"Summed by: {view.method}", _WIDTH)

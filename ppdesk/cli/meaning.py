"""The privacy budget, for a script and in plain words."""

import math
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json

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
    """What was spent, of what limit, and what that promises to one person.

    The odds: under (epsilon, 0)-DP the posterior odds of any two neighbouring tables differ from the
    prior odds by a factor of at most e**epsilon (Kasiviswanathan and Smith 2014; NIST SP 800-226, 2.1).
    """
    limit = "no limit set yet" if view.limit_epsilon is None else f"limit {view.limit_epsilon:g}"
    spent = f"Privacy spent: epsilon {view.spent_epsilon:g} ({limit}), delta {view.spent_delta:g}"
    if view.limit_delta is not None:
        spent += f" (limit {view.limit_delta:g})"
    yield spent + "."
    if view.spent_epsilon > 0:
        text = (
            "In words: what was learnt with differential privacy moves the odds of anything that someone "
            f"suspects about one person's record by a factor of at most {_times(view.spent_epsilon)}, "
            "whatever else they know."
        )
        if view.spent_delta > 0:
            text += f" This promise may fail with a probability of {view.spent_delta:g}."
        if view.neighbours:
            text += f" Compared are tables that differ in one record ({view.neighbours})."
        yield from textwrap.wrap(text, _WIDTH)
    if view.method:
        yield from textwrap.wrap(f"Summed by: {view.method}", _WIDTH)


def _times(epsilon: float) -> str:
    return f"{math.exp(epsilon):.3g}" if epsilon < 20 else "e^" + f"{epsilon:g}"

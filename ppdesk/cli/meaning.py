"""The privacy budget, for a script and in plain words."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ppdesk.cli import sections
from ppdesk.core.canonical import Json
from ppdesk.core.wording import chance
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import proved_sentence, sentence

if TYPE_CHECKING:
    from ppdesk.privacy.ledger import Spent
    from ppdesk.workbench.views import BudgetView


def budget_json(view: "BudgetView") -> dict[str, Json]:
    """The budget as plain values."""
    return {
        "spent": {"epsilon": view.spent_epsilon, "delta": view.spent_delta},
        "elsewhere": {
            "epsilon": view.elsewhere_epsilon,
            "delta": view.elsewhere_delta,
            "projects": view.elsewhere_projects,
        },
        "total": {"epsilon": view.total_epsilon, "delta": view.total_delta},
        "limit": {"epsilon": view.limit_epsilon, "delta": view.limit_delta},
        "left": {"epsilon": view.left_epsilon},
        "register": list(view.register),
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
    spent = f"Privacy spent: epsilon {view.spent_epsilon:g} ({limit}), delta {chance(view.spent_delta)}"
    if view.limit_delta is not None:
        spent += f" (limit {chance(view.limit_delta)})"
    yield spent + "."
    yield from elsewhere_words(view)
    if view.spent_epsilon > 0 and view.neighbours:
        text = sentence(view.spent_epsilon, view.spent_delta, Neighbours(view.neighbours))
        start = "This project alone, in words" if view.elsewhere_projects else "In words"
        yield from textwrap.wrap(f"{start}: {text}", sections.width())
    if view.method:
        yield from textwrap.wrap(f"Summed by: {view.method}", sections.width())


def tightest_json(spent: "Spent | None") -> dict[str, Json] | None:
    """What is proved beside what is charged, as plain values; None where it is the same."""
    if spent is None:
        return None
    return {"epsilon": spent.epsilon, "delta": spent.delta, "method": spent.method}


def tightest_words(spent: "Spent | None") -> Iterator[str]:
    """The same for a person."""
    if spent is not None:
        yield from textwrap.wrap(proved_sentence(spent), sections.width())


def elsewhere_words(view: "BudgetView") -> Iterator[str]:
    """What other projects spent on the same data, and what speaks against the register that says so."""
    if view.elsewhere_projects:
        count = view.elsewhere_projects
        others = "one other project or copy" if count == 1 else f"{count} other projects or copies"
        text = (
            f"Elsewhere on the same data: epsilon {view.elsewhere_epsilon:g}, "
            f"delta {chance(view.elsewhere_delta)}, "
            f"by {others}. Together: epsilon {view.total_epsilon:g}, delta {chance(view.total_delta)}."
        )
        if view.left_epsilon is not None:
            text += f" Left: epsilon {view.left_epsilon:g}."
        yield from textwrap.wrap(text, sections.width())
    for words in view.register:
        yield from textwrap.wrap(f"Caution: {words}", sections.width())

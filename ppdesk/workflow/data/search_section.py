"""The words, table and figure of the search."""

from collections.abc import Sequence

from ppdesk.core.section import Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.search_facts import SearchFacts

_NAMES = {
    "best-first": "best-first search",
    "top-down": "top-down search",
    "genetic": "genetic search",
    "exact": "exact search",
}


def many(count: int | float) -> str:
    """A count that may be too large to be said exactly."""
    return f"{count:,}" if isinstance(count, int) else f"about {count:.3g}"


def unproved(found: SearchFacts, score: float, checked: int, size: int | float) -> Words | None:
    """How far the result may be from the best; None where it is proved to be the best."""
    if found.optimal:
        return None
    if found.algorithm == "chosen":
        return Words(
            "The levels were chosen by a person and applied as they are. They are checked for the privacy"
            " models and the suppression limit; they are not claimed to be the best.",
            "info",
        )
    decided = 0.0 if not size else 1 - float(found.undecided) / float(size)
    ended = f" It ended at {found.ended}." if found.ended else ""
    return Words(
        f"The best of {checked:,} checked transformations out of {many(size)}, found by"
        f" {_NAMES.get(found.algorithm, found.algorithm)}; not proved to be the best there is.{ended} Proved"
        f" is: no transformation scores below {found.bound:.4g}, this one scores {score:.4g}, so at most"
        f" {max(0.0, score - found.bound):.4g} could be gained. {percent(decided)} of all transformations are"
        " proved to be no better or to suppress too much.",
        "caution",
    )


def within(found: SearchFacts) -> str:
    """What the transformations are counted of."""
    return " that the lowest and highest levels allow" if found.constrained else ""


def blocks(found: SearchFacts, columns: Sequence[str], quality: str) -> list[Table | Plot]:
    """The alternatives, and the lattice as a figure."""
    made: list[Table | Plot] = []
    if found.alternatives:
        names = ", ".join(columns)
        proof = "" if found.optimal else " They are the best that were checked, not proved to be."
        made.append(
            Table(
                "Alternatives",
                ("Levels", "Score", "Suppressed", "Classes", "Highest risk", "Average risk"),
                [
                    (
                        " ".join(map(str, one.levels)),
                        f"{one.score:.6g}",
                        f"{one.suppressed:,}",
                        f"{one.classes:,}",
                        percent(one.highest_risk),
                        percent(one.average_risk),
                    )
                    for one in found.alternatives
                ],
                right=(1, 2, 3, 4, 5),
                caption=f"The next best, best first; levels of {names}, in this order. To take one, give its"
                f" levels as chosen levels.{proof}",
            )
        )
    if found.totals:
        made.append(
            Plot(
                "Transformations",
                "lattice",
                {
                    "totals": list(found.totals),
                    "scores": list(found.scores),
                    "statuses": list(found.statuses),
                    "measure": "Loss" if quality == "loss" else quality,
                },
                "Each mark is a combination of levels, by the sum of its levels. Where it was not checked"
                " within the suppression limit, the least that it could score is drawn.",
            )
        )
    return made

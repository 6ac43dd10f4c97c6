"""The words, table and figure of the search."""

from collections.abc import Sequence

from ppdesk.core.said import said, said_all
from ppdesk.core.section import Plot, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.search_facts import SearchFacts


def _name(algorithm: str) -> str:
    named = {
        "best-first": said("best-first search"),
        "top-down": said("top-down search"),
        "genetic": said("genetic search"),
        "exact": said("exact search"),
    }
    return named.get(algorithm, algorithm)


def many(count: int | float) -> str:
    """A count that may be too large to be said exactly."""
    return f"{count:,}" if isinstance(count, int) else said("about {count:.3g}", count=count)


def unproved(found: SearchFacts, score: float, checked: int, size: int | float) -> Words | None:
    """How far the result may be from the best; None where it is proved to be the best."""
    if found.optimal:
        return None
    if found.algorithm == "chosen":
        return Words(
            said(
                "The levels were chosen by a person and applied as they are. They are checked for the privacy"
                " models and the suppression limit; they are not claimed to be the best."
            ),
            "info",
        )
    decided = 0.0 if not size else 1 - float(found.undecided) / float(size)
    return Words(
        said_all(
            (
                said(
                    "The best of {checked:,} checked transformations out of {size}, found by {algorithm}; not"
                    " proved to be the best there is.",
                    checked=checked, size=many(size), algorithm=_name(found.algorithm),
                ),
                said("It ended at {ended}.", ended=found.ended) if found.ended else "",
                said(
                    "Proved is: no transformation scores below {bound:.4g}, this one scores {score:.4g}, so"
                    " at most {gain:.4g} could be gained. {decided} of all transformations are proved to be"
                    " no better or to suppress too much.",
                    bound=found.bound, score=score, gain=max(0.0, score - found.bound),
                    decided=percent(decided),
                ),
            )
        ),
        "caution",
    )  # fmt: skip


def blocks(found: SearchFacts, columns: Sequence[str], quality: str) -> list[Table | Plot]:
    """The alternatives, and the lattice as a figure."""
    made: list[Table | Plot] = []
    if found.alternatives:
        names = ", ".join(columns)
        proof = "" if found.optimal else said("They are the best that were checked, not proved to be.")
        made.append(
            Table(
                said("Alternatives"),
                (
                    said("Levels"),
                    said("Score"),
                    said("Suppressed"),
                    said("Classes"),
                    said("Highest risk"),
                    said("Average risk"),
                ),
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
                caption=said_all(
                    (
                        said(
                            "The next best, best first; levels of {names}, in this order. To take one, give"
                            " its levels as chosen levels.",
                            names=names,
                        ),
                        proof,
                    )
                ),
            )
        )
    if found.totals:
        made.append(
            Plot(
                said("Transformations"),
                "lattice",
                {
                    "totals": list(found.totals),
                    "scores": list(found.scores),
                    "statuses": list(found.statuses),
                    "measure": said("Loss") if quality == "loss" else quality,
                },
                said(
                    "Each mark is a combination of levels, by the sum of its levels. Where it was not checked"
                    " within the suppression limit, the least that it could score is drawn."
                ),
            )
        )
    return made

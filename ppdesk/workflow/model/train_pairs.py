"""What Train tells of pairs of columns that act together: how far each moves the answer, and where most."""

from collections.abc import Sequence
from typing import Any

from ppdesk.core.said import kept, said, said_all
from ppdesk.core.section import Table
from ppdesk.core.wording import listed
from ppdesk.train.schema import Classes, Column, Numeric
from ppdesk.workflow.model.train_facts import PairFact, TrainFacts

_MOST = 6  # pairs that the record keeps
_NAMED = 2  # categories of a group that are named


def pairs(fitted: Any) -> tuple[PairFact, ...]:
    """Those that move the answer most, where the model has some. All of the model is covered by the claim, so
    these are too."""
    if not hasattr(fitted, "interactions") or not callable(fitted.interactions):
        return ()
    target, columns = fitted.target, fitted.schema.columns
    several = target.values if isinstance(target, Classes) and not target.binary else ("",)
    found = [
        _fact(one, columns, place, of) for one in fitted.interactions() for place, of in enumerate(several)
    ]
    found.sort(key=lambda one: (one.low - one.high, one.first, one.second, one.of))
    return tuple(found[:_MOST])


def blocks(facts: TrainFacts) -> list[Table]:
    """The pairs as a small table; nothing where there are none."""
    if not facts.pairs:
        return []
    return [
        Table(
            said("Columns that act together"),
            (said("Pair"), said("Adds least"), said("Where"), said("Adds most"), said("Where")),
            [
                (
                    _named(one),
                    said("{value:+.3g} ± {deviation:.2g}", value=one.low, deviation=2 * one.low_deviation),
                    kept(one.low_at),
                    said(
                        "{value:+.3g} ± {deviation:.2g}",
                        value=one.high,
                        deviation=2 * one.high_deviation,
                    ),
                    kept(one.high_at),
                )
                for one in facts.pairs
            ],
            right=(1, 3),
            caption=said(
                "What the model adds for both columns together, beside what each adds alone; ± "
                "is two standard deviations: what the noise leaves open."
            ),
        )
    ]


def _named(one: PairFact) -> str:
    pair = said("{first} and {second}", first=kept(one.first), second=kept(one.second))
    if one.of:
        return said("{pair}, for {of}", pair=pair, of=kept(one.of))
    return pair


def _fact(pair: Any, columns: Sequence[Column], place: int, of: str) -> PairFact:
    values = [float(row[place]) for row in pair.values]
    spots = range(len(values))
    low, high = min(spots, key=values.__getitem__), max(spots, key=values.__getitem__)
    first, second = (columns[part.column] for part in pair.parts)
    width = pair.parts[1].width

    def where(spot: int) -> str:
        told = zip((first, second), pair.parts, divmod(spot, width), strict=True)
        return said_all(
            (said_all((column.name, _group(column, part, at))) for column, part, at in told), "; "
        )

    return PairFact(
        first=first.name,
        second=second.name,
        of=of,
        low=values[low],
        low_deviation=float(pair.sds[low][place]),
        low_at=where(low),
        high=values[high],
        high_deviation=float(pair.sds[high][place]),
        high_at=where(high),
    )


def _group(column: Column, part: Any, at: int) -> str:
    """Group number `at` of one side in words."""
    if isinstance(column, Numeric):
        bounds = (column.low, *part.edges, column.high)
        return (
            said("missing")
            if at + 1 >= len(bounds)
            else said("{low:,.4g} to {high:,.4g}", low=bounds[at], high=bounds[at + 1])
        )
    names = (*column.categories, said("other or missing"))
    return listed([name for name, group in zip(names, part.groups, strict=True) if group == at], _NAMED)

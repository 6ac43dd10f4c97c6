"""What the step opendp shows."""

from collections.abc import Iterator, Sequence

from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.words import sentence
from ppdesk.workflow import guarantee
from ppdesk.workflow.data.covered import stamped
from ppdesk.workflow.data.opendp_facts import FigureFact, OpendpFacts, StatisticFact

CLAIM = (
    "The privacy claim covers every released figure, its interval and all that is computed from them alone. "
    "The number of records is private too: it is told with noise or not at all."
)
OUTSIDE = (
    "It does not cover which statistics were asked for, if they were chosen after a look at the data, how "
    "many records were left out because they have no id or too many of the same, or how long the run took."
)
_DRAWN = 40  # cells of a chart
_CHARTS = 8


def section(title: str, facts: OpendpFacts) -> Section:
    """Key figures, every statistic with its interval, charts of counts, how it was made, the edges."""
    neighbours = Neighbours(facts.neighbours)
    blocks: list[Block] = [
        *stamped(facts),
        Words(
            said(
                "{statistics} statistics were released with differential privacy at ε {epsilon:g}: "
                "{figures:,} figures, each with noise.",
                statistics=len(facts.statistics),
                epsilon=facts.epsilon,
                figures=sum(one.cells for one in facts.statistics),
            )
        ),
        Figures(
            (
                KeyFigure(
                    said("Privacy loss ε"),
                    f"{facts.epsilon:g}",
                    said(
                        "δ {delta}, {neighbours}, {per}",
                        delta=chance(facts.delta),
                        neighbours=facts.neighbours,
                        per=facts.unit.per,
                    ),
                ),
                KeyFigure(said("Statistics"), f"{len(facts.statistics)}", said("ε is shared among them")),
                KeyFigure(
                    said("Figures"),
                    f"{sum(one.cells for one in facts.statistics):,}",
                    said("each with noise"),
                ),
            )
        ),
        Words(sentence(facts.epsilon, facts.delta, neighbours, person=facts.unit_column is not None), "info"),
        *guarantee.words(facts),
        *_single(facts),
    ]
    drawn = 0
    for one in facts.statistics:
        if one.form != "cells":
            continue
        blocks.append(_cells(one))
        if len(one.figures) == one.cells <= _DRAWN and drawn < _CHARTS:
            blocks.append(_chart(one))
            drawn += 1
    blocks += [
        Table(
            said("How each was made"),
            (said("Statistic"), "ε", said("Noise scale"), said("Sensitivity")),
            [
                (
                    one.question,
                    f"{one.epsilon:.4g}",
                    _in_units(one, one.scales),
                    _in_units(one, one.sensitivities),
                )
                for one in facts.statistics
            ],
            right=(1, 2, 3),
            caption=said(
                "Discrete Laplace noise; for quantiles the choice by permute-and-flip. A mean is a sum and a"
                " count, each with its noise; sums are in the column's unit, on a grid of about a millionth"
                " of the bounds. Made by {library}.",
                library=facts.library,
            ),
        ),
        Words(f"{CLAIM} {OUTSIDE}", "caution"),
    ]
    return Section(title, tuple(blocks))


def _single(facts: OpendpFacts) -> Iterator[Block]:
    rows = [
        (f"{one.question}: {figure.labels[0]}" if figure.labels else one.question, *_worded(one, figure))
        for one in facts.statistics
        if one.form != "cells"
        for figure in one.figures
    ]
    if rows:
        yield Table(
            said("Figures"),
            (said("Statistic"), said("Value"), said("95 % interval of the noise")),
            rows,
            right=(1,),
            caption=said(
                "The interval comes from the scale of the noise, which is public. It says nothing of how well"
                " the records stand for others."
            ),
        )


def _worded(one: StatisticFact, figure: FigureFact) -> tuple[str, str]:
    if figure.low is None or figure.high is None:
        return number(figure.value), said(
            "its rank is within {accuracy:,.0f} records of the one asked for", accuracy=one.accuracy
        )
    return number(figure.value), said("{low} to {high}", low=number(figure.low), high=number(figure.high))


def _cells(one: StatisticFact) -> Table:
    header = (*one.columns, said("Count"), said("95 % interval of the noise"))
    more = (
        ""
        if len(one.figures) == one.cells
        else said("The first {shown:,} of {cells:,} cells.", shown=len(one.figures), cells=one.cells)
    )
    below = said("Noise can bring a count below 0; it is left there, for sums over cells to stay unbiased.")
    return Table(
        one.question,
        header,
        [(*figure.labels, *_worded(one, figure)) for figure in one.figures],
        right=(len(one.columns),),
        caption=said_all((below, more)),
    )


def _chart(one: StatisticFact) -> Plot:
    return Plot(
        one.question,
        "noisy_counts",
        {
            "labels": [", ".join(figure.labels) for figure in one.figures],
            "counts": [figure.value for figure in one.figures],
            "accuracy": one.accuracy,
        },
        said("Counts with noise, and their 95 % interval."),
    )


def _in_units(one: StatisticFact, values: Sequence[float]) -> str:
    """Of sums in the column's unit; the second of a mean is of its count."""
    steps = (one.step, 1.0) if one.form == "mean" else (one.step,) * len(values)
    told = [f"{value * step:.4g}" for value, step in zip(values, steps, strict=True)]
    return ", ".join(dict.fromkeys(told))


def number(value: float) -> str:
    """Whole, or with what a reader can use of its decimals."""
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) < 100_000 else f"{value:,.0f}"

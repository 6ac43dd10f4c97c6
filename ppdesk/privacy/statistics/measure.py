"""The statistics themselves: aggregated by OpenDP's transformations, and released with noise.

Each transformation is asked by its own map what it can change, and must not say more than the plan.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, numbers
from ppdesk.privacy.cells import crossed
from ppdesk.privacy.errors import ColumnGoneError
from ppdesk.privacy.noise import Noise, library, proved
from ppdesk.privacy.scales import SURE, laplace_accuracy
from ppdesk.privacy.statistics.plan import Grid, Planned, fraction
from ppdesk.privacy.statistics.questions import Form

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """One released number with its 95 % interval for the noise; for quantiles the interval is left open."""

    labels: tuple[str, ...]
    value: float
    low: float | None
    high: float | None


def answer(planned: Planned, rows: "pa.Table", decimal: DecimalMark, noise: Noise) -> tuple[Figure, ...]:
    """The figures of one statistic from `rows`, of which every unit has as many as the plan was made for.

    ColumnGoneError, LostProofError.
    """
    missing = next((name for name in planned.question.columns if name not in rows.column_names), None)
    if missing is not None:
        raise ColumnGoneError(column=missing)
    return _ANSWERS[planned.question.form](planned, rows, decimal, noise)


def exact(planned: Planned, rows: "pa.Table", decimal: DecimalMark) -> "list[Whole]":
    """What the noise is added to, or the scores that are chosen from: for `answer`, and for tests of the
    sensitivities. Never released."""
    return _EXACT[planned.question.form](planned, rows, decimal)


def _space(dp: Any) -> Any:
    return dp.vector_domain(dp.atom_domain(T="i64")), dp.symmetric_distance()


def _count_of(values: "Whole", distance: int, sensitivity: int) -> "Whole":
    import numpy as np

    dp = library()
    made = dp.t.make_count(*_space(dp), TO="i64")
    proved(made.map(distance), sensitivity)
    return np.asarray([made(values)], dtype=np.int64)


def _sum_of(values: "Whole", grid: Grid, distance: int, sensitivity: int) -> "Whole":
    import numpy as np

    dp = library()
    made = dp.t.make_clamp(*_space(dp), bounds=(grid.low, grid.high)) >> dp.t.then_sum()
    proved(made.map(distance), sensitivity)
    return np.asarray([made(values)], dtype=np.int64)


def _count(planned: Planned, rows: "pa.Table", _: DecimalMark) -> "list[Whole]":
    import numpy as np

    return [_count_of(np.zeros(rows.num_rows, np.int64), planned.distances[0], planned.sensitivities[0])]


def _cells(planned: Planned, rows: "pa.Table", decimal: DecimalMark) -> "list[Whole]":
    import numpy as np

    dp = library()
    sizes = [one.size for one in planned.domains]
    cells = int(np.prod(sizes))
    codes = crossed(sizes, [one.codes(rows.column(one.name), decimal) for one in planned.domains])
    made = dp.t.make_count_by_categories(
        *_space(dp), categories=list(range(cells)), null_category=False, TOA="i64"
    )
    proved(made.map(planned.distances[0]), planned.sensitivities[0])
    return [np.asarray(made(codes), dtype=np.int64)]


def _on_grid(values: "npt.NDArray[np.float64]", grid: Grid) -> "Whole":
    import numpy as np

    near = np.clip(values - grid.origin, grid.low * grid.step, grid.high * grid.step)
    return np.ascontiguousarray(np.rint(near / grid.step), dtype=np.int64)


def _given(planned: Planned, rows: "pa.Table", decimal: DecimalMark) -> "npt.NDArray[np.float64]":
    """The numbers of the column; cells without one are left out."""
    import numpy as np

    values = numbers(rows.column(planned.question.columns[0]), decimal)
    return values[~np.isnan(values)]


def _sum(planned: Planned, rows: "pa.Table", decimal: DecimalMark) -> "list[Whole]":
    assert planned.grid is not None  # noqa: S101  # a plan of a sum has one
    values = _on_grid(_given(planned, rows, decimal), planned.grid)
    return [_sum_of(values, planned.grid, planned.distances[0], planned.sensitivities[0])]


def _mean(planned: Planned, rows: "pa.Table", decimal: DecimalMark) -> "list[Whole]":
    values = _given(planned, rows, decimal)
    grid = planned.grid
    assert grid is not None  # noqa: S101  # a plan of a mean has one
    return [
        _sum_of(_on_grid(values, grid), grid, planned.distances[0], planned.sensitivities[0]),
        _count_of(_on_grid(values, grid), planned.distances[1], planned.sensitivities[1]),
    ]


def _quantiles(planned: Planned, rows: "pa.Table", decimal: DecimalMark) -> "list[Whole]":
    """Scores of the candidates, negated: the highest is the best."""
    import numpy as np

    dp = library()
    values = _given(planned, rows, decimal)
    # places among the candidates are whole numbers; each number goes to the nearest
    candidates = np.asarray(planned.candidates)
    middles = (candidates[1:] + candidates[:-1]) / 2
    places = np.ascontiguousarray(np.searchsorted(middles, values), dtype=np.int64)
    found = []
    for point, distance, sensitivity in zip(
        planned.question.points, planned.distances, planned.sensitivities, strict=True
    ):
        above, below = fraction(point)
        made = dp.t.make_quantile_score_candidates(
            *_space(dp), candidates=list(range(candidates.size)), alpha=above / below
        )
        proved(made.map(distance), sensitivity)
        found.append(-np.asarray(made(places), dtype=np.int64))
    return found


_EXACT: "dict[Form, Callable[[Planned, pa.Table, DecimalMark], list[Whole]]]" = {
    Form.COUNT: _count,
    Form.CELLS: _cells,
    Form.SUM: _sum,
    Form.MEAN: _mean,
    Form.QUANTILES: _quantiles,
}


def _noisy(planned: Planned, rows: "pa.Table", decimal: DecimalMark, noise: Noise) -> "list[Whole]":
    return [
        noise.laplace(values, sensitivity, epsilon)
        for values, sensitivity, epsilon in zip(
            exact(planned, rows, decimal), planned.sensitivities, planned.epsilons, strict=True
        )
    ]


def _answer_cells(
    planned: Planned, rows: "pa.Table", decimal: DecimalMark, noise: Noise
) -> tuple[Figure, ...]:
    from itertools import product

    (found,) = _noisy(planned, rows, decimal, noise)
    labels: Sequence[tuple[str, ...]] = [()]
    if planned.domains:
        labels = list(product(*(one.labels for one in planned.domains)))
    step = planned.grid.step if planned.grid else 1.0
    return tuple(
        Figure(label, value * step, value * step - planned.accuracy, value * step + planned.accuracy)
        for label, value in zip(labels, found.tolist(), strict=True)
    )


def _answer_mean(
    planned: Planned, rows: "pa.Table", decimal: DecimalMark, noise: Noise
) -> tuple[Figure, ...]:
    grid = planned.grid
    assert grid is not None  # noqa: S101  # a plan of a mean has one
    (total,), (count,) = (one.tolist() for one in _noisy(planned, rows, decimal, noise))
    # each of the two is within its own interval with chance 97.5 %, so both are with 95 %
    wide, many = (laplace_accuracy(scale, 1 - (1 - SURE) / 2) for scale in planned.scales)
    ends = [
        (total + sign * wide) / max(1, number) for sign in (-1, 1) for number in (count - many, count + many)
    ]

    def shown(value: float) -> float:
        return grid.origin + min(grid.high, max(grid.low, value)) * grid.step

    # where there may be nobody, every mean is possible
    low, high = (min(ends), max(ends)) if count - many >= 1 else (grid.low, grid.high)
    return (Figure((), shown(total / max(1, count)), shown(low), shown(high)),)


def _answer_quantiles(
    planned: Planned, rows: "pa.Table", decimal: DecimalMark, noise: Noise
) -> tuple[Figure, ...]:
    chosen = [
        noise.highest(scores, sensitivity, epsilon)
        for scores, sensitivity, epsilon in zip(
            exact(planned, rows, decimal), planned.sensitivities, planned.epsilons, strict=True
        )
    ]
    # noise may put them out of order, and only one order is possible
    values = sorted(planned.candidates[place] for place in chosen)
    return tuple(
        Figure((f"{point:g}",), value, None, None)
        for point, value in zip(planned.question.points, values, strict=True)
    )


_ANSWERS: "dict[Form, Callable[[Planned, pa.Table, DecimalMark, Noise], tuple[Figure, ...]]]" = {
    Form.COUNT: _answer_cells,
    Form.CELLS: _answer_cells,
    Form.SUM: _answer_cells,
    Form.MEAN: _answer_mean,
    Form.QUANTILES: _answer_quantiles,
}

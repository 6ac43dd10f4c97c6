"""How well estimators do by epsilon, on tables that are nobody's secret: made up from the declared schema, or
public. Free of charge: no private record is read.

A large table is stood in for by a small one with the same relation of signal to noise. A sum over n records
with noise of standard deviation sigma says as much as one over m records with noise sigma m / n, so m records
are trained at the guarantee whose noise is m / n times as large: mu n / m of Gaussian DP (full-batch Gaussian
mechanisms: exact in the noise; sampled ones: nearly), epsilon n / m of pure DP. What the small table cannot
show is that more records also say more: real results are rather better. At most `MOST_SCALING` times as many
records are stood in for; a larger table is told as one of that size.

Draws and noise repeat (fixed seeds): the same declarations give the same curve. Noise that repeats protects
nobody, and nobody is in these tables; the models are thrown away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import TestEntropy
from ppdesk.core.said import said
from ppdesk.privacy.gaussian_dp import epsilon_of_mu, gaussian_mu
from ppdesk.train.advice.standin import Drawn, Truth
from ppdesk.train.offers import Task, offer
from ppdesk.train.schema import Classes, Quantity, Schema, Target

Floats = npt.NDArray[np.float64]
Tick = Callable[[float], None]

EPSILONS = (0.5, 1.0, 2.0, 4.0, 8.0)
MOST_SCALING = 20
_CELLS = 40_000  # records times columns of one made-up table
_LEAST, _MOST = 1_000, 2_500
_TEST = 4_000
_WEAKEST_MU, _WEAKEST_EPSILON = 6.0, 60.0
_TWO = 2
MEASURES = {
    Task.BINARY: "AUROC",
    Task.CLASSES: said("AUROC, mean of the classes"),
    Task.QUANTITY: "R²",
}
CURVED = tuple(MEASURES)  # kinds of target of which there is a curve


class Source(Protocol):
    """Where the tables of a curve come from."""

    @property
    def words(self) -> str: ...
    def split(self, place: int, rows: int) -> tuple[Drawn, Drawn]:
        """(about `rows` records to train on, others to test on) of repetition `place`."""
        ...


@dataclass(frozen=True)
class StandIn:
    """Tables made up from the schema."""

    schema: Schema
    target: Target
    positive: float = 0.25

    @property
    def words(self) -> str:
        return said("tables made up from the declared columns")

    def split(self, place: int, rows: int) -> tuple[Drawn, Drawn]:
        truth = Truth(self.schema, self.target, self.positive, place)
        return truth.draw(rows, 0), truth.draw(_TEST, 1)


@dataclass(frozen=True)
class Public:
    """Random parts of a public table: `columns` as an estimator takes them, `target`, (n,)."""

    columns: Mapping[str, Any]
    target: Any

    @property
    def words(self) -> str:
        return said("a public table")

    def split(self, place: int, rows: int) -> tuple[Drawn, Drawn]:
        count = len(self.target)
        order = np.random.default_rng(place).permutation(count)
        train = order[: min(rows, count * 4 // 5)]
        test = order[len(train) : len(train) + _TEST]
        return self._part(train), self._part(test)

    def _part(self, places: npt.NDArray[np.int64]) -> Drawn:
        cut = {
            name: one[places] if isinstance(one, np.ndarray) else one.take(places)
            for name, one in self.columns.items()
        }
        return Drawn(cut, np.asarray(self.target, dtype=object)[places], np.zeros(0))


@dataclass(frozen=True)
class Point:
    """At one epsilon: mean and standard deviation over the repetitions, and the share of right answers
    (classes) or the mean error in the target's unit (a number)."""

    epsilon: float
    mean: float
    sd: float
    second: float


@dataclass(frozen=True)
class Line:
    """One estimator."""

    key: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Curve:
    """`ceiling`: the additive model without privacy. `rows`: the size that is told; `drawn`: the records it
    was found out on; `scaling`: rows / drawn, by which the noise was made smaller. `least`: what answering
    without looking at any column is worth."""

    measure: str
    lines: tuple[Line, ...]
    ceiling: float
    ceiling_sd: float
    rows: int
    drawn: int
    scaling: float
    repetitions: int
    least: float
    source: str

    def line(self, key: str) -> Line | None:
        return next((one for one in self.lines if one.key == key), None)


def usual(task: Task, *, pure: bool = False) -> tuple[str, ...]:
    """The estimators of a curve where nobody names some: the default, and one to
    compare it with; both are quick."""
    if task is Task.QUANTITY:
        return ("additive", "linear")
    if pure and task is Task.BINARY:
        return ("objective-perturbation",)
    return ("additive", "ebm")


def drawn_rows(schema: Schema, rows: int) -> int:
    """How many records a made-up table has that stands in for `rows`."""
    return min(rows, max(_LEAST, min(_MOST, _CELLS // len(schema.columns))))


def simulate(
    source: Source,
    schema: Schema,
    target: Target,
    *,
    keys: Sequence[str],
    rows: int,
    epsilons: Sequence[float] = EPSILONS,
    delta: float = 1e-6,
    repetitions: int = 2,
    tick: Tick = lambda _: None,
) -> Curve:
    """The curve of the estimators `keys` for a table of about `rows` records. `tick` is called with the
    share done between fits and may raise to stop. ValueError for a target without a measure."""
    task = _task(target)
    pairs = [source.split(place, drawn_rows(schema, rows)) for place in range(repetitions)]
    drawn = len(pairs[0][0].target)
    told = min(rows, drawn * MOST_SCALING)
    scaling = max(1.0, told / drawn)
    work = repetitions * (1 + len(keys) * len(epsilons))
    done = 0
    ceilings = []
    for train, test in pairs:
        tick(done / work)
        done += 1
        made = offer("additive").load(task)(schema=schema, target=target, entropy=TestEntropy(0))
        twin = made.fit_twin(_with(train, target))
        ceilings.append(_measured(_predicted(twin, test, schema), test.target, target)[0])
    lines = []
    for key in keys:
        points: list[Point] = []
        seen: dict[float, Point] = {}  # what is asked for in place of epsilon -> the point
        for epsilon in epsilons:
            own = 0.0 if offer(key).delta_zero else delta
            asked = stretched(epsilon, own, scaling)
            if asked not in seen:
                found = []
                for place, (train, test) in enumerate(pairs):
                    tick((done + place) / work)
                    model = _fitted(key, task, train, schema, target, (asked, own), place)
                    found.append(_measured(_predicted(model, test, schema), test.target, target))
                values, second = np.array([one[0] for one in found]), [one[1] for one in found]
                seen[asked] = Point(epsilon, float(values.mean()), _spread(values), float(np.mean(second)))
            done += repetitions
            points.append(replace(seen[asked], epsilon=epsilon))
        lines.append(Line(key, tuple(points)))
    return Curve(
        measure=MEASURES[task],
        lines=tuple(lines),
        ceiling=float(np.mean(ceilings)),
        ceiling_sd=_spread(np.array(ceilings)),
        rows=told,
        drawn=drawn,
        scaling=scaling,
        repetitions=repetitions,
        least=0.0 if task is Task.QUANTITY else 0.5,
        source=source.words,
    )


@dataclass(frozen=True)
class Tried:
    """How one estimator with some settings did: its measure, mean and standard deviation."""

    mean: float
    sd: float


def compare(
    source: Source,
    schema: Schema,
    target: Target,
    *,
    candidates: Sequence[tuple[str, Mapping[str, Any]]],
    rows: int,
    drawn: int,
    epsilon: float,
    delta: float,
    repetitions: int,
    tick: Tick = lambda _: None,
) -> tuple[tuple[Tried, ...], float]:
    """How (estimator, settings) do at one guarantee for a table of about `rows` records, on `drawn` of them,
    and by how much the noise was made smaller. The same parts for all, so that they can be compared."""
    task = _task(target)
    pairs = [source.split(place, drawn) for place in range(repetitions)]
    scaling = max(1.0, min(rows, drawn * MOST_SCALING) / max(1, len(pairs[0][0].target)))
    found = []
    for at, (key, settings) in enumerate(candidates):
        own = 0.0 if offer(key).delta_zero else delta
        asked = (stretched(epsilon, own, scaling), own)
        values = []
        for place, (train, test) in enumerate(pairs):
            tick((at * repetitions + place) / (repetitions * len(candidates)))
            model = _fitted(key, task, train, schema, target, asked, place, **settings)
            values.append(_measured(_predicted(model, test, schema), test.target, target)[0])
        found.append(Tried(float(np.mean(values)), _spread(np.array(values))))
    return tuple(found), scaling


def stretched(epsilon: float, delta: float, scaling: float) -> float:
    """The epsilon whose noise is `scaling` times smaller. See the head of this file."""
    if scaling == 1:
        return epsilon
    if delta == 0:
        return max(epsilon, min(epsilon * scaling, _WEAKEST_EPSILON))
    mu = gaussian_mu(epsilon, delta)
    return epsilon_of_mu(max(mu, min(mu * scaling, _WEAKEST_MU)), delta)


def _fitted(  # noqa: PLR0917 - what a fit is, in one place
    key: str,
    task: Task,
    train: Drawn,
    schema: Schema,
    target: Target,
    asked: tuple[float, float],
    place: int,
    **settings: Any,
) -> Any:
    chosen = offer(key)
    made = chosen.load(task)(
        schema=schema,
        target=target,
        epsilon=asked[0],
        delta=asked[1],
        neighbours=chosen.relations[0].value,
        rows=len(train.target),
        entropy=TestEntropy(1000 * place + 1),
        **settings,
    )
    made.fit(_with(train, target))
    return made.fitted_


def _with(part: Drawn, target: Target) -> dict[str, Any]:
    return {**part.columns, target.name: part.target}


def _predicted(model: Any, test: Drawn, schema: Schema) -> Floats:
    from ppdesk.train.records import Records

    return np.asarray(model.predict(Records.read(test.columns, schema)), dtype=np.float64)


def _measured(predicted: Floats, actual: Any, target: Target) -> tuple[float, float]:
    """(AUROC or R^2, accuracy or mean error)."""
    if isinstance(target, Quantity):
        values = np.asarray(actual, dtype=np.float64)
        left = float(((values - predicted) ** 2).sum())
        whole = float(((values - values.mean()) ** 2).sum())
        return 1 - left / max(whole, 1e-300), float(np.abs(values - predicted).mean())
    places = {value: place for place, value in enumerate(target.values)}
    codes = np.array([places.get(str(one), -1) for one in actual])
    known = codes >= 0
    predicted, codes = predicted[known], codes[known]
    wanted = (1,) if target.binary else range(len(target.values))
    scores = [_auroc(predicted[:, one], codes == one) for one in wanted]
    return float(np.mean(scores)), float((predicted.argmax(axis=1) == codes).mean())


def _auroc(score: Floats, positive: npt.NDArray[np.bool_]) -> float:
    from scipy.stats import rankdata

    many = int(positive.sum())
    few = positive.size - many
    if not many or not few:
        return 0.5
    ranks = rankdata(score)
    return float((ranks[positive].sum() - many * (many + 1) / 2) / (many * few))


def _spread(values: Floats) -> float:
    return float(values.std(ddof=1)) if values.size > 1 else 0.0


def _task(target: Target) -> Task:
    if isinstance(target, Quantity):
        return Task.QUANTITY
    assert isinstance(target, Classes)  # noqa: S101 - the only other
    return Task.BINARY if len(target.values) == _TWO else Task.CLASSES

"""The noise itself, statistics, synthetic records' measurements, SafePub, and the best of several runs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess.auditing.auditable import Auditable, Draws, Pair, Released, Tick, one_by_one
from ppdesk.assess.auditing.space import Floats, Space
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.cells import Categories
from ppdesk.privacy.events import Gaussian, NegativeBinomialTrials, Neighbours, ZeroConcentrated
from ppdesk.privacy.noise import noise_of
from ppdesk.privacy.statistics.plan import Bounds
from ppdesk.workflow.evaluation.auditables.claims import Wanted, plain, with_curve

if TYPE_CHECKING:
    import pyarrow as pa

_NAN = float("nan")
DECLARED: Mapping[str, Categories | Bounds] = {
    "age": Bounds("age", 0.0, 10.0),
    "kind": Categories("kind", ("a", "b")),
}
QUESTIONS = (
    "count", "count by kind", "sum age", "mean age", "median age", "histogram age 0 4 7 10", "table kind",
)  # fmt: skip
_COLUMNS = ((0.0, 10.0, 5.0, _NAN, 1e6), (0.0, 1.0, 2.0))
_KINDS = ("a", "b", "neither")


def table_of(rows: Floats) -> "pa.Table":
    """The made-up rows (n, 2), numbers and kinds, as a table of text, as Import makes it."""
    import pyarrow as pa

    ages = [None if np.isnan(one) else f"{one:.0f}" for one in rows[:, 0]]
    return pa.table(
        {
            "age": pa.array(ages, pa.string()),
            "kind": pa.array([_KINDS[int(one)] for one in rows[:, 1]], pa.string()),
        }
    )


def noises(wanted: Wanted) -> list[Auditable]:
    """The mechanisms of `privacy.noise` on whole numbers, and the bulk Gaussian of training on its grid. The
    relation is that of the numbers: L1, L2 or largest change of 1."""
    epsilon, rho = wanted.epsilon, wanted.epsilon**2 / 16
    pure = Wanted(epsilon, 0.0, wanted.neighbours)
    return [
        _whole("laplace", "Discrete Laplace noise", plain(pure), lambda n, v: n.laplace(v, 1, epsilon)),
        _whole(
            "gaussian", "Discrete Gaussian noise", _concentrated(rho, wanted),
            lambda n, v: n.gaussian(v, 1, rho),
        ),
        _choice("highest", "Choice of the highest", plain(pure), lambda n, v: n.highest(v, 1, epsilon)),
        _choice(
            "highest-concentrated", "Choice of the highest, zCDP", _concentrated(rho, wanted),
            lambda n, v: n.highest_concentrated(v, 1, rho),
        ),
        _bulk(wanted),
    ]  # fmt: skip


def _concentrated(rho: float, wanted: Wanted) -> Any:
    from ppdesk.privacy.calibration import epsilon_of

    delta = 0.01
    event = ZeroConcentrated(rho, wanted.neighbours)
    return with_curve(Wanted(epsilon_of(event, delta), delta, wanted.neighbours), event)


def _whole(key: str, title: str, claim: Any, add: Callable[[Any, Any], Any]) -> Auditable:
    def draw(value: Any, runs: int, entropy: Entropy, tick: Tick) -> Draws:
        tick()
        # one number in each run: the noise of each is its own
        noisy = add(noise_of(entropy), np.full(runs, int(value), dtype=np.int64))
        return Draws(("figure",), noisy.astype(np.float64)[:, None])

    pairs = (Pair("5 and 6", 5, 6), Pair("0 and 1", 0, 1), Pair("0 and -1", 0, -1))
    return Auditable(key, title, claim, pairs, draw, cost=0.02)


def _choice(key: str, title: str, claim: Any, choose: Callable[[Any, Any], int]) -> Auditable:
    def run(scores: Any, entropy: Entropy) -> Released:
        return {"place": float(choose(noise_of(entropy), np.array(scores, dtype=np.int64)))}

    pairs = (
        Pair("(1, 0) and (0, 1)", (1, 0), (0, 1)),
        Pair("(2, 0, 0) and (1, 1, 1)", (2, 0, 0), (1, 1, 1)),
        Pair("(1, 1, 0) and (0, 0, 1)", (1, 1, 0), (0, 0, 1)),
    )
    return Auditable(key, title, claim, pairs, one_by_one(run), cost=0.1)


def _bulk(wanted: Wanted) -> Auditable:
    from ppdesk.privacy.calibration import gaussian_mu
    from ppdesk.privacy.gaussian.grid import Grid
    from ppdesk.privacy.gaussian.source import GaussianSource

    noise = 1 / gaussian_mu(wanted.epsilon, wanted.delta)
    grid = Grid(1.0)

    def draw(vector: Any, runs: int, entropy: Entropy, tick: Tick) -> Draws:
        tick()
        size = len(vector)
        steps = np.tile(grid.put(np.array(vector)), runs)
        drawn = GaussianSource(entropy).draw(grid.scale(size, noise), steps.size)
        return Draws(tuple(map(str, range(size))), grid.back(steps + drawn).reshape(runs, size))

    pairs = (
        Pair("(0, 0) and (0.6, 0.8)", (0.0, 0.0), (0.6, 0.8)),
        Pair("(0, 0) and (1, 0)", (0.0, 0.0), (1.0, 0.0)),
    )
    claim = with_curve(wanted, Gaussian(noise, wanted.neighbours))
    return Auditable(
        "gaussian-grid", "Gaussian noise on a grid, as training draws it", claim, pairs, draw, cost=0.1
    )


def statistics(questions: Sequence[str], wanted: Wanted, name: str = "statistics") -> Auditable:
    """The statistics of `opendp`, all in one release. Neighbours replace records; `group` of one person."""
    from ppdesk.privacy.statistics.measure import answer
    from ppdesk.privacy.statistics.plan import plan
    from ppdesk.privacy.statistics.questions import read

    planned = plan([read(one) for one in questions], DECLARED, wanted.epsilon, wanted.group)

    def run(rows: Any, entropy: Entropy) -> Released:
        noise, table = noise_of(entropy), table_of(rows)
        found: dict[str, float] = {}
        for one in planned:
            for figure in answer(one, table, DecimalMark.POINT, noise):
                key = f"{one.question.text} {figure.labels}"
                for end, value in ("", figure.value), (" low", figure.low), (" high", figure.high):
                    if value is not None:
                        found[key + end] = float(value)
        return found

    space = Space(_COLUMNS, replace=True, group=wanted.group)
    # records that only come or only go are neighbours here, too
    added = Space(_COLUMNS, group=wanted.group)
    pairs = tuple(one for two in zip(space.pairs(), added.pairs(), strict=True) for one in two)
    replaced = Wanted(wanted.epsilon, 0.0, Neighbours.REPLACE_ONE, wanted.group, wanted.own)
    title = "Statistics: " + "; ".join(questions)
    return Auditable(
        f"{name}-{wanted.name}", title, plain(replaced), pairs, one_by_one(run),
        cost=0.5 + 0.8 * len(questions), propose=space.propose, move=space.move, note=f"At {replaced.words}.",
    )  # fmt: skip


def synthetic(wanted: Wanted) -> Auditable:
    """What MST measures; the records that are drawn follow from it."""
    from ppdesk.privacy.synthetic import mst

    sizes = [3, 3, 2]

    def run(rows: Any, entropy: Entropy) -> Released:
        codes = [np.ascontiguousarray(rows[:, place], dtype=np.int64) for place in range(3)]
        measured = mst.measure(
            codes, sizes, noise_of(entropy), epsilon=wanted.epsilon, delta=wanted.delta, group=wanted.group
        )
        found = {f"one.{i}.{j}": float(v) for i, one in enumerate(measured.one) for j, v in enumerate(one)}
        for edge, two in measured.two.items():
            found.update({f"two.{edge}.{j}": float(v) for j, v in enumerate(two.ravel())})
        return found

    space = Space(((0.0, 2.0, 1.0), (0.0, 2.0, 1.0), (0.0, 1.0)), replace=True, group=wanted.group)
    replaced = Wanted(wanted.epsilon, wanted.delta, Neighbours.REPLACE_ONE, wanted.group, wanted.own)
    claim = plain(replaced)
    if wanted.delta > 0:
        from ppdesk.privacy.conversions import rho_of

        claim = with_curve(
            replaced, ZeroConcentrated(rho_of(wanted.epsilon, wanted.delta), Neighbours.REPLACE_ONE)
        )
    return Auditable(
        f"synthetic-{wanted.name}", "Measurements for synthetic records (MST)", claim, space.pairs(),
        one_by_one(run), cost=1.0, propose=space.propose, move=space.move, note=f"At {replaced.words}.",
    )  # fmt: skip


def safepub(wanted: Wanted, *, as_arx: bool = False) -> Auditable:
    """SafePub on one class of records: how many of it are released. Neighbours by adding one record. The
    worst classes are those just below and at the least size that can show."""
    from ppdesk.anonymize.hierarchies import Hierarchy
    from ppdesk.anonymize.populations import safepub as engine

    plan = engine.plan(wanted.epsilon, wanted.delta, as_arx=as_arx)
    hierarchy = Hierarchy.of_rows("kind", (("a", "*"), ("b", "*")))

    def run(records: Any, entropy: Entropy) -> Released:
        import pyarrow as pa

        table = pa.table({"kind": pa.array(["a"] * int(records[0]) + ["b"] * int(records[1]), pa.string())})
        made = engine.release(table, [hierarchy], (0,), plan, entropy).column("kind").to_pylist()
        return {"a": float(made.count("a")), "b": float(made.count("b"))}

    pairs = tuple(
        Pair(f"{m:,} and {m + 1:,} records of one class", (m, 0), (m + 1, 0))
        for m in (plan.k - 1, plan.k, 2 * plan.k, plan.k + plan.k // 2)
    )
    added = Wanted(wanted.epsilon, wanted.delta, Neighbours.ADD_REMOVE, 1, wanted.own)
    return Auditable(
        f"safepub-{added.name}", "SafePub", plain(added), pairs, one_by_one(run), cost=1.0,
        note=f"At {added.words}.",
    )  # fmt: skip


def tuning(wanted: Wanted) -> Auditable:
    """The best of a random number of runs of a noisy count, kept by its own noisy value."""
    from ppdesk.privacy.tuning import draw, tuned_pure

    trials = NegativeBinomialTrials(1.0, 0.2)
    each = wanted.epsilon / 3

    def run(count: Any, entropy: Entropy) -> Released:
        runs = draw(trials, entropy)
        noisy = noise_of(entropy).laplace(np.full(runs, int(count), dtype=np.int64), 1, each)
        return {"best": float(noisy.max())}

    claim = plain(Wanted(tuned_pure(each, trials), 0.0, wanted.neighbours))
    pairs = (Pair("5 and 6", 5, 6),)
    return Auditable("tuning", "The best of a random number of runs", claim, pairs, one_by_one(run), cost=0.2)

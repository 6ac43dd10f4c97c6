"""DP-EBM: what one record can change, how much noise there is, and that it learns."""

import math

import numpy as np
import pytest

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.calibration import epsilon_of_mu, gaussian_mu
from ppdesk.privacy.events import Gaussian, ImpossibleCostError, Neighbours
from ppdesk.train import formats
from ppdesk.train.additive.kernel import CLIP, IDENTITY, LOGISTIC, SOFTMAX
from ppdesk.train.ebm import engine
from ppdesk.train.ebm.bins import CELLS, cells, cells_of, join
from ppdesk.train.ebm.boosting import cycle
from ppdesk.train.ebm.estimator import EbmClassifier, EbmRegressor
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema(
    (Numeric("age", 0, 100), Numeric("gain", 0, 1e5, log=True), Categorical("job", ("a", "b", "c")))
)
TWO, THREE, NUMBER = Classes("y", ("0", "1"), "1"), Classes("y", ("0", "1", "2")), Quantity("y", 1000, 1010)


def table(rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    source = np.random.default_rng(seed)
    age = source.uniform(0, 100, rows)
    age[::17] = np.nan
    gain = np.where(source.random(rows) < 0.7, 0.0, np.exp(source.normal(8, 1, rows)))
    return {"age": age, "gain": gain, "job": source.choice(["a", "b", "c", "?"], rows)}


def signal(columns: dict[str, np.ndarray]) -> np.ndarray:
    return np.nan_to_num(columns["age"], nan=50) / 40 + (columns["gain"] > 0) + (columns["job"] == "b")


@pytest.mark.parametrize(
    ("kind", "outputs", "clip"), [(LOGISTIC, 1, 1.0), (IDENTITY, 1, 1.0), (SOFTMAX, 3, math.sqrt(2))]
)
def test_one_record_moves_each_sum_by_its_length_at_most(kind, outputs, clip):
    """Brute force: every record is taken out in turn, at wild scores too. With rates of 1 and no noise the
    moves are the sums themselves."""
    source = np.random.default_rng(3)
    rows, features, leaves = 40, 3, 2
    codes = source.integers(0, 4, (features, rows)).astype(np.uint16)
    y = source.integers(0, max(2, outputs), rows).astype(np.float64)
    score = source.normal(0, 50, (rows, outputs))
    score[0] = np.nan
    score[1] = np.inf
    leaf = np.tile(np.array([0, 1, 1, 0]), (features, 1))

    def sums(keep: np.ndarray) -> np.ndarray:
        tables = np.zeros((1, 4, outputs))
        cycle(
            kind,
            np.ascontiguousarray(codes[:1, keep]),
            y[keep],
            clip,
            leaf[:1],
            np.zeros((1, leaves, outputs), np.int64),
            np.full((1, leaves), 1.0),
            score[keep].copy(),
            np.zeros((4, outputs)),
            -1,
            tables,
        )
        return tables[0, :2] / clip  # one bin of each leaf

    everyone = np.ones(rows, dtype=bool)
    whole = sums(everyone)
    lengths = []
    for place in range(rows):
        fewer = everyone.copy()
        fewer[place] = False
        lengths.append(np.linalg.norm(whole - sums(fewer)))
    assert max(lengths) <= 1 + 1e-9
    assert max(lengths) > 0.5


def test_sums_are_whole_numbers_and_carry_the_noise_that_is_handed_over():
    codes = np.zeros((1, 5), np.uint16)
    tables = np.zeros((1, 1, 1))
    noise = np.array([[[12345]]], dtype=np.int64)
    cycle(LOGISTIC, codes, np.ones(5), 1.0, np.zeros((1, 1), np.int64), noise, np.ones((1, 1)),
          np.zeros((5, 1)), np.zeros((1, 1)), -1, tables)  # fmt: skip
    assert tables[0, 0, 0] * -CLIP == 5 * -(CLIP // 2) + 12345


@pytest.mark.parametrize("neighbours", list(Neighbours))
@pytest.mark.parametrize("group", [1, 3])
def test_the_noise_drawn_is_the_noise_claimed(neighbours, group, monkeypatch):
    """All scales that are drawn, put together for the neighbours that were asked for, keep the claimed mu."""
    asked = Asked(1.0, 1e-5, neighbours, group)
    drawn: list[tuple[float, tuple[int, ...]]] = []
    real = engine._draw

    def watched(noise, scale, shape):
        drawn.append((scale, shape))
        return real(noise, scale, shape)

    monkeypatch.setattr(engine, "_draw", watched)
    records = Records.read(table(50), SCHEMA)
    options = engine.Options(rounds=7)
    done = engine.fit(records, np.zeros(50, np.int32), asked, TWO, options=options,
                      entropy=SystemEntropy(), tick=lambda: None)  # fmt: skip
    length = CLIP * group * (2 if neighbours is Neighbours.REPLACE_ONE else 1)
    queries = [scale for scale, shape in drawn if len(shape) == 1]  # one vector of counts for each feature
    queries += [scale for scale, shape in drawn if len(shape) == 3 for _ in range(shape[0])]
    assert len(queries) == 3 + 7 * 3
    squared = math.fsum((length / scale) ** 2 for scale in queries)
    assert isinstance(done.event, Gaussian)
    assert squared <= (1 / done.event.noise_multiplier) ** 2 * (1 + 1e-9)
    assert epsilon_of_mu(math.sqrt(squared), 1e-5) <= 1.0
    assert done.event.noise_multiplier * gaussian_mu(1.0, 1e-5) == pytest.approx(1.0, rel=1e-3)
    assert done.event == engine.cost(asked, SCHEMA, TWO, options)


def test_bins_follow_from_noisy_counts_alone():
    column = SCHEMA.columns[0]
    noisy = np.zeros(CELLS + 1)
    noisy[:4] = 1000.0
    bins = join(column, noisy, 5.0, 32)
    assert bins.count == len(bins.edges) + 2
    assert bins.weights.sum() == 4000.0
    assert (np.diff(bins.of_cell[:CELLS]) >= 0).all()
    # a value's bin by its edges is that of its cell
    values = np.linspace(0, 100, 997)
    places = np.searchsorted(bins.edges, values, side="right")
    np.testing.assert_array_equal(places, bins.of_cell[cells(values, column)])
    assert cells_of(column) == CELLS + 1


def test_a_table_without_records_or_with_one_class_is_no_exception():
    for rows in (0, 1, 5):
        columns = table(rows)
        model = EbmClassifier(schema=SCHEMA, target=TWO, rounds=5).fit(columns, np.zeros(rows, int))
        assert np.isfinite(model.predict_proba(table(9))).all()


def test_learns_two_classes_three_and_a_number():
    columns = table(6000)
    score = signal(columns)
    two = EbmClassifier(schema=SCHEMA, target=TWO, epsilon=2.0, rounds=60).fit(
        columns, (score > 1.7).astype(int).astype(str)
    )
    assert two.score(columns, (score > 1.7).astype(int).astype(str)) > 0.85
    y = np.digitize(score, [1.2, 2.2]).astype(str)
    three = EbmClassifier(schema=SCHEMA, target=THREE, epsilon=3.0, rounds=60).fit(columns, y)
    assert three.score(columns, y) > 0.75
    number = EbmRegressor(schema=SCHEMA, target=NUMBER, epsilon=2.0, rounds=60).fit(columns, 1001 + 2 * score)
    assert number.score(columns, 1001 + 2 * score) > 0.85
    for model in (two, three, number):
        written = model.fitted_.to_json()
        assert model.fitted_.estimator == "ebm"
        assert formats.read(written).to_json() == written
        assert len(model.fitted_.shapes()) == 3


def test_the_test_mode_repeats_and_a_twin_has_no_noise():
    columns = table(500)
    y = (signal(columns) > 1.7).astype(int)
    made = [
        EbmClassifier(schema=SCHEMA, target=TWO, rounds=10, entropy=TestEntropy(1)).fit(columns, y)
        for _ in range(2)
    ]
    assert made[0].fitted_.to_json() == made[1].fitted_.to_json()
    assert made[0].fitted_.privacy["private"] is False
    twin = made[0].fit_twin(columns, y)
    assert twin.privacy["private"] is False
    assert (twin.predict(Records.read(columns, SCHEMA)).argmax(axis=1) == y.astype(int)).mean() > 0.85


def test_what_cannot_be_kept_is_refused():
    columns, y = table(10), np.zeros(10, int)
    for wrong in ({"rounds": 0}, {"learning_rate": 0.0}, {"max_bins": 1}, {"count_share": 1.0}):
        with pytest.raises(UnsuitableGuaranteeError):
            EbmClassifier(schema=SCHEMA, target=TWO, **wrong).fit(columns, y)
    with pytest.raises(ImpossibleCostError):
        EbmClassifier(schema=SCHEMA, target=TWO, delta=0.0).fit(columns, y)


def test_does_at_least_as_well_as_interpretml():
    """The peer with the same learning rate and declared bounds, on the same made-up table."""
    from interpret.privacy import DPExplainableBoostingClassifier
    from sklearn.metrics import roc_auc_score

    columns = {
        name: np.nan_to_num(one, nan=50.0) if name != "job" else one for name, one in table(4000).items()
    }
    odds = 2 * (signal(columns) - 1.7)
    y = (np.random.default_rng(5).random(4000) < 1 / (1 + np.exp(-odds))).astype(int)
    ours = EbmClassifier(schema=SCHEMA, target=TWO, epsilon=0.5, rounds=100).fit(columns, y)
    peer = DPExplainableBoostingClassifier(
        feature_names=["age", "gain", "job"],
        feature_types=["continuous", "continuous", "nominal"],
        privacy_bounds={"age": (0, 100), "gain": (0, 1e5)},
        epsilon=0.5,
        delta=1e-5,
        learning_rate=0.2,
        max_rounds=100,
        n_jobs=1,
    )
    matrix = np.array([columns["age"], columns["gain"], columns["job"]], dtype=object).T
    peer.fit(matrix, y)
    mine = roc_auc_score(y, ours.predict_proba(columns)[:, 1])
    theirs = roc_auc_score(y, peer.predict_proba(matrix)[:, 1])
    assert mine > theirs - 0.02

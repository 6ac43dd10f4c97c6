"""Noisy histograms: density, anomaly scores and a noisy threshold."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Asked
from ppdesk.train.histogram.cells import Cells, pairs_of
from ppdesk.train.histogram.counts import Counts, count_columns, count_pairs
from ppdesk.train.histogram.density import estimated
from ppdesk.train.histogram.estimator import DpHistogram
from ppdesk.train.histogram.fit import Options, cost, fit, fit_twin
from ppdesk.train.histogram.model import HistogramModel
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Numeric, Schema

SCHEMA = Schema((Numeric("x", 0.0, 1.0), Categorical("c", ("a", "b")), Numeric("z", 0.0, 99.0, log=True)))


def quiet() -> None:
    """No one stops."""


def drawn(rows: int, seed: int) -> Records:
    source = np.random.default_rng(seed)
    x = np.where(source.random(rows) < 0.1, np.nan, source.random(rows))
    return Records(SCHEMA, (x, source.integers(0, 3, rows).astype(np.int32), source.exponential(5, rows)))


def related(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(seed)
    common = source.normal(0, 0.35, (rows, 1))
    x = common + source.normal(0, 0.06, (rows, 4))
    strange = np.arange(rows) < 0.03 * rows
    x[strange] = source.normal(0, 0.35, (int(strange.sum()), 4))
    return np.clip(x, -1, 1), strange


def test_a_record_is_in_one_cell_of_each_histogram() -> None:
    records, cells = drawn(60, 1), Cells(SCHEMA, 4)
    codes = cells.codes(records)
    whole = [one.values for one in count_columns(codes, cells, None)]
    joint = {key: one.values for key, one in count_pairs(codes, cells, None, quiet).items()}
    assert list(joint) == pairs_of(3)
    for gone in range(60):
        left = cells.codes(records.take(np.delete(np.arange(60), gone)))
        for before, after in zip(whole, count_columns(left, cells, None), strict=True):
            assert np.abs(before - after.values).sum() == 1
        for key, after in count_pairs(left, cells, None, quiet).items():
            assert np.abs(joint[key] - after.values).sum() == 1


@pytest.mark.parametrize(
    ("rows", "epsilon", "least"), [(1_000, 1.0, 0.75), (5_000, 1.0, 0.85), (30_000, 1.0, 0.95)]
)
def test_strange_records_have_high_scores_and_the_asked_share_is_flagged(
    rows: int, epsilon: float, least: float
) -> None:
    areas, flagged = [], []
    for seed in range(4):
        x, strange = related(rows, seed)
        model = DpHistogram(
            schema=(-1.0, 1.0), contamination=0.05, epsilon=epsilon, entropy=TestEntropy(seed)
        )
        model.fit(x)
        areas.append(roc_auc_score(strange, -model.score_samples(x)))
        flagged.append(np.mean(model.predict(x) == -1))
    assert np.mean(areas) > least
    assert np.mean(flagged) == pytest.approx(0.05, abs=0.04 if rows == 1_000 else 0.015)


def test_chances_add_up_to_one_over_all_records() -> None:
    x, _ = related(3_000, 1)
    schema = Schema((Numeric("a", -1.0, 1.0), Numeric("b", -1.0, 1.0), Categorical("c", ("u",))))
    records = Records(schema, (x[:, 0], x[:, 1], np.zeros(3_000, np.int32)))
    for options in (Options(bins=5, pairs=True), Options(bins=5, pairs=False)):
        made = fit(records, None, Asked(2.0, 1e-5), None, options=options, entropy=TestEntropy(1), tick=quiet)
        model = made.model
        assert isinstance(model, HistogramModel)
        grid = np.indices(model.cells.widths).reshape(3, -1)
        whole = np.exp(-model.scores_of(tuple(grid))).sum()
        # the pairs' own sums differ a little from the columns' noisy ones
        assert whole == pytest.approx(1.0, abs=0.15 if options.pairs else 1e-9)


def test_estimates_are_positive_and_near_the_count_where_it_is_large() -> None:
    found = estimated(Counts(np.array([-1e9, -100.0, -5.0, 0.0, 5.0, 100.0, 1e9]), 5.0))
    assert (found > 0).all()
    assert (np.diff(found) >= 0).all()
    assert found[3] == pytest.approx(5.0 * np.sqrt(2 / np.pi))
    assert found[5] == pytest.approx(100.0)
    assert estimated(Counts(np.array([0.0, 3.0]), 0.0)).tolist() == [0.5, 3.5]


def test_density_is_per_unit_of_the_columns() -> None:
    source = np.random.default_rng(1)
    schema = Schema((Numeric("x", 0.0, 10.0),))
    records = Records(schema, (source.uniform(0, 10, 20_000),))
    model = fit_twin(records, options=Options(bins=8), entropy=TestEntropy(1), tick=quiet)
    np.testing.assert_allclose(np.exp(model.log_density(records)), 0.1, rtol=0.1)
    assert model.privacy["private"] is False
    assert np.mean(model.flagged(records)) < 0.3


def test_json_costs_and_odd_tables() -> None:
    asked = Asked(1.0, 1e-5, Neighbours.REPLACE_ONE, 2)
    for rows in (0, 1, 300):
        records = drawn(rows, 1)
        for pairs in (None, True, False):
            made = fit(
                records, None, asked, None, options=Options(pairs=pairs), entropy=TestEntropy(1), tick=quiet
            )
            model = made.model
            assert isinstance(model, HistogramModel)
            assert made.event == cost(asked, SCHEMA)
            assert np.isfinite(model.predict(records)).all()
            again = HistogramModel.from_json(model.to_json())
            np.testing.assert_array_equal(again.predict(records), model.predict(records))
            assert again.threshold == model.threshold
        assert np.isfinite(fit_twin(records, options=Options(), entropy=TestEntropy(1), tick=quiet).threshold)
    missing = Records(Schema((Numeric("x", 0.0, 1.0),)), (np.full(30, np.nan),))
    alone = fit(missing, None, Asked(8.0, 1e-5), None, options=Options(), entropy=TestEntropy(1), tick=quiet)
    assert alone.notes["pairs"] is False
    assert np.isfinite(alone.model.predict(missing)).all()
    text = model.to_json()
    for broken in (
        b"",
        text[:-2],
        text.replace(b'"single":[[', b'"single":[[0.5,'),
        text.replace(b'"single":[[', b'"single":[[-'),
    ):
        with pytest.raises(BadModelError):
            HistogramModel.from_json(broken)
    for options in ({"share": 0.0}, {"share": 1.0}, {"bins": 0}):
        with pytest.raises(ValueError, match="must be"):
            Options(**options)  # type: ignore[arg-type] # wrong on purpose

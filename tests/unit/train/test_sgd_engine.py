"""Training by DP-SGD end to end: what is charged, what does not depend on the data, resuming, persons."""

import json
import math
from functools import cache

import numpy as np
import pytest

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.calibration import epsilon_of, sampled_noise
from ppdesk.privacy.events import EpsilonDelta, Neighbours, PoissonSampled, Stated
from ppdesk.train.errors import BadModelError, UnansweredError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.formats import read
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd.charge import cost
from ppdesk.train.sgd.checkpoint import OtherRunError
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.engine import Watch, fit, fit_twin
from ppdesk.train.sgd.estimator import SgdLogisticClassifier, SgdLogisticRegressor
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.sampling import Sampler

SCHEMA = Schema((Numeric("x", -1, 1), Numeric("z", 0, 1e6, log=True), Categorical("c", ("a", "b"))))
TWO, THREE, AMOUNT = Classes("y", ("no", "yes")), Classes("y", ("p", "q", "r")), Quantity("y", 10, 30)
ASKED = Asked(2.0, 1e-5)
SMALL = Options(rows=400, steps=30, bins=8, policy="accuracy")


@pytest.fixture(autouse=True)
def remembered(monkeypatch):
    """The noise for about the same question is looked for once: less epsilon is more noise."""

    def noise(epsilon, *more):
        return _once(math.floor(epsilon * 1e4) / 1e4, *more)

    monkeypatch.setattr("ppdesk.train.sgd.charge.sampled_noise", noise)


_once = cache(sampled_noise)


def table(rows=400, seed=0):
    random = np.random.default_rng(seed)
    x, z, c = random.uniform(-1, 1, rows), np.expm1(random.uniform(0, 13, rows)), random.integers(0, 3, rows)
    return Records(SCHEMA, (x, z, c.astype(np.int32)))


def labels(records, target):
    x = records.values[0]
    if isinstance(target, Quantity):
        return 20 + 8 * x
    return (x > 0).astype(np.int32) if target.binary else np.digitize(x, (-0.4, 0.4)).astype(np.int32)


def trained(target=TWO, options=SMALL, records=None, entropy=None, **more):
    records = table() if records is None else records
    return fit(
        records,
        labels(records, target),
        more.pop("asked", ASKED),
        target,
        options=options,
        entropy=entropy or TestEntropy(1),
        tick=lambda: None,
        **more,
    )


def test_codes_and_numbers_are_one_hot_columns():
    records = Records(
        SCHEMA,
        (np.array([-1, 0, 1, np.nan]), np.array([0, 999999.0, 1e6, -5]), np.array([0, 1, 2, 0], np.int32)),
    )
    compact = Encoding(SCHEMA, 4).read(records)
    assert compact.codes.tolist() == [[0, 5, 10], [2, 8, 11], [3, 8, 12], [4, 5, 10]]
    assert compact.numbers.shape == (4, 0)
    compact = Encoding(SCHEMA, 0).read(records)
    assert compact.codes[:, 0].tolist() == [0, 1, 2, 0]
    assert compact.numbers[:, 0].tolist() == [-1, 0, 1, 0]
    assert compact.numbers[:, 1] == pytest.approx([-1, 1, 1, -1], abs=1e-5)


@pytest.mark.parametrize("key", ["sgd-logistic", "sgd-mlp"])
@pytest.mark.parametrize("target", [TWO, THREE, AMOUNT], ids=["two", "three", "amount"])
def test_it_learns_and_its_json_says_it_all(key, target):
    records = table(4000)
    hidden = (16,) if key == "sgd-mlp" else None
    options = Options(rows=4000, hidden=hidden, steps=150, rate=0.25, policy="accuracy")
    found = trained(target, options, records, asked=Asked(20.0, 1e-5), key=key)
    guess, truth = found.model.predict(records), labels(records, target)
    if isinstance(target, Quantity):
        assert np.abs(guess - truth).mean() < 2.5
    else:
        assert np.allclose(guess.sum(1), 1)
        assert (guess.argmax(1) == truth).mean() > 0.8
    again = read(found.model.to_json())
    assert np.array_equal(again.predict(records), guess)
    assert again.to_json() == found.model.to_json()
    assert found.model.privacy["private"] is False
    assert found.model.estimator == key


@pytest.mark.parametrize("neighbours", list(Neighbours))
@pytest.mark.parametrize("group", [1, 3])
def test_the_event_is_known_before_and_keeps_the_guarantee(neighbours, group):
    asked = Asked(1.5, 1e-5, neighbours, group)
    # all records in each step: the search for the noise is quick under every relation
    options = Options(rows=400, steps=30, bins=8, rate=1.0, policy="accuracy")
    planned = cost(asked, SCHEMA, TWO, options, key="sgd-logistic")
    assert trained(asked=asked, options=options).event == planned
    assert isinstance(planned, Stated)
    assert (planned.epsilon, planned.delta, planned.neighbours) == (1.5, 1e-5, neighbours)
    sampled = planned.event.event
    assert isinstance(sampled, PoissonSampled)
    assert sampled.group == group
    assert 1.4 < epsilon_of(planned, 1e-5) <= 1.5


def test_settings_do_not_depend_on_the_table():
    one, other = trained(records=table(1)).notes, trained(records=table(3000)).notes
    assert one == other
    for rows in (0, 1):
        model = trained(records=table(rows)).model
        assert np.isfinite(model.weights).all()
        assert model.weights.any()  # empty batches take noisy steps


def test_an_unknown_number_of_records_is_paid_for():
    options = Options(steps=5, policy="accuracy")
    found = trained(options=options, records=table(3000))
    assert not found.notes["rows_declared"]
    assert 0 < abs(found.notes["rows"] - 3000) < 500
    count, steps = found.event.event.events
    assert count.noise_multiplier == pytest.approx(1 / 0.1)
    assert epsilon_of(steps, 1e-5) <= 1.9
    assert cost(ASKED, SCHEMA, TWO, options, key="sgd-logistic") == EpsilonDelta(
        2.0, 1e-5, Neighbours.ADD_REMOVE
    )


def test_missing_and_huge_cells_are_cells():
    rows = 50
    missing = Records(SCHEMA, (np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, 2, np.int32)))
    huge = Records(SCHEMA, (np.full(rows, 1e308), np.full(rows, -np.inf), np.zeros(rows, np.int32)))
    for records in (missing, huge):
        for bins in (0, 8):
            options = Options(rows=50, steps=5, bins=bins, policy="accuracy")
            y = np.ones(rows, np.int32)
            found = fit(records, y, ASKED, TWO, options=options, entropy=TestEntropy(2), tick=lambda: None)
            assert np.isfinite(found.model.predict(records)).all()


def test_persons_are_drawn_whole_and_bounded():
    class Draws:
        def poisson_sample(self, count, rate):
            assert count == 3
            return np.array([0, 2])

        def permutation(self, count):
            return np.arange(count)[::-1]

    persons = np.array([7, 5, 7, 9, 7, 9, 5])
    rows = Sampler.of_persons(Draws(), persons, 2, 0.5).draw()
    assert sorted(rows.tolist()) == [1, 3, 5, 6]
    empty = Sampler.of_persons(Draws(), np.array([1, 2, 3]), 1, 0.5)
    assert sorted(empty.draw().tolist()) == [0, 2]
    by_person = trained(asked=Asked(2.0, 1e-5, group=3), persons=np.arange(400) // 3)
    assert by_person.event.event.event.group == 1
    assert by_person.notes["by_person"]


def test_a_state_resumes_and_steps_done_are_not_redone():
    states, seen, ticks = [], [], []
    watch = Watch(states.append, lambda *told: seen.append(told[0]), every=10)
    trained(watch=watch)
    assert [one["state"]["step"] for one in states] == [10, 20, 30]
    assert seen == list(range(1, 31))
    kept = json.loads(json.dumps(states[1]))
    records = table()
    found = fit(
        records, labels(records, TWO), ASKED, TWO, options=SMALL, entropy=TestEntropy(9),
        tick=lambda: ticks.append(1), resume=kept,
    )  # fmt: skip
    assert len(ticks) == 10
    assert found.event == trained().event
    done = fit(
        records, labels(records, TWO), ASKED, TWO, options=SMALL, entropy=TestEntropy(9),
        tick=lambda: ticks.append(1), resume=states[2],
    )  # fmt: skip
    assert np.array_equal(done.model.weights, trained().model.weights)
    assert len(ticks) == 10
    with pytest.raises(OtherRunError):
        trained(options=Options(rows=400, steps=31, bins=8, policy="accuracy"), resume=kept)


def test_progress_is_silent_until_the_state_is_kept():
    seen = []

    def fails(state):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(watch=Watch(fails, lambda *one: seen.append(one), every=10))
    assert not seen


def test_a_tick_that_raises_stops():
    def stop():
        raise KeyboardInterrupt

    records = table()
    with pytest.raises(KeyboardInterrupt):
        fit(records, labels(records, TWO), ASKED, TWO, options=SMALL, entropy=TestEntropy(1), tick=stop)


def test_the_twin_says_that_it_is_not_private():
    records = table(2000)
    more = {"options": Options(rows=2000), "entropy": SystemEntropy(), "tick": lambda: None}
    twin = fit_twin(records, labels(records, TWO), TWO, key="sgd-logistic", **more)
    assert twin.privacy == {"private": False}
    assert (twin.predict(records).argmax(1) == labels(records, TWO)).mean() > 0.95


def test_what_cannot_be_kept_is_refused():
    with pytest.raises(UnsuitableGuaranteeError):
        trained(asked=Asked(1.0, 0.0))
    for bad in ({"rate": 0.0}, {"steps": 0}, {"clip": -1.0}, {"momentum": 1.0}, {"device": "tpu"}):
        with pytest.raises(UnansweredError):
            Options(**bad)
    model = trained().model
    for bad in (
        b"",
        b"[]",
        b'{"format":"ppdesk-network-1"}',
        model.to_json().replace(b'"bins":8', b'"bins":9'),
    ):
        with pytest.raises(BadModelError):
            SgdModel.from_json(bad)


def test_the_estimators_fit_matrices():
    random = np.random.default_rng(1)
    matrix = random.uniform(-1, 1, (500, 3))
    classes = np.where(matrix[:, 0] > 0, "up", "down")
    model = SgdLogisticClassifier(
        schema=(-1, 1), target=["down", "up"], epsilon=8, rows=500, entropy=TestEntropy(3), rate=1.0
    )
    assert model.fit(matrix, classes).score(matrix, classes) > 0.8
    line = SgdLogisticRegressor(
        schema=(-1, 1), target=(-2, 2), epsilon=8, rows=500, entropy=TestEntropy(3), rate=1.0
    )
    assert line.fit(matrix, matrix[:, 0] * 2).score(matrix, matrix[:, 0] * 2) > 0.5

"""What a training has spent after each noisy step: bounds that rise to what was asked."""

import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Gaussian, Neighbours, PoissonSampled, SelfComposed
from ppdesk.train.fitted import Asked
from ppdesk.train.schema import Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd.by_step import by_step
from ppdesk.train.sgd.estimator import SgdLogisticClassifier
from ppdesk.train.sgd.options import Options

SCHEMA = Schema((Numeric("x", -1, 1),))
TWO = Classes("y", ("no", "yes"), "yes")


def test_it_rises_to_what_was_asked_and_is_never_below_the_steps_alone() -> None:
    options = Options(rows=4000, steps=8, policy="accuracy")
    found = by_step(Asked(1.0, 1e-5), SCHEMA, TWO, options, key="sgd-logistic")
    assert found is not None
    steps, spent = zip(*found.points, strict=True)
    assert (steps[0], steps[-1], found.steps) == (1, 8, 8)
    assert list(steps) == sorted(set(steps))
    assert list(spent) == sorted(spent)
    assert spent[-1] == pytest.approx(1.0)
    rate = found.batch / found.rows
    for step, epsilon in found.points[::3]:
        alone = SelfComposed(PoissonSampled(rate, Gaussian(found.noise, Neighbours.ADD_REMOVE)), step)
        assert epsilon >= epsilon_of(alone, 1e-5) - 1e-12


def test_what_is_paid_beside_the_steps_counts_from_the_start() -> None:
    plain = Options(rows=4000, rate=1.0, steps=10, policy="accuracy")
    without = by_step(Asked(1.0, 1e-5), SCHEMA, TWO, plain, key="sgd-logistic")
    rule = Options(rows=4000, rate=1.0, steps=10)
    scored = by_step(Asked(1.0, 1e-5), SCHEMA, TWO, rule, key="sgd-logistic")
    number = by_step(Asked(1.0, 1e-5), SCHEMA, Quantity("y", 0, 1), plain, key="sgd-logistic")
    assert without is not None
    assert scored is not None
    assert number is not None
    assert scored.points[0][1] > without.points[0][1]
    assert number.points[-1][1] == pytest.approx(1.0)


def test_without_a_declared_number_of_records_nothing_is_said_before() -> None:
    assert by_step(Asked(1.0, 1e-5), SCHEMA, TWO, Options(), key="sgd-logistic") is None


def test_every_step_is_told_as_a_count() -> None:
    import numpy as np
    import pandas as pd

    heard: list[tuple[int, int]] = []
    x = np.linspace(-1, 1, 60)
    made = SgdLogisticClassifier(
        schema=SCHEMA, target=TWO, rows=60, rate=1.0, steps=5, policy="accuracy", entropy=TestEntropy(3),
        on_step=lambda step, steps: heard.append((step, steps)),
    )  # fmt: skip
    made.fit(pd.DataFrame({"x": x}), np.where(x > 0, "yes", "no"))
    assert heard == [(one, 5) for one in range(1, 6)]

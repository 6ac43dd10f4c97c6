"""What one record can change is its own part, exactly, and what is stated is never below what is proved."""

import numpy as np
import pytest

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.calibration import epsilon_of, gaussian_mu
from ppdesk.privacy.events import Gaussian, Neighbours
from ppdesk.train.clusters import steps
from ppdesk.train.clusters.fit import _inside
from ppdesk.train.moments.coding import Coding
from ppdesk.train.offers import OFFERS, Task, offer
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Numeric, Quantity, Schema, Target
from ppdesk.train.sgd.encoding import Compact
from ppdesk.train.sgd.kernel import Kernel
from ppdesk.train.sgd.network import Shape


@pytest.mark.parametrize("engine", ["numpy", "torch"])
@pytest.mark.parametrize("shape", [(2, 0, 5), (2, 7, 5), (2, 50, 0), (1, 13, 3), (3, 7, 5), (4, 50, 0)])
def test_a_record_adds_the_same_to_a_linear_sum_wherever_it_stands(
    engine: str, shape: tuple[int, int, int]
) -> None:
    outputs, numbers, columns = shape
    rng = np.random.default_rng(0)
    names = tuple(map(str, range(outputs)))
    target: Target = Quantity("y", 0, 1)
    if outputs > 1:
        target = Classes("y", names, names[1] if outputs == 2 else None)
    form = Shape.of(columns * 7, numbers, (), target)
    rows = 700
    data = Compact(
        (rng.integers(0, 7, (rows, columns)) + 7 * np.arange(columns)).astype(np.uint16),
        rng.uniform(-1, 1, (rows, numbers)).astype(np.float32),
    )
    labels = rng.integers(0, outputs, rows).astype(float) if outputs > 1 else rng.uniform(-1, 1, rows)
    kernel = Kernel(form, data, labels, 1.0, 2.0**-26)
    if engine == "torch":
        pytest.importorskip("torch")
        from ppdesk.train.sgd.torch_engine import TorchKernel

        kernel = TorchKernel(form, data, labels, 1.0, 2.0**-26)
    weights, order = rng.normal(0, 0.2, form.size), np.arange(rows)
    whole = kernel.add(order, weights).copy()
    for cut in (1, 2, 5, 33, 129):
        first, rest = (kernel.add(part, weights).copy() for part in (order[:cut], order[cut:]))
        assert np.array_equal(first + rest, whole)
    assert np.array_equal(kernel.add(rng.permutation(rows), weights), whole)


def test_the_nearest_centre_of_a_record_is_found_exactly() -> None:
    """Records half way between two centres go the same way, wherever they stand."""
    schema = Schema(tuple(Numeric(f"x{place}", -1.0, 1.0) for place in range(7)))
    coding = Coding(schema, missing=False)
    rng = np.random.default_rng(1)
    for _ in range(20):
        centres = _inside(rng.uniform(-4096, 4096, (5, 7)), coding)
        assert np.array_equal(centres, np.rint(centres))
        rows = np.rint(rng.uniform(-4096, 4096, (65, 7)))
        rows[1:] = (centres[0] + centres[1]) // 2
        exact = [[sum(int(a - b) ** 2 for a, b in zip(x, c, strict=True)) for c in centres] for x in rows]
        for first in range(5):
            assert steps.nearest(rows[first:], centres).tolist() == np.argmin(exact[first:], axis=1).tolist()


@pytest.mark.parametrize("epsilon", [1e-4, 0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 30.0])
@pytest.mark.parametrize("delta", [1e-12, 1e-6, 1e-5, 1e-3])
def test_the_event_of_a_gaussian_proves_what_was_asked(epsilon: float, delta: float) -> None:
    for relation in Neighbours:
        event = Gaussian(1 / gaussian_mu(epsilon, delta), relation)
        assert epsilon_of(event, delta) <= epsilon


def test_every_estimator_stamps_what_the_test_mode_made() -> None:
    from ppdesk.core.mode import NOT_PRIVATE

    rng = np.random.default_rng(2)
    x, codes = rng.uniform(0, 1, (60, 2)), rng.integers(0, 2, 60)
    for entropy, stamp in ((TestEntropy(b"x"), NOT_PRIVATE), (SystemEntropy(), "")):
        for one in OFFERS:
            task = one.tasks[0]
            if not one.installed or one.key in {"policy", "opacus"}:
                continue
            kind = one.load(task)
            target = None if task is Task.NONE else ([0, 1] if task is Task.BINARY else (0.0, 1.0))
            model = kind(
                schema=([0, 0], [1, 1]), target=target, entropy=entropy, group=2, rows=60,
                neighbours=one.relations[-1].value, delta=0.0 if one.delta_zero else 1e-5,
            )  # fmt: skip
            model.fit(x, None if task is Task.NONE else codes)
            privacy = model.fitted_.privacy
            assert privacy["private"] is entropy.private, one.key
            assert privacy.get("stamp") == stamp, one.key
            assert privacy.get("group") == 2, one.key


@pytest.mark.parametrize(
    ("key", "task"),
    [
        (one.key, task)
        for one in OFFERS
        if one.installed and one.key != "policy"
        for task in one.tasks
        if task is not Task.NONE
    ],
)
def test_what_is_predicted_for_a_record_does_not_depend_on_where_it_stands(key: str, task: Task) -> None:
    # scores and slopes are released as sums over records of what a model says of each
    offered, rng = offer(key), np.random.default_rng(4)
    x, n = rng.uniform(-1, 1, (301, 23)), {Task.BINARY: 2, Task.CLASSES: 3}.get(task, 0)
    made = offered.load(task)(
        schema=([-1] * 23, [1] * 23), target=list(range(n)) if n else (0.0, 1.0), epsilon=20.0, rows=301,
        neighbours=offered.relations[-1].value, delta=0.0 if offered.delta_zero else 1e-5,
        entropy=TestEntropy(2),
    )  # fmt: skip
    # answers in a narrow range: the model of a number is then put back between the declared bounds
    model = made.fit(x, rng.integers(0, n, 301) if n else rng.uniform(0.4, 0.45, 301)).fitted_
    records = Records.read(x, made.schema_)
    whole = model.predict(records)
    for first in (1, 2, 3, 7, 300):
        assert np.array_equal(model.predict(records.take(np.arange(first, 301))), whole[first:])

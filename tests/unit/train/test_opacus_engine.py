"""A person's own torch network: what one record can change, and that it is trained and kept as it should."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import ppdesk.train
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Gaussian, Neighbours, PoissonSampled, SelfComposed
from ppdesk.train.errors import BadModelError, UnansweredError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.opacus_engine import engine, training
from ppdesk.train.opacus_engine.errors import UnknownModuleError, UnsuitableModuleError
from ppdesk.train.opacus_engine.estimator import OpacusClassifier, OpacusRegressor
from ppdesk.train.opacus_engine.model import OpacusModel, inputs_of, widths
from ppdesk.train.opacus_engine.training import FULL, Steps, clipped_sum, train
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema((Numeric("age", 0, 100), Numeric("gain", 0, 1e5, log=True), Categorical("job", ("a", "b"))))
TWO = Classes("y", ("0", "1"), "1")
INPUTS = 7  # two numbers, two for missing, three for the job


def mlp(inputs: int, outputs: int) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Linear(inputs, 8), torch.nn.Tanh(), torch.nn.Linear(8, outputs))


class Own(torch.nn.Module):
    """Not a plain Sequential: cannot be written as layers."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = torch.nn.Linear(inputs, 6)
        self.norm = torch.nn.LayerNorm(6)
        self.last = torch.nn.Linear(6, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(torch.relu(self.norm(self.first(x))))


class Mixing(torch.nn.Module):
    """Looks at the other records."""

    def __init__(self) -> None:
        super().__init__()
        self.last = torch.nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(x - x.mean(dim=0))


class Keeping(torch.nn.Module):
    """Keeps a figure of the records."""

    def __init__(self) -> None:
        super().__init__()
        self.last = torch.nn.Linear(3, 2)
        self.register_buffer("seen", torch.zeros(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.seen += x.detach().sum(dim=0)
        return self.last(x)


def table(rows: int, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    source = np.random.default_rng(seed)
    age = source.uniform(0, 100, rows)
    job = source.choice(["a", "b", "?"], rows)
    y = (age / 50 + (job == "a") > 1.4).astype(int).astype(str)
    age[::13] = np.nan
    return {"age": age, "gain": source.uniform(0, 1e5, rows), "job": job}, y


def losses(outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(outputs, labels, reduction="none")


def wrapped(module: torch.nn.Module):
    from opacus.grad_sample import GradSampleModule

    made = GradSampleModule(module, loss_reduction="sum")
    return made, list(made.parameters())


@pytest.mark.filterwarnings("ignore:Full backward hook is firing:UserWarning")
def test_one_record_moves_the_sum_by_its_length_at_most():
    """Every record is taken out in turn; some have gradients that are huge, infinite or no number."""
    torch.manual_seed(0)
    module, trained = wrapped(mlp(3, 2))
    x = torch.randn(20, 3)
    x[0], x[1], x[2] = 1e30, torch.inf, torch.nan
    labels = torch.arange(20) % 2
    for clip in (0.01, 1e4):

        def summed(rows, clip=clip):
            return clipped_sum(module, trained, x, labels, losses, clip, np.asarray(rows, dtype=np.int64))

        whole = summed(range(20))
        lengths = []
        for place in range(20):
            moved = whole - summed([one for one in range(20) if one != place])
            lengths.append(sum(int(one) ** 2 for one in moved))
            np.testing.assert_array_equal(moved, summed([place]))  # exact sums: nobody else's part changes
        assert max(lengths) <= FULL**2
        if clip < 1:
            assert max(lengths) > 0.9 * FULL**2
    assert not summed([]).any()


@pytest.mark.filterwarnings("ignore:Full backward hook is firing:UserWarning")
def test_the_sum_is_that_of_the_clipped_gradients():
    """Against torch's own gradients of one record at a time."""
    torch.manual_seed(1)
    plain = mlp(3, 2)
    x, labels, clip = torch.randn(9, 3), torch.arange(9) % 2, 0.3
    expected = torch.zeros(sum(one.numel() for one in plain.parameters()), dtype=torch.float64)
    for place in range(9):
        plain.zero_grad()
        losses(plain(x[place : place + 1]), labels[place : place + 1]).sum().backward()
        one = torch.cat([part.grad.ravel().double() for part in plain.parameters()])
        expected += one * min(1.0, clip / float(one.norm())) / clip
    module, trained = wrapped(plain)
    found = clipped_sum(module, trained, x, labels, losses, clip, np.arange(9)) / FULL
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-5)


def test_empty_batches_take_a_noisy_step_and_noise_has_its_scale(monkeypatch):
    drawn = []
    real = training.GaussianSource.draw

    def watched(self, scale, size):
        drawn.append((scale, size))
        return real(self, scale, size)

    monkeypatch.setattr(training.GaussianSource, "draw", watched)
    start = mlp(3, 2)
    nobody = torch.zeros((0, 3)), torch.zeros(0, dtype=torch.int64)
    steps = Steps(rate=0.5, count=4, sigma=2.0, clip=1.0, learning_rate=0.1)
    done = train(start, *nobody, losses, steps, entropy=SystemEntropy(), tick=lambda: None)
    size = sum(one.numel() for one in start.parameters())
    assert drawn == [(2.0 * FULL, size)] * 4
    assert not torch.equal(next(done.parameters()), next(start.parameters()))


def test_the_event_is_what_was_done_and_keeps_the_claim():
    for neighbours in Neighbours:
        asked, options = Asked(1.0, 1e-5, neighbours), engine.Options(rate=0.1, steps=20)
        event = engine.cost(asked, options, 100)
        assert isinstance(event, SelfComposed)
        assert event.count == 20
        assert isinstance(event.event, PoissonSampled)
        assert event.event.rate == 0.1
        assert isinstance(event.event.event, Gaussian)
        assert 0.98 < epsilon_of(event, 1e-5) <= 1.0


def test_the_rate_does_not_know_how_many_records_there_are(monkeypatch):
    monkeypatch.setattr(engine, "sampled_noise", lambda *_: 1.5)  # calibration is tested where it lives
    options = engine.Options()
    assert options.rate_for(None) == engine.RATE
    assert options.rate_for(1024) == 1.0
    assert options.rate_for(10**6) == 0.01
    asked = Asked(1.0, 1e-5)
    notes = []
    for rows in (30, 31):
        columns, y = table(rows)
        model = OpacusClassifier(mlp, schema=SCHEMA, target=TWO, steps=2).fit(columns, y)
        notes.append(model.notes_)
    assert notes[0] == notes[1]
    assert model.event_ == engine.cost(asked, engine.Options(steps=2), model.notes_["parameters"])


def test_learns_and_its_json_is_the_whole_model():
    columns, y = table(800)
    model = OpacusClassifier(
        mlp, schema=SCHEMA, target=TWO, epsilon=8.0, rate=1.0, steps=30, learning_rate=0.1
    ).fit(columns, y)
    assert model.score(columns, y) > 0.85
    records = Records.read(columns, SCHEMA)
    assert inputs_of(records).shape == (800, INPUTS) == (800, widths(SCHEMA, TWO)[0])
    assert np.abs(inputs_of(records)).max() <= 1
    written = model.fitted_.to_json()
    again = OpacusModel.from_json(written)
    assert again.to_json() == written
    np.testing.assert_array_equal(again.predict(records), model.predict_proba(columns))
    value = json.loads(written)
    value["parameters"][0]["shape"] = [7, 8]
    with pytest.raises(BadModelError):
        OpacusModel.from_json(json.dumps(value).encode())


def test_a_network_of_its_makers_own_needs_its_maker_to_be_read():
    columns, _ = table(60)
    target = Quantity("z", 0, 10)
    model = OpacusRegressor(Own, schema=SCHEMA, target=target, rate=1.0, steps=2).fit(
        columns, np.linspace(0, 10, 60)
    )
    records, written = Records.read(columns, SCHEMA), model.fitted_.to_json()
    alone = OpacusModel.from_json(written)
    with pytest.raises(UnknownModuleError):
        alone.predict(records)
    again = OpacusModel.from_json(written, Own)
    np.testing.assert_array_equal(again.predict(records), model.predict(columns))
    with pytest.raises(BadModelError):
        OpacusModel.from_json(written, mlp)


def test_networks_that_mix_or_keep_records_are_refused():
    x, labels = torch.randn(6, 3), torch.zeros(6, dtype=torch.int64)
    steps = Steps(rate=1.0, count=1, sigma=1.0, clip=1.0, learning_rate=0.1)
    norm = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    wrong = torch.nn.Linear(5, 2)
    still = torch.nn.Linear(3, 2).requires_grad_(requires_grad=False)
    for module in (norm, Mixing(), Keeping(), wrong, still):
        with pytest.raises(UnsuitableModuleError):
            train(module, x, labels, losses, steps, entropy=SystemEntropy(), tick=lambda: None)


def test_the_test_mode_repeats_and_leaves_torch_as_it_was():
    columns, y = table(40)
    made = []
    for _ in range(2):
        torch.manual_seed(5)
        before = torch.random.get_rng_state()
        model = OpacusClassifier(
            mlp, schema=SCHEMA, target=TWO, rate=1.0, steps=2, entropy=TestEntropy(1)
        ).fit(columns, y)
        assert torch.equal(before, torch.random.get_rng_state())
        made.append(model.fitted_.to_json())
    assert made[0] == made[1]
    assert model.fitted_.privacy["private"] is False
    assert model.fit_twin(columns, y).privacy["private"] is False


def test_what_is_missing_is_asked_for():
    columns, y = table(10)
    with pytest.raises(UnansweredError):
        OpacusClassifier(schema=SCHEMA, target=TWO).fit(columns, y)
    with pytest.raises(UnsuitableGuaranteeError):
        OpacusClassifier(mlp, schema=SCHEMA, target=TWO, rate=1.5).fit(columns, y)


def test_nothing_is_unpickled():
    sources = Path(ppdesk.train.__file__).parent.rglob("*.py")
    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert "torch.load(" not in text, path
        assert "torch.save(" not in text, path

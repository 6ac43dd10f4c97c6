"""The peers of the training benchmark, each as its makers ship it, under the same declared schema and splits.

Every fit starts from the records as they were read (numbers and codes) and its clock includes its own
encoding. Each peer accounts for itself: `epsilon` is what it was asked for. Thresholds are one half.
"""

import logging
import statistics
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from train_scores import of_classes, of_quantity, split, summary
from train_table import Problem

from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric, Quantity, Schema

BINS = 32


class Task(NamedTuple):
    """One fit. `classes`: 0 for a number, which lies in low..high."""

    train: Records
    y: np.ndarray
    test: Records
    classes: int
    low: float
    high: float
    epsilon: float
    delta: float
    seed: int


Fit = Callable[[Task], Callable[[], np.ndarray]]  # trains; what it gives back predicts the test records


class Peer(NamedTuple):
    """`needs`: libraries; `kinds`: "classes", "binary" or "quantity"; `fit` runs under the clock."""

    fit: Fit
    needs: tuple[str, ...]
    kinds: tuple[str, ...]
    settings: str
    private: bool = True


def peers(
    problem: Problem, epsilon: float, delta: float, seeds: int, only: set[str] | None = None
) -> dict[str, Any]:
    """The scores of each peer, or the word why there are none."""
    quantity = isinstance(problem.target, Quantity)
    classes = 0 if quantity else len(problem.target.values)
    kind = "quantity" if quantity else "binary" if classes == 2 else "classes"
    found: dict[str, Any] = {}
    for name, peer in PEERS.items():
        if only is not None and name not in only:
            continue
        absent = [one for one in peer.needs if find_spec(one) is None]
        if kind not in peer.kinds:
            found[name] = {"skipped": f"does not learn {kind}"}
        elif absent:
            found[name] = {"skipped": f"{', '.join(absent)} is not installed"}
        else:
            found[name] = _measured(peer, problem, classes, (epsilon, delta), seeds)
    return found


def _measured(
    peer: Peer, problem: Problem, classes: int, asked: tuple[float, float], seeds: int
) -> dict[str, Any]:
    (epsilon, delta), runs, seconds = asked, [], []
    target = problem.target
    low, high = (target.low, target.high) if isinstance(target, Quantity) else (0.0, 1.0)
    for seed in range(seeds):
        train, test = split(problem.y, seed, stratified=classes > 0)
        read = [Records.read(problem.take(places)[0], problem.schema) for places in (train, test)]
        task = Task(read[0], problem.y[train], read[1], classes, low, high, epsilon, delta, seed)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                started = time.perf_counter()
                predict = peer.fit(task)
                seconds.append(time.perf_counter() - started)
                answer = predict()
        except Exception as error:  # noqa: BLE001 - a peer that fails is told beside the others
            return {"failed": type(error).__name__, "settings": peer.settings}
        y = problem.y[test]
        if classes:
            chances = np.nan_to_num(np.asarray(answer, dtype=np.float64))
            runs.append(of_classes(y, chances, chances.argmax(axis=1)))
        else:
            runs.append(of_quantity(y, np.nan_to_num(np.asarray(answer, dtype=np.float64))))
    mean = statistics.fmean(seconds)
    cost = {"epsilon": epsilon, "delta": delta} if peer.private else {"epsilon": None, "delta": None}
    times = {"fit_seconds": mean, "samples_per_second": train.size / mean}
    return {**summary(runs), **cost, **times, "settings": peer.settings}


def one_hot(records: Records) -> np.ndarray:
    """(n, d) float32: numbers scaled to 0..1 by their bounds (on the log scale where it is declared) with a
    mark for missing ones; categories with one entry each and one for all else."""
    blocks = []
    for column, values in zip(records.schema.columns, records.values, strict=True):
        if isinstance(column, Numeric):
            low, high = _spread(column, column.low), _spread(column, column.high)
            share = (_spread(column, values) - low) / (high - low)
            gone = np.isnan(values)
            blocks.append(np.stack([np.where(gone, 0.0, share), gone], axis=1).astype(np.float32))
        else:
            block = np.zeros((values.size, len(column.categories) + 1), np.float32)
            block[np.arange(values.size), values] = 1
            blocks.append(block)
    return np.concatenate(blocks, axis=1)


def _spread(column: Numeric, value: Any) -> Any:
    return np.sign(value) * np.log1p(np.abs(value)) if column.log else value


def binned(records: Records) -> tuple[np.ndarray, int]:
    """(n, columns) int64 places in one long vector, and its length: BINS bins of equal width per number and
    one for missing, one entry per category and one for all else."""
    places, start = [], 0
    for column, values in zip(records.schema.columns, records.values, strict=True):
        if isinstance(column, Numeric):
            low, high = _spread(column, column.low), _spread(column, column.high)
            share = np.nan_to_num((_spread(column, values) - low) / (high - low)) * BINS
            codes = np.where(np.isnan(values), BINS, np.minimum(share.astype(np.int64), BINS - 1))
            width = BINS + 1
        else:
            codes, width = values.astype(np.int64), len(column.categories) + 1
        places.append(codes + start)
        start += width
    return np.stack(places, axis=1), start


def frame(records: Records) -> Any:
    """A pandas frame: numbers, and texts of the declared categories."""
    import pandas as pd

    columns = {}
    for column, values in zip(records.schema.columns, records.values, strict=True):
        if isinstance(column, Numeric):
            middle = (column.low + column.high) / 2  # DP-EBM takes no missing number
            columns[column.name] = np.where(np.isnan(values), middle, values)
        else:
            texts = np.asarray([*column.categories, "other or missing"], dtype=object)
            columns[column.name] = texts[values]
    return pd.DataFrame(columns)


def diffprivlib_lr(task: Task) -> Callable[[], np.ndarray]:
    """diffprivlib's logistic regression as it is: rows of one-hot blocks have norm sqrt(columns) at most."""
    from diffprivlib.models import LogisticRegression

    norm = float(np.sqrt(len(task.train.schema.columns)))
    model = LogisticRegression(epsilon=task.epsilon, data_norm=norm)
    model.fit(one_hot(task.train), task.y)
    return lambda: _all_classes(model, model.predict_proba(one_hot(task.test)), task.classes)


def _all_classes(model: Any, chances: np.ndarray, classes: int) -> np.ndarray:
    """Columns for all declared classes, also those that the training part did not have."""
    full = np.zeros((chances.shape[0], classes))
    full[:, np.asarray(model.classes_, dtype=np.intp)] = chances
    return full


def opacus_lr(task: Task) -> Callable[[], np.ndarray]:
    """A linear layer, trained by Opacus' hooks with Poisson sampling."""
    import torch
    from opacus import PrivacyEngine
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(task.seed)
    x = torch.from_numpy(one_hot(task.train))
    n, width = x.shape
    epochs = 20 if n <= 100_000 else 3
    batch = min(1024, max(64, n // 30))
    y = torch.from_numpy(task.y.astype(np.int64) if task.classes else _scaled(task).astype(np.float32))
    model = torch.nn.Linear(width, task.classes or 1)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    loss = torch.nn.CrossEntropyLoss() if task.classes else torch.nn.MSELoss()
    optimizer: Any = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9)
    made, optimizer, loader = PrivacyEngine().make_private_with_epsilon(
        module=model, optimizer=optimizer, data_loader=DataLoader(TensorDataset(x, y), batch_size=batch),
        target_epsilon=task.epsilon, target_delta=task.delta, epochs=epochs, max_grad_norm=1.0,
    )  # fmt: skip
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    for _ in range(epochs):
        for rows, labels in loader:
            optimizer.zero_grad()
            answer = made(rows)
            (loss(answer, labels) if task.classes else loss(answer[:, 0], labels)).backward()
            optimizer.step()
        schedule.step()

    def predict() -> np.ndarray:
        with torch.no_grad():
            answer = model(torch.from_numpy(one_hot(task.test)))
        if task.classes:
            return np.asarray(torch.softmax(answer, dim=1).numpy())
        return np.asarray(answer[:, 0].numpy()) * (task.high - task.low) + task.low

    return predict


def _scaled(task: Task) -> np.ndarray:
    return np.asarray((task.y - task.low) / (task.high - task.low))


def binned_sgd(task: Task) -> Callable[[], np.ndarray]:
    """DP-SGD for logistic regression on bins, in numpy: a plain reference, its noise protects nobody. Every
    record has as many ones as columns, so its gradient is clipped exactly."""
    from dp_accounting import GaussianDpEvent, PoissonSampledDpEvent, SelfComposedDpEvent
    from dp_accounting.mechanism_calibration import ExplicitBracketInterval, calibrate_dp_mechanism
    from dp_accounting.rdp import RdpAccountant

    logging.getLogger("absl").setLevel(logging.ERROR)  # Renyi orders that it leaves out
    codes, width = binned(task.train)
    n, columns = codes.shape
    rate, steps, clip, speed = min(1.0, max(0.03, 1000 / n)), 600, 1.0, 4.0
    sigma = calibrate_dp_mechanism(
        RdpAccountant,
        lambda noise: SelfComposedDpEvent(PoissonSampledDpEvent(rate, GaussianDpEvent(noise)), steps),
        task.epsilon,
        task.delta,
        ExplicitBracketInterval(0.5, 500),
    )
    draws = np.random.default_rng(task.seed)
    outputs = task.classes if task.classes > 2 else 1
    weights, average = np.zeros((outputs, width + 1)), np.zeros((outputs, width + 1))
    velocity = np.zeros_like(weights)
    goals = np.eye(outputs)[task.y] if outputs > 1 else task.y[:, None].astype(np.float64)
    size = np.sqrt(columns + 1)
    for step in range(steps):
        chosen = np.flatnonzero(draws.random(n) < rate)
        part = codes[chosen]
        residual = _chances(weights, part) - goals[chosen]
        norms = np.linalg.norm(residual, axis=1) * size
        residual *= np.minimum(1.0, clip / np.maximum(norms, 1e-12))[:, None]
        gradient = np.empty_like(weights)
        for output in range(outputs):
            one = np.repeat(residual[:, output], columns)
            gradient[output, :width] = np.bincount(part.ravel(), weights=one, minlength=width)
            gradient[output, width] = residual[:, output].sum()
        gradient += draws.normal(0, sigma * clip, gradient.shape)
        velocity = 0.9 * velocity + gradient / (rate * n)
        weights = weights - speed * (1 - step / steps) * velocity
        if step >= steps // 2:
            average += weights / (steps - steps // 2)

    def predict() -> np.ndarray:
        chances = _chances(average, binned(task.test)[0])
        return np.concatenate([1 - chances, chances], axis=1) if outputs == 1 else chances

    return predict


def _chances(weights: np.ndarray, codes: np.ndarray) -> np.ndarray:
    score = np.stack([one[codes].sum(axis=1) + one[-1] for one in weights], axis=1)
    if weights.shape[0] == 1:
        return np.asarray(1 / (1 + np.exp(-np.clip(score, -30, 30))))
    raised = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def dp_ebm(**settings: Any) -> Fit:
    """InterpretML's DP-EBM with the declared bounds and kinds."""

    def fit(task: Task) -> Callable[[], np.ndarray]:
        from interpret.privacy import DPExplainableBoostingClassifier, DPExplainableBoostingRegressor

        schema = task.train.schema
        given: dict[str, Any] = {
            "epsilon": task.epsilon,
            "delta": task.delta,
            "feature_names": list(schema.names),
            "feature_types": [
                "continuous" if isinstance(one, Numeric) else "nominal" for one in schema.columns
            ],
            "privacy_bounds": {
                place: (one.low, one.high)
                for place, one in enumerate(schema.columns)
                if isinstance(one, Numeric)
            },
            "random_state": task.seed,
            "n_jobs": 1,
            **settings,
        }
        if task.classes:
            model = DPExplainableBoostingClassifier(**given)
            model.fit(frame(task.train), task.y)
            return lambda: _all_classes(model, model.predict_proba(frame(task.test)), task.classes)
        model = DPExplainableBoostingRegressor(
            **given, privacy_target_min=task.low, privacy_target_max=task.high
        )
        model.fit(frame(task.train), task.y)
        return lambda: np.asarray(model.predict(frame(task.test)))

    return fit


def plain_lr(task: Task) -> Callable[[], np.ndarray]:
    """No privacy: a linear model on the same one-hot columns."""
    from sklearn.linear_model import LogisticRegression, Ridge

    if not task.classes:
        ridge = Ridge().fit(one_hot(task.train), task.y)
        return lambda: np.asarray(ridge.predict(one_hot(task.test)))
    model = LogisticRegression(max_iter=300).fit(one_hot(task.train), task.y)
    return lambda: _all_classes(model, model.predict_proba(one_hot(task.test)), task.classes)


def boosting(task: Task) -> Callable[[], np.ndarray]:
    """No privacy: gradient boosted trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    schema: Schema = task.train.schema
    kinds = [not isinstance(one, Numeric) and len(one.categories) < 255 for one in schema.columns]
    given: dict[str, Any] = {"categorical_features": kinds, "random_state": 0}
    train, test = (np.stack(one.values, axis=1).astype(np.float64) for one in (task.train, task.test))
    if not task.classes:
        regressor = HistGradientBoostingRegressor(**given).fit(train, task.y)
        return lambda: np.asarray(regressor.predict(test))
    model = HistGradientBoostingClassifier(**given).fit(train, task.y)
    return lambda: _all_classes(model, model.predict_proba(test), task.classes)


_ANY = ("binary", "classes", "quantity")

PEERS: dict[str, Peer] = {
    "diffprivlib LR": Peer(
        diffprivlib_lr, ("diffprivlib",), ("binary", "classes"),
        "defaults; data_norm = sqrt(columns) of the one-hot rows; pure epsilon",
    ),
    "Opacus LR": Peer(
        opacus_lr, ("torch", "opacus"), _ANY,
        "one-hot, batch 1024, 20 epochs (3 above 100,000 records), SGD 1.0 with momentum 0.9 and a cosine, "
        "clip 1, epsilon by Opacus (PRV)",
    ),
    "DP-EBM": Peer(dp_ebm(), ("interpret",), ("binary", "quantity"), "defaults, declared bounds and kinds"),
    "DP-EBM lr .2": Peer(
        dp_ebm(learning_rate=0.2), ("interpret",), ("binary", "quantity"), "learning_rate 0.2"
    ),
    "DP-SGD LR on bins": Peer(
        binned_sgd, ("dp_accounting",), ("binary", "classes"),
        "32 bins of equal width, 600 Poisson steps, rate 0.03, clip 1, speed 4 falling to 0, momentum 0.9, "
        "mean of the last half; RDP; numpy's noise",
    ),
    "LR without privacy": Peer(plain_lr, ("sklearn",), _ANY, "scikit-learn, one-hot, C = 1", private=False),
    "boosted trees without privacy": Peer(
        boosting, ("sklearn",), _ANY, "HistGradientBoosting, defaults", private=False
    ),
}  # fmt: skip

"""Train a linear model or a network with differential privacy, or its twin without.

Claim. `fit` is (epsilon, delta)-DP as `asked`, for the parameters and all that is shown on the way. Relation:
add-or-remove-one or replace-one, for a record, or for a person with at most `asked.group` records. It rests
on `release` (one step), `kernel` (sensitivity), `sampling`, `scoring` (the threshold) and `charge` (the
noise, by privacy loss distributions). Paper: Abadi and others 2016. Rate, divisor, steps, clip and cells
follow from the declared number of records, or a noisy one that is paid for, and the schema.

Not covered: time and memory, which depend on the sizes of the batches; and the twin.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.gaussian.draws import SecureDraws
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.train.fitted import Asked, Trained, claim
from ppdesk.train.records import Records
from ppdesk.train.schema import Quantity, Schema, Target
from ppdesk.train.sgd.beside import Beside
from ppdesk.train.sgd.charge import charge, noisy_count, possible
from ppdesk.train.sgd.checkpoint import restore, state_of
from ppdesk.train.sgd.kernel import Kernel, margin
from ppdesk.train.sgd.looking import Look, Setting
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.sgd.network import scaled
from ppdesk.train.sgd.optimizer import Optimizer
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.release import StepNoise, grid_step, sensitivity
from ppdesk.train.sgd.rule import LINEAR, NETWORK, Plan, plan
from ppdesk.train.sgd.runs import run_of
from ppdesk.train.sgd.sampling import Sampler, kept
from ppdesk.train.sgd.scoring import DEFAULT, PLAIN, Cut, cut, moved, paid
from ppdesk.train.spread.narrow import exactly
from ppdesk.train.spread.paying import shares_beside

if TYPE_CHECKING:
    import numpy.typing as npt

    Labels = npt.NDArray[np.int32] | npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

MECHANISM = "DP-SGD: Poisson sampling, ghost norms, discrete Gaussian noise on a grid"
CHECKPOINT_STEPS = 50

Tick = Callable[[], None]


@dataclass(frozen=True)
class Watch:
    """What a caller may follow, noisy values only. `checkpoint` is handed a JSON-able state every few steps
    and has to keep it; `progress` is told (step, steps, L2 norm of its noisy gradient) of steps so kept.
    `step` is told (step, steps) of every step, nothing of what it found. `look`: an audit's eyes, see
    `looking`; it changes nothing of what is done."""

    checkpoint: Callable[[Mapping[str, Json]], None] | None = None
    progress: Callable[[int, int, float], None] | None = None
    every: int = CHECKPOINT_STEPS
    look: Look | None = None
    step: Callable[[int, int], None] | None = None


NOBODY = Watch()


def fit(
    records: Records,
    y: "Labels",
    asked: Asked,
    target: Target,
    *,
    options: Options,
    entropy: Entropy,
    tick: Tick,
    key: str = LINEAR,
    persons: "Whole | None" = None,
    watch: Watch = NOBODY,
    resume: Mapping[str, Any] | None = None,
) -> Trained:
    """Fit `key`, "sgd-logistic" or "sgd-mlp", on the records whose targets are `y`, (n,).

    persons: whole numbers (n,), the same for all records of one person; the first `asked.group` of each are
    used. Without them `asked.group` records may be anyone's. resume: a state that `watch.checkpoint` kept.
    UnsuitableGuaranteeError for delta 0, OtherRunError for a state of another run.
    """
    possible(asked, key)
    if options.rows is not None:
        rows = int(options.rows)
    else:
        rows = noisy_count(records.rows, asked, entropy) if resume is None else max(1, int(resume["rows"]))
    settings = plan(records.schema, target, options, rows, asked, network=key == NETWORK)
    cost = charge(
        asked,
        settings,
        by_person=persons is not None,
        counted=options.rows is None,
        scored=paid(target, options),
        beside=sum(shares := shares_beside(target, asked, rows)),
    )
    which = np.arange(records.rows) if persons is None else kept(persons, asked.group)
    beside = Beside(target, asked, shares, cost.beside, entropy)
    narrow = beside.narrowed(y[which], None if resume is None else resume.get("narrow"))
    learnt = target if narrow is None else narrow.quantity
    words = _settings(asked, settings, cost.sigma, by_person=persons is not None)
    optimizer = _optimizer(settings, records.schema, entropy)
    if resume is not None:
        restore(optimizer, resume["state"], words)
    most = asked.group if persons is not None else 1
    step = grid_step(cost.sigma, settings.clip)
    bound = sensitivity(settings.clip, margin(settings.shape), step, settings.shape.size, most)
    source = GaussianSource(entropy)
    noise = StepNoise(source, cost.sigma * bound / step, settings.shape.size)
    draws, mixed = SecureDraws(entropy), bool(settings.shape.hidden)
    if persons is None:
        sampler = Sampler.of_records(draws, records.rows, settings.rate, mixed=mixed)
    else:
        sampler = Sampler.of_persons(draws, persons, most, settings.rate)
    data, labels = settings.encoding.read(records), scaled(y, learnt)
    run = run_of(
        settings.shape,
        data,
        labels,
        optimizer,
        clip=settings.clip / most,
        step=step,
        divisor=settings.divisor,
        device=options.device,
        look=watch.look,
    )
    if watch.look is not None:
        watch.look.begins(Setting(settings, learnt, settings.clip / most, step, noise.scale))
    while optimizer.done < settings.steps:
        tick()
        run.advance(sampler.draw(), noise.take())
        if watch.step is not None:
            watch.step(optimizer.done, settings.steps)
        if optimizer.done % watch.every == 0 or optimizer.done == settings.steps:
            norms = run.collect()
            state = {"rows": rows, "steps": settings.steps, "state": state_of(optimizer, words)}
            state["narrow"] = None if narrow is None else narrow.to_json()
            _tell(watch, state, norms, settings.steps)
    found = Cut(0.5 if options.threshold is None else options.threshold, 0.0, 1.0)
    if cost.scores is not None:
        kernel = Kernel(settings.shape, data, labels, settings.clip, step)
        scores = kernel.outputs(which, optimizer.average)
        found = cut(scores, labels[which], options.policy or DEFAULT, cost.scores, moved(asked), source)
    privacy = claim(asked, MECHANISM, entropy)
    notes = {**words, "rows": rows, "rows_declared": options.rows is not None}
    notes["threshold_chosen"] = cost.scores is not None
    model = _model(key, records.schema, target, settings, optimizer.average, privacy, found)
    return Trained(beside.settled(model, records, y, which, narrow), cost.event, notes)


def fit_twin(
    records: Records, y: "Labels", target: Target, *, options: Options, entropy: Entropy, tick: Tick, key: str
) -> SgdModel:
    """The same model and settings without clipping and noise, outside every claim."""
    settings = plan(
        records.schema, target, options, options.rows or max(1, records.rows), None, network=key == NETWORK
    )
    learnt = target
    if isinstance(target, Quantity):
        learnt = exactly(np.asarray(y, np.float64), target).quantity
    optimizer = _optimizer(settings, records.schema, entropy)
    run = run_of(
        settings.shape,
        settings.encoding.read(records),
        scaled(y, learnt),
        optimizer,
        clip=2.0**20,
        step=2.0**-24,
        divisor=settings.divisor,
        device=options.device,
    )
    sampler = Sampler.of_records(SecureDraws(entropy), records.rows, settings.rate, mixed=False)
    silence = np.zeros(settings.shape.size, np.int64)
    while optimizer.done < settings.steps:
        tick()
        run.advance(sampler.draw(), silence)
    run.collect()
    model = _model(f"{key}-twin", records.schema, target, settings, optimizer.average, {"private": False})
    return replace(model, learnt=learnt) if isinstance(learnt, Quantity) else model


def _tell(watch: Watch, state: Mapping[str, Any], norms: list[float], steps: int) -> None:
    if watch.checkpoint is not None:
        watch.checkpoint(state)
    if watch.progress is not None:
        for done, size in enumerate(norms, start=state["state"]["step"] - len(norms) + 1):
            watch.progress(done, steps, size)


def _settings(asked: Asked, settings: Plan, sigma: float, *, by_person: bool) -> dict[str, Json]:
    """For the record, and what a state belongs to."""
    return {
        "epsilon": asked.epsilon,
        "delta": asked.delta,
        "neighbours": asked.neighbours.value,
        "group": asked.group,
        "by_person": by_person,
        "rate": settings.rate,
        "steps": settings.steps,
        "expected_batch": settings.divisor,
        "clip": settings.clip,
        "noise_multiplier": sigma,
        "learning_rate": settings.learning_rate,
        "momentum": settings.momentum,
        "adam": settings.adam,
        "bins": settings.encoding.bins,
        "hidden": list(settings.shape.hidden),
        "parameters": settings.shape.size,
    }


def _optimizer(settings: Plan, schema: Schema, entropy: Entropy) -> Optimizer:
    return Optimizer(
        settings.shape.start(entropy, len(schema.columns)),
        settings.learning_rate,
        settings.momentum,
        settings.adam,
        averaged_from=settings.steps // 2,
    )


def _model(  # noqa: PLR0917 - the parts of a model
    key: str,
    schema: Schema,
    target: Target,
    settings: Plan,
    weights: "npt.NDArray[np.float64]",
    privacy: Mapping[str, Json],
    found: Cut = PLAIN,
) -> SgdModel:
    short = weights.astype(np.float32).astype(np.float64)  # what the kernel computed with
    matrix, bias = settings.shape.views(short)[-1]
    matrix *= found.slope
    bias *= found.slope
    bias += found.shift
    return SgdModel(
        key, schema, target, settings.encoding.bins, settings.shape.hidden, short, privacy, found.threshold
    )

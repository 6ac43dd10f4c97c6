"""What the model was trained with, as far as the inputs tell it, and how its own settings are run again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said
from ppdesk.privacy.events import Neighbours
from ppdesk.train.fitted import Asked
from ppdesk.train.offers import Task, offer
from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.rule import LINEAR, NETWORK, plan
from ppdesk.train.tuning.candidates import Candidate, settings
from ppdesk.workflow.model.train_checks import OPTIONS
from ppdesk.workflow.models import Model, load_model
from ppdesk.workflow.step import Inputs
from ppdesk.workflow.unit import Unit

_SLOWER = 0.1
SUPPOSED = 10_000  # records, where no number is declared or was paid for
SAMPLED = (LINEAR, NETWORK)
RECORDED = said("those that the record of Train tells")
BY_RULE = said("the written rule for {records:,} records: no record of Train was at hand", records=SUPPOSED)
RULE = said("the written rule: no record of Train was at hand")
UNCOUNTED = said(
    "those that the record of Train tells, for {records:,} records: it tells no number", records=SUPPOSED
)


@dataclass(frozen=True)
class Setup:
    """The model's declarations, claim and settings. `rows`: the declared number of records, None where a
    noisy count was paid for; `about`: how many there are, declared or counted with noise, else `SUPPOSED`:
    never the exact number, which is of the records."""

    model: Model
    asked: Asked
    grouped: bool  # the unit is a person, whose records are sampled as one
    unit: Unit
    rows: int | None
    about: int
    options: Mapping[str, Any]  # of the estimator, by its own names
    noise: float | None  # noise multiplier, of DP-SGD, as recorded
    words: str
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return offer(self.model.fitted.estimator).key

    @property
    def schema(self) -> Schema:
        return self.model.fitted.schema

    @property
    def target(self) -> Target | None:
        return self.model.fitted.target

    def estimator(self, records: int, **more: Any) -> Any:
        """The estimator, set up so that a table of about `records` records gets the model's own noise, rate,
        clip, steps and shape. The learning rate, which no claim depends on, follows the divisor, so that
        each noisy sum moves the parameters as far as it moved the model's; those of a linear model a tenth of
        that, where canaries keep gradients of full length."""
        own = dict(self.options)
        if self.key in SAMPLED:
            own |= self._sampled(records)
        made = offer(self.key).load(self.model.task)
        return made(
            schema=self.schema,
            target=self.target,
            epsilon=self.asked.epsilon,
            delta=self.asked.delta,
            neighbours=self.asked.neighbours.value,
            rows=None if self.rows is None else max(1, records if self.key in SAMPLED else self.rows),
            group=self.asked.group,
            **own,
            **more,
        )

    def _sampled(self, records: int) -> dict[str, Any]:
        target = self.target
        assert target is not None  # noqa: S101  # narrowing: both estimators have one
        known = {name: value for name, value in self.options.items() if name not in {"device", "policy"}}
        options = Options(rows=self.about, **known)
        whole = plan(self.schema, target, options, self.about, self.asked, network=self.key == NETWORK)
        slower = 1.0 if whole.shape.hidden else _SLOWER
        return {
            "hidden": tuple(whole.shape.hidden),
            "bins": whole.encoding.bins,
            "batch": None,
            "rate": whole.rate,
            "steps": whole.steps,
            "clip": whole.clip,
            "learning_rate": min(1e6, slower * whole.learning_rate * max(1, records) / self.about),
            "momentum": whole.momentum,
            "adam": whole.adam,
            "device": "numpy",
        }


def setup(inputs: Inputs, trained: Mapping[str, Any] | None) -> Setup:
    """BadModelError. `trained`: see `OneRunSettings`."""
    model = load_model(inputs[Kind.MODEL])
    told = trained if trained is not None else _from_history(inputs, model) or _kept(inputs)
    claimed = model.fitted.privacy
    unit = Unit.of({"unit": claimed.get("unit", inputs[Kind.MODEL].head.get("unit"))})
    asked = Asked(
        _number(claimed.get("epsilon"), 1.0),
        _number(claimed.get("delta"), 0.0),
        Neighbours(str(claimed.get("neighbours") or Neighbours.ADD_REMOVE.value)),
        int(_number(claimed.get("group"), 1)),
    )
    params = {} if told is None else dict(told.get("params") or {})
    facts = {} if told is None else dict(told.get("facts") or {})
    notes = dict(facts.get("notes") or {})
    rows = params.get("rows")
    about = int(_number(notes.get("rows"), 0) or _number(rows, 0))
    multiplier = notes.get("noise_multiplier")
    return Setup(
        model,
        asked,
        unit.column is not None and claimed.get("stability", 1) == 1,
        unit,
        None if rows is None else int(rows),
        about if about > 0 else SUPPOSED,
        _options(model, params, notes),
        None if multiplier is None else float(multiplier),
        _words(told is not None, offer(model.fitted.estimator).key in SAMPLED and about <= 0),
        notes,
    )


def _options(model: Model, params: Mapping[str, Any], notes: Mapping[str, Any]) -> dict[str, Any]:
    """As Train hands them to the estimator."""
    chosen = offer(model.fitted.estimator)
    found = {name: params[name] for name in OPTIONS if name in chosen.options and name in params}
    if model.task is not Task.BINARY:
        found.pop("policy", None)
    found |= Candidate(chosen.key, settings(chosen.key, params.get("settings") or ())).options()
    if chosen.key in SAMPLED:
        if notes:  # what the rule made of them
            found |= {"rate": notes.get("rate"), "steps": notes.get("steps"), "clip": notes.get("clip")}
            found |= {name: notes.get(name) for name in ("learning_rate", "momentum", "bins", "adam")}
            found["batch"] = None
        found["hidden"] = tuple(getattr(model.fitted, "hidden", ()) or ())
    return {name: value for name, value in found.items() if value is not None}


def _from_history(inputs: Inputs, model: Model) -> Mapping[str, Any] | None:
    """The last Train that made a model of this estimator and claim. None where there is none."""
    if Kind.HISTORY not in inputs:
        return None
    whole = json.loads(inputs[Kind.HISTORY].data("history"))
    claimed = model.fitted.privacy.get("epsilon")
    for event in reversed(whole["events"]):
        facts = event.get("facts") or {}
        if (
            event["kind"] == "train"
            and Kind.MODEL.value in (event.get("outputs") or {})
            and facts.get("estimator") == model.fitted.estimator
            and facts.get("epsilon") == claimed
        ):
            return {"params": event.get("params") or {}, "facts": facts}
    return None


def _kept(inputs: Inputs) -> Mapping[str, Any] | None:
    """What the model's own head keeps of its training. None in older ones."""
    kept = inputs[Kind.MODEL].head.get("training")
    settings = kept.get("settings") if isinstance(kept, Mapping) else None
    return {"params": settings, "facts": {}} if isinstance(settings, Mapping) else None


def _words(recorded: bool, uncounted: bool) -> str:
    if not recorded:
        return BY_RULE if uncounted else RULE
    return UNCOUNTED if uncounted else RECORDED


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise

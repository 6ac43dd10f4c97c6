"""A model whose estimator has no twin without privacy: Evaluate says why there is no baseline."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.section import Words
from ppdesk.train.errors import TwinError
from ppdesk.train.schema import Categorical, Classes, Quantity, Schema, Target
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.sgd.network import Shape
from ppdesk.workflow.evaluation import evaluate_section, evaluate_work
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.models import Model
from ppdesk.workflow.step import Context

SCHEMA = Schema((Categorical("sex", ("F", "M")),))


def data(target: Target) -> evaluate_work.Data:
    shape, rng, n = Shape.of(3, 0, (), target), np.random.default_rng(2), 400
    fitted = SgdModel("sgd-logistic", SCHEMA, target, 0, (), rng.normal(size=shape.size), {"epsilon": 1.0})
    found = rng.integers(0, len(target.values), n) if isinstance(target, Classes) else rng.random(n)
    table, test = pa.table({"sex": rng.choice(["F", "M"], n)}), np.arange(n) % 2 == 0
    return evaluate_work.Data(
        table, {}, Model(fitted), found, np.asarray(found == 1), ~test, test, DecimalMark.POINT
    )


def facts(**more: Any) -> EvaluateFacts:
    none = ("epsilon", "delta", "ours", "trivial", "baseline", "gap", "release", "k", "downstream")
    told = {
        "target": "t", "positive": "", "private": True, "model_sha256": "", "trained": 1, "fairness": [],
        "not_measured": [], "floor": 10, "levels": {}, "downstream_note": "", "stamp": "",
    }  # fmt: skip
    return EvaluateFacts(**{**dict.fromkeys(none), **told, **more})


@pytest.mark.parametrize(
    "target",
    [Classes("pay", ("low", "high"), "high"), Classes("kind", ("a", "b", "c")), Quantity("cost", 0, 1)],
)
def test_it_says_why_there_is_no_baseline(
    target: Target, context_of: Callable[..., Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise TwinError(name="sgd-logistic")

    monkeypatch.setattr(evaluate_work, "fit_twin", refused)
    if isinstance(target, Classes) and target.binary:
        two = evaluate_work.model_measures(data(target), threshold=None, baseline=True, ctx=context_of())
        assert two.baseline is None
        made = facts(ours=two.ours, trivial=two.trivial, no_twin=two.why_not)
    else:
        many = evaluate_work.many_measures(data(target), baseline=True, ctx=context_of())
        assert many.baseline is None
        made = facts(many=many.ours, many_trivial=many.trivial, task="classes", no_twin=many.why_not)
    said = [one.text for one in evaluate_section.build(made).blocks if isinstance(one, Words)]
    assert any("Logistic regression by DP-SGD has no twin without privacy" in one for one in said)

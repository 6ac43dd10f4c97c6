"""The membership attack on models as Train makes them."""

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from ppdesk.assess.attempts import Verdict
from ppdesk.assess.effort import no_progress
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.palette import PALETTES
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Table, Words
from ppdesk.report.figures import draw
from ppdesk.workflow.evaluation import membership
from ppdesk.workflow.evaluation.membership import MembershipResult, MembershipSettings
from ppdesk.workflow.evaluation.membership_fit import Maker, ground
from ppdesk.workflow.model.train import STEP
from ppdesk.workflow.step import Context

N = 500
MANY = {f"c{one}": list("abcdefghijkl") for one in range(12)}  # easy to learn by heart
CATEGORIES = {
    "sex": ["F", "M"], "kind": ["a", "b", "c"], "pay": ["low", "high"], "act": ["x", "y"], **MANY,
}  # fmt: skip
COLUMNS = [
    {"name": "id", "role": "direct-identifier", "type": "categorical"},
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 100.0},
    *({"name": name, "role": "insensitive", "type": "categorical", "categories": values,
       "positive": values[-1]} for name, values in CATEGORIES.items()),
]  # fmt: skip
FEW = MembershipSettings(effort="quick", control=False, minutes=1e-6)  # the least number of shadow models


def rows(per_person: int = 1) -> pa.Table:
    rng = np.random.default_rng(3)
    age = rng.integers(18, 90, N)
    made = {
        name: [values[one] for one in rng.integers(0, len(values), N)] for name, values in CATEGORIES.items()
    }
    made["pay"] = ["high" if one > 50 else "low" for one in age + rng.normal(0, 15, N)]
    made["id"] = [f"p{one // per_person}" for one in range(N)]
    return pa.table({"age": [str(one) for one in age], **made})


def context(**changes: Any) -> Context:
    plain = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return replace(plain, **changes)


def trained(
    estimator: str, target: str | None, unit: Any = "record", per_person: int = 1, **values: Any
) -> dict[Kind, Artifact]:
    table = rows(per_person)
    head: Any = {"rows": N, "sha256": "ab" * 32, "columns": [{"name": one} for one in table.column_names]}
    roles: Any = {"unit": unit, "target": target, "columns": COLUMNS}
    given = {
        Kind.TABLE: Artifact(Kind.TABLE, head, (Part("rows", table, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, roles),
    }
    asked = {"estimator": estimator, "features": ["age", "sex", "kind"], "held_out": 0.4, **values}
    outcome = STEP.run(parse(STEP.Params, asked, step="train"), given, context())
    return {**given, Kind.MODEL: outcome.artifacts[0]}


def without(given: dict[Kind, Artifact], *gone: str) -> dict[Kind, Artifact]:
    """The model as a version without `gone` in its head made it."""
    model = given[Kind.MODEL]
    head = {name: value for name, value in model.head.items() if name not in gone}
    return {**given, Kind.MODEL: replace(model, head=head)}


def attacked(given: dict[Kind, Artifact], settings: MembershipSettings = FEW) -> MembershipResult:
    found = membership.run_it(given, settings, context(), no_progress)
    kept = TypeAdapter(MembershipResult)  # as facts keep it
    again = kept.validate_json(kept.dump_json(found))
    assert json.dumps(asdict(again)) == json.dumps(asdict(found))
    assert membership.blocks(again) == membership.blocks(found)
    for one in membership.blocks(found):
        if isinstance(one, Plot):
            draw(one, PALETTES["light"], 600, 400)
    return found


@pytest.mark.parametrize(
    ("estimator", "target", "attacks", "more"),
    [
        ("additive", "pay", 5, {"features": ["sex"]}),
        pytest.param("additive", "age", 4, {"features": ["sex", "kind"]}, marks=pytest.mark.campaign),
        ("sgd-logistic", "kind", 5, {"features": ["age", "sex"], "settings": ["steps=9"]}),
        pytest.param("sgd-mlp", "pay", 5, {}, marks=pytest.mark.campaign),
        ("ebm", "pay", 5, {}),
        ("linear", "age", 4, {"features": ["sex", "kind"]}),
        ("objective-perturbation", "pay", 5, {}),
        ("diffprivlib-logistic", "pay", 5, {}),
        ("diffprivlib-naive-bayes", "kind", 5, {"features": ["age", "sex"]}),
        ("diffprivlib-forest", "pay", 5, {}),
        ("k-means", None, 4, {"n_clusters": 3}),
        ("pca", None, 4, {"n_components": 1}),
        ("histogram", None, 5, {}),
        ("policy", "act", 4, {"reward": "pay", "chances": {"x": 0.5, "y": 0.5}, "features": ["age"]}),
    ],
)
def test_every_model_can_be_attacked(
    estimator: str, target: str | None, attacks: int, more: dict[str, Any]
) -> None:
    given = trained(estimator, target, **more)
    found = attacked(given)
    assert found.against is not None, found.why_not
    assert (found.estimator, len(found.against.attacks), found.against.shadows) == (estimator, attacks, 4)
    assert found.epsilon == 1.0
    told = membership.attempts_of(found)
    assert len(told) == attacks
    assert all(one.found is not None and one.power is not None for one in told)
    assert all(one.verdict in (Verdict.NOTHING, Verdict.IN_LINE) for one in told)
    assert all(one.allowed == pytest.approx(0.4621, abs=1e-3) for one in told)
    # a model like it has the same settings
    maker = Maker(ground(given, TestEntropy(2)), context())
    made = maker.estimator().get_params(deep=False)
    for name, value in more.items():
        if name in made and name != "reward":
            assert made[name] == value


def test_on_the_twin_the_attacks_succeed() -> None:
    found = attacked(trained("histogram", None), replace(FEW, control=True))
    assert found.control is not None
    assert found.control.found
    assert found.control_words == "its twin without privacy"
    said = [one.text for one in membership.blocks(found) if isinstance(one, Words)]
    assert any("the same attacks succeed" in one for one in said)


def test_a_model_without_a_twin_is_tried_at_a_large_epsilon() -> None:
    given = trained("diffprivlib-naive-bayes", "pay")
    found = attacked(given, replace(FEW, control=True))
    assert found.control is not None
    assert found.control_words == "the same model at ε 1000"


def test_a_claim_that_is_false_is_called_broken() -> None:
    """A model with next to no noise, of which a small epsilon is claimed."""
    given = trained("histogram", None, epsilon=100.0, held_out=0.5, features=list(MANY))
    model = given[Kind.MODEL]
    lies = {**given, Kind.MODEL: replace(model, head={**model.head, "epsilon": 0.1})}
    found = attacked(lies, MembershipSettings(effort="quick", control=False))
    assert Verdict.BROKEN in [one.verdict for one in membership.attempts_of(found)]
    first = membership.blocks(found)[0]
    assert isinstance(first, Words)
    assert first.tone == "risk"
    assert "ε is claimed to be at most 0.1" in first.text
    true = replace(found, epsilon=100.0)
    assert Verdict.BROKEN not in [one.verdict for one in membership.attempts_of(true)]


def test_persons_are_told_apart_not_records() -> None:
    unit = {"column": "id", "most_rows": 4}
    found = attacked(trained("histogram", None, unit, per_person=5))
    assert found.unit == "person"
    assert found.against is not None
    assert found.against.members + found.against.others <= 100


def test_replaced_records_are_told_apart_in_pairs() -> None:
    given = trained("objective-perturbation", "pay")
    assert ground(given, TestEntropy(1)).share is None
    added = trained("histogram", None)
    assert ground(added, TestEntropy(1)).share == pytest.approx(0.4)


def test_a_model_that_does_not_say_its_settings_is_attacked_all_the_same() -> None:
    given = without(trained("histogram", None), "training")
    found = attacked(given)
    assert found.against is not None
    assert any("does not say all settings" in one for one in found.notes)
    spoilt = given[Kind.MODEL]
    other = {**given, Kind.MODEL: replace(spoilt, head={**spoilt.head, "training": {"settings": {"x": 1}}})}
    assert not ground(other, TestEntropy(1)).settings_known


def test_nothing_held_out_is_said() -> None:
    found = attacked(trained("histogram", None, held_out=0.0))
    assert found.against is None
    told = membership.attempts_of(found)
    assert [one.verdict for one in told] == [Verdict.NOT_RUN]
    assert "held out" in told[0].note
    assert len(membership.blocks(found)) == 1


def test_it_stops_when_asked_and_tells_how_far_it_is() -> None:
    given = trained("histogram", None)
    with pytest.raises(CancelledRunError):
        membership.run_it(given, replace(FEW, control=True), context(cancelled=lambda: True), no_progress)
    shares: list[float] = []
    membership.run_it(given, replace(FEW, control=True), context(), lambda share, _: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] <= 1.0


class EnoughError(CodedError):
    """Enough."""


def test_what_is_done_stays_where_it_is_ended_early() -> None:
    def until(share: float, doing: str) -> None:
        if "model 7 of 8" in doing or share > 0.75:
            raise EnoughError

    given = trained("histogram", None)
    asked = MembershipSettings(effort="quick", attributes=("sex",))
    found = membership.run_it(given, asked, context(), until)
    assert found.against is not None
    assert found.against.shadows == 6
    assert found.control is None
    assert "with 6 shadow models of 8" in found.notes[0]
    assert "Enough" in found.control_words

    def at_once(_: float, doing: str) -> None:
        if "model 3" in doing:
            raise EnoughError

    with pytest.raises(EnoughError):  # too early for anything
        membership.run_it(given, asked, context(), at_once)


def test_the_same_entropy_gives_the_same_result() -> None:
    given = trained("histogram", None)
    assert attacked(given) == attacked(given)


def test_a_column_is_guessed_from_the_rest() -> None:
    given = trained("diffprivlib-naive-bayes", "pay")
    found = attacked(given, replace(FEW, attributes=("sex", "age", "unknown")))
    (sex,) = found.attributes
    assert any(one.endswith("categories: age, unknown.") for one in found.notes)
    assert (sex.column, sex.values) == ("sex", 2)
    assert sex.gain[1] <= sex.gain[0] <= sex.gain[2]
    assert sex.gain[0] == pytest.approx(sex.members - sex.others, abs=1e-5)
    assert any(isinstance(one, Table) and "guessed" in one.title for one in membership.blocks(found))


def test_time_is_told_from_heads_and_shadow_models_follow_it() -> None:
    heads = {Kind.TABLE: {"rows": 1_000_000}, Kind.MODEL: {"estimator": "additive"}}
    quick, thorough = (
        membership.expected_seconds(heads, MembershipSettings(effort=effort))
        for effort in ("quick", "thorough")
    )
    assert 0 < quick < thorough
    short = membership.expected_seconds(heads, MembershipSettings(effort="thorough", minutes=1))
    assert short < thorough


def test_the_settings_of_the_training_are_all_of_them() -> None:
    given = trained("sgd-logistic", "pay", rows=400, settings=("steps=7", "clip=0.5"), policy="balanced")
    found = ground(given, TestEntropy(1))
    assert found.settings_known
    made = Maker(found, context()).estimator().get_params(deep=False)
    assert (made["rows"], made["steps"], made["clip"], made["policy"]) == (400, 7, 0.5, "balanced")

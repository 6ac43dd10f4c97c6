"""The step that sets the limits."""

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import canonical
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level, blocking
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.policy.errors import IncompleteStandardError
from ppdesk.policy.limits import Limit
from ppdesk.workflow.objectives.standard import STEP, StandardFacts, StandardParams
from ppdesk.workflow.step import Context

CONTEXT = Context({}, TestEntropy(1), TestClock(), lambda _share, _what: None, lambda: False, "")
REASON = "The register has few records, and the board of 12 March accepts it."
OWN = {
    "preset": "own", "k_min": 3, "suppression_max": 0.1, "risk_max": 0.4, "epsilon_model_max": 1.0,
    "epsilon_max": 4.0, "delta_max": 0.0, "sources": {limit.value: "Board, 12 March" for limit in Limit},
}  # fmt: skip


def params(**values: object) -> StandardParams:
    return parse(StandardParams, values, step="standard")


def test_the_gdpr_preset_as_it_is() -> None:
    outcome = STEP.run(params(), {}, CONTEXT)
    artifact = outcome.artifacts[0]
    assert artifact.kind is Kind.STANDARD
    head = dict(artifact.head)
    assert (head["preset"], head["k_min"], head["epsilon_max"], head["delta_max"]) == ("gdpr", 5, 3.0, 1e-5)
    assert isinstance(head["k_min"], int)
    assert set(head["sources"]) == {limit.value for limit in Limit}
    canonical(head)
    assert STEP.check(params(), {}) == []


def test_a_stricter_limit_needs_no_reason() -> None:
    chosen = params(k_min=11, epsilon_max=1.0)
    assert STEP.check(chosen, {}) == []
    assert STEP.run(chosen, {}, CONTEXT).artifacts[0].head["k_min"] == 11


@pytest.mark.parametrize(
    "weaker", [{"k_min": 3, "risk_max": 0.34}, {"epsilon_max": 10.0}, {"delta_max": 1e-4}]
)
def test_a_weaker_limit_needs_a_reason(weaker: dict[str, float]) -> None:
    refused = blocking(STEP.check(params(**weaker), {}))
    assert [(one.field, one.code) for one in refused] == [("reason", "PP-STANDARD-005")]
    found = STEP.check(params(**weaker, reason=REASON), {})
    assert found
    assert {one.level for one in found} == {Level.CAUTION}


@pytest.mark.parametrize("values", [{}, {"preset": "hipaa"}, OWN])
def test_a_limit_weaker_than_the_one_that_holds_needs_a_reason_too(values: dict[str, object]) -> None:
    strict = params(k_min=20, risk_max=0.05, epsilon_max=0.5, epsilon_model_max=0.5, delta_max=0.0)
    held = {Kind.STANDARD: STEP.run(strict, {}, CONTEXT).artifacts[0].head}
    assert blocking(STEP.check(strict, held)) == []
    refused = blocking(STEP.check(params(**values), held))
    assert [(one.field, one.code) for one in refused] == [("reason", "PP-STANDARD-005")]
    found = STEP.check(params(**{**values, "reason": REASON}), held)
    assert blocking(found) == []
    assert "epsilon_max" in [one.field for one in found if one.code == "PP-STANDARD-008"]


def test_the_reason_stands_beside_the_number() -> None:
    head = STEP.run(params(k_min=3, risk_max=0.34, reason=REASON), {}, CONTEXT).artifacts[0].head
    assert head["sources"]["k_min"][0] == f"Changed from 5 to 3: {REASON}"


def test_own_rules_need_every_limit_with_its_source() -> None:
    assert blocking(STEP.check(params(**OWN), {})) == []
    assert STEP.run(params(**OWN), {}, CONTEXT).artifacts[0].head["epsilon_max"] == 4.0
    short = {name: value for name, value in OWN.items() if name != "delta_max"}
    assert "delta_max" in blocking(STEP.check(params(**short), {}))[0].title
    with pytest.raises(IncompleteStandardError):
        STEP.run(params(**short), {}, CONTEXT)


def test_limits_that_do_not_agree_are_pointed_out() -> None:
    assert [one.field for one in STEP.check(params(risk_max=0.1), {})] == ["risk_max"]
    assert [one.field for one in STEP.check(params(epsilon_max=0.5), {})] == ["epsilon_model_max"]


def test_a_source_for_a_limit_that_there_is_not() -> None:
    assert blocking(STEP.check(params(sources={"kmin": "x"}), {}))[0].field == "sources"


@pytest.mark.parametrize("values", [{}, {"preset": "hipaa"}, OWN])
def test_the_section_is_made_from_the_record_alone(values: dict[str, object]) -> None:
    chosen = params(**values)
    facts = StandardFacts(**STEP.run(chosen, {}, CONTEXT).facts.model_dump())
    blocks = STEP.section(chosen, facts).blocks
    assert any(isinstance(block, Words) and block.tone == "caution" for block in blocks)
    limits = next(block for block in blocks if isinstance(block, Table))
    assert len(limits.rows) == len(Limit)
    assert all(row[3] for row in limits.rows)

"""The page on which the claim stands beside the measurement, and what follows from it for handing out."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.reidentification.limits import OWN, THRESHOLDS
from ppdesk.assess.results import Estimate
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.resources import resource
from ppdesk.core.section import Plot, Table
from ppdesk.workflow import catalog
from ppdesk.workflow.deployment import audited
from ppdesk.workflow.evaluation import (
    attack,
    attack_plan,
    attempts_told,
    audit,
    audit_section,
    not_tested,
    subject,
)
from ppdesk.workflow.evaluation.attack_params import AttackParams, Limit
from ppdesk.workflow.evaluation.attack_settings import accepted
from ppdesk.workflow.evaluation.audit_facts import AuditFacts
from ppdesk.workflow.evaluation.audit_params import AuditParams
from ppdesk.workflow.evaluation.audit_work import each
from ppdesk.workflow.evaluation.trying import NotRun
from ppdesk.workflow.recipe import load_recipe

ONE = Attempt(
    key="white-box", title="One run, every step seen", against="model", attacker="Sees all noisy sums",
    effort="standard", size="2,000 canaries", measure="Privacy loss, at least",
    found=Estimate(0.22, 0.22, 0.22), beside=None, beside_words="", allowed=1.0, power=1.4,
    power_words="Calls a true ε of 1.40 or more",
    verdict=Verdict.IN_LINE,
)  # fmt: skip
MODEL = {"epsilon": 1.0, "delta": 1e-6, "estimator": "sgd-logistic", "neighbours": "replace-one"}


def facts(*attempts, **changes):
    made = AuditFacts(
        effort="standard", confidence=0.95, minutes=30.0, estimator="sgd-logistic", epsilon=1.0, delta=1e-6,
        neighbours="replace-one", one_run=None, mechanisms=None, attempts=attempts, not_run=(), worth=None,
        attacks=(), membership=None, beside=(), untested=("Timing and memory",), stamp="",
    )  # fmt: skip
    return made.model_copy(update=changes)


def test_the_verdict_says_claim_measurement_and_confidence():
    said = audit_section.verdict(facts(ONE))
    assert said.tone == "ok"
    assert said.text.startswith(
        "Claimed: ε at most 1.00. Measured: at least 0.22 (95 % sure). "
        "The claim holds as far as these attacks see."
    )
    assert "1.40" in said.text


def test_nothing_found_is_never_said_without_the_power():
    nothing = replace(ONE, found=Estimate(0.0, 0.0, 0.0), verdict=Verdict.NOTHING, power=3.2)
    said = audit_section.verdict(facts(nothing))
    assert said.tone == "info"  # a weak audit is no good news
    assert "only a loss of ε 3.20 or more would have been found" in said.text
    said = audit_section.verdict(facts(replace(nothing, power=None)))
    assert (said.tone, "not known" in said.text) == ("caution", True)
    row = attempts_told.table("t", [replace(nothing, power_words="")]).rows[0]
    assert row[5] == "Power not worked out"


def test_a_false_claim_is_red_and_says_how_sure():
    broken = replace(ONE, found=Estimate(1.6, 1.6, 1.6), verdict=Verdict.BROKEN)
    said = audit_section.verdict(facts(broken, confidence=0.99))
    assert said.tone == "risk"
    assert "claimed ε at most 1.00, measured at least 1.60 (99 % sure)" in said.text


def test_without_a_measurement_nothing_is_said_to_hold():
    assert audit_section.verdict(facts()).tone == "caution"
    only = replace(ONE, against="mechanism")
    said = audit_section.verdict(facts(only))
    assert "The model itself was not audited." in said.text
    assert audit_section.verdict(facts(ONE, epsilon=None)).text.startswith("No privacy is claimed")


def test_the_page_has_the_figure_all_attempts_and_what_was_not_tested():
    section = audit.STEP.section(AuditParams(), facts(ONE, not_run=(NotRun("Mechanisms", "no time", True),)))
    titles = [block.title for block in section.blocks if isinstance(block, Plot | Table)]
    assert titles[:4] == ["Claimed and measured", "Audits, and attacks on the model", "Not tested", "Not run"]
    (plot,) = (block for block in section.blocks if isinstance(block, Plot))
    assert plot.values["rows"][0]["words"] == "at least 0.22"


def test_facts_survive_a_round_trip():
    made = facts(ONE)
    again = AuditFacts.model_validate(json.loads(made.model_dump_json()))
    assert audit.STEP.section(AuditParams(), again) == audit.STEP.section(AuditParams(), made)


def test_parts_share_the_chance_to_be_wrong():
    assert each(0.95, 2) == pytest.approx(0.975)
    assert each(0.95, 0) == pytest.approx(0.95)


def heads(verdicts, model=MODEL, **more):
    of = subject.of_inputs({Kind.MODEL: Artifact(Kind.MODEL, MODEL)})
    broken = [{"title": "One run", "against": against, "words": "ε at least 1.60"} for against in verdicts]
    return {
        Kind.MODEL: model,
        Kind.AUDIT: {"broken": broken, "measured": 0.2, "confidence": 0.95, **of},
        **more,
    }


def test_a_broken_claim_blocks_the_model_it_is_about_and_no_other():
    (found,) = audited.of_model(heads(["model"]))
    assert (found.level, found.code) == (Level.BLOCKING, "PP-DEPLOY-009")
    assert "95 % sure" in found.detail
    other = audited.of_model(heads(["model"], {**MODEL, "epsilon": 2.0}))
    assert {one.level for one in other} == {Level.CAUTION}
    assert [one.code for one in other] == ["PP-DEPLOY-012", "PP-DEPLOY-010"]
    assert audited.of_model(heads([])) == []


def test_a_broken_mechanism_blocks_what_it_made():
    def with_key(key):
        found = heads(["mechanism"])
        found[Kind.AUDIT]["broken"][0]["key"] = key
        return [(one.level, one.code) for one in audited.of_model(found)]

    assert with_key("mechanism-sgd-logistic-binary-own") == [(Level.BLOCKING, "PP-DEPLOY-009")]
    assert with_key("mechanism-statistics-count-own") == [(Level.CAUTION, "PP-DEPLOY-012")]


def test_what_trained_the_model_counts_for_its_claim():
    made = replace(ONE, against="mechanism", key="mechanism-sgd-logistic-binary-own", power=1.1)
    other = replace(made, key="mechanism-sgd-logistic-binary-sharp-replace-one", found=Estimate(2, 2, 2))
    assert audit_section.measured(facts(made, other)) == pytest.approx(0.22)


def test_a_table_that_nobody_attacked_is_remarked_and_a_broken_one_refused():
    release = {"k": 5}
    assert [one.code for one in audited.of_release({Kind.RELEASE: release})] == ["PP-EXPORT-021"]
    of = subject.of_inputs({Kind.RELEASE: Artifact(Kind.RELEASE, release)})
    over = {"title": "Prosecutor", "against": "release", "words": "20 %"}
    attacked = {Kind.RELEASE: release, Kind.ATTACK: {"over": [over], "broken": [], **of}}
    assert [one.code for one in audited.of_release(attacked)] == ["PP-EXPORT-022"]
    attacked[Kind.ATTACK] = {**attacked[Kind.ATTACK], "broken": [over]}
    assert [one.level for one in audited.of_release(attacked)] == [Level.BLOCKING]


def test_attack_says_what_it_cannot_run_and_refuses_only_where_nothing_is_left():
    table = {"rows": 100, "columns": [{"name": "age", "type": "integer"}]}
    found = attack.STEP.check(AttackParams(), {Kind.TABLE: table, Kind.ROLES: {}})
    assert [one.code for one in found].count("PP-ATTACK-011") == 3
    assert not [one for one in found if one.level is Level.BLOCKING]
    alone = AttackParams(risk=False)
    assert [one.code for one in attack.STEP.check(alone, {Kind.TABLE: table})] == ["PP-ATTACK-010"]
    unknown = attack.STEP.check(AttackParams(columns="wage", limit=Limit.OWN), {Kind.TABLE: table})
    assert {one.code for one in unknown if one.level is Level.BLOCKING} == {"PP-ATTACK-013", "PP-ATTACK-014"}


def test_more_records_and_more_effort_take_longer():
    few, many = (
        sum(attack_plan.seconds(AttackParams(effort=effort), {Kind.TABLE: {"rows": rows}}).values())
        for effort, rows in (("quick", 1_000), ("thorough", 1_000_000))
    )
    assert few < many
    late = attack.STEP.check(AttackParams(minutes=0.001), {Kind.TABLE: {"rows": 1_000_000}})
    assert "PP-ATTACK-016" in [one.code for one in late]


def test_the_limit_is_the_persons_then_the_standards_then_emas():
    standard = {Kind.STANDARD: {"risk_max": 0.2, "title": "GDPR"}}
    assert accepted(AttackParams(limit="cell-5"), standard).limit == pytest.approx(0.2)
    assert accepted(AttackParams(), standard).standard == "GDPR"
    assert accepted(AttackParams(), standard).limit == pytest.approx(0.2)
    assert accepted(AttackParams(), {}).limit == pytest.approx(0.09)
    assert set(Limit) == {*THRESHOLDS, OWN}


def test_what_stays_open_follows_what_ran():
    nothing = [what for what, _ in not_tested.rows(None, audited=False)]
    assert "Whether the claim holds" in nothing
    assert "Membership and attribute inference" in nothing
    assert "Losses below the power of the audits" in [what for what, _ in not_tested.rows(None, audited=True)]


def test_the_second_sample_can_be_read():
    for key, values in load_recipe(resource("samples", "bank", "recipe.toml")).steps:
        parse(catalog.step(key).Params, values, step=key)


def test_files_that_an_attacker_has_are_read_in_the_worker():
    assert AttackParams(auxiliary=Path("known.csv")).auxiliary == Path("known.csv")

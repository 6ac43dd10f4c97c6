"""A claim that an audit called false stays so: a weaker audit after it does not take it back."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.results import Estimate
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.findings import Level
from ppdesk.core.section import Words
from ppdesk.workflow.deployment import audited
from ppdesk.workflow.evaluation import attack, attack_section, audit, audit_section, subject
from ppdesk.workflow.evaluation.attack_facts import AttackFacts
from ppdesk.workflow.evaluation.audit_facts import AuditFacts
from ppdesk.workflow.evaluation.earlier import earlier
from ppdesk.workflow.reporting import untested

MODEL = {"epsilon": 1.0, "delta": 1e-6, "estimator": "sgd-logistic", "neighbours": "replace-one"}
CLEAN = Attempt(
    key="one-run-white-box", title="One run, all sums seen", against="model", attacker="Sees all sums",
    effort="standard", size="2,000 canaries", measure="Privacy loss, at least",
    found=Estimate(0.2, 0.2, 0.2), beside=None, beside_words="", allowed=1.0, power=1.4, power_words="",
    verdict=Verdict.IN_LINE,
)  # fmt: skip
BROKEN = replace(CLEAN, found=Estimate(1.6, 1.6, 1.6), verdict=Verdict.BROKEN)


def facts(*attempts, effort="standard", confidence=0.95, model=MODEL):
    return AuditFacts(
        effort=effort, confidence=confidence, minutes=30.0, estimator="sgd-logistic", epsilon=1.0, delta=1e-6,
        neighbours="replace-one", one_run=None, mechanisms=None, attempts=attempts, not_run=(), worth=None,
        attacks=(), membership=None, beside=(), untested=(), stamp="",
        subjects=subject.digests({Kind.MODEL: Artifact(Kind.MODEL, model)}),
    )  # fmt: skip


def last(*audits):
    """The last of the audits, with what those before it found."""
    *before, now = audits
    events = [{"kind": "audit", "facts": one.model_dump(mode="json")} for one in before]
    events.insert(0, {"kind": "train", "facts": {}})
    history = Artifact(Kind.HISTORY, {}, (Part("history", json.dumps({"events": events}).encode()),))
    found = earlier({Kind.HISTORY: history}, now.model_dump(mode="json"))
    return now.model_copy(update={"earlier": found})


def deployed(made, model=MODEL):
    head = {**audit._head(made), **subject.of_inputs({Kind.MODEL: Artifact(Kind.MODEL, MODEL)})}
    return audited.of_model({Kind.MODEL: model, Kind.AUDIT: json.loads(json.dumps(head))})


@pytest.mark.parametrize(
    "again",
    [
        facts(),  # the audit that found it was left out
        facts(replace(CLEAN, verdict=Verdict.NOT_RUN, found=None)),
        facts(CLEAN, effort="quick"),
        facts(CLEAN, confidence=0.999999),  # a verdict is harder then
        facts(replace(CLEAN, power=2.0)),  # its chance to be wrong was shared with others
        facts(replace(CLEAN, power=None)),
        facts(replace(CLEAN, key="one-run-black-box")),
    ],
)
def test_less_effort_takes_nothing_back_however_often(again):
    made = last(facts(BROKEN), again, again, again)
    (found,) = made.earlier
    assert found.stands
    assert audit_section.build("Audit", made).blocks[0].tone == "risk"
    (refused,) = deployed(made)
    assert (refused.level, refused.code) == (Level.BLOCKING, "PP-DEPLOY-009")
    assert "found by an earlier audit" in refused.detail


def test_one_repetition_is_not_enough_two_are_and_it_stays_told():
    once = last(facts(BROKEN), facts(CLEAN))
    assert once.earlier[0].stands
    twice = last(facts(BROKEN), facts(CLEAN), facts(CLEAN, effort="thorough"))
    assert not twice.earlier[0].stands
    assert [(one.level, one.code) for one in deployed(twice)] == [(Level.CAUTION, "PP-DEPLOY-013")]
    assert "An earlier audit called the claim false" in audit_section.build("Audit", twice).blocks[1].text


def test_a_second_finding_asks_for_more():
    made = last(facts(BROKEN), facts(CLEAN), facts(BROKEN), facts(CLEAN), facts(CLEAN), facts(CLEAN))
    assert (made.earlier[0].found, made.earlier[0].repeats, made.earlier[0].stands) == (2, 3, True)
    harder = last(facts(BROKEN), facts(BROKEN, effort="thorough"), *[facts(CLEAN)] * 5)
    assert (harder.earlier[0].effort, harder.earlier[0].repeats) == ("thorough", 0)


def test_a_new_model_starts_anew():
    other = {**MODEL, "epsilon": 2.0}
    assert last(facts(BROKEN), facts(CLEAN, model=other)).earlier == ()
    assert last(facts(BROKEN), facts(CLEAN), facts(BROKEN)).earlier == ()  # told as this audit's own


def test_a_mechanism_belongs_to_what_it_made():
    mechanism = replace(BROKEN, key="mechanism-statistics-count-own", against="mechanism")
    made = last(facts(mechanism), facts(CLEAN, model={**MODEL, "epsilon": 2.0}))
    assert made.earlier[0].stands  # a new model changes nothing of the statistics


def test_records_without_it_still_open():
    kept = json.loads(facts(CLEAN).model_dump_json())
    del kept["subjects"], kept["earlier"]
    assert AuditFacts.model_validate(kept).earlier == ()


@pytest.mark.parametrize(
    ("made", "red"),
    [
        (facts(BROKEN), True),
        (last(facts(BROKEN), facts(CLEAN)), True),
        (last(facts(BROKEN), facts(CLEAN), facts(CLEAN)), False),
        (facts(CLEAN), False),
    ],
)
def test_the_report_tells_a_false_claim_in_red(made, red):
    told = SimpleNamespace(
        last_good=lambda _key: None, last_facts=lambda key: made if key == "audit" else None, runs=list
    )
    blocks = untested.section(told).blocks
    assert any(isinstance(one, Words) and one.tone == "risk" for one in blocks) == red


def test_what_an_attack_found_stands_in_the_same_way():
    def attacked(verdict, effort="standard"):
        one = replace(BROKEN, key="membership-lira", measure="Advantage", verdict=verdict)
        return AttackFacts(
            effort=effort, minutes=30.0, parts=(), attempts=(one,), risk=None, links=None, singling=None,
            membership=None, not_run=(), epsilon=1.0, delta=1e-6, model_sha256="00", stamp="",
            subjects=subject.digests({Kind.MODEL: Artifact(Kind.MODEL, MODEL)}),
        )  # fmt: skip

    first, again = attacked(Verdict.BROKEN), attacked(Verdict.NOTHING, "quick")
    events = {"events": [{"kind": "attack", "facts": first.model_dump(mode="json")}]}
    history = Artifact(Kind.HISTORY, {}, (Part("history", json.dumps(events).encode()),))
    found = earlier({Kind.HISTORY: history}, again.model_dump(mode="json"), by="attack")
    made = again.model_copy(update={"earlier": found})
    assert attack_section.build("Attack", made).blocks[0].tone == "risk"
    head = {**attack._head(made), **subject.of_inputs({Kind.MODEL: Artifact(Kind.MODEL, MODEL)})}
    refused = audited.of_model({Kind.MODEL: MODEL, Kind.ATTACK: json.loads(json.dumps(head))})
    assert [(one.level, one.code) for one in refused] == [(Level.BLOCKING, "PP-DEPLOY-009")]
    assert "found by an earlier attack" in refused[0].detail

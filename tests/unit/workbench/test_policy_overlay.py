"""A policy at work in a project: checks and budget keep the stricter limit, and the record says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.findings import blocking
from ppdesk.core.mode import Mode
from ppdesk.policy.machine import NO_POLICY, MachinePolicy, Policy
from ppdesk.privacy.ledger import OverBudgetError
from ppdesk.workbench.errors import RefusedByCheckError
from ppdesk.workbench.policies import heads_for, machine_policy
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import CATALOG, entry

STANDARD = {
    "preset": "gdpr", "title": "GDPR", "k_min": 3, "suppression_max": 0.2, "risk_max": 0.5,
    "epsilon_model_max": 5.0, "epsilon_max": 9.0, "delta_max": 1e-3, "sources": {}, "reason": "",
}  # fmt: skip
RELEASE = {"k": 5, "rows": 100, "suppressed": 10, "columns": ["a"], "levels": {"a": 1}}
MODEL = {"epsilon": 2.0, "delta": 1e-5, "private": True}
MANY = {
    "k_min": 2,
    "suppression_max": 1,
    "risk_max": 1,
    "epsilon_model_max": 9,
    "epsilon_max": 9,
    "delta_max": 0.01,
}


def policy(sha256: str = "a" * 64, **limits: float) -> Policy:
    entries: dict[str, Any] = {
        name: {"value": value, "basis": "own", "sources": [{"title": "Board", "says": "So."}]}
        for name, value in limits.items()
    }
    rules = MachinePolicy.model_validate(
        {"format": "ppdesk-policy-1", "title": "North", "contact": "desk 4711", "limits": entries}
    )
    return Policy(rules, "here", sha256, "machine")


def refusals(key: str, under: Policy, *, values: dict[str, object], heads: dict[Kind, Any]) -> list[str]:
    step = entry(key).load()
    found = step.check(step.Params(**values), heads_for(step, heads, under))
    return [
        finding.code
        for finding in blocking(list(found))
        if "STANDARD" in finding.code or key.upper() in finding.code
    ]


@pytest.mark.parametrize("standard", [{Kind.STANDARD: STANDARD}, {}], ids=["standard", "no standard"])
@pytest.mark.parametrize(
    ("key", "values", "limits", "code"),
    [
        ("anonymize", {"k": 5}, {"k_min": 6}, "PP-ANONYMIZE-001"),
        ("anonymize", {"k": 5, "suppression_limit": 0.1}, {"suppression_max": 0.05}, "PP-ANONYMIZE-002"),
        ("anonymize", {"k": 5}, {"risk_max": 0.1}, "PP-ANONYMIZE-003"),
        ("train", {"epsilon": 2.0}, {"epsilon_model_max": 1}, "PP-TRAIN-021"),
        ("train", {"epsilon": 2.0}, {"epsilon_max": 1}, "PP-TRAIN-021"),
        ("export", {"to": Path("a.csv")}, {"k_min": 6}, "PP-EXPORT-001"),
        ("export", {"to": Path("a.csv")}, {"suppression_max": 0.05}, "PP-EXPORT-002"),
        ("export", {"to": Path("a.csv")}, {"risk_max": 0.1}, "PP-EXPORT-003"),
        ("deploy", {"to": Path("a.ppmodel")}, {"epsilon_model_max": 1}, "PP-DEPLOY-003"),
        ("deploy", {"to": Path("a.ppmodel")}, {"delta_max": 1e-6}, "PP-DEPLOY-003"),
    ],
)  # fmt: skip
def test_a_step_is_held_to_the_policy_in_a_project_that_is_older(
    key: str, values: dict[str, object], limits: dict[str, float], code: str, standard: dict[Kind, Any]
) -> None:
    heads = {**standard, Kind.RELEASE: RELEASE, Kind.MODEL: MODEL}
    assert code not in refusals(key, NO_POLICY, values=values, heads=heads)
    assert code not in refusals(key, policy(**MANY), values=values, heads=heads)
    assert code in refusals(key, policy(**limits), values=values, heads=heads)


def test_a_model_without_a_claim_is_no_matter_of_a_policy_that_says_nothing_of_it() -> None:
    heads = {Kind.MODEL: {"private": False}}
    values: dict[str, object] = {"to": Path("a.ppmodel")}
    assert refusals("deploy", policy(k_min=11), values=values, heads=heads) == []
    assert refusals("deploy", policy(epsilon_max=1), values=values, heads=heads) == ["PP-DEPLOY-002"]


def test_the_standard_step_refuses_what_is_weaker_and_says_by_which_policy() -> None:
    step = entry("standard").load()
    heads = heads_for(step, {}, policy(k_min=11, epsilon_max=10))
    found = blocking(step.check(step.Params(), heads))
    assert [(one.code, one.field) for one in found] == [("PP-STANDARD-009", "k_min")]
    said = f"{found[0].title} {found[0].detail}"
    assert all(word in said for word in ("North", "at least 11", "5", "desk 4711", "preset"))
    assert blocking(step.check(step.Params(k_min=11), heads)) == []
    reason = "The review board decided on this in its meeting of March."
    assert blocking(step.check(step.Params(k_min=10, reason=reason), heads)), "no reason helps"


def test_the_standard_step_compares_with_what_was_chosen_not_with_the_policy() -> None:
    step = entry("standard").load()
    found = step.check(step.Params(k_min=12), heads_for(step, {Kind.STANDARD: STANDARD}, policy(k_min=20)))
    assert "PP-STANDARD-008" not in [one.code for one in found]


def test_the_budget_is_the_stricter_of_both(opener: Callable[..., Session]) -> None:
    with opener() as session:
        session.run("standard", {"epsilon": 2.0})
    with opener(policy=policy(epsilon_max=1.0, delta_max=0.01)) as session:
        view = session.budget()
        assert (view.limit_epsilon, view.limit_delta) == (1.0, 1e-5)
        with pytest.raises(OverBudgetError):
            session.run("fake", {"epsilon": 1.5})
        assert session.budget().spent_epsilon == 0
    with opener() as session:
        session.run("fake", {"epsilon": 1.5})


def noted(session: Session) -> list[Any]:
    return [event for event in session.events() if event.kind == "policy"]


def test_a_policy_is_on_record_when_it_changes_and_when_it_is_gone(opener: Callable[..., Session]) -> None:
    first, second = policy("a" * 64, k_min=11), policy("b" * 64, k_min=5)
    with opener(policy=first) as session:
        (event,) = session.events()
        assert (event.seq, event.kind, event.outcome) == (1, "policy", "noted")
        assert event.params["title"] == "North"
        assert event.params["limits"] == {"k_min": 11.0}
        assert "desk 4711" not in str(dict(event.params)), "no person's name in the clear"
    for under, count in ((first, 1), (second, 2), (second, 2), (NO_POLICY, 3), (NO_POLICY, 3), (first, 4)):
        with opener(policy=under) as session:
            assert len(noted(session)) == count
            assert noted(session)[-1].params["sha256"] == under.sha256
            assert session.integrity() == []


def test_a_project_without_a_policy_has_no_event_about_one(opener: Callable[..., Session]) -> None:
    with opener() as session:
        assert session.events() == []


def test_looking_puts_nothing_on_record(opener: Callable[..., Session]) -> None:
    opener().close()
    with opener(policy=policy(k_min=11), read_only=True) as session:
        assert session.events() == []


def test_an_older_release_is_not_exported_under_a_stricter_policy(tmp_path: Path) -> None:
    place = {"mode": Mode(1), "home": tmp_path / "home", "actor": "Ada"}
    path = tmp_path / "real.ppdesk"
    with Session.create(path, "correct horse", **place) as session:  # type: ignore[arg-type]  # forwarded
        chronicle = session._chronicle
        for kind, head, key in ((Kind.STANDARD, STANDARD, "standard"), (Kind.RELEASE, RELEASE, "anonymize")):
            chronicle.append(chronicle.draft(key, "ok"), [Artifact(kind, head, (Part("x", b"x"),))])
        assert blocking(session.check_step("export", {"to": "a.csv"})) == []
    with Session.open(path, "correct horse", **place, policy=policy(k_min=11)) as session:  # type: ignore[arg-type]
        found = blocking(session.check_step("export", {"to": "a.csv"}))
        assert [one.code for one in found] == ["PP-EXPORT-001"]
        assert "tightened by the policy North" in found[0].detail
        with pytest.raises(RefusedByCheckError):
            session.run("export", {"to": "a.csv"})
        assert session.heads()[Kind.STANDARD]["k_min"] == 3, "what was chosen stays on record"
        assert Kind.POLICY not in session.heads()


def test_the_machines_policy_knows_the_steps(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    keys = ", ".join(f'"{one.key}"' for one in CATALOG)
    file.write_text(f'format = "ppdesk-policy-1"\ntitle = "North"\n[approvals]\nsteps = [{keys}]')
    from ppdesk.policy.place import Place

    found = machine_policy({"PPDESK_POLICY": str(file)}, Place(tmp_path / "none.toml", None))
    assert all(found.needs_approval(one.key) for one in CATALOG)

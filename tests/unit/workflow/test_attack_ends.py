"""Attack, cut off on the way: what is done stays, and what was not done is told."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.assess.anonymeter.told import risk_of
from ppdesk.assess.attempts import Verdict
from ppdesk.assess.effort import no_progress
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.section import Figures, Words
from ppdesk.workflow.evaluation import attack, attack_plan, links, risks, singling
from ppdesk.workflow.evaluation.attack_params import AttackParams
from ppdesk.workflow.evaluation.links import LinkSettings
from ppdesk.workflow.evaluation.membership import MembershipSettings
from ppdesk.workflow.evaluation.membership_time import shadows
from ppdesk.workflow.evaluation.risks import RiskSettings
from ppdesk.workflow.evaluation.singling import SinglingSettings
from ppdesk.workflow.evaluation.singling_told import verdict
from ppdesk.workflow.evaluation.trying import EndedEarlyError
from ppdesk.workflow.step import Context

SIZE, NAMES = 120, ("age", "town", "job", "ill")
SOURCE = np.random.default_rng(4)
ROWS = pa.table({name: SOURCE.integers(0, 9, SIZE).astype(str) for name in NAMES})
CONTEXT = Context({}, TestEntropy(2), TestClock(), lambda *_: None, lambda: False, "")


def inputs(table=ROWS, target=None, sensitive=("ill",)):
    names = table.column_names
    roles = [
        {
            "name": one,
            "type": "categorical",
            "role": "quasi-identifier" if one in NAMES[:3] else "insensitive",
        }
        | ({"role": "sensitive"} if one in sensitive else {})
        for one in names
    ]
    trees = {one: validated(one, [[str(value), "*"] for value in range(9)]) for one in NAMES[:3]}
    levels = dict.fromkeys(NAMES[:3], 0)
    found = [
        Artifact(Kind.TABLE, {"rows": SIZE, "columns": roles}, (Part("rows", table, personal=True),)),
        Artifact(Kind.ROLES, {"unit": "record", "columns": roles, "target": target}),
        Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(trees)),)),
        Artifact(
            Kind.RELEASE,
            {"k": 1, "levels": levels, "rows": SIZE, "columns": names},
            (Part("rows", table, personal=True),),
        ),
    ]
    return {one.kind: one for one in found}


def ends(words):
    """A progress that ends the run where it is told that this is done."""

    def progress(_share, doing):
        if words in doing:
            raise EndedEarlyError(why="It was enough")

    return progress


def test_the_counts_stay_where_combinations_are_cut_off():
    found = risks.run_it(inputs(), RiskSettings(wildcards=True), CONTEXT, ends("classes"))
    assert found.before.own.records == SIZE
    assert found.after is not None
    assert found.after.special is None
    assert sum("It was enough" in one for one in (*found.before.notes, *found.after.notes)) >= 2
    assert any("It was enough" in one.text for one in risks.blocks(found) if isinstance(one, Words))


def test_a_risk_that_has_not_begun_is_not_run():
    with pytest.raises(EndedEarlyError):
        risks.run_it(inputs(), RiskSettings(), CONTEXT, ends(""))


def test_the_exact_attack_stays_where_the_fuzzy_one_is_cut_off():
    found = links.run_it(inputs(), LinkSettings(), CONTEXT, ends("with errors"))
    exact, fuzzy = links.attempts_of(found)
    assert exact.verdict is not Verdict.NOT_RUN
    assert (fuzzy.verdict, fuzzy.note) == (Verdict.NOT_RUN, "It was enough.")
    assert links.blocks(found)


def test_attacks_that_are_done_stay_where_the_next_one_is_cut_off():
    found = singling.run_it(inputs(), SinglingSettings(), CONTEXT, ends("Linking"))
    told = singling.attempts_of(found)
    assert [one.verdict is Verdict.NOT_RUN for one in told] == [False, False, True]
    assert "2 attacks on the release not run: It was enough." in told[-1].note
    assert len(singling.blocks(found)) > 2


def test_what_is_inferred_is_the_sensitive_column_and_the_target_also_a_known_one():
    found = singling.run_it(inputs(target="job"), SinglingSettings(), CONTEXT, no_progress)
    assert [one.column for one in found.published[0].risks if one.key == "inference"] == ["ill", "job"]


def test_of_many_columns_some_are_inferred_and_that_is_said():
    wide = ROWS
    for one in range(20):
        wide = wide.append_column(f"c{one}", ROWS["ill"])
    found = singling.run_it(inputs(wide, sensitive=()), SinglingSettings(), CONTEXT, no_progress)
    assert sum(one.key == "inference" for one in found.published[0].risks) == 8
    assert any("Of 21 columns" in note for note in found.notes)


def test_the_time_is_that_of_the_engines_and_membership_gets_what_they_leave():
    heads = {kind: one.head for kind, one in inputs().items()}
    heads[Kind.MODEL] = {"estimator": "ebm"}
    few = attack_plan.seconds(AttackParams(), heads)
    assert set(few) == {attack_plan.RISK, attack_plan.LINKAGE, attack_plan.SINGLING, attack_plan.MEMBERSHIP}
    many = attack_plan.seconds(
        AttackParams(), {**heads, Kind.RELEASE: {"rows": 10**6, "columns": list("abc")}}
    )
    assert many[attack_plan.LINKAGE] > 5 * few[attack_plan.LINKAGE]
    assert attack_plan.left(AttackParams(minutes=10), {attack_plan.RISK: 120.0}) == pytest.approx(8)
    slow = {"estimator": "ebm"}
    assert shadows(slow, 10**6, MembershipSettings(minutes=2.0)) < shadows(
        slow, 10**6, MembershipSettings(minutes=60.0)
    )
    quick = MembershipSettings(effort="quick", minutes=1e4)
    assert shadows(slow, 10**6, quick) == shadows(slow, 10**6, replace(quick, minutes=None))


def test_a_population_is_stated_once():
    heads = {kind: one.head for kind, one in inputs().items()}
    found = attack.STEP.check(AttackParams(people=1000, fraction=0.1), heads)
    assert "PP-ATTACK-020" in {one.code for one in found if one.level is Level.BLOCKING}


def test_share_of_the_population_and_a_public_release_reach_the_risk():
    given, asked = inputs(), AttackParams(fraction=0.01, controls="public", limit="cell-5")
    asked = asked.model_copy(update={"linkage": False, "singling": False, "membership": False})
    facts = attack.STEP.run(asked, given, CONTEXT).facts
    assert facts.risk.before.uniqueness.people == 100 * SIZE
    assert [one.attack for one in facts.risk.context] == ["Public release"]
    assert facts.risk.overall == facts.risk.after.own.highest


def risk_with(main, control, attacks=400):
    return risk_of("inference", "x", (attacks,) * 3, main=main, naive=0, control=control)


def test_what_leaks_nothing_is_seldom_over_the_limit():
    """300 sound releases with 12 attacks each, seeded."""
    source, wrong, alone = np.random.default_rng(8), 0, 0
    for _ in range(300):
        made = [risk_with(*source.binomial(400, 0.6, 2)) for _ in range(12)]
        wrong += any(verdict(one, 0.09, len(made)) is Verdict.OVER for one in made)
        alone += any(verdict(one, 0.09, 1) is Verdict.OVER for one in made)
    assert wrong < 25 < alone
    assert verdict(risk_with(380, 240), 0.09, 12) is Verdict.OVER


def test_where_no_predicate_was_found_nothing_can_be_detected():
    none = risk_of("singling-out-univariate", "", (200, 200, 0), main=0, naive=0, control=None, made=0)
    some = risk_of("singling-out-univariate", "", (200, 200, 0), main=0, naive=0, control=None, made=150)
    assert none.power == 1
    assert some.power < 0.05


def test_the_most_that_was_got_is_not_an_upper_bound_where_something_has_a_limit():
    asked = AttackParams(membership=False, effort="quick", limit="cell-5")
    step = attack.STEP
    section = step.section(asked, step.run(asked, inputs(), CONTEXT).facts)
    most = next(one for block in section.blocks if isinstance(block, Figures) for one in block.items)
    assert "limit 20.0 %" in most.note
    assert "Inference" not in most.note

"""Configure: what roles and standard ask for, what each configuration costs, and which is recommended."""

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.section import Table
from ppdesk.workflow.data.configure import STEP, ConfigureParams
from ppdesk.workflow.data.configure_facts import OptionFact, best, fronted
from ppdesk.workflow.data.configure_options import asked, options
from ppdesk.workflow.step import Context

ROLES = {
    "unit": "record",
    "columns": [
        {"name": "age", "role": "quasi-identifier"},
        {"name": "sex", "role": "quasi-identifier"},
        {"name": "disease", "role": "sensitive"},
    ],
}
STANDARD = {
    "k_min": 3, "risk_max": 0.2, "suppression_max": 0.1,
    "sources": {"k_min": ["Rule 3"], "risk_max": ["Opinion 05"]},
}  # fmt: skip


def test_the_strictest_limit_decides_k_and_its_source_is_named():
    found = asked(ROLES, STANDARD)
    assert (found.k, found.limit, found.sensitive) == (5, 0.1, ("disease",))
    asks, why = found.reasons[0]
    assert asks == "k = 5"
    assert "20 %" in why
    assert "Opinion 05" in why
    assert asked(ROLES, {**STANDARD, "k_min": 11}).k == 11


def test_k_counts_persons_where_a_person_has_several_records():
    found = asked({**ROLES, "unit": {"column": "id", "most_rows": 4}}, STANDARD)
    assert found.k == 20
    assert "4 records" in found.reasons[0][1]


def test_without_a_standard_it_says_so():
    found = asked(ROLES, {})
    assert (found.k, found.limit) == (5, 0.05)
    assert "No standard" in found.reasons[0][1]
    assert "no standard" in found.reasons[1][1]


def test_every_option_can_be_run_and_stays_within_the_table():
    listed = options(asked(ROLES, STANDARD), 60)
    assert {one.k for one in listed} == {5, 10, 25, 50}
    assert len({one.name for one in listed}) == len(listed)
    assert [one.limit for one in listed if one.required] == [0.1, 0.05, 0.0]
    for one in listed:
        assert one.params().k == one.k
        assert one.params().models() or not one.sensitive


def option(score, average, *, suppressed=0, required=True):
    return OptionFact(
        name="x", k=2, limit=0.1, sensitive=(), required=required, score=score, suppressed=suppressed,
        classes=1, highest=0.5, average=average,
    )  # fmt: skip


def test_the_front_holds_what_nothing_else_beats_in_both():
    found = fronted([option(0.2, 0.3), option(0.3, 0.1), option(0.3, 0.3), option(0.2, 0.3)])
    assert [one.front for one in found] == [True, True, False, True]


def test_the_best_is_required_and_suppresses_less_where_losses_tie():
    some = [option(0.1, 0.5, required=False), option(0.3, 0.1), option(0.2, 0.2, suppressed=9),
            option(0.2, 0.2, suppressed=3)]  # fmt: skip
    assert best(some) == 3
    assert best([option(0.1, 0.5, required=False)]) is None


@pytest.fixture(scope="module")
def outcome():
    rows = pa.table(
        {
            "age": [str(20 + i % 4) for i in range(80)],
            "sex": ["mf"[i % 2] for i in range(80)],
            "disease": ["abc"[i % 3] for i in range(80)],
        }
    )
    trees = {
        "age": [[str(age), "20-21" if age < 22 else "22-23", "*"] for age in range(20, 24)],
        "sex": [["m", "*"], ["f", "*"]],
    }
    inputs = {
        Kind.TABLE: Artifact(Kind.TABLE, {"rows": 80}, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, ROLES),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", canonical(trees)),)),
        Kind.STANDARD: Artifact(Kind.STANDARD, STANDARD),
    }
    ctx = Context({}, TestEntropy(1), TestClock(), lambda _share, _what: None, lambda: False, "")
    return STEP.run(ConfigureParams(), inputs, ctx)


def test_a_run_recommends_what_keeps_everything_required(outcome):
    facts = outcome.facts
    chosen = facts.options[facts.recommended]
    assert chosen.required
    assert chosen.k == 5
    assert chosen.highest <= 0.2
    assert chosen.score == min(one.score for one in facts.options if one.required)
    head = outcome.artifacts[0].head
    assert head["settings"] == {
        "k": 5, "suppression_limit": chosen.limit, "sensitive": ["disease: distinct-l-diversity, l = 2"],
    }  # fmt: skip


def test_more_protection_never_loses_less(outcome):
    strict = [
        one for one in outcome.facts.options if not one.required and one.k > 5 and one.score is not None
    ]
    chosen = outcome.facts.options[outcome.facts.recommended]
    assert all(one.score >= chosen.score - 1e-12 for one in strict)


def test_the_section_says_what_is_recommended_and_lists_all(outcome):
    told = STEP.section(ConfigureParams(), outcome.facts)
    assert told.blocks[0].text.startswith("Recommended: k = 5")
    table = next(
        block for block in told.blocks if isinstance(block, Table) and block.title == "Configurations"
    )
    assert len(table.rows) == len(outcome.facts.options)

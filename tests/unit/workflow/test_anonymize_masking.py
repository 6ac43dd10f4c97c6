"""Treatments in the step: how they are written, checked, carried out, recorded and told."""

import json
from collections import Counter, defaultdict
from datetime import date

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.anonymize.masking.errors import (
    BadKeyFileError,
    EmptySampleError,
    MissingOverLimitError,
    NoPersonError,
    TooFewValuesError,
    WildcardSearchError,
)
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.data.treatment_models import TREATMENTS, read, sentence
from ppdesk.workflow.step import Context

COUNT = 60
ROWS = pa.table(
    {
        "patient": [f"{100_000_000 + 7 * (i % 20):09d}" for i in range(COUNT)],
        "name": [f"Person {i % 20}" for i in range(COUNT)],
        "age": [str(20 + i % 4) for i in range(COUNT)],
        "sex": ["f" if i % 2 else "m" for i in range(COUNT)],
        "income": [str(1000 + 37 * i % 900) for i in range(COUNT)],
        "wealth": [f"{5 * (i % 11)}.5" for i in range(COUNT)],
        "job": [("nurse", "clerk", "cook")[i % 3] for i in range(COUNT)],
        "admitted": [date(1999 + i % 20, 1 + i % 12, 1 + i % 28).isoformat() for i in range(COUNT)],
        "ill": ["y" if i % 5 else "n" for i in range(COUNT)],
    }
)
TREES = {
    "age": validated("age", [["", "*", "*"], *([str(20 + i), f"2{i // 2}x", "*"] for i in range(4))]),
    "sex": validated("sex", [["f", "*"], ["m", "*"]]),
}
ROLE = {"patient": "direct-identifier", "name": "direct-identifier", "age": "quasi-identifier",
        "sex": "quasi-identifier", "ill": "sensitive"}  # fmt: skip
ROLES = {
    "columns": [
        {"name": name, "role": ROLE.get(name, "insensitive"), "type": "categorical"}
        for name in ROWS.column_names
    ]
}
TABLE = {"columns": [{"name": name, "type": "string"} for name in ROWS.column_names]}
KEY = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94"
ALL = (
    "income: top-bottom-coding, bottom = 1100, top = 1800",
    "wealth: rounding, base = 5",
    "income: categorize, bounds = 1200 1500",
    "name: mask, first = 2, length = 3",
    "name: suppress",
    "income: microaggregate, group = 5, by = median, also = wealth",
    "age: class-aggregate",
    "income: rank-swap, window = 0.1",
    "job: pram, stay = 0.7, to = uniform",
    "income: noise, share = 0.1",
    "admitted: date-shift, within = 30, per = patient",
    "patient: pseudonym, domain = person",
    "patient: format-preserving",
)


def params(**values):
    return parse(STEP.Params, {"k": 3, **values}, step="anonymize")


def run(seed=1, rows=ROWS, sources=None, **values):
    context = Context(sources or {}, TestEntropy(seed), TestClock(), lambda *_: None, lambda: False, "")
    inputs = {
        Kind.TABLE: Artifact(Kind.TABLE, TABLE, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, ROLES),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
    }
    return STEP.run(params(**values), inputs, context)


def released(outcome):
    return outcome.artifacts[0].table("rows")


def codes(**values):
    found = STEP.check(params(**values), {Kind.ROLES: ROLES, Kind.TABLE: TABLE})
    return {one.code: one for one in found if one.code.startswith("PP-MASK")}


def test_every_treatment_has_a_sentence():
    assert {read(one).treatment for one in ALL} == set(TREATMENTS)
    assert [sentence(read(one)) for one in ALL] == list(ALL)
    assert params(treat=["admitted:date-shift,within=30 days, per=patient"]).treat == (ALL[10],)
    assert read("a: b, c: noise, share = 0.2").column == "a: b, c"


def test_tables_and_json_mean_the_same_and_say_what_a_sentence_cannot():
    table = {"column": "job", "treatment": "pram", "matrix": {"cook": {"cook": 1.0}}}
    assert params(treat=[table]).treat == params(treat=[json.dumps(table)]).treat
    (said,) = params(treat=[table]).treat
    assert read(said).matrix == table["matrix"]
    assert read({"column": "x", "treatment": "date-shift", "within": 3, "per": "i, d"}).per == "i, d"


@pytest.mark.parametrize(
    "wrong",
    ["income", "income: blur", "income: noise", "income: noise, share = -1", "job: pram",
     "income: categorize, bounds = 3 2", "income: top-bottom-coding", "name: mask, colour = red"],
)  # fmt: skip
def test_what_is_no_treatment_is_refused(wrong):
    with pytest.raises(InvalidParamsError) as error:
        params(treat=[wrong])
    assert "treat" in error.value.message


@pytest.mark.parametrize(
    ("treat", "code"),
    [
        ("shoe: suppress", "PP-MASK-022"),
        ("admitted: date-shift, within = 3, per = shoe", "PP-MASK-022"),
        ("age: noise, share = 1", "PP-MASK-024"),
        ("income: class-aggregate", "PP-MASK-024"),
        ("name: mask, first = 1", "PP-MASK-025"),
    ],
)
def test_a_treatment_that_does_not_fit_is_refused_before_the_run(treat, code):
    assert codes(treat=[treat])[code].level is Level.BLOCKING


def test_columns_are_treated_once_and_protected_ones_not_at_all():
    assert "PP-MASK-023" in codes(treat=["wealth: rounding, base = 5", ALL[5]])
    model = ["ill: distinct-l-diversity, l = 2"]
    assert "PP-MASK-026" in codes(treat=["ill: pram, stay = 0.5"], sensitive=model)
    assert "PP-MASK-026" not in codes(treat=["ill: pram, stay = 0.5"])
    two_sided = ["ill: delta-disclosure, delta = 2"]
    assert "PP-MASK-027" in codes(treat=["age: class-aggregate"], sensitive=two_sided)
    assert "PP-MASK-027" not in codes(treat=["age: class-aggregate"], sensitive=model)


def test_keys_and_pseudonyms_are_remarked(tmp_path):
    found = codes(treat=[ALL[11]])
    assert (found["PP-MASK-029"].level, found["PP-MASK-030"].level) == (Level.CAUTION, Level.INFO)
    assert codes(treat=[ALL[11]], pseudonym_key=tmp_path / "key")["PP-MASK-028"].level is Level.BLOCKING
    assert "PP-MASK-028" not in codes(treat=[ALL[11]], pseudonym_key=tmp_path / "key", release_name="2026")
    assert codes() == {}


def test_without_treatments_nothing_changes():
    plain = run()
    assert released(plain).column_names == ["age", "sex", "income", "wealth", "job", "admitted", "ill"]
    assert not {"treatments", "sample", "missing"} & set(plain.artifacts[0].head)
    assert plain.facts.masking.treated == ()


def test_identifiers_become_pseudonyms_and_dates_keep_their_distances():
    outcome = run(treat=[ALL[11], ALL[10]])
    table = released(outcome)
    assert table.column_names == [
        "patient",
        *(one for one in ROWS.column_names if one not in ("patient", "name")),
    ]
    seen = defaultdict(list)
    for row in table.to_pylist():
        seen[row["patient"]].append(date.fromisoformat(row["admitted"]))
    truth = defaultdict(list)
    for row in ROWS.to_pylist():
        truth[row["patient"]].append(date.fromisoformat(row["admitted"]))
    mapping = outcome.artifacts[0].table("pseudonyms").to_pylist()
    value_of = {one["pseudonym"]: one["value"] for one in mapping}
    assert set(value_of) == set(seen)
    assert not set(seen) & set(truth)
    moved = set()
    for code, days in seen.items():
        was = sorted(truth[value_of[code]])
        shifts = {(b - a).days for a, b in zip(was, sorted(days), strict=True)}
        assert len(shifts) == 1
        moved |= shifts
    assert len(moved) > 5
    assert max(map(abs, moved)) <= 30


def test_pseudonyms_stand_in_personal_parts_alone():
    outcome = run(treat=[ALL[11]])
    made = outcome.artifacts[0]
    assert {part.name for part in made.parts if part.personal} == {"rows", "pseudonyms"}
    told = json.dumps(made.head) + made.data("solution").decode() + outcome.facts.model_dump_json()
    for row in made.table("pseudonyms").to_pylist():
        assert row["value"] not in told
        assert row["pseudonym"] not in told


def test_a_key_file_joins_tables_of_one_release_and_no_two_releases(tmp_path):
    path = tmp_path / "key"
    path.write_text(KEY)

    def made(seed, name, column="patient", domain="person"):
        treat = [f"{column}: pseudonym, domain = {domain}"]
        outcome = run(
            seed, treat=treat, pseudonym_key=path, release_name=name, sources={"pseudonym_key": path}
        )
        return set(released(outcome).column(column).to_pylist())

    first = made(1, "2026")
    assert made(2, "2026") == first
    assert not made(1, "2027") & first
    assert not made(1, "2026", domain="other") & first
    drawn = [set(released(run(seed, treat=[ALL[11]])).column("patient").to_pylist()) for seed in (1, 2)]
    assert not drawn[0] & drawn[1]
    path.write_text("password")
    with pytest.raises(BadKeyFileError):
        made(1, "2026")


def test_format_preserving_pseudonyms_look_like_the_real_ones():
    table = released(run(treat=["patient: format-preserving"]))
    made = table.column("patient").to_pylist()
    assert all(len(one) == 9 and one.isdigit() for one in made)
    assert len(set(made)) == 20
    assert not set(made) & set(ROWS.column("patient").to_pylist())


def test_class_aggregates_keep_the_classes():
    outcome = run(treat=["age: class-aggregate, by = interval"], suppression_limit=0)
    plain = run(suppression_limit=0)
    sizes = Counter(zip(*(released(outcome).column(n).to_pylist() for n in ("age", "sex")), strict=True))
    assert min(sizes.values()) >= 3
    assert outcome.facts.after == plain.facts.after
    assert {one for one, _ in sizes} == {f"[{age}, {age}]" for age in range(20, 24)}
    mean = released(run(k=20, suppression_limit=0, treat=["age: class-aggregate"])).column("age").to_pylist()
    assert "*" in mean or all(float(one) >= 20 for one in mean)


def test_suppressed_records_stay_suppressed_under_class_aggregates():
    rows = ROWS.set_column(2, "age", pa.array(["20"] * 58 + ["23", "23"]))
    table = released(run(rows=rows, suppression_limit=0.1, treat=["age: class-aggregate"]))
    shown = Counter(table.column("age").to_pylist())
    assert shown == {"20": 58, "*": 2} or "*" not in shown


def test_numbers_are_perturbed_and_their_statistics_told():
    outcome = run(treat=["income: rank-swap, window = 0.2", "wealth: microaggregate, group = 7"])
    swapped, grouped = outcome.facts.masking.treated
    assert sorted(released(outcome).column("income").to_pylist()) == sorted(ROWS.column("income").to_pylist())
    assert (swapped.family, grouped.described) == ("randomization", "microaggregation")
    assert swapped.mean_before == pytest.approx(swapped.mean_after)
    assert swapped.spread_before == pytest.approx(swapped.spread_after)
    assert 0 < swapped.changed <= COUNT
    assert grouped.spread_after <= grouped.spread_before
    assert min(Counter(released(outcome).column("wealth").to_pylist()).values()) >= 7


@pytest.mark.parametrize("treat", [one for one in ALL if not one.startswith("name: mask")])
def test_each_treatment_runs_and_the_same_seed_gives_the_same_bytes(treat):
    first, again = run(treat=[treat]), run(treat=[treat])
    assert released(first).equals(released(again))
    (fact, *_) = first.facts.masking.treated
    assert fact.cells == COUNT
    assert first.artifacts[0].head["treatments"] == [treat]


def test_missing_values_stay_missing():
    rows = ROWS.set_column(4, "income", pa.array([None, *ROWS.column("income").to_pylist()[1:]]))
    for treat in (
        ALL[0],
        ALL[2],
        ALL[7],
        ALL[9],
        "income: microaggregate, group = 4",
        "income: pram, stay = 0",
    ):
        assert released(run(rows=rows, treat=[treat])).column("income").null_count == 1
    both = released(run(rows=rows, treat=[ALL[5]]))
    assert (both.column("income").null_count, both.column("wealth").null_count) == (1, 1)


def test_what_cannot_be_treated_is_refused_with_counts():
    with pytest.raises(TooFewValuesError):
        run(treat=["income: microaggregate, group = 61"])
    rows = ROWS.set_column(0, "patient", pa.array([None, *ROWS.column("patient").to_pylist()[1:]]))
    with pytest.raises(NoPersonError):
        run(rows=rows, treat=[ALL[10]])


def test_k_is_over_the_sample():
    outcome = run(sample=0.5)
    facts = outcome.facts
    assert (facts.records, facts.masking.sampled_of, outcome.artifacts[0].head["sample"]) == (30, 60, 0.5)
    assert released(outcome).num_rows == 30
    assert released(run(2, sample=0.5)).num_rows == 30
    with pytest.raises(EmptySampleError):
        run(sample=0.001)


def test_the_conservative_rule_suppresses_incomplete_records():
    ages = [None, None, *ROWS.column("age").to_pylist()[2:]]
    rows = ROWS.set_column(2, "age", pa.array(ages))
    own, strict = (
        run(rows=rows, suppression_limit=0.1),
        run(rows=rows, suppression_limit=0.1, missing="conservative"),
    )
    assert (own.facts.masking.incomplete, own.facts.masking.incomplete_hidden) == (2, 0)
    assert strict.facts.masking.incomplete_hidden == 2
    assert strict.facts.suppressed == 2
    assert (strict.facts.limit, strict.facts.records) == (6, 60)
    shown = released(strict)
    assert shown.column("age").to_pylist().count("*") == shown.column("sex").to_pylist().count("*") == 2
    assert strict.artifacts[0].head["suppressed"] == 2
    with pytest.raises(MissingOverLimitError):
        run(rows=rows, suppression_limit=0.02, missing="conservative")


def test_wildcards_are_refused_before_the_run_and_in_it():
    assert codes(missing="wildcard")["PP-MASK-021"].level is Level.BLOCKING
    with pytest.raises(WildcardSearchError):
        run(missing="wildcard")


def test_what_meets_k_by_own_category_meets_it_with_wildcards():
    """sdcMicro's count with alpha = 1: all records that agree wherever both have a value."""
    ages = [None if i % 7 == 0 else one for i, one in enumerate(ROWS.column("age").to_pylist())]
    trees = {
        **TREES,
        "age": validated("age", [["", "", "*"], *[[str(20 + i), f"2{i // 2}x", "*"] for i in range(4)]]),
    }
    rows = ROWS.set_column(2, "age", pa.array(ages))
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    inputs = {
        Kind.TABLE: Artifact(Kind.TABLE, TABLE, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, ROLES),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(trees)),)),
    }
    table = released(STEP.run(params(k=4, suppression_limit=0.2), inputs, context))
    tuples = list(zip(table.column("age").to_pylist(), table.column("sex").to_pylist(), strict=True))
    kept = [one for one in tuples if one != ("*", "*")]
    for age, sex in kept:
        assert sum(sex == s and (age in ("", a) or a == "") for a, s in kept) >= 4


def test_the_section_tells_treatments_with_their_families():
    outcome = run(treat=[ALL[11], "income: noise, share = 0.5"], sample=0.9, k=20)
    blocks = STEP.section(params(treat=[ALL[11]]), outcome.facts).blocks
    (table,) = [one for one in blocks if isinstance(one, Table) and one.title == "Treatments"]
    told = {row[0]: row for row in table.rows}
    assert "pseudonymization" in told["patient"][2]
    assert any("generalization" in row[2] for row in table.rows)
    words = " ".join(one.text for one in blocks if isinstance(one, Words))
    assert "differential privacy" in words
    assert "sample" in words
    assert "own-category" in table.caption


@pytest.mark.parametrize(
    "values",
    [
        {"transformation": "clustering"},
        {"transformation": "mondrian"},
        {"rare": "cells", "cell_limit": 1, "suppression_limit": 0.5},
    ],
)
def test_class_aggregates_samples_and_rules_hold_for_local_transformations_too(values):
    rows = ROWS.set_column(2, "age", pa.array([None, None, *ROWS.column("age").to_pylist()[2:]]))
    outcome = run(
        rows=rows, sample=0.9, missing="conservative", treat=["age: class-aggregate", ALL[10]],
        **{"suppression_limit": 0.2, "k": 4, **values},
    )  # fmt: skip
    table = released(outcome)
    shown = [one for one in ("age", "sex") if one in table.column_names]
    sizes = Counter(zip(*(table.column(one).to_pylist() for one in shown), strict=True))
    aggregated = {one: size for one, size in sizes.items() if one[0] != "*"}
    assert min(aggregated.values()) >= 4
    assert table.num_rows == outcome.facts.records == 54
    assert all(not name.startswith("\0") for name in table.column_names)

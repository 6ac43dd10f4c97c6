"""Release and synthetic records, as Anonymize really makes them, beside the table."""

import json

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.assess.effort import no_progress
from ppdesk.assess.tables.align import aligned
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Table, Words
from ppdesk.report.figures import render
from ppdesk.workflow.data.anonymize import STEP as ANONYMIZE
from ppdesk.workflow.evaluation import tables, tables_section
from ppdesk.workflow.evaluation.evaluate import STEP
from ppdesk.workflow.evaluation.tables_facts import TablesFacts, TablesSettings
from ppdesk.workflow.step import Context

N = 900
AGES = [
    [str(a), f"{a // 5 * 5} to {a // 5 * 5 + 4}", f"{a // 20 * 20} to {a // 20 * 20 + 19}", "*"]
    for a in range(80)
]
TREES = {
    "age": validated("age", AGES),
    "sex": validated("sex", [["f", "*"], ["m", "*"], ["", "*"]]),
    "town": validated(
        "town", [["a", "north", "*"], ["b", "north", "*"], ["c", "south", "*"], ["d", "south", "*"]]
    ),
}
COLUMNS = [
    {"name": "name", "role": "direct-identifier", "type": "categorical"},
    {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 79.0},
    {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["f", "m"]},
    {"name": "town", "role": "quasi-identifier", "type": "categorical", "categories": ["a", "b", "c", "d"]},
    {"name": "wealth", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 1e6},
    {"name": "ill", "role": "sensitive", "type": "categorical", "categories": ["y", "n"], "positive": "y"},
]
ROLES = {"unit": "record", "target": "ill", "columns": COLUMNS}


def world(mark="."):
    rng = np.random.default_rng(5)
    age = rng.integers(0, 80, N)
    wealth = np.round(age * 100 + rng.normal(0, 900, N), 1)
    ill = rng.random(N) < 1 / (1 + np.exp(-(age - 45) / 6))
    sex = rng.choice(np.array(["f", "m", None], dtype=object), N, p=[0.5, 0.45, 0.05])
    rows = pa.table(
        {
            "name": [f"P{i}" for i in range(N)],
            "age": age.astype(str),
            "sex": pa.array(sex, pa.string()),
            "town": rng.choice(list("abcd"), N, p=[0.5, 0.3, 0.1, 0.1]),
            "wealth": pa.array(
                [None if i % 40 == 0 else f"{w:.1f}".replace(".", mark) for i, w in enumerate(wealth)]
            ),
            "ill": np.where(ill, "y", "n"),
        }
    )
    head = {"rows": N, "sha256": "ab" * 32}
    if mark == ",":
        head["reading"] = {"decimal": "comma"}
    return {
        Kind.TABLE: Artifact(Kind.TABLE, head, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, ROLES),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
    }


def context(seed=1, cancelled=False):
    return Context({}, TestEntropy(seed), TestClock(), lambda *_: None, lambda: cancelled, "")


def anonymized(inputs, **values):
    values = {"k": 4, "suppression_limit": 0.05, **values}
    outcome = ANONYMIZE.run(parse(ANONYMIZE.Params, values, step="anonymize"), inputs, context())
    return {**inputs, Kind.RELEASE: outcome.artifacts[0]}, outcome.facts


def measured(inputs, **settings):
    return tables.measures(inputs, TablesSettings(**settings), context(2), no_progress)


def shown(facts):
    """All blocks drawn and written, and the words of them."""
    again = TablesFacts(**json.loads(facts.model_dump_json()))
    assert again == facts
    blocks = tables_section.blocks(again)
    for one in blocks:
        if isinstance(one, Plot):
            assert render(one, palette="light", width_px=400, height_px=300, scale=1)
        if isinstance(one, Table):
            assert all(len(row) == len(one.header) for row in one.rows)
    return " ".join(one.text for one in blocks if isinstance(one, Words))


def by_name(found):
    return {one.column: one for one in found.columns}


def test_a_release_with_one_level_for_each_column():
    inputs, told = anonymized(world())
    facts = measured(inputs)
    found = facts.release
    assert (found.rows_after, found.suppressed) == (N, told.suppressed)
    assert [one.column for one in found.columns] == ["age", "sex", "town", "wealth", "ill"]
    assert found.downstream.apart  # records were found again in the release's random order
    assert found.downstream.target == "ill"
    models = {one.trained_on: one for one in found.downstream.models}
    assert (
        models["nothing"].score.value
        < models["generalized"].score.value
        <= models["original"].score.value + 0.03
    )
    assert models["spread"].records <= N // 2 + 1
    # ARX's measures are those that Anonymize told when it made the release
    assert facts.quality == told.measures
    assert "900" in shown(facts)
    assert "ε" not in facts.release_words


def test_the_measures_of_cells_alone_are_arxs():
    from ppdesk.assess.rebuild import suppressed_rows
    from ppdesk.assess.tables import information
    from ppdesk.assess.tables.columns import column

    inputs, told = anonymized(world(), k=12)
    release, _ = tables._read(inputs)
    original = inputs[Kind.TABLE].table("rows")
    declared = [one for one in release.columns if one.rows]
    columns = [column(one, original.column(one.name), release.rows.column(one.name)) for one in declared]
    kept = ~suppressed_rows(release.rows, list(release.generalized))
    arx = {one.name: one for one in told.measures}
    assert told.suppressed > 0
    found = information.measures(columns, declared, kept)
    assert len(found) == 4
    for one in found:
        assert one.value == pytest.approx(arx[one.name].value, abs=1e-9)
        assert one.columns == pytest.approx(arx[one.name].columns)


@pytest.mark.parametrize(
    "values", [{"transformation": "clustering"}, {"transformation": "mondrian"}, {"rare": "cells"}]
)
def test_a_release_with_values_on_mixed_levels(values):
    inputs, told = anonymized(world(), k=6, suppression_limit=0.2, **values)
    facts = measured(inputs)
    found = facts.release
    assert found.suppressed == told.suppressed
    assert not found.downstream.apart
    assert 0 < by_name(found)["age"].detail < 1
    assert "flatters" not in shown(facts)
    assert {one.name for one in facts.quality} == {"granularity", "aecs", "discernibility", "ambiguity"}
    granularity = next(one for one in facts.quality if one.name == "granularity")
    if told.local is not None and not told.suppressed:
        assert granularity.columns == pytest.approx(
            {one.name: 1 - one.loss for one in told.columns}, abs=1e-6
        )


@pytest.mark.parametrize("by", ["mean", "interval"])
@pytest.mark.parametrize("mark", [".", ","])
def test_microaggregated_numbers(by, mark):
    inputs, _ = anonymized(world(mark), treat=[f"wealth: microaggregate, group = 10, by = {by}"])
    wealth = by_name(measured(inputs).release)["wealth"]
    assert wealth.told == 1
    assert wealth.missing_before == wealth.missing_after == pytest.approx(0.025556)
    assert wealth.mean_after == pytest.approx(wealth.mean_before, rel=0.02)
    assert 0 < wealth.ks < 0.06
    assert wealth.deviation_after == pytest.approx(wealth.deviation_before, rel=0.05)
    assert (wealth.detail < 0.9) == (by == "interval")


def test_columns_of_codes_are_left_out_and_stars_are_told():
    treat = ["wealth: suppress", "name: pseudonym"]
    facts = measured(anonymized(world(), treat=treat)[0])
    assert facts.left_out == ("name",)
    wealth = by_name(facts.release)["wealth"]
    assert (wealth.told, wealth.detail, wealth.generalized) == (0, 0, None)
    assert "name" in shown(facts)


def test_a_number_as_target():
    found = measured(anonymized(world())[0], target="wealth").release.downstream
    models = {one.trained_on: one for one in found.models}
    assert (found.task, found.classes) == ("number", 0)
    assert models["original"].score.value > models["spread"].score.value > 0.3
    assert abs(models["nothing"].score.value) < 0.05
    assert models["spread"].gap.high < 0


def test_several_classes_as_target():
    found = measured(anonymized(world())[0], target="town")
    assert found.release.downstream.classes == 4
    assert found.release.downstream.models[0].auroc is None


def test_a_target_that_is_not_there_is_told():
    facts = measured(anonymized(world())[0], target="name")
    assert facts.release.downstream is None
    assert "does not keep name" in shown(facts)


def synthetic(inputs, rows, columns=("age", "town", "ill"), seed=3):
    some = np.random.default_rng(seed).integers(0, N, rows)
    made = inputs[Kind.TABLE].table("rows").select(columns).take(pa.array(some))
    head = {"rows": rows, "columns": list(columns), "method": "MST", "epsilon": 1.0}
    return {**inputs, Kind.SYNTHETIC: Artifact(Kind.SYNTHETIC, head, (Part("rows", made, personal=True),))}


def test_synthetic_records_of_another_number():
    facts = measured(synthetic(world(), 2000))
    assert facts.release is None
    found = facts.synthetic
    assert (found.rows_before, found.rows_after) == (N, 2000)
    assert all(one.detail == one.told == 1 for one in found.columns)
    assert {one.domain for one in found.propensity} == {"spread"}
    assert found.propensity[0].ratio < 4
    assert by_name(found)["town"].tv < 4 * by_name(found)["town"].chance
    assert "ε 1" in shown(facts)


def test_a_release_of_stars_alone_and_columns_of_one_category():
    inputs = world()
    rows = inputs[Kind.TABLE].table("rows").select(["age", "sex", "ill"])
    stars = pa.array(["*"] * N)
    rows = (
        rows.set_column(0, "age", stars).set_column(1, "sex", stars).set_column(2, "ill", pa.array(["y"] * N))
    )
    head = {"k": 5, "levels": {"age": 3, "sex": 1}, "rows": N, "suppressed": 0}
    inputs[Kind.RELEASE] = Artifact(Kind.RELEASE, head, (Part("rows", rows, personal=True),))
    facts = measured(inputs)
    assert facts.release.suppressed == 0  # everything was generalized, which is no suppression
    assert by_name(facts.release)["age"].detail == 0
    assert facts.release.downstream is None
    assert "one value" in shown(facts)
    head = {**head, "levels": {"age": 1, "sex": 0}}
    inputs[Kind.RELEASE] = Artifact(Kind.RELEASE, head, (Part("rows", rows, personal=True),))
    facts = measured(inputs)
    assert facts.release.suppressed == N
    shown(facts)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_hardly_any_records(rows):
    inputs = anonymized(world())[0]
    for kind in (Kind.RELEASE, Kind.TABLE):
        head = inputs[kind].head
        part = Part("rows", inputs[kind].table("rows").slice(0, rows), personal=True)
        shown(measured({**inputs, kind: Artifact(kind, head, (part,))}))


def test_a_release_of_other_columns_is_told():
    inputs = anonymized(world())[0]
    release = inputs[Kind.RELEASE]
    rows = release.table("rows").rename_columns([f"{name}2" for name in release.table("rows").column_names])
    facts = measured(
        {**inputs, Kind.RELEASE: Artifact(Kind.RELEASE, release.head, (Part("rows", rows, True),))}
    )
    assert facts.release is None
    assert "none of its columns" in shown(facts)


def test_records_are_found_again_only_in_a_release_of_this_table():
    inputs = anonymized(world())[0]
    original, release = inputs[Kind.TABLE].table("rows"), inputs[Kind.RELEASE]
    trees, levels = tables._trees(inputs), {k: int(v) for k, v in release.head["levels"].items()}
    found = aligned(original, release.table("rows"), trees, levels)
    assert found.column("wealth").equals(original.column("wealth").cast(pa.string()))
    wrong = release.table("rows").set_column(4, "ill", pa.array(["y"] * N))
    assert aligned(original, wrong, trees, levels) is None


def test_the_same_run_gives_the_same_facts():
    inputs = anonymized(world())[0]
    assert measured(inputs) == measured(inputs)


def test_a_cancelled_run_ends():
    with pytest.raises(CancelledRunError):
        tables.measures(anonymized(world())[0], TablesSettings(), context(cancelled=True), no_progress)


def test_no_value_of_a_person_is_told():
    facts = measured(anonymized(world())[0])
    said = facts.model_dump_json()
    assert "P17" not in said
    assert not any(f'"{age} to ' in said for age in range(0, 80, 5))


def test_the_step_needs_no_model():
    inputs = synthetic(anonymized(world())[0], 500)
    params = STEP.Params()
    heads = {kind: one.head for kind, one in inputs.items()}
    assert not [one for one in STEP.check(params, heads) if one.level is Level.BLOCKING]
    outcome = STEP.run(params, inputs, context())
    assert outcome.facts.ours is None
    assert outcome.facts.tables.release is not None
    assert outcome.facts.tables.synthetic is not None
    again = STEP.Facts(**json.loads(outcome.facts.model_dump_json()))
    titles = [one.title for one in STEP.section(params, again).blocks if isinstance(one, Table)]
    assert "Columns of the release" in titles
    assert "Columns of the synthetic records" in titles


def test_nothing_to_evaluate_is_refused():
    heads = {kind: one.head for kind, one in world().items()}
    assert "PP-EVALUATE-020" in [one.code for one in STEP.check(STEP.Params(), heads)]
    heads[Kind.RELEASE] = {"columns": ["age"]}
    found = STEP.check(STEP.Params(tables_target="weight"), heads)
    assert ("PP-EVALUATE-021", Level.BLOCKING) in [(one.code, one.level) for one in found]


def test_what_nothing_generalized_is_told_without_the_columns_for_it():
    facts = measured(synthetic(world(), 500))
    tables = {one.title: one for one in tables_section.blocks(facts) if isinstance(one, Table)}
    assert "Generalized" not in {name for one in tables.values() for name in one.header}
    assert {len(one.header) for one in tables.values()} >= {6}
    for one in tables.values():
        assert {len(row) for row in one.rows} == {len(one.header)}
    told = next(one for title, one in tables.items() if title.startswith("Trained on"))
    assert [row[0] for row in told.rows][1] == "it"

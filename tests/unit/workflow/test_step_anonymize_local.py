"""Local transformation as a step: the released table is grouped anew by its strings."""

import json
from collections import Counter

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.anonymize.local.errors import CellLimitError
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.release.manifest import table_manifest
from ppdesk.release.table import Delimiter, write_csv
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.deployment.export import STEP as EXPORT
from ppdesk.workflow.step import Context

ROWS = pa.table(
    {
        "name": [f"P{i}" for i in range(24)],
        "age": [str(1 + i % 8) for i in range(24)],
        "sex": ["f" if i % 3 else "m" for i in range(24)],
        "ill": ["y", "n", "n"] * 8,
    }
)
TREES = {
    "age": validated("age", [[str(a), f"{(a + 1) // 2}x", f"{(a + 3) // 4}y", "*"] for a in range(1, 9)]),
    "sex": validated("sex", [["f", "*"], ["m", "*"]]),
}
ROLE = {"name": "direct-identifier", "age": "quasi-identifier", "sex": "quasi-identifier", "ill": "sensitive"}
ROLES = {"unit": "record", "target": None, "columns": [{"name": n, "role": r} for n, r in ROLE.items()]}
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", ROWS, personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
}


def params(**values):
    return parse(STEP.Params, values, step="anonymize")


def run(**values):
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(params(**values), INPUTS, context)


def shown(outcome):
    rows = outcome.artifacts[0].table("rows")
    return list(zip(rows.column("age").to_pylist(), rows.column("sex").to_pylist(), strict=True))


@pytest.mark.parametrize("transformation", ["clustering", "mondrian", "multi-pass"])
def test_everybody_is_kept_in_classes_of_k(transformation):
    outcome = run(k=3, suppression_limit=0, transformation=transformation)
    classes = Counter(shown(outcome))
    assert min(classes.values()) >= 3
    assert sum(classes.values()) == 24
    assert (outcome.facts.suppressed, outcome.facts.after.classes) == (0, len(classes))
    assert ("*", "*") not in classes
    assert outcome.facts.after.prosecutor == 1 / min(classes.values())
    assert outcome.facts.local.covered_highest <= outcome.facts.after.prosecutor


def test_the_release_claims_no_optimum_and_no_levels():
    outcome = run(k=3, transformation="clustering", sensitive=["ill: distinct-l-diversity, l = 2"])
    head = outcome.artifacts[0].head
    assert (head["levels"], head["optimal"]) == ({"age": None, "sex": None}, False)
    assert head["transformation"] == "clustering"
    proof = json.loads(outcome.artifacts[0].data("solution"))
    assert proof["smallest"] >= 3
    assert "lattice_size" not in proof
    rows = outcome.artifacts[0].table("rows")
    values = {}
    for key, ill in zip(shown(outcome), rows.column("ill").to_pylist(), strict=True):
        values.setdefault(key, set()).add(ill)
    assert all(len(found) == 2 for found in values.values())


def test_cells_are_suppressed_instead_of_records():
    outcome = run(k=3, suppression_limit=0.5, rare="cells", cell_limit=1)
    assert min(Counter(shown(outcome)).values()) >= 3
    assert outcome.facts.local.method == "cell suppression"
    proof = json.loads(outcome.artifacts[0].data("solution"))
    levels = proof["levels_before_cell_suppression"]
    allowed = set(TREES["age"].labels[levels["age"]]) | {"*"}
    assert {age for age, _ in shown(outcome)} <= allowed


def test_too_many_cells_are_refused():
    with pytest.raises(CellLimitError):
        run(k=3, suppression_limit=1, levels={"age": 0, "sex": 0}, rare="cells", cell_limit=0)


@pytest.mark.parametrize("transformation", ["global", "clustering", "mondrian", "multi-pass"])
def test_a_suppressed_column_says_nothing(transformation):
    outcome = run(k=3, transformation=transformation, suppress_columns=["sex"])
    assert {sex for _, sex in shown(outcome)} == {"*"}
    assert len({age for age, _ in shown(outcome)}) > 1


def test_the_section_tells_labels_and_both_risks():
    values = {"k": 3, "transformation": "clustering"}
    section = STEP.section(params(**values), run(**values).facts)
    tables = {block.title for block in section.blocks if isinstance(block, Table)}
    words = " ".join(block.text for block in section.blocks if isinstance(block, Words))
    assert "Labels of the cells" in tables
    assert "Generalization" not in tables
    assert "No optimum is claimed" in words
    assert "exact matching" in words


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"suppress_columns": ["ill"]}, "PP-ANONYMIZE-060"),
        ({"transformation": "mondrian", "quality": "aecs"}, "PP-ANONYMIZE-061"),
        ({"transformation": "mondrian", "rare": "cells"}, "PP-ANONYMIZE-062"),
        ({"transformation": "mondrian", "keep": ["age"]}, "PP-ANONYMIZE-063"),
    ],
)
def test_settings_that_do_not_go_together(values, code):
    found = STEP.check(params(**values), {Kind.ROLES: ROLES})
    assert code in {one.code for one in found}


def test_export_tells_that_levels_differ_by_class():
    release = run(k=3, transformation="clustering").artifacts[0]
    wanted = parse(EXPORT.Params, {"to": "out.csv"}, step="export")
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    outcome = EXPORT.run(wanted, {Kind.RELEASE: release}, context)
    assert (outcome.facts.levels, outcome.facts.mixed) == ({}, ("age", "sex"))
    said = [block for block in EXPORT.section(wanted, outcome.facts).blocks if isinstance(block, Table)]
    assert ("age", "by class") in said[0].rows
    written = write_csv(release.table("rows"), Delimiter.COMMA)
    manifest = table_manifest(
        written, file="o.csv", delimiter=Delimiter.COMMA, release=release.head, left_out=0, stamp=""
    )
    assert json.loads(manifest)["privacy"]["transformation"] == "clustering"


def previewed(**values):
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.previewer(INPUTS).preview(params(**values), context)


@pytest.mark.parametrize("transformation", ["clustering", "mondrian"])
def test_a_preview_tells_what_a_run_finds(transformation):
    values = {"k": 3, "suppression_limit": 0, "transformation": transformation, "suppress_columns": ["sex"]}
    found, ran = previewed(**values), run(**values).facts
    assert found.refusal == ""
    assert (found.before, found.after, found.score) == (ran.before, ran.after, ran.score)
    assert (found.granularity, found.suppressed) == (ran.local.granularity, 0)
    assert found.columns is None


def test_a_preview_says_why_there_is_nothing():
    assert "24" in previewed(k=25, transformation="clustering").refusal

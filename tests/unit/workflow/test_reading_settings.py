"""How a table was read: kept in heads, handed on, overruled for a batch, used wherever a number is needed."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import parse
from ppdesk.data.readers.csv_table import Encoding
from ppdesk.release.model_manifest import parse_manifest
from ppdesk.release.table import write_csv
from ppdesk.train.encoding import Encoding as FeatureEncoding
from ppdesk.train.model import LogisticModel
from ppdesk.workflow.batches import BatchParams, Names, read_batch, reading_of
from ppdesk.workflow.data.import_table import STEP as IMPORT
from ppdesk.workflow.data.roles import STEP as ROLES
from ppdesk.workflow.deployment.deploy import STEP as DEPLOY
from ppdesk.workflow.deployment.deploy import DeployParams
from ppdesk.workflow.deployment.export import STEP as EXPORT
from ppdesk.workflow.deployment.export import ExportParams
from ppdesk.workflow.deployment.monitor import STEP as MONITOR
from ppdesk.workflow.deployment.monitor_facts import MonitorFacts
from ppdesk.workflow.deployment.monitor_params import MonitorParams
from ppdesk.workflow.deployment.score import ScoreParams
from ppdesk.workflow.evaluation.evaluate import STEP as EVALUATE
from ppdesk.workflow.evaluation.evaluate import EvaluateParams
from ppdesk.workflow.model.train import STEP as TRAIN
from ppdesk.workflow.model.train import TrainParams
from ppdesk.workflow.reading import Delimiter, Quoting, Reading, keep, kept
from ppdesk.workflow.step import Context

COMMA = DecimalMark.COMMA
READ = Reading(
    delimiter=Delimiter.BAR, encoding=Encoding.WINDOWS_1252, header=False, quoting=Quoting.NONE,
    null_tokens=("?", "NA"), decimal=COMMA,
)  # fmt: skip
DECLARED = {
    "unit": "record",
    "target": "ill",
    "columns": [
        {"name": "dose", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 10.0},
        {"name": "ill", "role": "sensitive", "type": "categorical", "categories": ["no", "yes"],
         "positive": "yes", "target": True},
    ],
}  # fmt: skip


def context(**sources):
    return Context(sources, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")


def people(rows=600, seed=1):
    chance = np.random.default_rng(seed)
    dose = chance.uniform(0, 10, rows)
    ill = np.where(dose + chance.normal(size=rows) > 5, "yes", "no")
    return pa.table({"dose": [f"{one:.2f}" for one in dose], "ill": ill})


def with_commas(table):
    return table.set_column(0, "dose", pc.replace_substring(table.column("dose"), ".", ","))


def given(table, **reading):
    head = {"sha256": "ab" * 32, "rows": table.num_rows, **(keep(Reading(**reading)) if reading else {})}
    return {
        Kind.TABLE: Artifact(Kind.TABLE, head, (Part("rows", table, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, DECLARED),
    }


def in_both(work):
    """What `work` makes of the same table with points and with commas."""
    return work(given(people())), work(given(with_commas(people()), decimal="comma"))


def test_a_head_keeps_everything_and_gives_it_back():
    head = json.loads(json.dumps(keep(READ)))
    assert Reading.of(head) == READ
    assert kept({"sha256": "x", **head}) == head


@pytest.mark.parametrize("head", [{}, {"sha256": "x"}, {"reading": {}}, {"reading": None}])
def test_heads_from_before_mean_what_was_the_default_then(head):
    assert Reading.of(head) == Reading()
    assert Reading.of({"reading": {"sheet": "Data", "decimal": "comma"}}) == Reading(decimal=COMMA)


@pytest.mark.parametrize("params", [BatchParams, ScoreParams, MonitorParams])
def test_a_batch_is_read_as_the_table_unless_a_person_says_otherwise(params):
    assert reading_of(params(batch=Path("b.csv")), keep(READ)) == READ
    said = params(
        batch=Path("b.csv"), delimiter="tab", encoding="utf-8", header=Names.YES, quoting="double",
        null_tokens="", decimal="point",
    )  # fmt: skip
    assert reading_of(said, keep(READ)) == Reading(delimiter=Delimiter.TAB)
    one = params(batch=Path("b.csv"), decimal="point")
    assert reading_of(one, keep(READ)) == READ.model_copy(update={"decimal": DecimalMark.POINT})


def test_a_record_of_a_batch_from_before_is_still_understood():
    old = {"batch": "b.csv", "encoding": "utf-8", "null_tokens": [""], "threshold": None, "to": None}
    assert reading_of(parse(ScoreParams, old, step="score"), {}) == Reading()


def test_a_batch_has_the_marks_of_the_table(tmp_path):
    file = tmp_path / "b.csv"
    file.write_bytes('ä|1,5|?\nNA|"x|y\n'.encode("windows-1252"))
    batch = read_batch(BatchParams(batch=file), keep(READ), context(batch=file))
    assert batch.table.to_pydict() == {
        "column 1": ["ä", None], "column 2": ["1,5", '"x'], "column 3": [None, "y"]
    }  # fmt: skip
    assert batch.reading == READ


def test_import_keeps_how_it_read_and_types_follow_the_mark(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("dose;code\n1,5;a\n?;b\n20;1.5\n")
    values = {"table": str(file), "decimal": "comma", "null_tokens": ["?"]}
    outcome = IMPORT.run(parse(IMPORT.Params, values, step="import"), {}, context(table=file))
    made = outcome.artifacts[0]
    found = Reading(delimiter="semicolon", decimal=COMMA, null_tokens=("?",))
    assert Reading.of(made.head) == found
    assert made.head["reading"]["found"] == ["delimiter"]
    assert [one["type"] for one in made.head["columns"]] == ["decimal", "string"]
    assert made.table("rows").column("dose").to_pylist() == ["1,5", None, "20"]  # as in the file
    assert outcome.findings == []
    assert "decimal comma" in str(IMPORT.section(parse(IMPORT.Params, values, step="import"), outcome.facts))


@pytest.mark.parametrize(
    ("cells", "decimal", "proposed"),
    [
        (["1,5", "2", "?"], "point", "comma"),
        (["1.5", "2", ""], "comma", "point"),
        (["1,5", "2.5", "3"], "point", None),
        (["1", "2", "3"], "point", None),
        (["1,5", "2,5"], "comma", None),
        (["well, so", "1,5", "no", "yes"], "point", None),
        (["1,234,567", "x"], "point", None),
        ([], "point", None),
    ],
)
def test_a_mark_that_does_not_fit_is_said_with_the_column_and_never_changed(
    tmp_path, cells, decimal, proposed
):
    file = tmp_path / "t.csv"
    file.write_text("dose;x\n" + "".join(f"{cell};a\n" for cell in [*cells, ""]))
    params = parse(IMPORT.Params, {"table": str(file), "decimal": decimal}, step="import")
    outcome = IMPORT.run(params, {}, context(table=file))
    assert Reading.of(outcome.artifacts[0].head).decimal == decimal
    assert [(one.code, one.field) for one in outcome.findings] == [("PP-IMPORT-006", "decimal")] * bool(
        proposed
    )
    if proposed:
        assert f"decimal mark {proposed}" in outcome.findings[0].detail
        assert "dose" in outcome.findings[0].detail


def test_roles_counts_what_is_out_of_bounds_by_the_mark():
    columns = [{"name": "dose", "role": "insensitive", "type": "numeric", "min": 0, "max": 10},
               {"name": "ill", "role": "sensitive", "categories": ["no", "yes"]}]  # fmt: skip
    params = parse(ROLES.Params, {"columns": columns}, step="roles")

    def outside(inputs):
        return [one.outside for one in ROLES.run(params, inputs, context()).facts.columns]

    assert in_both(outside) == ([0, 0], [0, 0])
    assert outside(given(with_commas(people())))[0] > 500


def trained(inputs):
    return TRAIN.run(TrainParams(epsilon=5.0), inputs, context()).artifacts[0]


def test_training_learns_the_same_and_hands_on_how_its_table_was_read():
    points, commas = in_both(trained)
    assert points.data("model") == commas.data("model")
    assert "reading" not in points.head
    assert Reading.of(commas.head).decimal is COMMA


def test_evaluate_measures_the_same():
    def facts(inputs):
        inputs = {**inputs, Kind.MODEL: trained(inputs)}
        return EVALUATE.run(EvaluateParams(groups=("dose",), floor=10), inputs, context()).facts

    points, commas = in_both(facts)
    assert points == commas
    assert points.fairness


def test_monitor_compares_by_the_marks_of_table_and_batch(tmp_path):
    def facts(inputs, batch, **values):
        file = tmp_path / "b.csv"
        rows = batch.to_pylist()
        file.write_text("dose;ill\n" + "".join(f"{row['dose']};{row['ill']}\n" for row in rows))
        inputs = {**inputs, Kind.MODEL: trained(inputs)}
        params = MonitorParams(batch=file, groups=("dose",), floor=10, **values)
        return MONITOR.run(params, inputs, context(batch=file)).facts

    new = people(300, seed=2)
    points = facts(given(people()), new)
    commas = facts(given(with_commas(people()), decimal="comma"), with_commas(new))
    mixed = facts(given(with_commas(people()), decimal="comma"), new, decimal="point")
    assert points.drift[0].unseen == 0
    for other in (commas, mixed):
        assert other.model_copy(update={"reading": points.reading}) == points
    assert (commas.reading.decimal, mixed.reading.decimal) == ("comma", "point")
    before = points.model_dump(exclude={"reading"})
    assert MonitorFacts.model_validate(before).reading is None


def test_a_bundle_says_how_its_table_was_read():
    model = LogisticModel(
        "dp-logistic-regression", FeatureEncoding.from_roles(DECLARED, ["dose"], "ill"), (0.0,) * 9, "ill",
        "yes", "no", {},
    )  # fmt: skip
    for head, null_tokens, decimal in (({}, None, None), (keep(READ), ["?", "NA"], "comma")):
        artifact = Artifact(Kind.MODEL, {"private": True, **head}, (Part("model", model.to_json()),))
        made = DEPLOY.run(DeployParams(to=Path("m.ppmodel")), {Kind.MODEL: artifact}, context()).artifacts[0]
        said = made.data("manifest.json")
        manifest = parse_manifest(said)
        assert (manifest.null_tokens, manifest.decimal) == (null_tokens, decimal)
        assert (b'"decimal"' in said) is bool(head)
        assert kept(made.head) == head


def test_a_release_keeps_its_texts_and_numbers_get_no_apostrophe():
    rows = pa.table({"age": ["-1,5", "-1.5", "-x", "2,5"]})
    head = {"k": 1, "levels": {"age": 0}, "rows": 4, "suppressed": 0, **keep(Reading(decimal=COMMA))}
    release = Artifact(Kind.RELEASE, head, (Part("rows", rows, personal=True),))
    made = EXPORT.run(ExportParams(to=Path("r.csv")), {Kind.RELEASE: release}, context()).artifacts[0]
    assert sorted(made.data("release.csv").decode().split()) == ["'-1.5", "'-x", "-1,5", "2,5", "age"]
    assert json.loads(made.data("manifest.json"))["file"]["decimal_mark"] == ","
    assert write_csv(rows).guarded == 2

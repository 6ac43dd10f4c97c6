"""The step that corrects a table by operations."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import IDENTITY, Artifact, Kind, Part
from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.findings import Level
from ppdesk.core.mode import Mode
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.workbench.errors import RefusedByCheckError
from ppdesk.workbench.session import Session
from ppdesk.workflow.data.clean import STEP
from ppdesk.workflow.recipe import load_recipe
from ppdesk.workflow.shorthand import OperationsUnreadableError, spelled_out

SECRET = "Ottokar"
VALUES = {"name": [f" {SECRET}", "Bea", "Bea"], "age": ["31", "x", "40"], "city": ["Köln", "Köln", "Bonn"]}


def params(*operations, **more):
    return parse(STEP.Params, {"operations": list(operations), **more}, step="clean")


def table(values=VALUES, **head):
    rows = pa.table({name: pa.array(cells, pa.string()) for name, cells in values.items()})
    said = {
        "file": "t.csv", "sha256": "ab", "content": "cd", "contents": ["cd"], "dataset": "D", "format": "csv",
        "rows": rows.num_rows, "columns": [{"name": name, "type": "string"} for name in values],
        "provenance": {"source": "Clinic"}, "reading": {"decimal": "point"}, **head,
    }  # fmt: skip
    return Artifact(Kind.TABLE, said, (Part("rows", rows, personal=True),))


@pytest.fixture
def run(context_of):
    def ran(source, *operations, **more):
        return STEP.run(params(*operations, **more), {Kind.TABLE: source}, context_of())

    return ran


def test_the_head_says_the_same_of_whose_data_it_is_and_anew_what_it_holds(run):
    source = table()
    made = run(
        source, {"op": "trim"}, {"op": "type", "columns": "age", "type": "integer", "bad": "quarantine"}
    ).artifacts[0]
    for name in (*IDENTITY, "provenance", "reading", "format"):
        assert made.head[name] == source.head[name]
    assert made.head["rows"] == made.table("rows").num_rows == 2
    assert made.head["columns"][1] == {"name": "age", "type": "integer"}
    assert (made.head["quarantined"], made.head["operations"], made.head["stability"]) == (1, 2, 1)
    assert all(part.personal for part in made.parts)
    assert made.table("quarantine")["row"].to_pylist() == [3]


def test_what_was_put_aside_before_stays_and_rows_are_counted_as_in_the_file(run):
    aside = pa.table({"row": pa.array([3], pa.int64()), "reason": ["too short"], "text": ["?"]})
    source = table(quarantined=1)
    source = Artifact(source.kind, source.head, (*source.parts, Part("quarantine", aside, personal=True)))
    made = run(source, {"op": "filter", "where": "age matches '^[0-9]+$'"}, {"op": "range", "columns": "age",
               "max": 35, "action": "quarantine"}).artifacts[0]  # fmt: skip
    assert made.table("quarantine")["row"].to_pylist() == [3, 5]
    assert made.head["quarantined"] == 2


def test_the_same_rows_kept_in_another_way_are_another_table(run):
    values = {"a": ["x", "y", "x"]}
    first = run(table(values), {"op": "duplicates"}).artifacts[0].head
    last = run(table(values), {"op": "duplicates", "keep": "last"}).artifacts[0].head
    assert first["rows"] == last["rows"]
    assert first["made"] != last["made"]


def test_stability_is_that_of_the_import_times_that_of_the_operations(run):
    joined, loose = table(stability=3), table(stability=None)
    twice = {"op": "duplicates", "columns": "city"}
    assert run(joined, twice).artifacts[0].head["stability"] == 6
    assert run(loose, twice).artifacts[0].head["stability"] is None
    assert (
        run(table(), {"op": "fill", "columns": "age", "how": "mean"}).artifacts[0].head["stability"] is None
    )


def test_record_and_section_hold_no_value(run):
    given = [
        {"op": "trim"},
        {"op": "merge-values", "column": "city", "values": {"Köln": "Cologne"}},
        {"op": "rule", "holds": f"name != '{SECRET}'", "action": "quarantine"},
    ]
    done = run(table(), *given)
    shown = (
        repr(done.facts.model_dump()) + repr(STEP.section(params(*given), done.facts)) + repr(done.findings)
    )
    shown += json.dumps(dict(done.artifacts[0].head))
    assert SECRET not in shown
    assert "Cologne" not in shown
    assert [one.words for one in done.facts.operations][1] == "Merge 1 value of city into 1"


def test_what_does_not_fit_is_refused_before_and_skipped_only_on_request(run):
    head = {Kind.TABLE: table().head}
    operations = [{"op": "trim", "columns": ["Age "]}, {"op": "trim"}]
    found = STEP.check(params(*operations), head)
    assert [(one.level, one.code) for one in found] == [(Level.BLOCKING, "PP-CLEAN-021")]
    assert "Age : perhaps age" in found[0].detail
    found = STEP.check(params(*operations, skip_unfit=True), head)
    assert [one.level for one in found] == [Level.CAUTION]
    done = run(table(), *operations, skip_unfit=True)
    assert done.facts.operations[0].skipped == "the table has no column Age "
    assert done.artifacts[0].head["operations"] == 1
    section = STEP.section(params(*operations), done.facts)
    assert any(isinstance(one, Words) and "was skipped" in one.text for one in section.blocks)


def test_a_mapping_must_fit(run):
    head = {Kind.TABLE: table().head}
    given = {"op": "trim", "columns": ["town"]}
    assert STEP.check(params(given, mapping={"town": "city"}), head) == []
    for wrong in ({"town": "nowhere"}, {"name": "city"}, {"town": "city", "place": "city"}):
        assert [one.code for one in STEP.check(params(given, mapping=wrong), head)] == ["PP-CLEAN-020"]
    done = run(table(), given, mapping={"town": "city"})
    assert done.artifacts[0].table("rows").column_names == ["name", "age", "town"]


def test_a_person_is_told_what_cleaning_means_for_training():
    mean, some = {"op": "fill", "columns": "age", "how": "mean"}, {"op": "duplicates", "columns": "age"}
    codes = [
        [one.code for one in STEP.check(params(one), {Kind.TABLE: table().head})] for one in (mean, some)
    ]
    assert codes == [["PP-CLEAN-022"], ["PP-CLEAN-023"]]


def test_the_section_counts_before_and_after(run):
    done = run(table(), {"op": "trim"}, {"op": "duplicates", "columns": "name"})
    tables = {
        one.title: one
        for one in STEP.section(params({"op": "trim"}), done.facts).blocks
        if isinstance(one, Table)
    }
    assert tables["Operations"].rows[1][2:4] == ["3", "2"]
    assert tables["Operations"].rows[0][4] == "1"


def test_the_section_shows_only_what_is_not_as_import_found_it(run):
    found = run(table({**VALUES, "town": ["Ulm", "ulm ", "ulm"]})).artifacts[0].head["suggestions"]
    done = run(table({**VALUES, "town": ["Ulm", "ulm ", "ulm"]}, suggestions=found),
               {"op": "trim", "columns": "name"})  # fmt: skip
    blocks = STEP.section(params({"op": "trim"}), done.facts).blocks
    tables = {one.title: one for one in blocks if isinstance(one, Table)}
    assert [row[0] for row in tables["Columns"].rows] == ["name"]
    assert "The other 3 columns are as Import found them." in tables["Columns"].caption
    assert [one.told for one in done.facts.suggestions] == [True] * len(done.facts.suggestions) != []
    assert "Worth a look" not in tables
    same = STEP.section(params(), run(table()).facts)
    assert any(isinstance(one, Words) and "All 3 columns are as" in one.text for one in same.blocks)


def test_records_from_before_show_all_columns(run):
    facts = run(table()).facts.model_dump()
    old = [{name: value for name, value in one.items() if name != "as_before"} for one in facts["columns"]]
    section = STEP.section(params(), STEP.Facts.model_validate({**facts, "columns": old}))
    shown = {one.title: one for one in section.blocks if isinstance(one, Table)}
    assert [row[0] for row in shown["Columns"].rows] == list(VALUES)


def test_an_operation_that_is_none_is_named_with_its_place():
    with pytest.raises(InvalidParamsError) as raised:
        params({"op": "trim"}, {"op": "split", "column": "a"})
    assert "operation 2 (split), into: " in raised.value.message


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"op": "fill", "columns": "age"}, "operation 1 (fill): a value is needed"),
        ({"op": "split", "column": "age", "into": ["a", "b"]}, "a text to split at is needed"),
        ({"op": "split", "column": "age", "into": "a", "separator": "-", "pattern": "(.)"}, "not both"),
        ({"op": "range", "columns": "age"}, "operation 1 (range): a bound is needed"),
    ],
)
def test_an_operation_that_does_not_say_what_to_do_is_refused(operation, reason):
    with pytest.raises(InvalidParamsError) as raised:
        params(operation)
    assert reason in raised.value.message


def test_operations_may_stand_in_a_file_of_their_own(tmp_path: Path):
    (tmp_path / "clean.toml").write_text('[[operations]]\nop = "trim"\n[mapping]\nage = "Alter"\n')
    (tmp_path / "none.toml").write_text("surplus = 1\n")
    found = spelled_out("clean", {"operations": "clean.toml"}, tmp_path)
    assert found == {"operations": [{"op": "trim"}], "mapping": {"age": "Alter"}}
    assert spelled_out("clean", {"operations": [{"op": "trim"}]}, tmp_path) == {
        "operations": [{"op": "trim"}]
    }
    for wrong in ("none.toml", "nowhere.toml"):
        with pytest.raises(OperationsUnreadableError):
            spelled_out("clean", {"operations": wrong}, tmp_path)
    with pytest.raises(InvalidParamsError):
        spelled_out("clean", {"operations": "clean.toml", "mapping": {}}, tmp_path)


def test_a_recipe_replayed_on_the_same_file_makes_the_same_artifact(tmp_path: Path):
    (tmp_path / "t.csv").write_text("id,age\n1, 30\n2,N/A\n2,N/A\n3,40\n", encoding="utf-8")
    (tmp_path / "recipe.toml").write_text(
        'title = "R"\n[[steps]]\nstep = "import"\ntable = "t.csv"\n[[steps]]\nstep = "clean"\n'
        '[[steps.operations]]\nop = "trim"\n[[steps.operations]]\nop = "missing"\ntokens = "N/A"\n'
        '[[steps.operations]]\nop = "duplicates"\n'
    )
    place = {"mode": Mode(1), "home": tmp_path / "home", "actor": "Ada"}
    with Session.create(tmp_path / "p.ppdesk", "b horse", **place) as session:
        steps = load_recipe(tmp_path / "recipe.toml").steps
        done = [session.run(key, values).event.outputs[Kind.TABLE] for key, values in (*steps, *steps)]
        rows = session.artifact(Kind.TABLE).table("rows").to_pydict()
    assert done[:2] == done[2:]
    assert rows == {"id": ["1", "2", "3"], "age": ["30", None, "40"]}


def test_an_empty_list_passes_the_table_on_and_says_so(run, tmp_path: Path):
    assert [(one.level, one.title) for one in STEP.check(params(), {Kind.TABLE: table().head})] == [
        (Level.INFO, "No operation: the table is passed on.")
    ]
    source = table()
    done = run(source)
    made = done.artifacts[0]
    assert made.table("rows").equals(source.table("rows"))
    assert (made.head["operations"], made.head["stability"]) == (0, 1)
    shown = STEP.section(params(), done.facts).blocks
    assert any(isinstance(one, Words) and one.text.startswith("No operation") for one in shown)
    (tmp_path / "none.toml").write_text("operations = []\n")
    assert spelled_out("clean", {"operations": "none.toml"}, tmp_path) == {"operations": []}


def test_taking_out_the_last_operation_gives_the_earlier_table_again(tmp_path: Path):
    (tmp_path / "t.csv").write_text("id,age\n1, 30\n2,N/A\n2,N/A\n3,40\n", encoding="utf-8")
    trim, drop = {"op": "trim"}, {"op": "duplicates"}
    with Session.create(
        tmp_path / "p.ppdesk", "b horse", mode=Mode(1), home=tmp_path / "h", actor="A"
    ) as one:
        one.run("import", {"table": str(tmp_path / "t.csv")})
        lists = ([], [trim], [trim, drop], [trim], [])
        made = [one.run("clean", {"operations": some}).event.outputs[Kind.TABLE] for some in lists]
    assert made[0] == made[4]
    assert made[1] == made[3]
    assert len(set(made)) == 3


def test_all_that_does_not_fit_is_told_at_once(tmp_path: Path):
    (tmp_path / "t.csv").write_text("id,age\n1,30\n", encoding="utf-8")
    wrong = [{"op": "trim", "columns": [f"c{at}"]} for at in range(9)]
    place = {"mode": Mode(1), "home": tmp_path / "h", "actor": "A"}
    with Session.create(tmp_path / "p.ppdesk", "b horse", **place) as one:
        one.run("import", {"table": str(tmp_path / "t.csv")})
        with pytest.raises(RefusedByCheckError) as raised:
            one.run("clean", {"operations": wrong})
    said = raised.value.message
    assert "Also: Operation 2 (trim) does not fit: the table has no column c1; Operation 3" in said
    assert said.endswith("3 more.")

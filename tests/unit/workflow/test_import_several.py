"""Import of several files, with a filter by consent, and with rows that are put aside."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.data.combine_errors import OtherColumnsError
from ppdesk.data.consent import NoConsentColumnError
from ppdesk.workflow.data.import_errors import ConsentExpiredError
from ppdesk.workflow.data.import_table import STEP
from ppdesk.workflow.step import Context

QUIET = {"source": "x", "legal_basis": "contract", "allowed_purposes": ["care"]}


def run(folder, *names, **values):
    given = {"table": names[0], "more_files": list(names[1:]), **QUIET, **values}
    params = parse(STEP.Params, given, step="import")
    sources = {"table": folder / names[0]}
    sources |= {f"more_files.{at}": folder / name for at, name in enumerate(names[1:])}
    context = Context(sources, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return params, STEP.run(params, {}, context)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.csv").write_text("id;ok\n1;yes\n2;no\n3;\n")
    (tmp_path / "b.csv").write_text("ok;id\nyes;4\n")
    (tmp_path / "visits.csv").write_text("id,bp\n1,120\n3,130\n9,110\n,100\n")
    (tmp_path / "bad.csv").write_text("id;ok\n1;yes\nsecret;1;2\n3;no\n")
    return tmp_path


def codes(outcome):
    return [one.code for one in outcome.findings]


def test_files_are_appended_and_each_is_named(folder):
    params, made = run(folder, "a.csv", "b.csv")
    head = made.artifacts[0].head
    assert made.artifacts[0].table("rows").to_pydict() == {
        "id": ["1", "2", "3", "4"], "ok": ["yes", "no", None, "yes"],
    }  # fmt: skip
    assert [(one["file"], one["rows"]) for one in head["files"]] == [("a.csv", 3), ("b.csv", 1)]
    assert head["content"] == head["contents"][0] == run(folder, "a.csv")[1].artifacts[0].head["content"]
    assert len(set(head["contents"])) == 3  # of each, and of both together
    assert (head["stability"], head["excluded"], head["quarantined"]) == (1, 0, 0)
    shown = repr(STEP.section(params, made.facts))
    assert "Files appended" in shown
    assert head["files"][1]["sha256"] in shown


def test_appended_files_are_the_data_that_one_file_with_all_rows_is(folder):
    (folder / "whole.csv").write_text("id;ok\n1;yes\n2;no\n3;\n4;yes\n")
    whole = run(folder, "whole.csv")[1].artifacts[0].head["content"]
    assert run(folder, "a.csv", "b.csv")[1].artifacts[0].head["contents"][-1] == whole


def test_a_join_tells_what_it_leaves_out(folder):
    params, made = run(folder, "a.csv", "visits.csv", combine="join", keys=["id"])
    assert made.artifacts[0].table("rows").to_pydict() == {
        "id": ["1", "3"], "ok": ["yes", None], "bp": ["120", "130"],
    }  # fmt: skip
    (told,) = made.facts.joins
    assert (told.matched, told.left_only, told.right_only, told.without_key) == (2, 1, 2, 1)
    (found,) = [one for one in made.findings if one.code == "PP-IMPORT-010"]
    assert found.detail == "1 row of the tables before it and 2 rows of visits.csv; 1 row lack a key."
    shown = repr(STEP.section(params, made.facts))
    assert "Join by id, inner" in shown
    assert "One replaced record of a file changes at most 1 row" in shown
    left = run(folder, "a.csv", "visits.csv", combine="join", keys=["id"], join="left")[1]
    assert (left.facts.rows, left.artifacts[0].head["stability"]) == (3, 2)


def test_a_key_that_repeats_leaves_no_bound_and_says_so(folder):
    (folder / "visits.csv").write_text("id,bp\n1,120\n1,130\n")
    made = run(folder, "a.csv", "visits.csv", combine="join", keys=["id"])[1]
    assert made.artifacts[0].head["stability"] is None
    assert "PP-IMPORT-014" in codes(made)


def test_files_that_do_not_fit_are_refused(folder):
    with pytest.raises(OtherColumnsError, match=r"visits\.csv has other columns"):
        run(folder, "a.csv", "visits.csv")


@pytest.mark.parametrize(
    "values",
    [
        {"combine": "join", "more_files": ["b.csv"]},
        {"combine": "join", "keys": ["id"]},
        {"keys": ["id"], "more_files": ["b.csv"]},
        {"combine": "join", "more_files": ["b.csv"], "keys": ["id", "id"]},
        {"consent_column": "ok"},
        {"consent_values": ["yes"]},
    ],
)
def test_settings_that_say_nothing_are_refused_at_once(values):
    params = parse(STEP.Params, {"table": "a.csv", **QUIET, **values}, step="import")
    assert Level.BLOCKING in [one.level for one in STEP.check(params, {})]


def test_the_filter_by_consent_counts_whom_it_leaves_out(folder):
    values = {"consent_column": "ok", "consent_values": ["yes", "ja"]}
    params, made = run(folder, "a.csv", **values)
    head = made.artifacts[0].head
    assert made.artifacts[0].table("rows").to_pydict() == {"id": ["1"], "ok": ["yes"]}
    assert (made.facts.rows, made.facts.excluded, head["excluded"]) == (1, 2, 2)
    assert (
        head["content"] == run(folder, "a.csv")[1].artifacts[0].head["content"]
    )  # as if nobody were left out
    assert codes(made) == ["PP-IMPORT-009", "PP-IMPORT-016"]
    shown = repr(STEP.section(params, made.facts))
    assert "ok: 2 rows without consent left out" in shown
    assert "ja" not in shown.replace("January", "")
    with pytest.raises(NoConsentColumnError):
        run(folder, "a.csv", consent_column="agreed", consent_values=["yes"])


def test_expired_consent_is_refused_in_the_run(folder):
    with pytest.raises(ConsentExpiredError):
        run(folder, "a.csv", legal_basis="consent", consent_until="2025-12-31")
    made = run(folder, "a.csv", retain_until="2025-12-31")[1]
    assert codes(made) == ["PP-IMPORT-008"]


def test_rows_that_do_not_fit_are_put_aside_with_their_reason(folder):
    params, made = run(folder, "bad.csv", bad_rows="quarantine")
    table = made.artifacts[0]
    assert table.table("rows").to_pydict()["id"] == ["1", "3"]
    assert table.table("quarantine").to_pydict()["row"] == [3]
    assert [part.personal for part in table.parts] == [True, True]
    assert (table.head["quarantined"], made.facts.quarantined) == (1, 1)
    assert sum(one.rows for one in made.facts.put_aside) == 1
    assert "PP-IMPORT-015" in codes(made)
    told = repr(made.facts) + repr(made.findings) + repr(STEP.section(params, made.facts))
    assert "Rows put aside" in told
    assert "secret" not in told


def test_of_several_files_the_quarantine_names_the_file(folder):
    made = run(folder, "a.csv", "bad.csv", bad_rows="quarantine")[1]
    assert made.artifacts[0].table("quarantine").to_pydict()["file"] == ["bad.csv"]


def test_settings_are_told_as_declared_or_found(folder):
    params, made = run(folder, "a.csv")
    told = {one.setting: (one.value, one.why) for one in made.facts.settings}
    assert told["delimiter"] == ("semicolon", "Found out over all rows")
    assert told["encoding"] == ("utf-8", "Declared")
    assert "How the file was read" in repr(STEP.section(params, made.facts))


def test_recipes_from_before_mean_the_same(folder):
    made = run(folder, "a.csv", header=False)[1]
    assert [one.name for one in made.facts.columns] == ["column 1", "column 2"]
    assert made.artifacts[0].head["reading"]["header"] is False


def test_a_record_from_before_is_shown(folder):
    params, made = run(folder, "a.csv")
    new = {"files", "joins", "stability", "excluded", "quarantined", "put_aside", "settings", "reasons"}
    old = STEP.Facts(**made.facts.model_dump(exclude=new))
    assert "CSV, columns separated by semicolon, utf-8, decimal point" in repr(STEP.section(params, old))


def test_settings_of_a_csv_file_are_found_out_and_told(folder):
    text = "Größe;dose\nklein;1,5\ngroß;N/A\nklein;2,25\n" + "klein;3,5\n" * 20
    (folder / "found.csv").write_bytes(text.encode("windows-1252"))
    values = {"encoding": "auto", "header": "auto", "decimal": "auto", "find_null_tokens": True}
    params, made = run(folder, "found.csv", **values)
    head = made.artifacts[0].head
    reading = {name: head["reading"][name] for name in ("delimiter", "header", "decimal")}
    assert reading == {"delimiter": "semicolon", "header": True, "decimal": "comma"}
    assert "auto" not in repr(head)
    assert "N/A" in head["reading"]["null_tokens"]
    assert [(one.name, one.type, one.missing) for one in made.facts.columns] == [
        ("Größe", "string", 0), ("dose", "decimal", 1),
    ]  # fmt: skip
    assert {one.why for one in made.facts.settings if one.setting != "quoting"} == {"Found out over all rows"}
    assert made.facts.reasons
    assert "How the file was read" in repr(STEP.section(params, made.facts))


def test_of_another_format_the_values_speak(folder):
    table = pa.table({"id": ["1", "2", "3"] * 9, "dose": ["1,5", "N/A", "2,5"] * 9})
    pq.write_table(table, folder / "t.parquet")
    made = run(folder, "t.parquet", decimal="auto", find_null_tokens=True)[1]
    reading = made.artifacts[0].head["reading"]
    assert (reading["decimal"], reading["found"]) == ("comma", ["decimal", "null_tokens"])
    assert made.facts.columns[1].type == "decimal"
    assert made.facts.columns[1].missing == 9


def test_what_is_not_found_out_is_said(folder):
    (folder / "f.txt").write_text("007 30\n008 31\n")
    made = run(folder, "f.txt", widths=["id:4", "age:2"], encoding="auto")[1]
    assert "PP-IMPORT-018" in codes(made)
    (told,) = [one for one in made.facts.settings if one.setting == "encoding"]
    assert told.why.startswith("Not found out")

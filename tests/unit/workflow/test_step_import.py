"""The step that brings in a table."""

import hashlib
from pathlib import Path

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.params import fields_of, parse
from ppdesk.core.section import Table
from ppdesk.data.errors import NoSuchSheetError, NotThatFormatError, RaggedRowError, WidthsError
from ppdesk.data.readers.formats import FileFormat
from ppdesk.workflow.data.import_params import Format
from ppdesk.workflow.data.import_table import STEP
from ppdesk.workflow.step import Context

STATED = {
    "source": "Clinic A", "collected": "2024", "legal_basis": "consent", "consent": "for research",
    "consent_until": "2030-12-31", "consent_withdrawal": "by letter", "consent_column": "",
    "allowed_purposes": ["medical research"], "retention": "5 years", "retain_until": "2031-12-31",
}  # fmt: skip


def params(**values):
    return parse(STEP.Params, {"table": "/somewhere/t.csv", **values}, step="import")


def run(path, **values):
    context = Context({"table": path}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(params(**values), {}, context)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id;age;born\n007;30;1990-01-02\n008;;1991-02-03\n", encoding="utf-8")
    return path


def test_the_head_says_what_was_read_and_where_it_comes_from(table):
    made = run(table, **STATED).artifacts[0]
    assert made.kind is Kind.TABLE
    assert made.head["sha256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert (made.head["file"], made.head["rows"]) == ("t.csv", 2)
    assert made.head["columns"] == [
        {"name": "id", "type": "string"},
        {"name": "age", "type": "integer"},
        {"name": "born", "type": "date"},
    ]
    assert made.head["provenance"] == STATED
    assert [part.personal for part in made.parts] == [True]
    assert made.table("rows").to_pydict()["age"] == ["30", None]


def test_the_facts_and_the_section_hold_no_value(table):
    facts = run(table).facts
    shown = repr(facts.model_dump()) + repr(STEP.section(params(), facts))
    assert "1990" not in shown
    assert "007" not in shown.replace(facts.sha256, "")
    assert facts.delimiter == "semicolon"


def test_the_section_prints_the_provenance(table):
    blocks = STEP.section(params(**STATED), run(table).facts).blocks
    rows = next(block.rows for block in blocks if isinstance(block, Table) and block.title == "Provenance")
    assert ["Legal basis", "Consent (GDPR Art. 6(1)(a))"] in rows
    assert ["Allowed purposes", "medical research"] in rows


def test_a_first_record_taken_for_names_is_remarked(tmp_path, table):
    path = tmp_path / "no-names.csv"
    path.write_text("34,M,1200\n35,F,1300\n51,M,900\n", encoding="utf-8")
    assert "PP-IMPORT-019" in {one.code for one in run(path).findings}
    assert "PP-IMPORT-019" not in {one.code for one in run(path, header="no").findings}
    assert "PP-IMPORT-019" not in {one.code for one in run(table).findings}


def test_options_reach_the_reader(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("ä|?\n".encode("windows-1252"))
    facts = run(path, delimiter="bar", encoding="windows-1252", header=False, null_tokens=["?"]).facts
    assert [(one.name, one.missing) for one in facts.columns] == [("column 1", 0), ("column 2", 1)]


def test_a_bad_file_is_refused_by_name(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2,3\n")
    with pytest.raises(RaggedRowError):
        run(path)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"legal_basis": "not-stated"}, "legal_basis"),
        ({"consent": " "}, "consent"),
        ({"source": ""}, "source"),
        ({"allowed_purposes": []}, "allowed_purposes"),
    ],
)
def test_what_is_not_stated_is_remarked(values, field):
    found = STEP.check(params(**{**STATED, **values}), {})
    assert [(one.field, one.level) for one in found] == [(field, Level.CAUTION)]


def test_a_purpose_that_is_not_allowed_is_remarked():
    heads = {Kind.OBJECTIVE: {"purpose": "Marketing"}}
    (found,) = STEP.check(params(**STATED), heads)
    assert found.code == "PP-IMPORT-005"
    assert "Marketing" in found.detail
    assert STEP.check(params(**STATED), {Kind.OBJECTIVE: {"purpose": "Medical  research."}}) == []


def test_one_purpose_may_be_given_as_a_word():
    assert params(allowed_purposes="research").allowed_purposes == ("research",)


def test_only_the_name_of_the_file_is_kept(table):
    assert str(Path(table).parent) not in repr(run(table))


def test_a_file_of_fixed_width_is_described_by_its_widths(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("007 30\n008   \n")
    facts = run(path, widths=["id:4", "age:2"]).facts
    assert [(one.name, one.type, one.missing) for one in facts.columns] == [
        ("id", "string", 0),
        ("age", "integer", 1),
    ]
    assert (facts.format, facts.delimiter) == ("fixed", "")
    assert "text of fixed width, widths id:4 age:2" in repr(
        STEP.section(params(widths=["id:4", "age:2"]), facts)
    )


def test_settings_that_mean_nothing_for_the_format_are_refused(table):
    with pytest.raises(WidthsError):
        run(table, widths=["id:4"], format="csv")
    with pytest.raises(NoSuchSheetError):
        run(table, sheet="People")
    with pytest.raises(NotThatFormatError):
        run(table, format="parquet")


def test_a_record_from_before_there_were_formats_is_one_of_csv(table):
    facts = run(table).facts.model_dump(exclude={"format", "sheet", "notes"})
    again = STEP.Facts(**facts)
    assert "CSV, columns separated by semicolon" in repr(STEP.section(params(), again))


def test_the_file_dialog_offers_every_format():
    (reads,) = [spec.reads for spec in fields_of(STEP.Params) if spec.name == "table"]
    assert {".csv", ".tsv", ".xlsx", ".parquet", ".sav", ".dta", ".sas7bdat", ".sqlite"} <= set(
        reads.suffixes
    )
    assert {one.value for one in Format} == {"auto", *(one.value for one in FileFormat)}

"""The step that judges a table and saves the checks for later batches."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Table
from ppdesk.data.readers.formats import FileFormat
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow import batch_checks
from ppdesk.workflow.batches import Batch
from ppdesk.workflow.data import quality_checks as chosen
from ppdesk.workflow.data.quality import STEP, QualityFacts
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Outcome

SECRET = "Zebra-7"  # a value that no record of a run may hold unless values are turned on
ROWS = pa.table(
    {
        "id": [str(number) for number in range(200)],
        "age": ["30", None, SECRET, "131"] + ["40"] * 196,
        "sex": ["f", "m"] * 100,
        "visit": ["2025-12-31", "2026-01-02", None, "x"] + ["2025-12-01"] * 196,
        "made from pay": [f"code {number % 2}" for number in range(200)],
        "pay": ["high", "low"] * 99 + [SECRET, None],
    }
)
TABLE = Artifact(
    Kind.TABLE,
    {"columns": [{"name": name} for name in ROWS.column_names], "rows": 200, "sha256": "1" * 64},
    (Part("rows", ROWS, personal=True),),
)


def column(name: str, **more: object) -> dict[str, object]:
    return {
        "name": name, "role": "insensitive", "type": "categorical", "min": None, "max": None,
        "categories": None, "positive": None, **more,
    }  # fmt: skip


ROLES = Artifact(
    Kind.ROLES,
    {
        "target": "pay",
        "unit": {"column": "id", "most_rows": 1},
        "columns": [
            column("id", role="direct-identifier"),
            column("age", type="numeric", min=0, max=120),
            column("sex", categories=["f", "m"]),
            column("visit"),
            column("made from pay"),
            column("pay", categories=["low", "high"]),
        ],
    },
)


def context(sources: dict[str, Path] | None = None, **changes: object) -> Context:
    clock = TestClock(datetime(2026, 1, 1, tzinfo=UTC))
    plain = {
        "sources": sources or {}, "entropy": TestEntropy(1), "clock": clock, "progress": lambda *_: None,
        "cancelled": lambda: False, "stamp": "",
    }  # fmt: skip
    return Context(**{**plain, **changes})


def run(
    roles: bool = True, sources: dict[str, Path] | None = None, **values: object
) -> Outcome[QualityFacts]:
    inputs = {Kind.TABLE: TABLE, **({Kind.ROLES: ROLES} if roles else {})}
    return STEP.run(parse(STEP.Params, values, step="quality"), inputs, context(sources))


MINE = ["sex is not missing", "visit is at most 31 days old"]


@pytest.fixture(scope="module")
def told() -> Outcome[QualityFacts]:
    return run(checks=MINE)


def test_declarations_become_checks_beside_those_of_a_person(told) -> None:
    assert [(one.sentence, one.origin, one.failed, one.judged) for one in told.facts.checks] == [
        ("age is between 0 and 120", "roles", 2, 199),
        ("sex is one of f; m", "roles", 0, 200),
        ("pay is one of low; high", "roles", 1, 199),
        ("id is unique", "roles", 0, 200),
        ("sex is not missing", "you", 0, 200),
        ("visit is at most 31 days old", "you", 2, 199),
    ]
    assert run(declared=False, label_errors=False).facts.checks == ()


def test_each_column_has_a_score_and_a_reason(told) -> None:
    found = {one.name: (one.score, one.reason) for one in told.facts.columns}
    assert found["sex"] == (100.0, "every record passes")
    assert found["age"] == (99.2, "2 records not valid, 1 record missing")
    assert found["visit"][1] == "2 records out of date, in the future or no date, 1 record missing"
    assert found["made from pay"] == (100.0, "every record passes; nothing else is checked")
    assert told.facts.ages[0].model_dump() == {
        "column": "visit", "dates": 198, "future": 1, "newest": 31, "oldest": 31,
    }  # fmt: skip


def test_the_target_is_looked_at(told) -> None:
    facts = told.facts
    assert (facts.balance.undeclared, facts.balance.missing, facts.balance.ratio) == (1, 1, 1.0)
    leaks = {one.column: one.verdict for one in facts.leaks}
    assert (leaks["made from pay"], leaks["id"]) == ("likely", "none")
    assert facts.labels.searched == 198
    assert {one.code for one in told.findings} >= {"PP-QUALITY-011", "PP-QUALITY-015"}


def test_the_record_holds_no_value_unless_values_are_turned_on(told) -> None:
    params = parse(STEP.Params, {"checks": MINE}, step="quality")
    plain = told.facts.model_dump_json() + json.dumps(told.artifacts[0].head) + str(told.findings)
    plain += str(STEP.section(params, told.facts))
    assert SECRET not in plain
    assert SECRET not in told.artifacts[0].data("checks").decode()
    shown = run(show_values=True, label_errors=False)
    values = {one.sentence: [value.value for value in one.values] for one in shown.facts.checks}
    assert values["age is between 0 and 120"] == ["131", SECRET]
    assert any(block.title == "Values that fail" for block in shown_tables(shown))


def shown_tables(outcome: Outcome[QualityFacts]) -> list[Table]:
    blocks = STEP.section(parse(STEP.Params, {}, step="quality"), outcome.facts).blocks
    return [block for block in blocks if isinstance(block, Table)]


def test_what_names_records_is_personal(told) -> None:
    parts = {part.name: part.personal for part in told.artifacts[0].parts}
    assert parts == {"checks": False, "failures": True, "suspects": True}
    failures = told.artifacts[0].table("failures").to_pylist()
    assert {"check": 1, "record": 3} in failures  # the first check, age is between 0 and 120


def test_a_long_list_of_categories_is_cut_off_in_facts_and_whole_in_the_checks() -> None:
    sentence = f"sex is one of f; m; {'; '.join(f'value {number}' for number in range(500))}"
    outcome = run(checks=[sentence], declared=False, label_errors=False)
    assert outcome.facts.checks[0].sentence.endswith("...")
    assert len(outcome.facts.checks[0].sentence) < 200
    assert [check.words() for check, _ in chosen.of_head(outcome.artifacts[0].head)] == [sentence]


def test_the_same_seed_gives_the_same_facts_and_they_survive_the_record(told) -> None:
    assert run(checks=MINE).facts == told.facts
    assert QualityFacts.model_validate_json(told.facts.model_dump_json()) == told.facts


def test_without_roles_there_is_completeness_and_a_word_on_the_rest() -> None:
    facts = run(roles=False).facts
    assert facts.checks == ()
    assert "No target" in facts.target_note
    assert STEP.cost(parse(STEP.Params, {}, step="quality"), {}) == NoEvent()


def test_the_table_is_compared_with_a_population(tmp_path: Path) -> None:
    file = tmp_path / "margins.csv"
    file.write_text("column,value,share\nsex,f,20\nsex,m,80\nplace,x,1\nplace,y,99\n", encoding="utf-8")
    outcome = run(margins=str(file), sources={"margins": file}, label_errors=False)
    assert outcome.facts.margins[0].distance == pytest.approx(0.3)
    assert outcome.facts.not_compared == ("place",)
    assert {"PP-QUALITY-012", "PP-QUALITY-017"} <= {one.code for one in outcome.findings}


def test_two_margins_are_met_together_by_weights(tmp_path: Path) -> None:
    file = tmp_path / "margins.csv"
    file.write_text("column,value,count\nsex,f,3\nsex,m,1\npay,high,3\npay,low,1\n", encoding="utf-8")
    outcome = run(margins=str(file), sources={"margins": file}, label_errors=False)
    assert outcome.facts.raking.records == 198
    weights = outcome.artifacts[0].table("weights").to_pydict()
    assert len(weights["record"]) == 200
    assert sum(weights["weight"]) == pytest.approx(198)
    assert {part.name: part.personal for part in outcome.artifacts[0].parts}["weights"]
    section = STEP.section(parse(STEP.Params, {}, step="quality"), outcome.facts)
    assert "Kish" in str(section)


def test_where_no_weights_do_it_the_reason_is_told(tmp_path: Path) -> None:
    file = tmp_path / "margins.csv"
    file.write_text("column,value,count\nsex,f,3\nsex,x,1\npay,high,3\npay,low,1\n", encoding="utf-8")
    outcome = run(margins=str(file), sources={"margins": file}, label_errors=False)
    section = str(STEP.section(parse(STEP.Params, {}, step="quality"), outcome.facts))
    assert "no weight can stand in for values without a record: x (sex)." in section


def test_columns_that_nothing_is_said_against_share_a_line() -> None:
    facts = run(label_errors=False).facts
    one = facts.columns[0].model_copy(update={"score": 100.0, "reason": "every record passes", "shares": ()})
    columns = (*facts.columns[:1], *(one.model_copy(update={"name": name}) for name in ("a", "b")))
    blocks = STEP.section(
        parse(STEP.Params, {}, step="quality"), facts.model_copy(update={"columns": columns})
    ).blocks
    (table,) = (block for block in blocks if getattr(block, "title", "") == "Score by column")
    assert table.rows[-1][0] in ("2 others", "3 columns")
    assert table.rows[-1][-1].endswith("a, b")


def test_checks_are_written_as_a_schema(tmp_path: Path) -> None:
    for name, start in (("s.py", b"# Checks that a table must pass"), ("s.yaml", b"# Checks that")):
        values = {"to": str(tmp_path / name), "checks": MINE, "label_errors": False}
        outcome = run(**values)
        (delivery,) = STEP.deliver(parse(STEP.Params, values, step="quality"), outcome.artifacts)
        assert delivery.data.startswith(start)
        assert outcome.facts.left_out == (0 if name == "s.py" else 1)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"checks": ["age is nice"]}, "PP-QUALITY-001"),
        ({"checks": "agee is a number"}, "PP-QUALITY-004"),
        ({"weights": {"beauty": 1}}, "PP-QUALITY-005"),
        ({"weights": {"validity": -1}}, "PP-QUALITY-005"),
        ({"good": 10, "poor": 20}, "PP-QUALITY-006"),
        ({"to": "schema.txt"}, "PP-QUALITY-007"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(values: dict[str, object], code: str) -> None:
    (found,) = STEP.check(parse(STEP.Params, values, step="quality"), {Kind.TABLE: TABLE.head})
    assert (found.level, found.code) == (Level.BLOCKING, code)


def test_a_person_can_stop_it() -> None:
    params = parse(STEP.Params, {}, step="quality")
    with pytest.raises(CancelledRunError):
        STEP.run(params, {Kind.TABLE: TABLE}, context(cancelled=lambda: True))


def test_a_batch_is_held_against_the_saved_checks(told) -> None:
    rows = pa.table({"age": ["1", "999"], "sex": ["f", None], "visit": ["2025-12-31", "2025-12-31"]})
    batch = Batch(rows, "", Reading(), FileFormat.CSV)
    assert batch_checks.held({}, batch, context()) == ()
    found = batch_checks.held({Kind.QUALITY: told.artifacts[0]}, batch, context())
    assert [(one.sentence, one.failed, one.origin) for one in found if one.failed] == [
        ("age is between 0 and 120", 1, "roles"), ("sex is not missing", 1, "you"),
    ]  # fmt: skip
    assert [one.note for one in found if one.failed is None] == [
        "There is no column pay.", "There is no column id.",
    ]  # fmt: skip
    assert len(batch_checks.findings(found, "PP-X-001")) == 2
    assert len(batch_checks.blocks(found)) == 1


def test_the_types_that_import_found_are_checked_where_roles_says_nothing() -> None:
    types = {"age": "integer", "start": "date", "dose": "decimal", "name": "string"}
    table = {"columns": [{"name": name, "type": kind} for name, kind in types.items()]}
    params = parse(STEP.Params, {"checks": ["dose is a number"]}, step="quality")
    found = chosen.all_checks(params, {Kind.TABLE: table, Kind.ROLES: ROLES.head})
    assert [(check.words(), origin) for check, origin in found if check.columns != ("id",)] == [
        ("age is between 0 and 120", "roles"), ("sex is one of f; m", "roles"),
        ("pay is one of low; high", "roles"), ("start is a date", "import"), ("dose is a number", "you"),
    ]  # fmt: skip
    assert chosen.of_head({"checks": chosen.plain(found)}) == found


ODD = {
    "no record": [], "missing": [None] * 30, "the same": ["1"] * 60, "words": ["x"] * 60,
    "endless": ["1e999", "-1e999"] * 30, "far": ["1e308", "-1e308", "1e300"] * 20,
}  # fmt: skip


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
@pytest.mark.parametrize("kind", ["numeric", "categorical"])
def test_odd_columns_are_judged_too(values: list[str | None], kind: str) -> None:
    paid = (["u", "v"] * 30)[: len(values)]
    rows = pa.table({"a": pa.array(values, pa.string()), "pay": pa.array(paid, pa.string())})
    table = Artifact(Kind.TABLE, {}, (Part("rows", rows, personal=True),))
    roles = Artifact(
        Kind.ROLES,
        {"target": "pay", "columns": [column("a", type=kind), column("pay", categories=["u", "v"])]},
    )
    checks = ["a is unique", "a determines pay", "a < pay", "a in (1, 'x')", "a is at most 5 days old"]
    params = parse(STEP.Params, {"checks": checks, "show_values": True}, step="quality")
    facts = STEP.run(params, {Kind.TABLE: table, Kind.ROLES: roles}, context()).facts
    assert 0 <= facts.overall <= 100
    assert STEP.section(params, QualityFacts.model_validate_json(facts.model_dump_json())).blocks


def test_checks_of_a_later_version_are_passed_over() -> None:
    head = {"checks": [{"rule": "telepathy", "columns": ["a"]}, {"rule": "present", "columns": ["a"]}, "x"]}
    assert [check.words() for check, _ in chosen.of_head(head)] == ["a is not missing"]

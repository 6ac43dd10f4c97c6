"""What the privacy claim says of data that was read, filtered and cleaned holds, or is told as a limit."""

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.mode import Mode
from ppdesk.core.params import parse
from ppdesk.data.clean.errors import NoRowsLeftError
from ppdesk.data.clean.operations import AnyOperation
from ppdesk.data.clean.replay import replay
from ppdesk.data.clean.stability import stability
from ppdesk.data.pii.survey import survey
from ppdesk.train.contribution import bound
from ppdesk.train.group_privacy import group
from ppdesk.workbench.chronicle import Chronicle
from ppdesk.workbench.session import Session
from ppdesk.workflow.data.import_table import STEP as IMPORT
from ppdesk.workflow.deployment.deploy import _claim
from ppdesk.workflow.model.train import STEP as TRAIN
from ppdesk.workflow.model.train_facts import TrainFacts
from ppdesk.workflow.model.train_section import section
from ppdesk.workflow.reporting.protected import Protected
from ppdesk.workflow.step import Context, Outcome
from ppdesk.workflow.unit import Unit

READ = TypeAdapter(tuple[AnyOperation, ...])
# few records that meet each other in every operation below
RECORDS = [("1", "x"), ("1", "y"), (" 1", "x"), ("2", "x"), (None, "y")]
OPERATIONS: list[dict[str, Any]] = [
    {"op": "duplicates", "columns": ["a"]},
    {"op": "duplicates", "columns": ["b"], "keep": "last"},
    {"op": "duplicates"},
    {"op": "filter", "where": "b = 'x'"},
    {"op": "rule", "holds": "a = '1'", "action": "flag"},
    {"op": "trim"},
    {"op": "type", "columns": ["a"], "type": "integer", "bad": "quarantine"},
    {"op": "merge-values", "column": "b", "values": {"y": "x"}},
    {"op": "split", "column": "a", "into": ["c", "d"], "separator": "1", "keep": True},
    {"op": "fill", "columns": ["a"], "value": "1"},
    {"op": "drop-columns", "columns": ["b"]},
    {"op": "drop-missing", "columns": ["a"]},
]
CHAINS = [
    *itertools.product(OPERATIONS, repeat=1),
    *itertools.product(OPERATIONS[:3], OPERATIONS),
    *itertools.product(OPERATIONS, OPERATIONS[:3]),
    *((one, two, one) for one, two in itertools.product(OPERATIONS[:3], OPERATIONS)),
]


@pytest.mark.parametrize(("rows", "kinds", "every"), [(2, 5, 4), (3, 3, 5)])
def test_no_table_and_neighbour_differ_by_more_than_the_stability(rows: int, kinds: int, every: int) -> None:
    """Every table of a few records, and every neighbour of it: no chance, no pair left out."""
    chains = [*CHAINS[: len(OPERATIONS)], *CHAINS[len(OPERATIONS) :: every]]
    tables = list(itertools.product(range(kinds), repeat=rows))
    for chain in chains:
        operations = READ.validate_python(list(chain))
        most = stability(operations)
        assert most is not None
        found = {table: _cleaned(table, operations) for table in tables}
        for table, place, other in itertools.product(tables, range(rows), range(kinds)):
            one, two = found[table], found[(*table[:place], other, *table[place + 1 :])]
            assert max((one - two).total(), (two - one).total()) <= most, (chain, table, place, other)


def _cleaned(table: tuple[int, ...], operations: Any) -> Counter[tuple[Any, ...]]:
    columns = zip(*(RECORDS[one] for one in table), strict=True)
    rows = pa.table([pa.array(column, pa.string()) for column in columns], names=["a", "b"])
    try:
        made = replay(rows, operations, skip_unfit=True).table
    except NoRowsLeftError:
        return Counter()
    return Counter(zip(*(column.to_pylist() for column in made.columns), strict=True))


def _import(folder: Path, text: str, **values: Any) -> Outcome[Any]:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    given = {
        "table": "t.csv",
        "source": "x",
        "legal_basis": "contract",
        "allowed_purposes": ["care"],
        **values,
    }
    params = parse(IMPORT.Params, given, step="import")
    context = Context(
        {"table": folder / "t.csv"}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, ""
    )
    return IMPORT.run(params, {}, context)


def test_one_record_can_turn_a_setting_that_is_found_out_and_the_claim_says_so(tmp_path: Path) -> None:
    """The record of one person decides how those of all others are read: nothing bounds that."""
    plain = "id;dose;lab;test\n1;1.5;;\n2;2.5;;\n"
    auto = {"decimal": "auto", "find_null_tokens": True}
    one = _import(tmp_path, plain + "3;3.5;4;4\n", **auto).artifacts[0]
    two = _import(tmp_path, plain + "3;;4,5;4,5\n", **auto).artifacts[0]
    assert one.head["reading"]["decimal"] != two.head["reading"]["decimal"]  # type: ignore[index, call-overload]  # JSON
    remarks = TRAIN.check(parse(TRAIN.Params, {}, step="train"), {Kind.TABLE: one.head, Kind.ROLES: {}})
    (told,) = [remark for remark in remarks if remark.code == "PP-TRAIN-029"]
    assert told.level is Level.CAUTION
    assert "the decimal mark" in told.title
    assert "what missing values look like" in told.title


def test_a_declared_setting_is_no_gap(tmp_path: Path) -> None:
    made = _import(tmp_path, "id;dose\n1;1,5\n", decimal="comma").artifacts[0]
    remarks = TRAIN.check(parse(TRAIN.Params, {}, step="train"), {Kind.TABLE: made.head, Kind.ROLES: {}})
    assert "PP-TRAIN-029" not in [remark.code for remark in remarks]


def test_the_chapter_and_the_report_tell_what_was_found_out() -> None:
    facts = TrainFacts(
        estimator="e", target="t", positive="1", negative="0", features=[], columns=1, epsilon=1.0, delta=0.0,
        neighbours="replace-one", regularization=1.0, by_rule=True, noise_epsilon=0.9, rare_noise=0.1,
        trained=9, held_out=1, left_out=0, strongest=[], threshold=0.5, private=True, stamp="",
        found_out=("the decimal mark",),
    )  # fmt: skip
    assert "found out over all records: the decimal mark" in repr(section("Train", facts))
    protected = Protected(Unit(), False, 1, (), facts.found_out)
    assert "the decimal mark" in repr(list(protected.not_covered()))


def test_an_id_of_nothing_but_space_names_nobody() -> None:
    """All who have it would share one number, and with it the claim of one person."""
    found = bound(pa.table({"id": ["a", "", " ", "\u00a0", "a"]}), "id", 1, TestEntropy(1))
    assert (found.persons, found.without_id) == (1, 3)
    assert not found.kept[1:4].any()


def test_a_row_put_aside_whose_consent_cannot_be_read_leaves_no_text(tmp_path: Path) -> None:
    text = "id;ok\n1;yes\nSECRET-NAME;no;1\n2;no\nOTHER-NAME\n3;yes\n"
    made = _import(tmp_path, text, bad_rows="quarantine", consent_column="ok", consent_values=["yes"])
    (table,) = made.artifacts
    assert table.table("rows").to_pydict() == {"id": ["1", "3"], "ok": ["yes", "yes"]}
    assert table.table("quarantine").to_pydict()["row"] == [3, 5]
    assert table.table("quarantine").to_pydict()["text"] == ["", ""]
    held = _import(tmp_path, text, bad_rows="quarantine").artifacts[0]
    assert held.table("quarantine").to_pydict()["text"][0] == "SECRET-NAME;no;1"


def test_a_look_that_cannot_be_recorded_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk: the record comes first, and the next try is recorded again."""
    (tmp_path / "t.csv").write_text("name,age\nZebulon,41\n", encoding="utf-8")
    with Session.create(
        tmp_path / "p.ppdesk", "correct horse", mode=Mode(1), home=tmp_path, actor="Ada"
    ) as one:
        one.run("import", {"table": str(tmp_path / "t.csv")})
        with monkeypatch.context() as broken:
            broken.setattr(Chronicle, "append", _full)
            with pytest.raises(OSError, match="No space"):
                one.look(Kind.TABLE)
        assert [event.kind for event in one.events()] == ["import"]
        assert one.look(Kind.TABLE).num_rows == 1
        assert [event.kind for event in one.events()] == ["import", "look"]


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_model_that_leaves_carries_the_limits_of_its_claim() -> None:
    """Who gets the model file reads no report."""
    head: dict[str, Json] = {
        "epsilon": 1.0, "delta": 0.0, "neighbours": "replace-one", "private": True, "stability": 2,
        "unit": {"column": "id", "most_rows": 3}, "reading": {"decimal": "comma", "found": ["decimal"]},
    }  # fmt: skip
    said = _claim(head)
    assert "at most 3 records in the imported file" in said
    assert "Found out from all records and taken as public: the decimal mark" in said
    plain = _claim({**head, "stability": 1, "reading": {"decimal": "comma"}})
    assert plain.endswith("neighbours: replace-one.")


@pytest.mark.parametrize(("old", "told"), [(1, "Fewer than 5 records"), (7, "7 records")])
def test_a_few_very_old_people_are_not_counted_out_loud(old: int, told: str) -> None:
    ages = [str(30 + one % 50) for one in range(200)] + ["93"] * old
    found = survey(pa.table({"age": ages}))
    (said,) = [one for made in found.proposals for one in made.reasons if "over 89" in one]
    assert said == f"{told} with an age over 89."


@pytest.mark.parametrize("most", [1, 2])
def test_a_person_moves_no_more_records_than_the_group_through_cleaning_and_bounding(most: int) -> None:
    """Every person with at most m records in the file, every other person in the same places: the records
    kept, with the same order of priorities for all others, differ by g at most (m, or 2 m s)."""
    others = [("q", "x"), ("q", "y"), ("r", "x")]
    for operations in ([], [{"op": "duplicates", "columns": ["v"]}], [{"op": "duplicates"}]):
        read = READ.validate_python(operations)
        steady = stability(read) or 0
        for values, new in itertools.product(itertools.product("xyz", repeat=most), repeat=2):
            tables = [[*((who, one) for one in said), *others] for who, said in (("p", values), ("n", new))]
            kept = [_kept(rows, read, most) for rows in tables]
            far = max((kept[0] - kept[1]).total(), (kept[1] - kept[0]).total())
            assert far <= group(most, steady), (operations, tables)


def _kept(rows: list[tuple[str, str]], operations: Any, most: int) -> Counter[tuple[str, str]]:
    """The first m records of each id after the operations: one order of priorities for all tables."""
    table = pa.table([pa.array(column) for column in zip(*rows, strict=True)], names=["id", "v"])
    made = replay(table, operations).table.to_pylist()
    held: Counter[str] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for row in sorted(made, key=lambda one: (one["v"], one["id"])):
        held[row["id"]] += 1
        if held[row["id"]] <= most:
            found[row["id"], row["v"]] += 1
    return found

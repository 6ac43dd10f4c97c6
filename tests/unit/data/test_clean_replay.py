"""A recipe of operations says the same of the same table, whatever stands in it."""

import hashlib
import io
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.clean.errors import CleanError, NoRowsLeftError, UnfitOperationError
from ppdesk.data.clean.operations import OPERATIONS, AnyOperation
from ppdesk.data.clean.preflight import preflight
from ppdesk.data.clean.replay import replay
from ppdesk.data.clean.stability import stability

READ = TypeAdapter(tuple[AnyOperation, ...])
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", " a ", "A", "a", "Ab", "1", "01", "1.5", "1,5", "1.234,5", "-999", "N/A", "2024-02-30",
         "31.12.1999", "1/2/2003", "ß", "é", "e\u0301", "x-y", "12-34", "\u00a0",
         "99999999999999999999", "1e308", "1e999"]
    ),
    st.text(max_size=5),
)  # fmt: skip
COLUMNS = ("a", "b", "c")
NAMES = st.sampled_from(COLUMNS)
SOME = st.lists(NAMES, min_size=1, max_size=2, unique=True)
KEEP = st.sampled_from(["first", "last"])
TABLES = st.integers(1, 12).flatmap(
    lambda rows: st.fixed_dictionaries(
        {name: st.lists(CELLS, min_size=rows, max_size=rows) for name in COLUMNS}
    )
)


def op(name, **fields):
    return st.fixed_dictionaries({"op": st.just(name), **fields})


OPS = st.one_of(
    op("trim", columns=st.lists(NAMES, max_size=1), inner=st.booleans(), unicode=st.booleans()),
    op("case", columns=SOME, to=st.sampled_from(["lower", "upper", "title", "sentence"])),
    op("type", columns=SOME, type=st.sampled_from(["integer", "decimal", "date"]),
       bad=st.sampled_from(["missing", "quarantine", "keep"]), thousands=st.sampled_from(["none", "space"])),
    op("parse-dates", columns=SOME, formats=st.just(["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"])),
    op("map", column=NAMES, values=st.just({"a": "b", "1": ""}), others=st.sampled_from(["keep", "missing"])),
    op("merge-values", column=NAMES, values=st.just({"A": "a"})),
    op("missing", columns=SOME, tokens=st.just(["N/A", "-999"]), any_case=st.booleans()),
    op("replace", columns=SOME, pattern=st.sampled_from(["a", "[0-9]+", "(.)$"]), replacement=st.just("z")),
    op("fill", columns=SOME, how=st.sampled_from(["constant", "mean", "median", "mode", "previous"]),
       value=st.just("0"), by=st.lists(NAMES, max_size=1)),
    op("drop-missing", columns=SOME, how=st.sampled_from(["any", "all"])),
    op("duplicates", columns=st.lists(NAMES, max_size=2, unique=True), keep=KEEP),
    op("fuzzy-duplicates", columns=SOME, block=st.lists(NAMES, max_size=1),
       threshold=st.sampled_from([0.6, 0.9]), likeness=st.sampled_from(["levenshtein", "jaro-winkler"]),
       action=st.sampled_from(["drop", "quarantine"])),
    op("outliers", columns=SOME, how=st.sampled_from(["iqr", "mad"]),
       action=st.sampled_from(["missing", "clip", "drop"])),
    op("range", columns=SOME, min=st.just(0), max=st.just(100.5), earliest=st.just("1900-01-01"),
       action=st.sampled_from(["missing", "clip", "quarantine"])),
    op("rule", holds=st.just("a <= b or c is missing"), action=st.sampled_from(["drop", "quarantine"])),
    op("filter", where=st.just("a != '1' or b matches '^x'")),
    op("split", column=NAMES, into=st.just(["s", "t"]), separator=st.just("-"), keep=st.just(True)),
    op("merge", columns=SOME, into=st.just("m"), keep=st.just(True), skip_missing=st.booleans()),
    op("rename", column=NAMES, to=st.just("r")),
    op("drop-columns", columns=SOME),
    op("keep-columns", columns=SOME),
)  # fmt: skip
LISTS = st.lists(OPS, min_size=1, max_size=6).map(READ.validate_python)
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def table(values):
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in values.items()})


def run(values, operations, **more):
    return replay(table(values), operations, skip_unfit=True, **more)


def bytes_of(found):
    """As Arrow's file and as Parquet."""
    ipc, parquet = io.BytesIO(), io.BytesIO()
    with pa.ipc.new_file(ipc, found.schema) as writer:
        writer.write_table(found)
    pq.write_table(found, parquet)
    return [hashlib.sha256(one.getvalue()).hexdigest() for one in (ipc, parquet)]


@given(TABLES, LISTS)
@quick
def test_a_replay_gives_identical_bytes(values, operations):
    try:
        one = run(values, operations)
    except CleanError as error:
        with pytest.raises(type(error)):
            run(values, operations)
        return
    two = run(values, READ.validate_json(READ.dump_json(operations)))
    assert bytes_of(one.table) == bytes_of(two.table)
    assert one.places.tolist() == two.places.tolist()
    assert (one.quarantine is None) == (two.quarantine is None)
    if one.quarantine is not None:
        assert bytes_of(one.quarantine) == bytes_of(two.quarantine)
    assert [step.counts for step in one.steps] == [step.counts for step in two.steps]


@given(TABLES, LISTS)
@quick
def test_taking_the_last_operation_out_gives_what_was_there_before_it(values, operations):
    try:
        whole = run(values, operations)
        part = run(values, operations[:-1])
    except NoRowsLeftError:
        return
    assert part.steps == whole.steps[:-1]
    again = replay(part.table, operations[-1:], skip_unfit=True, places=part.places)
    assert again.table.equals(whole.table)
    assert again.places.tolist() == whole.places.tolist()


@given(TABLES, LISTS)
@quick
def test_the_counts_add_up(values, operations):
    try:
        found = run(values, operations)
    except NoRowsLeftError:
        return
    rows, aside = len(values["a"]), 0
    for step in found.steps:
        if step.counts is None:
            assert step.skipped
            continue
        counts = step.counts
        assert counts.rows_before == rows
        assert 0 <= counts.quarantined <= counts.rows_before - counts.rows_after
        assert counts.made_missing <= counts.cells_changed
        rows, aside = counts.rows_after, aside + counts.quarantined
    assert rows == found.table.num_rows == len(found.places)
    assert aside == (0 if found.quarantine is None else found.quarantine.num_rows)
    assert set(found.table.schema.types) <= {pa.string()}
    assert sorted(set(found.places.tolist())) == found.places.tolist()


@given(TABLES, LISTS)
@quick
def test_a_row_that_is_local_does_not_depend_on_how_the_table_is_cut(values, operations):
    """Row-local operations on two halves give what they give on the whole: a batch can be cleaned alike."""
    local = tuple(one for one in operations if one.row_local and stability([one]) == 1)
    whole = table(values)
    half = whole.num_rows // 2
    try:
        found = replay(whole, local, skip_unfit=True).table
        parts = [
            replay(one, local, skip_unfit=True).table for one in (whole[:half], whole[half:]) if len(one)
        ]
    except NoRowsLeftError:
        return
    assert pa.concat_tables(parts).to_pydict() == found.to_pydict()


@given(TABLES, st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS)), st.integers(0, 11), LISTS)
@quick
def test_one_replaced_record_changes_no_more_than_the_stability_says(values, record, place, operations):
    bound = stability(operations)
    if bound is None:
        return
    other = {name: list(cells) for name, cells in values.items()}
    for name in COLUMNS:
        other[name][place % len(other[name])] = record[name]
    try:
        one, two = run(values, operations).table, run(other, operations).table
    except NoRowsLeftError:
        return
    first, second = (Counter(tuple(row.values()) for row in found.to_pylist()) for found in (one, two))
    assert max((first - second).total(), (second - first).total()) <= bound


@given(TABLES)
@quick
def test_every_operation_keeps_a_comma_where_the_table_has_one(values):
    """What is written as a number is one with the table's decimal mark."""
    found = replay(
        table(values),
        READ.validate_python([{"op": "type", "columns": COLUMNS, "type": "decimal", "decimal": "point"}]),
        decimal=DecimalMark.COMMA,
    )
    assert all("." not in cell for row in found.table.to_pylist() for cell in row.values() if cell)


def test_every_operation_is_in_the_property_tests():
    assert {one.model_fields["op"].default for one in OPERATIONS} == {
        "trim", "case", "type", "parse-dates", "map", "merge-values", "missing", "replace", "fill",
        "drop-missing", "duplicates", "fuzzy-duplicates", "outliers", "range", "rule", "filter", "split",
        "merge", "rename", "drop-columns", "keep-columns",
    }  # fmt: skip


def test_what_does_not_fit_is_refused_with_names_that_look_alike():
    operations = READ.validate_python([{"op": "trim", "columns": ["Date of Birth"]}, {"op": "trim"}])
    found = preflight(operations, ("date_of_birth", "sex"))
    assert [(one.index, one.missing, one.nearest) for one in found] == [
        (0, ("Date of Birth",), (("Date of Birth", ("date_of_birth",)),))
    ]
    with pytest.raises(UnfitOperationError, match=r"Operation 1 \(trim\)"):
        replay(table({"date_of_birth": ["x"], "sex": ["f"]}), operations)


def test_a_mapped_column_gets_the_name_of_the_operations():
    operations = READ.validate_python([{"op": "trim", "columns": ["age"]}])
    found = replay(table({"Alter": [" 1"], "b": ["2"]}), operations, mapping={"age": "Alter"})
    assert found.table.to_pydict() == {"age": ["1"], "b": ["2"]}


def test_a_skipped_operation_says_why_and_changes_nothing():
    operations = READ.validate_python([{"op": "drop-columns", "columns": ["z"]}, {"op": "trim"}])
    found = replay(table({"a": [" x"]}), operations, skip_unfit=True)
    assert [step.skipped for step in found.steps] == ["the table has no column z", ""]
    assert found.table.to_pydict() == {"a": ["x"]}


def test_columns_made_by_an_operation_are_known_to_the_next():
    operations = READ.validate_python(
        [{"op": "split", "column": "a", "into": ["x", "y"], "separator": " "},
         {"op": "rename", "column": "y", "to": "z"},
         {"op": "trim", "columns": ["z"]}, {"op": "trim", "columns": ["a"]}]
    )  # fmt: skip
    assert [one.index for one in preflight(operations, ("a",))] == [3]

"""Tables, hierarchies and settings that are wrong, or at the edge: a coded error or the right result."""

import json
import time
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize import errors
from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.frequency import Encoder, frequency_set, leaf_codes
from ppdesk.anonymize.hierarchies import Hierarchy, from_csv, from_json, to_csv, to_json, validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.search import search
from ppdesk.core.canonical import canonical
from ppdesk.core.entropy import TestEntropy

SEX = validated("sex", [["f", "*"], ["m", "*"]])
WITH_MISSING = validated("sex", [["f", "*"], ["m", "*"], ["", "*"]])
TEXT, CODED = pa.string(), pa.dictionary(pa.int32(), pa.string())


def column(values, kind):
    return pa.table({"sex": pa.chunked_array([values[:2], values[2:]], pa.string()).cast(kind)})


@pytest.mark.parametrize("kind", [TEXT, CODED])
@pytest.mark.parametrize(
    ("values", "tree", "rows", "missing"),
    [
        (["f", "x", "m", "x", None], SEX, 3, 1),
        (["f", "x", "m", "", None], WITH_MISSING, 1, 0),
        ([None, None, None], SEX, 3, 3),
        (["f", "m", ""], SEX, 1, 0),
    ],
)
def test_values_outside_the_hierarchy_are_counted_not_named(kind, values, tree, rows, missing):
    with pytest.raises(errors.OutsideHierarchyError) as caught:
        frequency_set(column(values, kind), [tree])
    assert caught.value.values == {"column": "sex", "rows": rows, "missing": missing}
    with pytest.raises(errors.OutsideHierarchyError):
        leaf_codes(column(values, kind)["sex"], tree)


@pytest.mark.parametrize("kind", [TEXT, CODED])
def test_a_column_of_missing_values_is_a_class_of_its_own(kind):
    table = column([None, None, None], kind)
    frequencies = frequency_set(table, [WITH_MISSING])
    found = search(frequencies, 3, 0.0, LossModel(), ["sex"])
    made = apply(table, [WITH_MISSING], frequencies, found.levels, 3, drop=[], entropy=TestEntropy(1))
    assert (found.levels, found.suppressed, made.table["sex"].to_pylist()) == ((0,), 0, [""] * 3)


def test_values_that_no_record_has_any_more_do_not_matter():
    table = column(["f", "gone", "m", "f"], CODED)
    kept = pa.table({"sex": table["sex"].take(pa.array([0, 2, 3]))})
    assert leaf_codes(kept["sex"], SEX).tolist() == [0, 1, 0]


@given(st.lists(st.sampled_from(["f", "m", "", None]), min_size=1, max_size=30), st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_texts_dictionaries_and_pieces_give_the_same(values, size):
    table = pa.table({"sex": pa.array(values, pa.string()), "again": pa.array(values[::-1], pa.string())})
    trees = [WITH_MISSING, Hierarchy("again", WITH_MISSING.labels, WITH_MISSING.codes)]
    expected = frequency_set(table, trees)
    coded = pa.table([one.cast(CODED) for one in table.columns], table.column_names)
    pieces = Encoder(trees)
    for start in range(0, len(values), size):
        pieces.add((coded if start % 2 else table).slice(start, size))
    for found in (frequency_set(coded, trees), pieces.done()):
        assert np.array_equal(found.codes, expected.codes)
        assert np.array_equal(found.counts, expected.counts)
        assert np.array_equal(found.row_groups, expected.row_groups)
    assert expected.records == len(values)


def test_tuples_that_come_with_their_counts():
    encoder = Encoder([SEX])
    encoder.add(pa.table({"sex": ["f", "m"]}), np.array([3, 4]))
    encoder.add(pa.table({"sex": ["f"]}), np.array([5]))
    found = encoder.done()
    assert (found.counts.tolist(), found.records) == ([8, 4], 12)


def test_no_record_one_record_and_no_such_column():
    with pytest.raises(errors.NoRecordsError):
        frequency_set(pa.table({"sex": pa.array([], pa.string())}), [SEX])
    with pytest.raises(errors.MissingColumnError):
        frequency_set(pa.table({"age": ["1"]}), [SEX])
    with pytest.raises(errors.NoQuasiIdentifierError):
        frequency_set(pa.table({"sex": ["f"]}), [])
    one = frequency_set(pa.table({"sex": ["f"]}), [SEX])
    assert search(one, 1, 0.0, LossModel(), ["sex"]).levels == (0,)
    with pytest.raises(errors.NoSolutionError) as caught:
        search(one, 2, 0.0, LossModel(), ["sex"])
    assert caught.value.values["nearest_k"] == 1


def test_sixty_four_quasi_identifiers():
    names = [f"c{number}" for number in range(64)]
    trees = [Hierarchy(name, SEX.labels, SEX.codes) for name in names]
    random = np.random.default_rng(1).integers(0, 2, (50, 64))
    table = pa.table({name: np.where(random[:, d], "f", "m") for d, name in enumerate(names)})
    frequencies = frequency_set(pa.concat_tables([table, table]), trees)
    assert (len(frequencies.counts), frequencies.counts.tolist()) == (50, [2] * 50)
    assert np.array_equal(frequencies.leaves(63), 1 - random[:, 63])
    with pytest.raises(errors.LatticeTooLargeError) as caught:
        search(frequencies, 2, 0.0, LossModel(), names)
    assert caught.value.values["size"] == 2**64
    made = apply(table, trees, frequency_set(table, trees), [0] * 64, 1, drop=[], entropy=TestEntropy(1))
    assert Counter(map(tuple, made.table.to_pylist())) == Counter(map(tuple, table.to_pylist()))


@pytest.mark.parametrize("wide", [10, 20, 30])
def test_more_leaves_than_one_number_holds(wide):
    names = [f"c{number}" for number in range(wide)]
    leaves = [[str(number), "*"] for number in range(1000)]
    trees = [validated(name, leaves) for name in names]
    random = np.random.default_rng(wide).integers(0, 1000, (40, wide))
    random[20:] = random[:20]
    found = frequency_set(pa.table({n: random[:, d].astype(str) for d, n in enumerate(names)}), trees)
    assert found.counts.tolist() == [2] * 20
    assert all(np.array_equal(found.leaves(d), random[:20, d]) for d in range(wide))


@pytest.mark.parametrize(
    ("text", "level", "row"),
    [
        ("a;x;y;x;*\n", 3, 1),
        ("b;x;y;z;*\na;q;r;a;*\n", 3, 2),
        ("a;b;a;*\n", 2, 1),
        ("a;b;*\na;b;*\n", None, 2),
    ],
)
def test_a_value_that_returns(text, level, row):
    kind = errors.DuplicateLeafError if level is None else errors.CyclicHierarchyError
    with pytest.raises(kind) as caught:
        from_csv("job", text.encode())
    assert caught.value.values["row"] == row
    assert caught.value.values.get("level") == level


@pytest.mark.parametrize(
    "text", ["a;a;a;*\n", "a;x;x;*\nb;x;x;*\n", "*;*;*\na;b;*\n", "*;b;*\n", ";none;*\n"]
)
def test_a_value_that_stays_is_none_that_returns(text):
    assert to_csv(from_csv("job", text.encode())) == text.encode()


def test_hundreds_of_thousands_of_leaves_are_read_checked_and_met_in_seconds():
    count = 400_000
    lines = [f"{number:07};{number // 10:06}x;{number // 1000:04}xxx;*\n" for number in range(count)]
    data = "".join(lines).encode()
    start = time.process_time()
    tree = from_csv("zip", data)
    values = pa.array(tree.leaves[::2]).dictionary_encode()
    frequencies = frequency_set(pa.table({"zip": pa.chunked_array([values, values])}), [tree])
    assert time.process_time() - start < 2  # CPU seconds; a million take 1.5
    assert frequencies.counts.tolist() == [2] * (count // 2)
    assert (tree.levels, len(tree.leaves), len(tree.labels[2])) == (4, count, count // 1000)
    with pytest.raises(errors.BranchingHierarchyError) as caught:
        from_csv("zip", data + b"x;000001x;elsewhere;*\n")
    assert caught.value.values["row"] == count + 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyab*"), st.sampled_from("pqx*"), st.just("*")),
        min_size=1, max_size=6,
    )
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_checks_of_codes_are_those_of_rows(rows):
    """Against the definition, row by row."""
    wrong = None
    for number, row in enumerate(rows):
        before = rows[:number]
        if any(one[0] == row[0] for one in before):
            wrong = errors.DuplicateLeafError
        elif any(one[d] == row[d] and one[d + 1] != row[d + 1] for one in before for d in range(3)):
            level = min(
                d for one in before for d in range(3) if one[d] == row[d] and one[d + 1] != row[d + 1]
            )
            returned = row[1] == "*" != row[2] and level > 1
            wrong = errors.ReturnedFromTopError if returned else errors.BranchingHierarchyError
        elif row[1] == "*" != row[2]:
            wrong = errors.ReturnedFromTopError
        if wrong:
            break
    returns = any(
        row[i] == row[j] != "*" and any(row[m] != row[i] for m in range(i, j))
        for row in rows for i in range(3) for j in range(i + 1, 4)
    )  # fmt: skip
    if wrong or returns:
        with pytest.raises(wrong or errors.CyclicHierarchyError):
            validated("job", rows)
    else:
        assert validated("job", rows).rows == tuple(rows)


def test_large_files_are_read_as_small_ones(monkeypatch):
    texts = [
        "a;x;*\nb;x;*\n", "\n\na;x;*\r\nb;y;*\r\n", "\ufeffa;*\n;*\n", "a;x;*\nb;*\n", "a;*\na;*\n",
        "a;x\n", '"a;1";x;*\nb;x;*\n', "a;x;*\rb;x;*\r", "é;*", "NA;null;*\n1;2;*\n", " a ;x;*\n",
    ]  # fmt: skip

    def read(text):
        try:
            return from_csv("job", text.encode())
        except errors.HierarchyError as error:
            return error.to_json()

    small = list(map(read, texts))
    monkeypatch.setattr("ppdesk.anonymize.hierarchies._LARGE", 0)
    assert list(map(read, texts)) == small


@given(
    st.dictionaries(st.text(max_size=3), st.lists(st.text(max_size=4), unique=True, min_size=1, max_size=4))
)
@settings(max_examples=40, deadline=None)
def test_hierarchies_as_canonical_json(made):
    trees = {name: Hierarchy.of_rows(name, [[leaf, "*"] for leaf in leaves]) for name, leaves in made.items()}
    data = to_json(trees)
    assert data == canonical({name: [list(row) for row in one.rows] for name, one in trees.items()})
    assert json.loads(data) == {name: [[leaf, "*"] for leaf in leaves] for name, leaves in made.items()}
    assert from_json(data) == trees

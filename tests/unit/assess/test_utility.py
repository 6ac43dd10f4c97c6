"""What a release kept of a table."""

import pyarrow as pa
import pytest

from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.rebuild import generalize, reconstruct, suppressed_rows
from ppdesk.assess.utility import compare

HIERARCHIES = {
    "age": [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"], ["4", "high", "*"]],
    "sex": [["F", "*"], ["M", "*"]],
}
ORIGINAL = pa.table(
    {"age": ["1", "1", "2", "3", "4", "4"], "sex": ["F", "M", "F", "M", "F", "M"], "pay": list("yynnny")}
)


def test_an_unchanged_table_lost_nothing():
    found = compare(ORIGINAL, ORIGINAL, HIERARCHIES, {"age": 0, "sex": 0})
    assert [column.generalized for column in found.columns] == [0, 0, 0]
    assert [column.spread for column in found.columns] == [0, 0, 0]
    assert [column.detail for column in found.columns] == [1, 1, 1]
    assert (found.pair_mean, found.pair_count, found.suppressed) == (0, 3, 0)


def test_the_order_of_rows_does_not_matter():
    assert compare(ORIGINAL, ORIGINAL.take([5, 3, 1, 0, 2, 4]), HIERARCHIES, {"age": 0}).pair_mean == 0


def test_generalization_is_seen_on_the_original_values():
    release = ORIGINAL.set_column(0, "age", pa.array(["low", "low", "low", "high", "high", "high"]))
    age = compare(ORIGINAL, release, HIERARCHIES, {"age": 1, "sex": 0}).columns[0]
    assert age.generalized == 0
    # shares 2,1,1,2 of 6 against 1.5 each
    assert age.spread == pytest.approx((0.5 * 4) / 6 / 2, abs=1e-6)
    assert age.detail == pytest.approx(1 / 1.918296, abs=1e-5)


def test_a_column_of_stars_keeps_no_detail():
    release = ORIGINAL.set_column(1, "sex", pa.array(["*"] * 6))
    sex = compare(ORIGINAL, release, HIERARCHIES, {"age": 0, "sex": 1}).columns[1]
    assert (sex.detail, sex.generalized) == (0, 0)


def test_suppression_bends_the_rest():
    release = pa.table(
        {"age": ["1", "1", "2", "3", "*", "*"], "sex": ["F", "M", "F", "M", "*", "*"], "pay": list("yynnny")}
    )
    found = compare(ORIGINAL, release, HIERARCHIES, {"age": 0, "sex": 0})
    assert found.suppressed == 2
    assert found.columns[0].generalized == pytest.approx(2 / 6, abs=1e-6)  # the share of 4 is gone
    assert found.columns[0].spread < found.columns[0].generalized
    assert found.pairs[0].distance == max(pair.distance for pair in found.pairs)


def test_only_a_record_with_stars_everywhere_is_suppressed():
    release = pa.table({"age": ["*", "*"], "sex": ["*", "F"]})
    assert suppressed_rows(release, ["age", "sex"]).tolist() == [True, False]
    assert suppressed_rows(release, []).tolist() == [False, False]


def test_values_go_to_their_level_and_unknown_ones_to_null():
    taken = generalize(pa.chunked_array([["1", "4", "9"]]), HIERARCHIES["age"], 1)
    assert taken.to_pylist() == ["low", "high", None]


def test_a_release_is_made_again_in_the_tables_order():
    release = pa.table(
        {"age": ["high", "*", "low", "*", "low", "high"], "sex": list("M*F*FM"), "pay": list("nynnyy")}
    )
    made, hidden = reconstruct(ORIGINAL, release, HIERARCHIES, {"age": 1, "sex": 0}, 2)
    assert made.column("age").to_pylist() == ["low", "low", "low", "high", "high", "high"]
    assert hidden.tolist() == [False, True, False, False, True, False]


def test_another_tables_release_is_not_made_again():
    assert reconstruct(ORIGINAL, ORIGINAL, HIERARCHIES, {"age": 1, "sex": 0}, 2) is None
    assert reconstruct(ORIGINAL, ORIGINAL.slice(1), HIERARCHIES, {"age": 0, "sex": 0}, 1) is None
    assert reconstruct(ORIGINAL, ORIGINAL, HIERARCHIES, {"age": 0, "sex": 0}, 1) is not None


def test_a_release_without_records_is_refused():
    gone = pa.table({"age": ["*"] * 2, "sex": ["*"] * 2})
    with pytest.raises(NothingToCompareError, match="suppressed"):
        compare(ORIGINAL, gone, HIERARCHIES, {"age": 1, "sex": 0})


def test_a_release_generalized_to_the_top_has_stars_and_nobody_suppressed():
    release = pa.table({"age": ["*"] * 6, "sex": ["*"] * 6, "pay": ORIGINAL.column("pay")})
    tops = {name: len(rows[0]) - 1 for name, rows in HIERARCHIES.items() if name in ("age", "sex")}
    assert all(rows[0][-1] == "*" for name, rows in HIERARCHIES.items() if name in tops)
    found = compare(ORIGINAL, release, HIERARCHIES, tops)
    assert found.suppressed == 0
    assert [column.detail for column in found.columns] == [0, 0, 1]

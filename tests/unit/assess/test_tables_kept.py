"""What a release kept of a small table, worked out by hand; and which record is which."""

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.rebuild import generalize, suppressed_rows
from ppdesk.assess.tables.align import aligned
from ppdesk.assess.tables.columns import Declared
from ppdesk.assess.tables.compare import compare

HIERARCHIES = {
    "age": [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"], ["4", "high", "*"]],
    "sex": [["F", "*"], ["M", "*"]],
}
ORIGINAL = pa.table(
    {"age": ["1", "1", "2", "3", "4", "4"], "sex": ["F", "M", "F", "M", "F", "M"], "pay": list("yynnny")}
)


def kept(release, levels):
    declared = [
        Declared(name, False, HIERARCHIES.get(name), levels.get(name)) for name in release.column_names
    ]
    source = np.random.default_rng(1)
    return compare(ORIGINAL, release, declared, source, generalized=list(levels), levels=levels).table


def test_an_unchanged_table_lost_nothing():
    found = kept(ORIGINAL.take([5, 3, 1, 0, 2, 4]), {"age": 0, "sex": 0})
    assert [(one.tv, one.js, one.hellinger, one.generalized, one.detail) for one in found.columns] == [
        (0, 0, 0, 0, 1)
    ] * 3
    assert (found.pair_mean, found.pair_count, found.suppressed, found.association_mean) == (0, 3, 0, 0)
    assert [one.score for one in found.marginals] == [1000, 1000]


def test_generalization_is_seen_on_the_original_values():
    release = ORIGINAL.set_column(0, "age", pa.array(["low", "low", "low", "high", "high", "high"]))
    age = kept(release, {"age": 1, "sex": 0}).columns[0]
    assert age.generalized == 0
    # shares 2,1,1,2 of 6 against 1.5 each
    assert age.tv == pytest.approx((0.5 * 4) / 6 / 2, abs=1e-6)
    assert age.detail == pytest.approx(1 / 1.918296, abs=1e-5)


def test_a_column_of_stars_keeps_no_detail():
    release = ORIGINAL.set_column(1, "sex", pa.array(["*"] * 6))
    sex = kept(release, {"age": 0, "sex": 1}).columns[1]
    assert (sex.detail, sex.generalized, sex.told) == (0, None, 0)


def test_suppression_bends_the_rest():
    release = pa.table(
        {"age": ["1", "1", "2", "3", "*", "*"], "sex": ["F", "M", "F", "M", "*", "*"], "pay": list("yynnny")}
    )
    found = kept(release, {"age": 0, "sex": 0})
    assert found.suppressed == 2
    age, _, pay = found.columns
    assert age.generalized == pytest.approx(2 / 6, abs=1e-6)  # the share of 4 is gone
    assert age.tv < age.generalized
    assert (pay.generalized, pay.tv) == (0, 0)


def test_only_a_record_with_stars_everywhere_is_suppressed():
    release = pa.table({"age": ["*", "*"], "sex": ["*", "F"]})
    assert suppressed_rows(release, ["age", "sex"]).tolist() == [True, False]
    assert suppressed_rows(release, []).tolist() == [False, False]


def test_values_go_to_their_level_and_unknown_ones_to_null():
    taken = generalize(pa.chunked_array([["1", "4", "9"]]), HIERARCHIES["age"], 1)
    assert taken.to_pylist() == ["low", "high", None]


def test_a_release_is_put_into_the_tables_order():
    release = pa.table(
        {"age": ["high", "*", "low", "*", "low", "high"], "sex": list("M*F*FM"), "pay": list("nynnyy")}
    )
    found = aligned(ORIGINAL, release, HIERARCHIES, {"age": 1, "sex": 0})
    assert found.column("age").to_pylist() == ["low", "*", "low", "high", "*", "high"]
    assert found.column("sex").to_pylist() == ["F", "*", "F", "M", "*", "M"]
    assert found.column("pay").to_pylist() == ORIGINAL.column("pay").to_pylist()


def test_another_tables_release_is_not():
    assert aligned(ORIGINAL, ORIGINAL, HIERARCHIES, {"age": 1, "sex": 0}) is None
    assert aligned(ORIGINAL, ORIGINAL.slice(1), HIERARCHIES, {"age": 0, "sex": 0}) is None
    assert aligned(ORIGINAL, ORIGINAL, HIERARCHIES, {"age": 0, "sex": 0}) is not None


def test_a_table_without_records_is_refused():
    with pytest.raises(NothingToCompareError, match="no records"):
        kept(ORIGINAL.slice(6), {"age": 1, "sex": 0})


def test_everything_suppressed_is_told():
    gone = pa.table({"age": ["*"] * 2, "sex": ["*"] * 2})
    found = kept(gone, {"age": 1, "sex": 0})
    assert found.suppressed == 2
    assert [one.generalized for one in found.columns] == [None, None]


def test_a_release_generalized_to_the_top_has_stars_and_nobody_suppressed():
    release = pa.table({"age": ["*"] * 6, "sex": ["*"] * 6, "pay": ORIGINAL.column("pay")})
    found = kept(release, {"age": 2, "sex": 1})
    assert found.suppressed == 0
    assert [one.detail for one in found.columns] == [0, 0, 1]

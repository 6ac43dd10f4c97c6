"""Missing values, margins, label errors, leakage and scores, against numbers computed elsewhere."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.quality.checks import Dimension
from ppdesk.data.quality.errors import MarginsUnreadableError
from ppdesk.data.quality.labels import confident_joint, out_of_sample
from ppdesk.data.quality.margins import Likeness, Margin, compare, read_margins, wilson
from ppdesk.data.quality.missing import Pattern, missing, repeated_rows
from ppdesk.data.quality.raking import rake
from ppdesk.data.quality.score import Share, overall, score
from ppdesk.data.quality.target import alike, balance, leak


def test_values_missing_together() -> None:
    table = pa.table(
        {
            "a": pa.array(["1", None, None, "1", None], pa.string()),
            "b": pa.array(["1", None, None, None, "1"], pa.string()),
            "c": pa.array(["1"] * 5, pa.string()),
        }
    )
    found = missing(table, floor=2)
    assert found.by_column == {"a": 3, "b": 3, "c": 0}
    assert (found.complete, found.patterns, found.rare) == (1, (Pattern(("a", "b"), 2),), 2)
    with pytest.raises(CancelledRunError):
        missing(table, 2, cancelled=lambda: True)


def test_records_that_repeat() -> None:
    assert repeated_rows(pa.table({"a": ["1", "1", "1", "2"], "b": ["x", "x", "y", None]})) == 1
    assert repeated_rows(pa.table({"a": pa.array([None, None], pa.string())})) == 1


def likeness(seen: dict[str, int], expected: dict[str, float], **more: list[str | None]) -> Likeness:
    values = [value for value, count in seen.items() for _ in range(count)] + more.get("more", [])
    margin = Margin("c", tuple(expected), tuple(expected.values()))
    return compare(margin, pa.chunked_array([pa.array(values, pa.string())]), DecimalMark.POINT)


def test_goodness_of_fit_of_mendels_peas() -> None:
    """Mendel 1866: 315, 108, 101, 32 of 9:3:3:1. Chi-square 0.470 on 3 degrees, p 0.925 (Fisher 1936)."""
    found = likeness(
        {"a": 315, "b": 108, "c": 101, "d": 32}, {"a": 9 / 16, "b": 3 / 16, "c": 3 / 16, "d": 1 / 16}
    )
    assert found.chi_square == pytest.approx(0.470024, abs=1e-6)
    assert (found.freedom, found.few) == (3, False)
    assert found.p == pytest.approx(0.925426, abs=1e-6)
    assert found.v == pytest.approx(math.sqrt(0.470024 / (556 * 3)), abs=1e-6)


def test_fit_is_what_scipy_says() -> None:
    from scipy.stats import chisquare

    found = likeness({"a": 40, "b": 35, "c": 25}, {"a": 0.5, "b": 0.3, "c": 0.2})
    told = chisquare([40, 35, 25], [50, 30, 20])
    assert (found.chi_square, found.p) == pytest.approx((told.statistic, told.pvalue))
    assert found.distance == pytest.approx(0.1)


def test_values_that_the_margin_does_not_name_count_as_distance() -> None:
    found = likeness({"a": 40, "b": 40}, {"a": 0.5, "b": 0.5}, more=["z"] * 20 + [None] * 7)
    assert (found.other, found.missing, found.records) == (20, 7, 80)
    assert found.distance == pytest.approx(0.2)
    assert found.chi_square == pytest.approx(0)


def test_a_category_that_the_sample_lacks_and_a_column_without_values() -> None:
    found = likeness({"a": 3}, {"a": 0.5, "b": 0.5})
    assert (found.cells[1].records, found.cells[1].expected, found.few) == (0, 0.5, True)
    empty = likeness({}, {"a": 0.5, "b": 0.5})
    assert (empty.distance, empty.p, empty.v) == (0.0, 1.0, 0.0)


def test_bands_of_numbers() -> None:
    margin = Margin("age", ("under 18", "18 to 64", "65 and over"), (0.2, 0.6, 0.2))
    ages = pa.chunked_array([["17.5", "18", "64", "64.5", "65", "99", "x", None]])
    found = compare(margin, ages, DecimalMark.POINT)
    assert [cell.records for cell in found.cells] == [1, 2, 2]
    assert (found.other, found.missing) == (2, 1)


def test_wilsons_interval() -> None:
    """Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0, 1)


def test_margins_are_read_as_shares_per_cent_or_counts(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("Column,Value,Count\nsex,f,30\nsex,m,10\n", encoding="utf-8")
    assert read_margins(file) == (Margin("sex", ("f", "m"), (0.75, 0.25)),)
    file.write_text("column,value,share\nsex,f,50.5\nsex,m,49.5\n", encoding="utf-8")
    assert read_margins(file)[0].shares == pytest.approx((0.505, 0.495))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n", "column,value,share\nsex,f,0.5\nsex,m,0.3\n", "column,value,share\nsex,f,1\n",
        "column,value,count\nsex,f,x\nsex,m,1\n", "column,value,count\nsex,f,1\nsex,f,2\n", "",
        "column,value,count\nsex,f,-1\nsex,m,2\n",
    ],
)  # fmt: skip
def test_margins_that_are_none_are_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MarginsUnreadableError):
        read_margins(file)


def test_raking_meets_every_margin() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.integers(0, 2, 400), rng.integers(-1, 3, 400)
    shares = [np.array([0.3, 0.7]), np.array([0.2, 0.5, 0.3])]
    found = rake([one, two], shares)
    assert found is not None
    assert (found.weights[two < 0] == 0).all()
    for place, share in ((one, shares[0]), (np.maximum(two, 0), shares[1])):
        assert np.bincount(place, found.weights) / found.weights.sum() == pytest.approx(share, abs=1e-5)
    assert found.effective < found.records == int((two >= 0).sum())


def test_one_margin_raked_has_the_known_effective_number() -> None:
    """Half of each, wanted 0.8 and 0.2: weights 1.6 and 0.4, effective 100 / 1.36."""
    found = rake([np.repeat([0, 1], 50)], [np.array([0.8, 0.2])])
    assert found is not None
    assert (found.largest, found.effective) == pytest.approx((1.6, 100 / 1.36))


def test_what_no_weights_can_meet() -> None:
    same = np.repeat([0, 1], 10)
    assert rake([same, same], [np.array([0.5, 0.5]), np.array([0.4, 0.6])]) is None
    assert rake([np.zeros(5, np.int64)], [np.array([0.5, 0.5])]) is None
    assert rake([np.full(5, -1)], [np.array([0.5, 0.5])]) is None


GIVEN = np.repeat([0, 1, 2], 4)
SEEN = np.array(
    [
        [0.652, 0.224, 0.124], [0.6, 0.025, 0.375], [0.5, 0.415, 0.085], [0.05, 0.9, 0.05],
        [0.115, 0.64, 0.245], [0.025, 0.885, 0.09], [0.134, 0.836, 0.03], [0.015, 0.795, 0.19],
        [0.35, 0.05, 0.6], [0.9, 0.05, 0.05], [0.075, 0.26, 0.665], [0.302, 0.0, 0.698],
    ]
)  # fmt: skip


def test_the_confident_joint_is_the_published_one() -> None:
    """What cleanlab 2.9 gives for these: compute_confident_joint(calibrate=False), estimate_joint and
    find_label_issues(filter_by="confident_learning")."""
    found = confident_joint(GIVEN, SEEN)
    assert found.joint.tolist() == [[3, 1, 0], [0, 3, 0], [1, 0, 3]]
    assert np.flatnonzero(found.suspects).tolist() == [3, 9]
    assert found.share == pytest.approx(1 / 6)


def test_labels_turned_on_purpose_are_found() -> None:
    rng = np.random.default_rng(5)
    true = rng.integers(0, 2, 600)
    features = np.column_stack([true * 8 + rng.normal(0, 1, 600), rng.normal(0, 1, 600)])
    labels = true.copy()
    turned = rng.choice(600, 30, replace=False)
    labels[turned] = 1 - labels[turned]
    seen = out_of_sample(features, labels, folds=5, seed=1)
    assert seen.sum(1) == pytest.approx(np.ones(600))
    found = confident_joint(labels, seen)
    suspects = set(np.flatnonzero(found.suspects).tolist())
    assert len(suspects & set(turned.tolist())) >= 27  # a few lie under the mean confidence of their class
    assert len(suspects - set(turned.tolist())) <= 3
    assert found.share == pytest.approx(0.05, abs=0.01)
    assert (out_of_sample(features, labels, folds=5, seed=1) == seen).all()


def test_a_class_that_nobody_has_is_nobodys() -> None:
    found = confident_joint(np.zeros(3, np.int64), np.array([[0.4, 0.6]] * 3))
    assert (found.joint.tolist(), found.share) == ([[3, 0], [0, 0]], 0.0)


def test_between_equals_the_given_class_is_the_likely_one() -> None:
    found = confident_joint(np.array([0, 1, 0, 1]), np.full((4, 2), 0.5))
    assert (found.joint.tolist(), found.suspects.any()) == ([[2, 0], [0, 2]], False)


def told(codes: list[int], labels: list[int], scores: list[float] | None = None):
    own = np.array(labels)
    return leak(
        "x",
        "y",
        codes=np.array(codes),
        labels=own,
        scores=None if scores is None else np.array(scores),
        shuffled=np.random.default_rng(1).permutation(own),
    )


def test_a_column_made_from_the_target_gives_it_away() -> None:
    labels = [0, 1] * 50
    found = told([one * 7 for one in labels], labels)
    assert (found.determines, found.explained) == (True, 1.0)
    assert found.information == pytest.approx(1.0)
    found = told([0] * 100, labels, [2.0 * one - 5 for one in labels])
    assert (found.auroc, found.explained, found.determines) == (1.0, 1.0, False)
    assert told([0] * 100, labels, [-2.0 * one for one in labels]).auroc == 1.0


def test_a_column_that_names_each_record_explains_nothing() -> None:
    found = told(list(range(100)), [0, 1] * 50)
    assert (found.determines, found.explained, found.information) == (False, 0.0, 0.0)


def test_auroc_is_what_sklearn_says_and_chance_is_little() -> None:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 500)
    scores = np.round(labels + rng.normal(0, 1.5, 500), 1)
    found = told([0] * 500, labels.tolist(), scores.tolist())
    assert found.auroc == pytest.approx(roc_auc_score(labels, scores))
    assert told(rng.integers(0, 40, 500).tolist(), labels.tolist()).information < 0.05


def test_leave_one_out_is_what_a_loop_says() -> None:
    rng = np.random.default_rng(4)
    codes, labels = rng.integers(0, 12, 80), rng.integers(0, 3, 80)
    right = 0
    for row in range(80):
        others = np.bincount(labels[(codes == codes[row]) & (np.arange(80) != row)], minlength=3)
        right += bool((others[labels[row]] > np.delete(others, labels[row])).all())
    base = np.bincount(labels).max()
    found = told(codes.tolist(), labels.tolist()).explained
    assert found == pytest.approx(max(0, (right - base) / (80 - base)))


def test_classes_and_names() -> None:
    found = balance(np.array([0] * 90 + [2] * 10), 3)
    assert (found.counts, found.ratio) == ((90, 0, 10), 9.0)
    assert found.evenness == pytest.approx(-(0.9 * math.log2(0.9) + 0.1 * math.log2(0.1)))
    assert alike("income_class", "Income Class 2")
    assert not alike("age", "income")


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(list(Dimension)),
        st.integers(0, 50).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n))),
    ),
    st.dictionaries(st.sampled_from([one.value for one in Dimension]), st.floats(0, 100)),
)
def test_a_score_lies_in_its_range_and_100_means_that_all_pass(
    shares: dict[Dimension, Share], weights: dict[str, float]
) -> None:
    found = score("c", shares, weights)
    assert 0 <= found.score <= 100
    wrong = any(share.failed for one, share in shares.items() if weights.get(one.value, 1.0))
    assert (found.score == 100) == (not wrong)


def test_a_score_is_the_mean_of_its_shares_with_the_reason() -> None:
    shares = {Dimension.COMPLETENESS: Share(10, 100), Dimension.VALIDITY: Share(45, 90)}
    found = score("c", shares, {})
    assert (found.score, found.reason) == (70.0, "45 records not valid, 10 records missing")
    assert score("c", shares, {"validity": 3.0}).score == 60.0
    assert score("c", {Dimension.VALIDITY: Share(1, 1_000_000)}, {}).score == 99.9
    assert overall([70.0, 100.0, 99.9]) == 89.9

"""Minimal sample uniques, their scores and what tells records apart, against counting by hand."""

import math
from collections import Counter
from itertools import combinations as choose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.assess.errors import TooManyColumnsError, TooManyCombinationsError, TooManyUniquesError
from ppdesk.assess.reidentification import uniques
from ppdesk.assess.reidentification.coding import grouped
from ppdesk.assess.reidentification.special import intrusion, scores, special
from ppdesk.assess.reidentification.telling import most_telling
from ppdesk.assess.reidentification.uniques import combinations, walk

ROWS = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.tuples(*[st.integers(0, 3)] * columns), min_size=1, max_size=25)
)


def counted(rows):
    """(codes, sizes, counts, distinct rows) of records."""
    held = Counter(rows)
    distinct = list(held)
    codes = np.array(distinct, np.int32).T.copy()
    return codes, (4,) * len(codes), np.array([held[one] for one in distinct], np.int64), distinct


def by_hand(rows, distinct, largest, lacking=None):
    """{(place in distinct, columns)} of all minimal sample uniques. Values that are `lacking` count for
    nothing."""
    columns = range(len(rows[0]))
    alone = set()
    for size in range(1, largest + 1):
        for chosen in choose(columns, size):
            shown = [tuple(row[one] for one in chosen) for row in rows]
            held = Counter(one for one in shown if lacking not in one)
            for place, row in enumerate(distinct):
                if held[tuple(row[one] for one in chosen)] == 1:
                    alone.add((place, chosen))
    return {
        (place, chosen)
        for place, chosen in alone
        if not any((place, part) in alone for size in range(1, len(chosen)) for part in choose(chosen, size))
    }


def told(found, columns):
    return [
        (int(owner), tuple(one for one in range(columns) if mask >> one & 1))
        for owner, mask in zip(found.owners, found.uniques, strict=True)
    ]


@given(ROWS, st.integers(1, 5))
def test_all_minimal_sample_uniques_and_no_others(rows, largest):
    codes, sizes, counts, distinct = counted(rows)
    found = walk(codes, sizes, counts, largest)
    pairs = told(found, len(codes))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == by_hand(rows, distinct, min(largest, len(codes)))
    sized = Counter((owner, len(chosen)) for owner, chosen in pairs)
    assert all(found.by_size[owner, size - 1] == many for (owner, size), many in sized.items())
    assert found.by_size.sum() == len(pairs)


@given(ROWS)
def test_values_left_out_are_in_no_unique_and_like_nothing(rows):
    codes, sizes, counts, distinct = counted(rows)
    found = walk(np.where(codes == 3, np.int32(-1), codes), sizes, counts, 5)
    assert set(told(found, len(codes))) == by_hand(rows, distinct, len(codes), lacking=3)


@given(ROWS)
def test_each_combination_tells_apart_what_it_does(rows):
    codes, sizes, counts, _ = counted(rows)
    found = walk(codes, sizes, counts, 5)
    assert sorted(found.masks) == list(range(1, 2 ** len(codes)))
    for mask, classes, separated, singles in zip(
        found.masks, found.classes, found.separated, found.singles, strict=True
    ):
        held = Counter(tuple(one for at, one in enumerate(row) if mask >> at & 1) for row in rows)
        assert classes == len(held)
        assert separated == len(rows) ** 2 - sum(many * many for many in held.values())
        assert singles == sum(many == 1 for many in held.values())


def test_scores_are_those_of_the_papers():
    # columns: a unique by the first column alone, a unique by two of three, and a pair
    codes = np.array([[0, 1, 1, 1, 2, 2], [0, 0, 1, 0, 1, 0], [0, 0, 1, 1, 0, 0]], np.int32)
    counts = np.array([1, 1, 1, 1, 1, 2], np.int64)
    walked = walk(codes, (3, 2, 2), counts, 3)
    found = scores(walked, 3, counts, 0.1)
    by_mask = Counter()
    for owner, mask in zip(walked.owners, walked.uniques, strict=True):
        by_mask[int(owner)] += math.factorial(3 - int(mask).bit_count())
    assert found.suda.tolist() == [by_mask[place] for place in range(6)]
    assert found.suda[5] == 0
    assert found.dis_suda[5] == 0
    dis = 5 * 0.1 / (5 * 0.1 + 2 * 0.9)
    assert found.dis == pytest.approx(dis)
    q = 1 + (8 - 3) / 20
    scored = found.suda[:5]
    expected = 1 / (1 + (5 / dis - 5) / (scored**q * (1 / scored**q).sum()))
    assert found.dis_suda[:5] == pytest.approx(expected)


def test_contributions_of_columns_as_in_sdcmicro():
    codes = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0]], np.int32)
    ones = np.ones(3, np.int64)
    found = special(walk(codes, (2, 2, 2), ones, 3), ("a", "b", "c"), ones, 0.01)
    assert {one.column: one.share for one in found.columns} == {"a": 0.5, "b": 0.375, "c": 0.375}
    assert (found.by_size, found.smallest) == ((3, 2, 0), (2, 1, 0))


def test_equal_scores_have_the_chance_of_the_simulation():
    codes = np.array([[0, 1, 2, 3]], np.int32)
    found = scores(walk(codes, (4,), np.array([1, 1, 1, 2]), 1), 1, np.array([1, 1, 1, 2]), 0.25)
    assert found.dis_suda[:3] == pytest.approx([found.dis] * 3)
    assert found.dis == pytest.approx(3 * 0.25 / (3 * 0.25 + 2 * 0.75))


def test_intrusion_without_uniques_or_with_everybody():
    assert intrusion(np.array([2, 2]), 0.5) == 0
    assert intrusion(np.array([1, 2]), 1.0) == 1


def test_most_telling_first():
    codes, sizes, counts, _ = counted([(0, 0), (0, 1), (1, 2), (1, 3)])
    best = most_telling(walk(codes, sizes, counts, 2), ("few", "many"), 4, of_each=1)
    assert [one.columns for one in best] == [("many",), ("few",), ("few", "many")]
    assert (best[0].distinction, best[0].separation, best[0].uniques) == (1.0, 1.0, 1.0)
    assert (best[1].distinction, best[1].separation) == (0.5, 0.666667)


def test_how_many_combinations():
    assert combinations(9, 9) == 511
    assert combinations(15, 3) == 15 + 105 + 455
    assert combinations(2, 9) == 3


def test_too_many_columns_and_too_many_uniques_are_refused(monkeypatch):
    with pytest.raises(TooManyColumnsError, match="63 columns"):
        walk(np.zeros((63, 1), np.int32), (1,) * 63, np.ones(1, np.int64), 1)
    with pytest.raises(TooManyCombinationsError, match="of up to 30 of 40 columns"):
        walk(np.zeros((40, 1), np.int32), (1,) * 40, np.ones(1, np.int64), 30)
    monkeypatch.setattr(uniques, "_MOST_UNIQUES", 10)
    monkeypatch.setattr(uniques, "_ROOM", 4)
    with pytest.raises(TooManyUniquesError, match="More than 10"):
        walk(np.arange(20, dtype=np.int32)[None], (20,), np.ones(20, np.int64), 1)


def test_progress_is_told_and_may_stop():
    codes = np.array([[one >> bit & 1 for one in range(256)] for bit in range(8)], np.int32)
    shares = []
    walk(codes, (2,) * 8, np.ones(256, np.int64), 8, lambda share, _doing: shares.append(share))
    assert shares == sorted(shares)
    assert len(shares) > 0
    assert shares[-1] <= 1

    def stop(_share, _doing):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        walk(codes, (2,) * 8, np.ones(256, np.int64), 8, stop)


def test_groups_of_more_values_than_a_key_holds():
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 3, (30, 200)).astype(np.int32)
    codes = np.concatenate([codes, codes[:, :50]], axis=1)
    groups, first = grouped(codes, (1000,) * 30)
    assert len(first) == 200
    assert (codes[:, first[groups]] == codes).all()

"""What one person can contribute: bounded, random, blind to values, and never more than epsilon pays for."""

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.entropy import TestEntropy
from ppdesk.train.contribution import bound, split_persons
from ppdesk.train.errors import MissingColumnError
from ppdesk.train.group_privacy import group, mechanism_epsilon

IDS = st.lists(st.one_of(st.none(), st.sampled_from("abcdefgh")), max_size=40)


def table(ids: list[str | None]) -> pa.Table:
    return pa.table({"id": pa.array(ids, pa.string())})


@settings(deadline=None, max_examples=60)
@given(
    epsilon=st.floats(0.001, 100, allow_nan=False),
    factor=st.integers(1, 10_000),
)
def test_the_mechanism_never_gets_more_than_its_share(epsilon: float, factor: int) -> None:
    found = mechanism_epsilon(epsilon, factor)
    assert Fraction(found) * factor <= Fraction(epsilon), "in exact arithmetic"
    assert Fraction(float(np.nextafter(found, 1e9))) * factor > Fraction(epsilon), "and no less than it could"
    assert factor > 1 or found == epsilon


@settings(deadline=None, max_examples=60)
@given(ids=IDS, most=st.integers(1, 5), seed=st.integers(0, 10_000))
def test_each_id_keeps_at_most_its_number(ids: list[str | None], most: int, seed: int) -> None:
    found = bound(table(ids), "id", most, TestEntropy(seed))
    for one in set(ids) - {None}:
        places = [place for place, value in enumerate(ids) if value == one]
        assert sum(found.kept[places]) == min(most, len(places))
    assert not any(found.kept[place] for place, value in enumerate(ids) if value is None)
    assert found.without_id == ids.count(None)
    assert found.persons == len(set(ids) - {None})
    assert int(found.kept.sum()) + found.over + found.without_id == len(ids)


@settings(deadline=None, max_examples=60)
@given(ids=IDS, most=st.integers(1, 5), seed=st.integers(0, 10_000))
def test_another_person_in_one_person_s_place_changes_at_most_m_records(
    ids: list[str | None], most: int, seed: int
) -> None:
    """Neighbours at person level: all of a's records become somebody else's, z's. With the same draw the
    records of all others stay as they are, in what is kept and in what is held out."""
    other = [value if value != "a" else "z" for value in ids]
    first, second = (bound(table(one), "id", most, TestEntropy(seed)) for one in (ids, other))
    draws = [split_persons(one, 0.3, TestEntropy(seed + 1)) for one in (first, second)]
    trained = [one.kept & ~held for one, held in zip((first, second), draws, strict=True)]
    rest = np.array([value != "a" for value in ids], dtype=bool)
    assert (trained[0][rest] == trained[1][rest]).all()
    assert int(trained[0][~rest].sum()) <= most
    assert int(trained[1][~rest].sum()) <= most


@settings(deadline=None, max_examples=60)
@given(ids=IDS, most=st.integers(1, 4), place=st.integers(0, 39), seed=st.integers(0, 10_000))
def test_one_record_out_or_in_changes_at_most_one_record_each_way(
    ids: list[str | None], most: int, place: int, seed: int
) -> None:
    """What g = 2 m s counts: a record taken out lets at most one other of its id in."""
    if place >= len(ids):
        return
    priority = np.random.default_rng(seed).permutation(len(ids))

    def kept(rest: list[int]) -> set[int]:
        found: set[int] = set()
        for one in {ids[at] for at in rest} - {None}:
            found |= set(sorted((at for at in rest if ids[at] == one), key=lambda at: priority[at])[:most])
        return found

    whole = list(range(len(ids)))
    full, less = kept(whole), kept([at for at in whole if at != place])
    assert len(full - less) <= 1
    assert len(less - full) <= 1


def test_the_records_that_one_unit_can_change() -> None:
    assert [group(None, 1), group(None, 4), group(3, 1), group(3, 2)] == [1, 4, 3, 12]


def test_nobody_stands_on_both_sides_and_each_person_has_a_draw() -> None:
    ids = [f"p{place % 50}" for place in range(1000)]
    found = bound(table(list(ids)), "id", 7, TestEntropy(1))
    held = split_persons(found, 0.2, TestEntropy(2))
    tested = {ids[place] for place in np.flatnonzero(held)}
    learnt = {ids[place] for place in np.flatnonzero(found.kept & ~held)}
    assert not tested & learnt
    assert len(tested) + len(learnt) == 50
    shares = [
        split_persons(found, 0.2, TestEntropy(seed))[:50].mean() for seed in range(300)
    ]  # of the first records, one of each person
    assert abs(float(np.mean(shares)) / float(found.kept[:50].mean()) - 0.2) < 0.02


def test_which_records_are_kept_is_a_matter_of_chance_alone() -> None:
    """Each of a person's records is kept as often as any other."""
    ids: list[str | None] = ["a"] * 10 + ["b"] * 2
    counts = sum(bound(table(ids), "id", 3, TestEntropy(seed)).kept.astype(int) for seed in range(2000))
    assert (counts[10:] == 2000).all()
    assert np.abs(counts[:10] - 600).max() < 5 * np.sqrt(2000 * 0.3 * 0.7)


def test_empty_tables_and_missing_columns() -> None:
    for ids in ([], [None, None]):
        found = bound(table(list(ids)), "id", 2, TestEntropy(1))
        assert found.persons == 0
        assert not split_persons(found, 0.5, TestEntropy(2)).any()
    with pytest.raises(MissingColumnError):
        bound(table(["a"]), "person", 2, TestEntropy(1))

"""Several tables become one, with counts of what happened and no row lost in silence."""

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.data.combine import How, append, join
from ppdesk.data.combine_errors import (
    ManyToManyError,
    NoSuchKeyError,
    NothingMatchesError,
    OtherColumnsError,
    SameNamesError,
)
from ppdesk.data.consent import NobodyConsentedError, NoConsentColumnError, consented


def table(**columns):
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


PEOPLE = table(id=["1", "2", "3", None], age=["30", "40", "50", "60"])


def test_append_takes_the_columns_by_name():
    more = pa.table({"age": pa.array(["7"]), "id": pa.array(["9"])})
    made = append(PEOPLE, [("b.csv", more)])
    assert made.table.to_pydict() == {"id": ["1", "2", "3", None, "9"], "age": ["30", "40", "50", "60", "7"]}
    assert made.stability == 1


def test_append_names_the_columns_that_differ():
    with pytest.raises(OtherColumnsError) as caught:
        append(PEOPLE, [("b.csv", table(id=["1"], sex=["f"]))])
    assert caught.value.message.endswith("missing age; not in the first sex.")


def test_an_inner_join_counts_what_it_leaves_out():
    made = join(PEOPLE, [("b.csv", table(id=["2", "1", "8"], bp=["x", "y", "z"]))], ["id"], How.INNER)
    assert made.table.to_pydict() == {"id": ["1", "2"], "age": ["30", "40"], "bp": ["y", "x"]}
    (told,) = made.joins
    assert (told.matched, told.left_only, told.right_only, told.without_key) == (2, 2, 1, 1)
    assert made.stability == 1


def test_a_left_join_keeps_every_row_and_two_rows_may_change():
    made = join(PEOPLE, [("b.csv", table(id=["2", None], bp=["x", "y"]))], ["id"], How.LEFT)
    assert made.table.to_pydict()["bp"] == [None, "x", None, None]
    assert made.stability == 2


def test_a_key_that_repeats_on_one_side_has_no_bound():
    visits = table(id=["2", "1", "2"], bp=["x", "y", "z"])
    made = join(PEOPLE, [("b.csv", visits)], ["id"], How.INNER)
    assert made.table.to_pydict() == {"id": ["1", "2", "2"], "age": ["30", "40", "40"], "bp": ["y", "x", "z"]}
    assert (made.joins[0].right_repeats, made.stability) == (1, None)
    back = join(visits, [("a.csv", PEOPLE)], ["id"], How.LEFT)
    assert back.table.to_pydict()["age"] == ["40", "30", "40"]
    assert (back.joins[0].left_repeats, back.stability) == (1, None)


def test_many_to_many_is_refused_without_a_value():
    twice = table(id=["secret", "secret"], a=["1", "2"])
    with pytest.raises(ManyToManyError) as caught:
        join(twice, [("b.csv", table(id=["secret", "secret"], b=["1", "2"]))], ["id"], How.INNER)
    assert "secret" not in caught.value.message
    assert caught.value.values["left"] == 1


def test_names_and_keys_that_do_not_fit_are_named():
    with pytest.raises(SameNamesError, match="age"):
        join(PEOPLE, [("b.csv", PEOPLE)], ["id"], How.INNER)
    with pytest.raises(NoSuchKeyError, match=r"b\.csv has no key column id"):
        join(PEOPLE, [("b.csv", table(no=["1"]))], ["id"], How.INNER)
    with pytest.raises(NoSuchKeyError):
        join(PEOPLE, [("b.csv", PEOPLE)], ["who"], How.INNER)
    with pytest.raises(NothingMatchesError):
        join(PEOPLE, [("b.csv", table(id=["01"], b=["1"]))], ["id"], How.LEFT)


def test_several_keys_and_several_files():
    first = table(a=["1", "1", "2"], b=["x", "y", "x"], v=["p", "q", "r"])
    second = table(b=["y", "x"], a=["1", "2"], w=["s", "t"])
    third = table(a=["1", "2", "1"], b=["x", "x", "y"], u=["k", "l", "m"])
    made = join(first, [("2", second), ("3", third)], ["a", "b"], How.LEFT)
    assert made.table.to_pydict() == {
        "a": ["1", "1", "2"], "b": ["x", "y", "x"], "v": ["p", "q", "r"], "w": [None, "s", "t"],
        "u": ["k", "m", "l"],
    }  # fmt: skip
    assert made.stability == 2


KEYS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=1, max_size=6)


@given(KEYS, KEYS, st.sampled_from(list(How)))
def test_a_join_is_what_two_loops_say(lefts, rights, how):
    left, right = (
        table(k=lefts, n=[str(n) for n in range(len(lefts))]),
        table(k=rights, m=list("uvwxyz")[: len(rights)]),
    )
    wanted = []
    for n, key in enumerate(lefts):
        hits = [right["m"][m].as_py() for m, other in enumerate(rights) if key is not None and key == other]
        wanted += [(key, str(n), hit) for hit in (hits or ([None] if how is How.LEFT else []))]
    try:
        made = join(left, [("r", right)], ["k"], how)
    except ManyToManyError:
        assert all(max(Counter(one for one in side if one).values()) > 1 for side in (lefts, rights))
        return
    except NothingMatchesError:
        assert not {one for one in lefts if one} & {one for one in rights if one}
        return
    assert [tuple(row.values()) for row in made.table.to_pylist()] == wanted
    told = made.joins[0]
    assert told.matched + told.left_only == len(lefts)


UNIQUE = st.lists(st.integers(0, 5), min_size=2, max_size=4, unique=True)


CHANGE = st.tuples(st.integers(0, 3), st.integers(0, 5))


@given(UNIQUE, UNIQUE, CHANGE, st.booleans(), st.sampled_from(list(How)))
def test_the_stability_of_unique_keys_holds(lefts, rights, change, on_left, how):
    """Replace one record: no more rows change than are claimed, where both are taken in with as many rows."""

    def rows(one, other):
        left = table(k=[str(k) for k in one], n=[f"n{k}" for k in one])
        right = table(k=[str(k) for k in other], m=[f"m{k}" for k in other])
        return join(left, [("r", right)], ["k"], how)

    changed = [list(lefts), list(rights)]
    side = changed[0 if on_left else 1]
    place, fresh = change
    side[place % len(side)] = fresh
    try:
        before, after = rows(lefts, rights), rows(*changed)
    except NothingMatchesError:
        return
    if None in (before.stability, after.stability) or before.table.num_rows != after.table.num_rows:
        return
    was, now = (Counter(map(str, one.table.to_pylist())) for one in (before, after))
    assert (was - now).total() <= min(before.stability, after.stability)


def test_consent_lets_in_who_gave_it():
    asked = table(id=["1", "2", "3", "4"], ok=["yes", "no", None, "YES"])
    made = consented(asked, "ok", ["yes", "ja"])
    assert made.table.to_pydict()["id"] == ["1"]
    assert (made.excluded, made.missing, made.unused) == (3, 1, 1)
    with pytest.raises(NoConsentColumnError):
        consented(asked, "OK", ["yes"])
    with pytest.raises(NobodyConsentedError):
        consented(asked, "ok", ["oui"])

"""Linkage: what a cell may hold, who may be who, and how sure the attacker can be."""

from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.linkage import attack, pairs
from ppdesk.assess.linkage.assignment import assigned
from ppdesk.assess.linkage.columns import column
from ppdesk.assess.linkage.tracing import trace
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.generators import generator

TOWNS = [[town, town[0].upper(), "*"] for town in ("aa", "ab", "ba", "bb", "ca")]
AGES = [[str(one), f"{one // 10 * 10} to {one // 10 * 10 + 9}", "*"] for one in range(20, 60)]


def quiet(_share):
    """Nobody is told."""


def strings(*values):
    return pa.array(values, pa.string())


def table_of(size, seed):
    source = np.random.default_rng(seed)
    return pa.table(
        {
            "age": [str(one) for one in source.integers(20, 60, size)],
            "town": source.choice([row[0] for row in TOWNS], size).tolist(),
            "job": [f"job {one}" for one in source.integers(0, 12, size)],
        }
    )


def coded(published, *sides):
    trees = {"age": AGES, "town": TOWNS}
    return [
        column(
            name,
            published.column(name),
            [one.column(name) for one in sides],
            trees.get(name),
            numeric=name == "age",
        )
        for name in ("age", "town", "job")
    ]


def made(published, *sides, side=0):
    columns = coded(published, *sides)
    return pairs.make(columns, side, [published.column(one.name) for one in columns])


def released(table, level=1, k=0):
    """Full-domain, one level up for ages and towns; classes under k suppressed; in another order."""
    ages = [AGES[int(one) - 20][level] for one in table["age"].to_pylist()]
    towns = [{row[0]: row[level] for row in TOWNS}[one] for one in table["town"].to_pylist()]
    keys = list(zip(ages, towns, strict=True))
    hidden = [keys.count(key) < k for key in keys]
    shown = pa.table(
        {
            "age": ["*" if gone else one for one, gone in zip(ages, hidden, strict=True)],
            "town": ["*" if gone else one for one, gone in zip(towns, hidden, strict=True)],
            "job": table["job"],
        }
    )
    order = np.random.default_rng(3).permutation(table.num_rows)
    return shown.take(pa.array(order)), order, np.array(hidden)


@pytest.mark.parametrize(
    ("label", "inside", "outside"),
    [
        ("[20, 30[", ("20", "29.9"), ("30", "19")),
        ("[20, 30)", ("20",), ("30",)),
        ("]20, 30]", ("30", "20.1"), ("20",)),
        ("[20, 30]", ("20", "30"), ("31",)),
        ("20 to 29", ("20", "29"), ("30",)),
        ("20-29", ("25",), ("19",)),
        ("<20", ("19",), ("20",)),
        (">= 80", ("80", "99"), ("79",)),
        ("-5", ("-5",), ("5",)),
        ("*", ("1", "99"), ()),
        ("who knows", ("1",), ()),
    ],
)
def test_intervals_hold_what_they_say(label, inside, outside):
    found = column("x", strings(label), [strings(*inside, *outside)], numeric=True)
    held = found.holds(found.people[0].astype(np.int64))[:, 0].tolist()
    assert held == [True] * len(inside) + [False] * len(outside)


def test_numbers_have_the_tables_decimal_mark():
    found = column(
        "x", strings("[1,5, 2,5]", "1,75"), [strings("1,75")], numeric=True, decimal=DecimalMark.COMMA
    )
    assert found.holds(np.zeros(1, dtype=np.int64)).tolist() == [[True, True]]


def test_labels_hold_their_leaves_and_sets_their_members():
    found = column(
        "x", strings("A", "ba", "*", None, "{ca, bb}"), [strings("aa", "ba", "bb", None, "new")], TOWNS
    )
    held = found.holds(found.people[0].astype(np.int64)).astype(int).tolist()
    assert held == [[1, 0, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 0, 1], [0, 0, 1, 1, 0], [0, 0, 1, 0, 0]]
    assert found.size.tolist() == [2, 1, 6, 1, 2]


def test_candidates_are_those_of_brute_force():
    table = table_of(200, 1)
    shown, _, _ = released(table, k=14)
    found = attack.candidates(made(shown, table), quiet)
    rows = shown.to_pylist()
    for place in range(0, 200, 7):
        age, town, job = (table[name][place].as_py() for name in ("age", "town", "job"))
        count = sum(
            row["age"] == AGES[int(age) - 20][1] and row["town"] == town[0].upper() and row["job"] == job
            for row in rows
        )
        # a suppressed record still shows the job, which is known here
        count += sum(row["age"] == "*" and row["town"] == "*" and row["job"] == job for row in rows)
        assert found[place] == count


def test_each_record_is_traced_to_its_own():
    table = table_of(300, 2)
    shown, order, hidden = released(table, k=24)
    found = made(shown, table)
    truth = trace(
        table,
        shown,
        {"age": AGES, "town": TOWNS},
        {"age": 1, "town": 1},
        shown.column_names,
        found.member,
        np.arange(300),
    )
    at = np.argsort(order)  # where each original record went
    assert hidden.any()
    assert truth.there.tolist() == (~hidden).astype(float).tolist()
    kept = ~hidden
    assert (truth.own[kept] == found.member[at][kept]).all()


def test_a_release_of_another_table_is_not_traced():
    shown, _, _ = released(table_of(300, 2))
    other = table_of(300, 3)
    found = made(shown, other)
    assert (
        trace(
            other,
            shown,
            {"age": AGES, "town": TOWNS},
            {"age": 1, "town": 1},
            shown.column_names,
            found.member,
            np.arange(300),
        )
        is None
    )


def test_what_is_known_exactly_links_one_in_its_class():
    table = table_of(300, 4)
    shown, _, _ = released(table)
    found = made(shown, table)
    truth = trace(
        table,
        shown,
        {"age": AGES, "town": TOWNS},
        {"age": 1, "town": 1},
        shown.column_names,
        found.member,
        np.arange(300),
    )
    linked = attack.exact(found, truth, None, confidence=1.0, tick=quiet)
    classes = len({tuple(row.values()) for row in shown.to_pylist()})
    assert linked.expected.value == pytest.approx(classes / 300, abs=1e-6)
    assert linked.claims == linked.unique
    assert linked.right.value == 1.0
    assert linked.share.value == pytest.approx(linked.unique / 300, abs=1e-6)


def test_posteriors_are_those_of_all_pairs():
    table, people = table_of(60, 5), table_of(20, 6)
    found = made(table, people)
    model = attack.Model(np.tile([0.1, 0.2, 0.7, 0.0], (3, 1)), 0.6)
    scores = attack._scores(found, np.arange(20), model, 4, quiet, np.zeros((3, 4)))
    nobody = attack._nobody(found, model)
    for t in range(20):
        odds = np.zeros(len(found.counts))
        for c in range(len(found.counts)):
            weight = 0.0
            for j in range(3):
                label = found.labels[c, j]
                level = found.levels[found.at[j] + found.values[t, j] * found.wide[j] + label]
                weight += (
                    np.log(model.match[j, level])
                    - found.chance[found.chance_at[j] + level * found.wide[j] + label]
                )
            odds[c] = np.exp(weight)
        total = (odds * found.counts).sum()
        assert scores.total[t] == pytest.approx(total, rel=2e-4)
        assert scores.score[t] == pytest.approx(np.sort(np.log(odds))[::-1][:4])
        assert 0 < total / (nobody + total) < 1


def test_chances_of_agreeing_are_those_of_random_records():
    table = table_of(4000, 7)
    shown, _, _ = released(table)
    columns = coded(shown, table)
    for one in columns:
        words = pairs._words(shown.column(one.name), one) if not one.numeric else []
        chance = np.exp(pairs._chances(one, words))
        share = np.bincount(one.label) / one.label.size
        assert chance[pairs.AGREES] == pytest.approx(share, abs=1e-6)


def test_em_finds_the_errors_and_who_is_not_there():
    table = table_of(3000, 8)
    extra = pa.table(
        {"age": table["age"], "town": table["town"], "job": [f"job {one}" for one in range(3000)]}
    )
    source = np.random.default_rng(9)
    some = source.permutation(3000)[:400]
    jobs = [f"job {one}" if source.random() > 0.25 else f"job {source.integers(0, 3000)}" for one in some]
    towns = [extra["town"][int(one)].as_py() if source.random() > 0.1 else "ca" for one in some]
    strangers = table_of(100, 10)
    people = pa.table(
        {
            "age": [extra["age"][int(one)].as_py() for one in some] + strangers["age"].to_pylist(),
            "town": towns + strangers["town"].to_pylist(),
            "job": jobs + [f"stranger {one}" for one in range(100)],
        }
    )
    model = attack.learn(made(extra, people), generator(TestEntropy(1)), quiet)
    assert model.match[2, pairs.AGREES] == pytest.approx(0.75, abs=0.15)
    assert model.match[0, pairs.AGREES] > 0.9
    assert 0.6 < model.present < 0.95


def test_the_confidence_of_a_claim_is_how_often_it_is_right():
    source = np.random.default_rng(11)
    table = pa.table(
        {
            "age": [str(one) for one in source.integers(20, 60, 2000)],
            "town": source.choice([row[0] for row in TOWNS], 2000).tolist(),
            "job": [f"job {one}" for one in source.integers(0, 60, 2000)],
        }
    )
    known = {}
    for name in table.column_names:
        other = table[name].take(pa.array(source.integers(0, 2000, 2000)))
        known[name] = [
            b if source.random() < 0.05 else a
            for a, b in zip(table[name].to_pylist(), other.to_pylist(), strict=True)
        ]
    found = made(table, pa.table(known))
    model = attack.learn(found, generator(TestEntropy(2)), quiet)
    said = attack.claims(found, model, 0.0, quiet)
    right = np.where(said.likeliest == found.member, 1 / found.counts[said.likeliest], 0.0)
    for low, high in ((0.05, 0.3), (0.3, 0.6), (0.6, 1.0)):
        some = (said.chance >= low) & (said.chance < high)
        if some.sum() > 50:
            assert right[some].mean() == pytest.approx(said.chance[some].mean(), abs=0.12)


def test_misspelt_words_are_near():
    shown = pa.table({"age": ["30", "40"], "town": ["aa", "ba"], "job": ["electrician", "pharmacist"]})
    people = pa.table({"age": ["30"], "town": ["aa"], "job": ["electricain"]})
    found = made(shown, people)
    level = found.levels[found.at[2] + found.values[0, 2] * found.wide[2] + found.labels[:, 2]]
    assert sorted(level.tolist()) == [pairs.DIFFERS, pairs.NEAR]


def test_people_who_are_not_in_the_table_are_seldom_claimed():
    table = table_of(500, 12)
    unique = pa.table(
        {"age": table["age"], "town": table["town"], "job": [f"job {one}" for one in range(500)]}
    )
    other = table_of(500, 13)
    strangers = pa.table(
        {"age": other["age"], "town": other["town"], "job": [f"else {one}" for one in range(500)]}
    )
    columns = coded(unique, unique, strangers)
    texts = [unique.column(one.name) for one in columns]
    inside, outside = (pairs.make(columns, side, texts) for side in (0, 1))
    truth = attack.Truth(inside.member, np.ones(500))
    found = attack.fuzzy(inside, truth, outside, confidence=0.5, source=generator(TestEntropy(3)), tick=quiet)
    assert found.share.low > 0.95
    assert found.outside.value < 0.1
    assert found.outside_records == 500


def test_records_are_given_once_and_the_sum_is_the_largest():
    source = np.random.default_rng(14)
    best = np.argsort(source.random((5, 6)), axis=1)[:, :4].astype(np.int64)
    chance = source.random((5, 4))
    counts = np.ones(6, dtype=np.int64)
    found = assigned(best, chance, counts, 0.2)
    given = found[found >= 0]
    assert len(set(given.tolist())) == len(given)
    weight = np.zeros((5, 6))
    weight[np.arange(5)[:, None], best] = np.where(chance >= 0.2, chance, 0.0)
    total = sum(weight[t, found[t]] for t in range(5) if found[t] >= 0)
    assert total == pytest.approx(
        max(sum(weight[t, order[t]] for t in range(5)) for order in permutations(range(6), 5))
    )


def test_a_record_that_is_there_twice_is_given_twice():
    best, chance = np.zeros((3, 1), dtype=np.int64), np.array([[0.4], [0.5], [0.3]])
    assert assigned(best, chance, np.array([2]), 0.2).tolist() == [0, 0, -1]

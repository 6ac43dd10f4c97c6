"""Measures of two tables, each against scipy, pandas or brute force."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from ppdesk.assess.tables import propensity
from ppdesk.assess.tables.associations import associations
from ppdesk.assess.tables.columns import Declared, column
from ppdesk.assess.tables.marginals import (
    after_table,
    before_table,
    distance,
    equivalent,
    marginals,
    pairs,
)
from ppdesk.assess.tables.univariate import by_chance, kept

N = 600
SIZES = [["S", "small", "*"], ["M", "small", "*"], ["L", "large", "*"], ["XL", "large", "*"]]


def tick():
    pass


def text(values):
    return pa.chunked_array([pa.array([None if one is None else str(one) for one in values], pa.string())])


def people(n=N, seed=1):
    """Numbers x and y that hang together, sizes that follow x."""
    source = np.random.default_rng(seed)
    x = source.integers(0, 50, n)
    y = x + source.integers(0, 40, n)
    size = np.where(source.random(n) < x / 60, source.choice(["L", "XL"], n), source.choice(["S", "M"], n))
    return pd.DataFrame({"x": x, "y": y, "size": size})


def both(before, after, trees=None):
    numeric = {"x", "y"}
    return [
        column(
            Declared(name, name in numeric, (trees or {}).get(name)), text(before[name]), text(after[name])
        )
        for name in before.columns
    ]


EVERY = np.ones(N, np.bool_)


def test_distances_of_a_column_of_numbers_are_those_of_scipy():
    before, after = people(), people(450, seed=2)
    found = kept(both(before, after)[0], np.ones(450, np.bool_))
    assert found.ks == pytest.approx(stats.ks_2samp(before.x, after.x).statistic, abs=1e-6)
    moved = stats.wasserstein_distance(before.x, after.x) / before.x.std(ddof=0)
    assert found.wasserstein == pytest.approx(moved, abs=1e-6)
    assert (found.mean_before, found.mean_after) == pytest.approx((before.x.mean(), after.x.mean()), rel=1e-5)
    assert found.deviation_after == pytest.approx(after.x.std(ddof=0), rel=1e-5)
    for share, one in zip((0.05, 0.25, 0.5, 0.75, 0.95), found.quantiles_before, strict=True):
        assert one == np.quantile(before.x, share, method="inverted_cdf")


def test_distances_of_categories_are_those_of_scipy():
    before, after = people(), people(450, seed=7)
    found = kept(both(before, after)[2], np.ones(450, np.bool_))
    names = ["S", "M", "L", "XL"]
    p, q = ([(frame["size"] == name).mean() for name in names] for frame in (before, after))
    assert found.js == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-6)
    assert found.tv == pytest.approx(np.abs(np.subtract(p, q)).sum() / 2, abs=1e-6)
    assert found.hellinger == pytest.approx(np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2), abs=1e-6)
    assert found.detail == 1


def test_the_distance_by_chance_is_that_of_two_samples():
    source, p = np.random.default_rng(4), np.array([0.4, 0.3, 0.2, 0.1])
    drawn = [
        np.abs(source.multinomial(300, p) / 300 - source.multinomial(200, p) / 200).sum() / 2
        for _ in range(4000)
    ]
    assert by_chance(p, 300, 200) == pytest.approx(np.mean(drawn), rel=0.03)


def test_detail_is_the_entropy_of_the_generalized_column_where_all_are_on_one_level():
    before = people()
    after = before["size"].map({row[0]: row[1] for row in SIZES})
    one = column(Declared("size", False, SIZES, 1), text(before["size"]), text(after))
    full, coarse = (stats.entropy(column.value_counts(), base=2) for column in (before["size"], after))
    found = kept(one, EVERY)
    assert found.detail == pytest.approx(coarse / full, abs=1e-6)
    assert (found.generalized, found.generalized_cells) == (0, 2)
    mixed = after.where(np.arange(N) % 3 > 0, before["size"]).where(np.arange(N) % 5 > 0, "*")
    one = column(Declared("size", False, SIZES), text(before["size"]), text(mixed))
    p = before["size"].value_counts(normalize=True)
    lost = 0.0
    for label in mixed:
        under = p[[row[0] for row in SIZES if label in row]]
        lost += stats.entropy(under, base=2) / N
    assert kept(one, EVERY).detail == pytest.approx(1 - lost / full, abs=1e-6)


def test_associations_are_those_of_scipy_where_nothing_is_generalized():
    before = people()
    found = {
        one.columns: one for one in associations(both(before, before.sample(frac=1, random_state=1)), tick)
    }
    xy = found["x", "y"]
    assert xy.before == xy.after == pytest.approx(stats.pearsonr(before.x, before.y).statistic, abs=1e-6)
    assert xy.rank_before == pytest.approx(stats.spearmanr(before.x, before.y).statistic, abs=1e-6)
    assert xy.rank_after == pytest.approx(xy.rank_before, abs=1e-6)
    groups = before.groupby("size").x
    between = (groups.size() * (groups.mean() - before.x.mean()) ** 2).sum() / N
    assert found["x", "size"].before == pytest.approx(np.sqrt(between / before.x.var(ddof=0)), abs=1e-6)
    frame = before.assign(x=np.where(before.x > 20, "high", "low"))
    columns = [column(Declared(name, False), text(frame[name]), text(frame[name])) for name in ("x", "size")]
    expected = stats.contingency.association(pd.crosstab(frame.x, frame["size"]).to_numpy(), method="cramer")
    assert associations(columns, tick)[0].after == pytest.approx(expected, abs=1e-6)


def test_associations_of_generalized_values_are_those_of_all_values_they_stand_for():
    """Brute force: every record once for each combination of values that it stands for."""
    before = people(60)
    after = pd.DataFrame(
        {
            "x": [f"[{x // 10 * 10}, {x // 10 * 10 + 10})" for x in before.x],
            "y": [y if y % 2 else "*" for y in before.y],
            "size": before["size"].map({row[0]: row[1] for row in SIZES}),
        }
    )
    columns = both(before, after, {"size": SIZES})
    known = {"x": sorted(set(before.x)), "y": sorted(set(before.y))}
    rows, weights = [], []
    for x, y, size in after.itertuples(index=False):
        low = int(x[1:].split(",")[0])
        xs = [one for one in known["x"] if low <= one < low + 10]
        ys = known["y"] if y == "*" else [int(y)]
        sizes = [row[0] for row in SIZES if row[1] == size]
        rows += product(xs, ys, sizes)
        weights += [1 / (len(xs) * len(ys) * len(sizes))] * (len(xs) * len(ys) * len(sizes))
    spread, weights = pd.DataFrame(rows, columns=["x", "y", "size"]), np.array(weights)
    found = {one.columns: one for one in associations(columns, tick)}
    cov = np.cov(spread.x, spread.y, aweights=weights, ddof=0)
    assert found["x", "y"].after == pytest.approx(cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]), abs=1e-6)
    mean = np.average(spread.x, weights=weights)
    between = 0.0
    for name in ("S", "M", "L", "XL"):
        here = (spread["size"] == name).to_numpy()
        part = weights[here].sum() / weights.sum()
        between += part * (np.average(spread.x[here], weights=weights[here]) - mean) ** 2
    assert found["x", "size"].after == pytest.approx(np.sqrt(between / cov[0, 0]), abs=1e-6)
    coarse = [columns[0].coarse[0][np.searchsorted(columns[0].numbers[:-2], spread.x)],
              columns[1].coarse[0][np.searchsorted(columns[1].numbers[:-2], spread.y)]]  # fmt: skip
    table = np.zeros((columns[0].coarse[1], columns[1].coarse[1]))
    np.add.at(table, (coarse[0], coarse[1]), weights)
    # a suppressed y of a column without a hierarchy stands for all known numbers
    assert after_table(columns[:2]) == pytest.approx(table)
    three = after_table(columns)
    expected = np.zeros(three.shape)
    sizes = spread["size"].map({"S": 0, "M": 1, "L": 2, "XL": 3}).to_numpy()
    order = np.array([columns[2].coarse[0][columns[2].before[before["size"].to_list().index(name)]]
                      for name in ("S", "M", "L", "XL")])  # fmt: skip
    np.add.at(expected, (*coarse, order[sizes]), weights)
    assert three == pytest.approx(expected)


def test_the_score_is_sdnists_where_nothing_is_generalized():
    before, after = people(), people(500, seed=8)
    frames = [frame.assign(x=frame.x // 5, y=frame.y // 10).astype(str) for frame in (before, after)]
    columns = [column(Declared(name, False), text(frames[0][name]), text(frames[1][name])) for name in before]
    whole = np.ones(500, np.bool_)
    for order in (2, 3):
        apart = []
        for names in combinations(before.columns, order):
            p, q = (frame.groupby(list(names)).size() / len(frame) for frame in frames)
            apart.append(p.subtract(q, fill_value=0).abs().sum())
        expected = (2 - np.mean(apart)) * 500  # as in sdnist.metrics.kmarginal
        found = marginals(columns, order, whole, np.random.default_rng(1), tick)
        assert found.score == pytest.approx(expected, abs=1e-3)
        assert found.generalized == pytest.approx(found.score, abs=1e-3)
    assert {one.columns: one.spread for one in pairs(columns, whole, tick)}["x", "y"] > 0


def test_a_sample_scores_like_a_sample_of_its_size():
    source = np.random.default_rng(2)
    before = people(4000)
    after = before.sample(frac=0.1, random_state=3)
    columns = both(before, after)
    found = marginals(columns, 2, np.ones(400, np.bool_), source, tick)
    assert 0.06 < found.equivalent < 0.16
    same = marginals(both(before, before), 3, np.ones(4000, np.bool_), source, tick)
    assert (same.score, same.equivalent) == (1000, 1)
    assert equivalent(0.0, np.array([one for _, one in found.samples])) == pytest.approx(0.001)


def test_two_way_tables_have_every_record_once():
    columns = both(people(), people(seed=3))
    table = before_table(columns[:2])
    assert table.sum() == N
    assert distance(table, table) == 0


def coded(seed, n=3000, shift=0.0):
    source = np.random.default_rng(seed)
    return pd.DataFrame(
        {"a": source.integers(0, 4, n), "b": source.integers(0, 3, n), "c": (source.random(n) < 0.4 + shift)}
    ).astype(str)


def test_pmse_of_two_samples_is_what_theory_says():
    """Snoke et al. 2018: (k - 1)(1 - c)² c / N of the logistic classifier; the mean of 12 is 17 % off."""
    ratios, trees = [], []
    for seed in range(12):
        before, after = coded(seed), coded(seed + 100, 1500)
        columns = [column(Declared(name, False), text(before[name]), text(after[name])) for name in before]
        source = np.random.default_rng(seed)
        found = propensity.propensity(columns, np.ones(1500, np.bool_), source, tick)
        assert [(one.classifier, one.domain) for one in found] == [("logistic", "spread"), ("tree", "spread")]
        ratios.append(found[0].ratio)
        trees.append(found[1].ratio)
    assert found[0].null == pytest.approx(6 * (2 / 3) ** 2 * (1 / 3) / 4500, rel=1e-3)
    assert 0.4 < np.mean(ratios) < 1.7
    assert 0.5 < np.mean(trees) < 1.6


def test_tables_that_differ_are_told_apart_and_the_same_ones_are_not():
    before = coded(1)
    for after, low, high in (
        (coded(2, shift=0.3), 20, np.inf),
        (before.sample(frac=1, random_state=2), 0, 0.2),
    ):
        columns = [column(Declared(name, False), text(before[name]), text(after[name])) for name in before]
        found = propensity.propensity(columns, np.ones(3000, np.bool_), np.random.default_rng(1), tick)
        assert low <= found[0].ratio <= high


def test_specks_is_the_distance_of_kolmogorov_and_smirnov():
    source = np.random.default_rng(6)
    chances, other = source.integers(0, 20, 500) / 20, source.random(500) < 0.3
    expected = stats.ks_2samp(chances[other], chances[~other]).statistic
    assert propensity.specks(chances, other) == pytest.approx(expected)

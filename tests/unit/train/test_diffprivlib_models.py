"""The models over diffprivlib: what they claim, what they never read off the data, and their JSON."""

import json
import math
import random
import secrets
import warnings
from fractions import Fraction

import numpy as np
import pytest

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train.diffprivlib_models import forest, logistic, naive_bayes
from ppdesk.train.diffprivlib_models.estimator import (
    DiffprivlibForest,
    DiffprivlibLogistic,
    DiffprivlibNaiveBayes,
)
from ppdesk.train.diffprivlib_models.source import (
    SecureRandom,
    leaks_are_errors,
    one_record,
    random_of,
)
from ppdesk.train.diffprivlib_models.trees import LEAF, Forest, bounds
from ppdesk.train.errors import BadModelError, UndeclaredTargetError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

ALL = (DiffprivlibLogistic, DiffprivlibNaiveBayes, DiffprivlibForest)
SCHEMA = Schema((Numeric("age", 17, 90), Numeric("income", 0, 1e6, log=True), Categorical("sex", ("f", "m"))))
TWO, THREE = Classes("y", ("no", "yes"), "yes"), Classes("y", ("a", "b", "c"))


def table(rows: int, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    source = np.random.default_rng(seed)
    age = source.uniform(17, 90, rows)
    income = np.exp(source.normal(9, 1.5, rows))
    sex = source.choice(["f", "m", "?"], rows)
    score = (age - 50) / 15 + (np.log(income) - 9) / 2 + (sex == "m")
    return {"age": age, "income": income, "sex": sex}, score


def binary(rows: int, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    columns, score = table(rows, seed)
    return columns, np.where(score > 0.5, "yes", "no")


@pytest.mark.parametrize("kind", ALL)
def test_learns_two_classes_and_its_json_is_the_whole_model(kind):
    columns, y = binary(4000)
    model = kind(schema=SCHEMA, target=TWO, epsilon=2.0).fit(columns, y)
    assert model.score(columns, y) > 0.75
    assert model.event_ == EpsilonDelta(2.0, 0.0, Neighbours.ADD_REMOVE)
    written = model.fitted_.to_json()
    again = type(model.fitted_).from_json(written)
    assert again.to_json() == written
    np.testing.assert_array_equal(again.predict(Records.read(columns, SCHEMA)), model.predict_proba(columns))
    assert model.fitted_.privacy["private"] is True
    np.testing.assert_allclose(model.predict_proba(columns).sum(axis=1), 1.0)


@pytest.mark.parametrize("kind", ALL)
def test_learns_three_classes(kind):
    columns, score = table(4000)
    y = np.array(["a", "b", "c"])[np.digitize(score, [-0.3, 1.3])]
    model = kind(schema=SCHEMA, target=THREE, epsilon=20.0).fit(columns, y)
    assert model.predict_proba(columns).shape == (4000, 3)
    assert model.score(columns, y) > 0.6


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("labels", [[], ["yes"], ["no"] * 5, ["other"] * 4])
def test_classes_that_do_not_occur_neither_fail_nor_show(kind, labels):
    columns, _ = table(len(labels))
    model = kind(schema=SCHEMA, target=TWO, epsilon=1.0).fit(columns, np.array(labels, dtype=object))
    assert list(model.classes_) == ["no", "yes"]
    assert np.isfinite(model.predict_proba(table(7)[0])).all()


@pytest.mark.parametrize("kind", ALL)
def test_the_test_mode_repeats_and_says_so(kind):
    columns, y = binary(300)
    made = [
        kind(schema=SCHEMA, target=TWO, epsilon=1.0, entropy=TestEntropy(7)).fit(columns, y).fitted_
        for _ in range(2)
    ]
    assert made[0].to_json() == made[1].to_json()
    assert made[0].privacy["private"] is False


@pytest.mark.parametrize("kind", ALL)
def test_noise_comes_from_the_operating_system(kind, monkeypatch):
    """Neither Python's nor NumPy's shared generators are drawn from, so no seed of theirs repeats a model."""
    columns, y = binary(200)
    made = set()
    for _ in range(2):
        random.seed(1)
        np.random.seed(1)
        before = np.random.get_state()[2]
        made.add(kind(schema=SCHEMA, target=TWO, epsilon=1.0).fit(columns, y).fitted_.to_json())
        assert np.random.get_state()[2] == before
    assert len(made) == 2
    assert isinstance(random_of(SystemEntropy()), secrets.SystemRandom)


def test_warnings_of_the_library_are_errors():
    from diffprivlib.models import GaussianNB
    from diffprivlib.utils import DiffprivlibCompatibilityWarning, PrivacyLeakWarning

    x = np.array([[0.0], [1.0], [2.0]])
    with leaks_are_errors(), pytest.raises(PrivacyLeakWarning):
        GaussianNB().fit(x, [0, 1, 1])
    with leaks_are_errors(), pytest.raises(DiffprivlibCompatibilityWarning):
        warnings.warn("not used", DiffprivlibCompatibilityWarning, stacklevel=1)


@pytest.mark.parametrize("group", [1, 3, 7])
@pytest.mark.parametrize("neighbours", list(Neighbours))
def test_one_record_never_gets_more_than_its_part(group, neighbours):
    asked = Asked(0.7, 0.0, neighbours, group)
    times = group * (2 if neighbours is Neighbours.REPLACE_ONE else 1)
    assert Fraction(one_record(asked)) * times <= Fraction(0.7)
    for classes in (2, 5):
        fits = 1 if classes == 2 else classes
        inner = Fraction(logistic.fit_epsilon(asked, classes)) * fits * group
        if neighbours is Neighbours.ADD_REMOVE:
            inner *= Fraction("0.505")
        assert inner <= Fraction(0.7)


def test_the_gradient_of_one_record_is_at_most_one_long():
    """What the share of add-or-remove rests on: removing a record moves the noise vector by (p - y) x
    alone."""
    from ppdesk.train.objective import encoding_of

    columns, _ = table(500)
    encoding = encoding_of(SCHEMA)
    matrix = encoding.encode_read(Records.read(columns, SCHEMA).values, 500)
    assert (np.linalg.norm(matrix, axis=1) <= 1).all()
    assert pytest.approx(0.505) == logistic.ADD_REMOVE_SHARE


def test_naive_bayes_asks_the_library_for_enough_noise(monkeypatch):
    """Every mean and variance is asked for with the epsilon of one figure and the sensitivity that is
    proved."""
    from diffprivlib.models import naive_bayes as library

    asked_for = []
    for name in ("LaplaceTruncated", "LaplaceBoundedDomain"):
        made = getattr(library, name)

        def watched(*, made=made, name=name, **given):
            asked_for.append((name, given))
            return made(**given)

        monkeypatch.setattr(library, name, watched)
    columns, y = binary(400)
    model = DiffprivlibNaiveBayes(schema=SCHEMA, target=TWO, epsilon=1.0).fit(columns, y)
    figures = 1 + 2 * 2 + 1
    assert model.notes_["figures"] == figures
    assert len(asked_for) == 2 * 2 * 2
    for name, given in asked_for:
        assert Fraction(given["epsilon"]) * figures <= 1
        assert isinstance(given["random_state"], SecureRandom)
        if name == "LaplaceTruncated":
            assert given["sensitivity"] == 2.0  # values on [-1, 1]: one record moves a sum by 1
        else:
            assert 1.0 <= given["sensitivity"] <= 4.0


def test_naive_bayes_sums_move_by_one_record_only():
    """Values are on [-1, 1] whatever is in the cells."""
    wild = {"age": np.array([-1e300, np.inf, np.nan, 40.0]), "income": np.array([np.nan, -5.0, 1e300, 3.0])}
    records = Records.read({**wild, "sex": np.array(["f", "x", "", "m"])}, SCHEMA)
    for place in (0, 1):
        column = SCHEMA.columns[place]
        assert isinstance(column, Numeric)
        found = naive_bayes.unit(records.values[place], column)
        assert ((np.abs(found) <= 1) | np.isnan(found)).all()


def test_forest_trees_stand_before_any_record_is_seen():
    columns, y = binary(300)
    splits = []
    for rows in (300, 10):
        part = {name: values[:rows] for name, values in columns.items()}
        made = DiffprivlibForest(schema=SCHEMA, target=TWO, epsilon=1.0, trees=1, entropy=TestEntropy(3))
        model = made.fit(part, y[:rows]).fitted_
        splits.append((model.trees[0].feature.tolist(), model.trees[0].threshold.tolist()))
    assert splits[0] == splits[1]
    low, high = bounds(SCHEMA.columns)
    tree = model.trees[0]
    inner = tree.feature != LEAF
    asked = tree.feature[inner]
    assert ((tree.threshold[inner] >= low[asked]) & (tree.threshold[inner] <= high[asked])).all()


def test_forest_counts_have_the_noise_that_is_claimed():
    """Without records the noisy counts are the noise: discrete Laplace of scale 1 / epsilon. A threefold
    test of its mean absolute value."""
    epsilon = 0.5
    built = forest._build(SCHEMA.columns, 8, 2, epsilon, random_of(TestEntropy(1)))
    empty = np.empty((0, 3))
    tree = forest._counts(built, empty, np.empty(0, np.int32), epsilon, SystemEntropy())
    noise = tree.chances[tree.feature == LEAF].ravel()
    assert noise.size == 512
    expected = 2 * math.exp(-epsilon) / (1 - math.exp(-2 * epsilon))
    assert abs(np.abs(noise).mean() - expected) < 5 * 2.0 / math.sqrt(noise.size)


def test_a_record_counts_once_in_one_leaf_of_one_tree():
    columns, y = binary(200)
    records = Records.read(columns, SCHEMA)
    codes = (y == "yes").astype(np.int32)
    matrix = forest.positions(records)
    built = forest._build(SCHEMA.columns, 4, 2, 1.0, random_of(TestEntropy(2)))

    def counted(keep: np.ndarray) -> np.ndarray:
        quiet = forest._counts(built, matrix[keep], codes[keep], 1e6, TestEntropy(5))
        return quiet.chances

    everyone = np.ones(200, dtype=bool)
    whole = counted(everyone)
    assert whole.sum() == 200
    for place in (0, 57, 199):
        fewer = everyone.copy()
        fewer[place] = False
        assert np.abs(whole - counted(fewer)).sum() == 1
    # the library's own walk through the tree ends in the same leaves
    walked = forest._plain(built, np.zeros((len(built.nodes), 2))).leaves(matrix)
    np.testing.assert_array_equal(walked, built.apply(matrix))


def test_labels_are_the_librarys():
    columns, y = binary(500)
    made = DiffprivlibForest(schema=SCHEMA, target=TWO, epsilon=50.0, leaves="label").fit(columns, y)
    leaves = [one.chances[one.feature == LEAF] for one in made.fitted_.trees]
    assert all(set(np.unique(one)) == {0.0, 1.0} for one in leaves)
    assert made.score(columns, y) > 0.6


@pytest.mark.parametrize("kind", ALL)
def test_bad_json_is_refused(kind):
    columns, y = binary(50)
    model = kind(schema=SCHEMA, target=TWO, epsilon=1.0).fit(columns, y).fitted_
    good = json.loads(model.to_json())
    for name in [*good, None]:
        broken = {key: value for key, value in good.items() if key != name}
        if name is None:
            broken = {**good, "target": Quantity("y", 0, 1).to_json()}
        if name in ("estimator", "privacy") or (name is not None and name not in good):
            broken["format"] = "other"
        with pytest.raises(BadModelError):
            type(model).from_json(json.dumps(broken).encode())
    with pytest.raises(BadModelError):
        type(model).from_json(b"[")


def test_a_tree_that_points_back_is_refused():
    columns, y = binary(50)
    model = DiffprivlibForest(schema=SCHEMA, target=TWO, epsilon=1.0).fit(columns, y).fitted_
    value = json.loads(model.to_json())
    value["trees"][0]["left"][0] = 0
    with pytest.raises(BadModelError):
        Forest.from_json(json.dumps(value).encode())


def test_what_cannot_be_kept_is_refused():
    columns, y = binary(20)
    records = Records.read(columns, SCHEMA)
    with pytest.raises(UnsuitableGuaranteeError):
        DiffprivlibForest(schema=SCHEMA, target=TWO, depth=30).fit(columns, y)
    for engine in (logistic, naive_bayes, forest):
        more = {logistic: {"regularization": None}, forest: {"options": forest.Options()}}.get(engine, {})
        with pytest.raises(UndeclaredTargetError):
            engine.fit(
                records,
                np.zeros(20, np.int32),
                Asked(1.0, 0.0),
                Quantity("y", 0, 1),
                entropy=SystemEntropy(),
                tick=lambda: None,
                **more,
            )


def test_linear_regression_of_the_library_is_not_offered():
    """With a bound of 0 its sensitivity is 0 (its issues #104 and #105)."""
    from pathlib import Path

    import ppdesk.train
    from ppdesk.train.offers import OFFERS

    assert not [one for one in OFFERS if one.key.startswith("diffprivlib") and "regression" in one.key]
    quantity = [one for one in OFFERS if "quantity" in [task.value for task in one.tasks]]
    assert not [one for one in quantity if "diffprivlib" in one.module]
    sources = Path(ppdesk.train.__file__).parent.rglob("*.py")
    assert not [path for path in sources if "import LinearRegression" in path.read_text(encoding="utf-8")]

"""scikit-learn's own checks of every estimator.

What a check passes is public there, so its bounds and classes are declared; the checks that ask an estimator
to look at private cells are listed with the reason.
"""

import sys
import warnings
from importlib import import_module
from pathlib import Path
from unittest import SkipTest

import numpy as np
import pytest
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.estimator_checks import estimator_checks_generator

from ppdesk.core.entropy import TestEntropy
from ppdesk.train.offers import OFFERS, Task

EMPTY = "whether there is a model must not depend on a record, so a table without rows is none to refuse"
NOT_PRIVATE = {
    "check_estimators_empty_data_messages": EMPTY,
    "check_supervised_y_no_nan": "a record without a known target is left out by a look at that record alone",
    "check_classifiers_one_label": "of ten records, all of one class of two declared ones: noise may choose",
    "check_classifiers_regression_target": "classes are declared; a number that is none is left out",
}
SLOW = {"check_classifiers_train", "check_regressors_train", "check_estimators_dtypes"}
FEW = {"check_regressors_train": "200 records are too few for a network with noise"}
LABELS = {"check_clustering": "the groups of the records trained on tell of each record: none are kept"}
SHARE = dict.fromkeys(
    ("check_outliers_train", "check_outliers_fit_predict"),
    "the share to flag is met by a noisy count, not exactly",
)
TWO = {
    "check_classifier_not_supporting_multiclass": "refused with a code, before the data are seen",
}


def declared(estimator_class):
    """The same estimator; each fit declares the bounds and classes of what it is given, and repeats."""

    def fit(self, X, y=None, **more):  # noqa: N803 - scikit-learn's name
        kept = {name: getattr(self, name) for name in ("schema", "target", "entropy")}
        try:
            self.schema, self.entropy = _bounds(X), TestEntropy(1)
            if isinstance(self, ClassifierMixin):
                self.target = _classes(y)
            elif isinstance(self, RegressorMixin):
                self.target = _ends(y)
            return estimator_class.fit(self, X, y, **more)
        finally:
            for name, value in kept.items():
                setattr(self, name, value)

    name = estimator_class.__name__
    made = type(name, (estimator_class,), {"fit": fit, "__module__": __name__})
    setattr(sys.modules[__name__], name, made)  # so that a fitted one can be pickled
    return made


def _bounds(X):  # noqa: N803 - scikit-learn's name
    try:
        matrix = np.asarray(X, dtype=np.float64)
        low, high = np.nanmin(matrix, axis=0), np.nanmax(matrix, axis=0)
    except (TypeError, ValueError):  # what is no matrix of numbers is the estimator's to refuse
        return 0.0, 1.0
    return low, np.where(high > low, high, low + 1)


def _classes(y):
    if y is None or not np.asarray(y).size:
        return [0, 1]
    values = np.ravel(np.asarray(y))
    if values.dtype.kind == "f" and not np.array_equal(values, np.round(values)):
        return [0, 1]  # nobody declares a class for each of a hundred numbers
    found = np.unique(values).tolist()
    return found if len(found) > 1 else [*found, found[0] + 1]


def _ends(y):
    values = np.zeros(1) if y is None or not np.asarray(y).size else np.ravel(np.asarray(y, dtype=np.float64))
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    return low, high if high > low else low + 1


CASES = [
    ("objective", "ObjectivePerturbation", {"epsilon": 50, "delta": 0.0, "neighbours": "replace-one"}, TWO),
    ("additive.estimator", "AdditiveClassifier", {"epsilon": 50, "steps": 4}, {}),
    ("additive.estimator", "AdditiveRegressor", {"epsilon": 50, "steps": 4}, {}),
    ("linear.estimator", "DpLinearRegression", {"epsilon": 50}, {}),
    ("components.estimator", "DpPCA", {"epsilon": 50}, {}),
    ("clusters.estimator", "DpKMeans", {"epsilon": 50}, LABELS),
    ("histogram.estimator", "DpHistogram", {"epsilon": 50}, SHARE),
    ("sgd.estimator", "SgdLogisticClassifier", {"epsilon": 50, "steps": 30}, {}),
    ("sgd.estimator", "SgdLogisticRegressor", {"epsilon": 50, "steps": 30}, {}),
    ("sgd.estimator", "SgdMlpClassifier", {"epsilon": 50, "steps": 30}, {}),
    ("sgd.estimator", "SgdMlpRegressor", {"epsilon": 50, "steps": 30}, FEW),
    ("ebm.estimator", "EbmClassifier", {"epsilon": 50, "rounds": 5}, {}),
    ("ebm.estimator", "EbmRegressor", {"epsilon": 50, "rounds": 5}, {}),
    ("diffprivlib_models.estimator", "DiffprivlibLogistic", {"epsilon": 50}, {}),
    ("diffprivlib_models.estimator", "DiffprivlibNaiveBayes", {"epsilon": 50}, {}),
    ("diffprivlib_models.estimator", "DiffprivlibForest", {"epsilon": 50}, {}),
]


def results(estimator_class, given, expected, slow):
    """What became of each check, by its name: None passed, else what went wrong. Those that train on the
    most records only where `slow`."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some checks provoke warnings of numerics
        for estimator, check in estimator_checks_generator(estimator_class(**given), legacy=True):
            name = check.func.__name__
            if name in SLOW and not slow:
                continue
            try:
                check(estimator)
                found.setdefault(name, None)
            except SkipTest:
                continue
            except Exception as error:  # noqa: BLE001 - whatever a check raises is its finding
                found[name] = None if name in expected else repr(error)
    return found


@pytest.mark.parametrize(("module", "name", "given", "more"), CASES, ids=[case[1] for case in CASES])
@pytest.mark.parametrize("slow", [False, pytest.param(True, marks=pytest.mark.campaign)])
def test_scikit_learn_checks(module, name, given, more, slow):
    estimator_class = declared(getattr(import_module(f"ppdesk.train.{module}"), name))
    if slow:  # as many steps as the estimator's own rule says
        given = {name: value for name, value in given.items() if name != "steps"}
    found = results(estimator_class, given, {**NOT_PRIVATE, **more}, slow)
    assert {check: wrong for check, wrong in found.items() if wrong} == {}
    assert len(found) > 20


@pytest.mark.parametrize(("module", "name", "given", "more"), CASES, ids=[case[1] for case in CASES])
def test_a_table_without_rows_gives_a_model_as_any_other(module, name, given, more):
    """Else an error would tell that the one record of a table of one is gone."""
    estimator_class = declared(getattr(import_module(f"ppdesk.train.{module}"), name))
    fitted = estimator_class(**given).fit(np.zeros((0, 3)), [])
    assert np.asarray(fitted.fitted_.predict(fitted._records(np.zeros((2, 3))))).shape[0] == 2


def test_every_offered_estimator_is_checked():
    """But the one whose records are decisions."""
    checked = {(module, name) for module, name, _, _ in CASES}
    for offer in OFFERS:
        for task in offer.tasks:
            if task is not Task.POLICY:
                found = offer.load(task)
                assert (found.__module__.removeprefix("ppdesk.train."), found.__name__) in checked


def test_the_exceptions_and_the_estimators_stand_in_the_docs():
    page = (Path(__file__).parents[3] / "resources" / "docs" / "estimators.md").read_text("utf-8")
    for check in {*NOT_PRIVATE, *(check for _, _, _, more in CASES for check in more)}:
        assert f"`{check}`" in page
    for offer in OFFERS:
        assert f"| `{offer.key}` |" in page

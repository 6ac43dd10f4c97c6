"""What can be trained, as a list that needs no library: the estimators are loaded when they are asked for."""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.said import said, said_all
from ppdesk.privacy.events import Neighbours


class Task(StrEnum):
    """What a model is for. The heads of models say it by these words."""

    BINARY = "binary"  # one of two classes
    CLASSES = "classes"  # one of several
    QUANTITY = "quantity"  # a number
    NONE = "none"  # learnt without a target
    POLICY = "policy"  # which action to take

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Task.BINARY: said("two classes"),
    Task.CLASSES: said("several classes"),
    Task.QUANTITY: said("a number"),
    Task.NONE: said("no target"),
    Task.POLICY: said("decisions"),
}


class UnknownOfferError(CodedError):
    """There is no estimator named {key}."""

    code = "PP-TRAIN-011"
    exit = Exit.USAGE
    todo = "Choose one of the estimators that Train lists."


@dataclass(frozen=True)
class Offer:
    """An estimator: ``ppdesk.train.<module>`` holds the class `name`. `extra` names the library that it needs
    beyond ppdesk's own, empty for none. `relations` are those that it can be asked for; `delta_zero`: its
    claim is pure, delta is 0 and no other."""

    key: str
    title: str
    good_at: str
    tasks: tuple[Task, ...]
    glass_box: bool  # every part of the model can be looked at
    module: str
    name: str
    extra: str = ""
    relations: tuple[Neighbours, ...] = (Neighbours.ADD_REMOVE, Neighbours.REPLACE_ONE)
    delta_zero: bool = False
    options: tuple[str, ...] = ()  # settings of Train that it has beside those of all
    regressor: str = ""  # the class for a number, where it is another one

    @property
    def installed(self) -> bool:
        """Whether the library that it needs is there. Nothing is loaded to find out."""
        return not self.extra or find_spec(self.extra) is not None

    def load(self, task: Task = Task.BINARY) -> Any:
        """The estimator's class for `task`."""
        name = self.regressor if task is Task.QUANTITY and self.regressor else self.name
        return getattr(import_module(f"ppdesk.train.{self.module}"), name)


# as records of older versions call them
_FORMERLY = {"dp-logistic-regression": "objective-perturbation"}
_SUPERVISED = (Task.BINARY, Task.CLASSES, Task.QUANTITY)

_CLASSES = (Task.BINARY, Task.CLASSES)

OFFERS: tuple[Offer, ...] = (
    Offer(
        "additive",
        said("Additive model"),
        said(
            "Most tables of a thousand to millions of records: one function of each column, added up, all "
            "to be "
            "looked at. The most accurate of these at small ε, and quick."
        ),
        _SUPERVISED,
        True,
        "additive.estimator",
        "AdditiveClassifier",
        regressor="AdditiveRegressor",
        options=("policy",),
    ),
    Offer(
        "sgd-logistic",
        said("Logistic regression by DP-SGD"),
        said("A linear model that is trained in small noisy steps: the standard to compare with."),
        _SUPERVISED,
        False,
        "sgd.estimator",
        "SgdLogisticClassifier",
        regressor="SgdLogisticRegressor",
        options=("device", "policy"),
    ),
    Offer(
        "sgd-mlp",
        said("Neural network by DP-SGD"),
        said(
            "Large tables (a hundred thousand records and more) whose columns act together, at a generous ε."
        ),
        _SUPERVISED,
        False,
        "sgd.estimator",
        "SgdMlpClassifier",
        regressor="SgdMlpRegressor",
        options=("device", "policy"),
    ),
    Offer(
        "ebm",
        said("Explainable boosting (DP-EBM)"),
        said(
            "What InterpretML offers, with noise that is safe: one function of each column, found by "
            "boosting."
        ),
        _SUPERVISED,
        True,
        "ebm.estimator",
        "EbmClassifier",
        regressor="EbmRegressor",
    ),
    Offer(
        "linear",
        said("Ridge regression"),
        said(
            "A number that follows its columns by lines or curves: exact sums with noise, no steps to choose."
        ),
        (Task.QUANTITY,),
        True,
        "linear.estimator",
        "DpLinearRegression",
        regressor="DpLinearRegression",
    ),
    Offer(
        "objective-perturbation",
        said("Logistic regression, pure ε"),
        said("Two classes where δ must be 0: every coefficient can be read, and the claim cannot fail."),
        (Task.BINARY,),
        True,
        "objective",
        "ObjectivePerturbation",
        relations=(Neighbours.REPLACE_ONE,),
        delta_zero=True,
        options=("regularization",),
    ),
    Offer(
        "diffprivlib-logistic",
        said("Logistic regression (diffprivlib)"),
        said("To compare with IBM's library: a δ of 0, one class against the rest."),
        _CLASSES,
        True,
        "diffprivlib_models.estimator",
        "DiffprivlibLogistic",
        extra="diffprivlib",
        delta_zero=True,
    ),
    Offer(
        "diffprivlib-naive-bayes",
        said("Naive Bayes (diffprivlib)"),
        said("To compare with IBM's library: very few figures to pay for, so it stands a very small ε."),
        _CLASSES,
        True,
        "diffprivlib_models.estimator",
        "DiffprivlibNaiveBayes",
        extra="diffprivlib",
        delta_zero=True,
    ),
    Offer(
        "diffprivlib-forest",
        said("Random forest (diffprivlib)"),
        said("To compare with IBM's library: trees whose splits do not look at the data."),
        _CLASSES,
        False,
        "diffprivlib_models.estimator",
        "DiffprivlibForest",
        extra="diffprivlib",
        delta_zero=True,
    ),
    Offer(
        "k-means",
        said("Groups (k-means)"),
        said("Which kinds of records there are, and how many of each: no target."),
        (Task.NONE,),
        True,
        "clusters.estimator",
        "DpKMeans",
        options=("n_clusters",),
    ),
    Offer(
        "pca",
        said("Components (PCA)"),
        said("Which columns move together: no target."),
        (Task.NONE,),
        True,
        "components.estimator",
        "DpPCA",
        options=("n_components",),
    ),
    Offer(
        "histogram",
        said("Anomaly score (histogram)"),
        said("Records that look like few others: no target."),
        (Task.NONE,),
        True,
        "histogram.estimator",
        "DpHistogram",
    ),
    Offer(
        "policy",
        said("Policy from logged decisions"),
        said(
            "Who should get which of several actions, within limits, learnt from what was done and how it "
            "went; "
            "with what that and other policies are worth."
        ),
        (Task.POLICY,),
        True,
        "policy.estimator",
        "PolicyLearner",
        options=(
            "reward",
            "propensity",
            "chances",
            "least_propensity",
            "limits",
            "temperature",
        ),
    ),
)


def offer(key: str) -> Offer:
    """The offer of `key`. UnknownOfferError if there is none."""
    wanted = _FORMERLY.get(key, key)
    for one in OFFERS:
        if one.key == wanted:
            return one
    raise UnknownOfferError(key=key)


def made_for(one: Offer) -> str:
    """A sentence that says what it is for."""
    return said("It is for {tasks}.", tasks=said_all((task.words for task in one.tasks), ", "))


def for_task(task: Task) -> list[Offer]:
    """The offers that can do it, in the order of the list."""
    return [one for one in OFFERS if task in one.tasks]

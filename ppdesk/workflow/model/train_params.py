"""What Train asks for."""

from enum import StrEnum

from ppdesk.core.params import Params, param
from ppdesk.privacy.events import Neighbours


class Estimator(StrEnum):
    """What can be trained: the keys of `ppdesk.train.offers`."""

    ADDITIVE = "additive"
    SGD_LOGISTIC = "sgd-logistic"
    SGD_MLP = "sgd-mlp"
    EBM = "ebm"
    LINEAR = "linear"
    OBJECTIVE_PERTURBATION = "objective-perturbation"
    DIFFPRIVLIB_LOGISTIC = "diffprivlib-logistic"
    DIFFPRIVLIB_NAIVE_BAYES = "diffprivlib-naive-bayes"
    DIFFPRIVLIB_FOREST = "diffprivlib-forest"
    K_MEANS = "k-means"
    PCA = "pca"
    HISTOGRAM = "histogram"
    POLICY = "policy"

    @classmethod
    def _missing_(cls, value: object) -> "Estimator | None":
        """As it was called in records from before there were several."""
        return cls.OBJECTIVE_PERTURBATION if value == "dp-logistic-regression" else None


class Device(StrEnum):
    """Where DP-SGD computes."""

    NUMPY = "numpy"
    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Policy(StrEnum):
    """What the threshold of two classes is chosen for."""

    ACCURACY_WITH_RECALL = "accuracy-with-recall"
    ACCURACY = "accuracy"
    BALANCED = "balanced"
    F1 = "f1"


class TrainParams(Params):
    """What Train asks for."""

    estimator: Estimator = param(
        Estimator.ADDITIVE,
        label="Model",
        help="What is trained. The additive model is right for most tables: accurate, and every part of it "
        "can be looked at. Model says what the others are good at.",
    )
    target: str | None = param(
        None, label="Target", help="The column to predict. Empty: the one that Roles declares."
    )
    positive: str | None = param(
        None,
        label="Positive value",
        help="The target's value to find, where it has two. Empty: the one that Roles declares.",
    )
    features: tuple[str, ...] = param(
        (),
        label="Features",
        help="The columns to learn from. Empty: all but the target and direct identifiers.",
    )
    epsilon: float = param(
        1.0,
        label="Privacy loss ε",
        help="The most that the model may tell about any one record, or about any one person where Roles "
        "declares an id column. Smaller protects more.",
        ge=0.001,
        le=100,
    )
    delta: float | None = param(
        None,
        label="Failure chance δ",
        help="The chance that ε does not hold; far below one in the number of records. Empty: one in a "
        "million, or 0 for a model that needs none.",
        ge=0,
        le=0.01,
        empty="By the model",
    )
    neighbours: Neighbours | None = param(
        None,
        label="Neighbouring tables",
        help="add-or-remove-one: with a record (a person) or without. replace-one: with this one or another "
        "in its place; it costs 1.4 to 2.3 times as much. Empty: add-or-remove-one, where the model and "
        "Clean allow it.",
        empty="By the model",
        more=True,
    )
    rows: int | None = param(
        None,
        label="Records, about",
        help="The approximate number of records, if it is public, such as the size of a published survey. "
        "Empty: a part of ε pays for a noisy count where one is needed. Never copy the exact number.",
        unit="records",
        ge=1,
        le=1_000_000_000,
        more=True,
    )
    held_out: float = param(
        0.2,
        label="Held out",
        help="The share of records kept from training, chosen at random, to test the model on. With an id "
        "column: the chance of each person, with all their records.",
        ge=0,
        le=0.9,
    )
    policy: Policy | None = param(
        None,
        label="Threshold for",
        help="Of a model of two classes, additive or by DP-SGD: from which probability on a record counts "
        "as positive is chosen privately: for accuracy as long as two in five positives are found, or a "
        "point of accuracy would not buy more; for accuracy alone; for balanced classes (sensitivity and "
        "specificity); or for f1. Where positives are rare, balanced and f1 find more of them. With DP-SGD, "
        "accuracy alone is one half and costs nothing. Empty: accuracy-with-recall.",
        empty="By the model",
        more=True,
    )
    device: Device = param(
        Device.NUMPY,
        label="Computes on",
        help="Of DP-SGD: numpy needs no further library; auto, cpu, cuda and mps need torch.",
        more=True,
    )
    n_clusters: int = param(8, label="Groups", help="Of k-means: how many.", ge=2, le=1_000, more=True)
    n_components: int = param(2, label="Components", help="Of PCA: how many.", ge=1, le=1_000, more=True)
    reward: str | None = param(
        None,
        label="Reward",
        help="Of a policy: the column that says how well it went, a number with bounds or two categories of "
        "which one is positive (1, the other 0). Target is then the action that was taken.",
        more=True,
    )
    propensity: str | None = param(
        None,
        label="Propensity column",
        help="Of a policy: the column with the chance, 0 to 1, with which the action taken was taken. Empty: "
        "as declared beside, or estimated with noise from the features.",
        empty="Declared or estimated",
        more=True,
    )
    chances: dict[str, float] = param(
        {},
        label="Chances of actions",
        help="Of a policy, where actions were drawn at random: the chance of each action. They add up to 1.",
        more=True,
    )
    least_propensity: float = param(
        0.05,
        label="Least propensity",
        help="Of a policy: propensities below are cut to this. The smaller, the more one record can weigh, "
        "and the more noise. Declare what the logging allowed; not used with chances of actions.",
        ge=0.0001,
        le=1,
        more=True,
    )
    limits: dict[str, float] = param(
        {},
        label="Limits",
        help="Of a policy: the largest share of people, 0 to 1, that may get an action. It then goes to "
        "those whom it helps most.",
        more=True,
    )
    temperature: float = param(
        0.0,
        label="Temperature",
        help="Of a policy: 0 takes the best action. Above, actions get chances that rise with exp(reward / "
        "temperature), the reward as a share of its bounds: decisions that can be learnt from later.",
        ge=0,
        le=100,
        more=True,
    )
    regularization: float | None = param(
        None,
        label="Regularization",
        help="Of objective-perturbation: weight of the squared coefficients beside the sum of losses. Empty: "
        "by a rule from ε and the declared columns. Choosing it by looking at results on the same data is "
        "not covered by ε.",
        gt=0,
        more=True,
    )
    settings: tuple[str, ...] = param(
        (),
        label="Further settings",
        help="NAME=VALUE, such as learning_rate=0.2 of boosting, in place of the written rule; see "
        "Tune. Choosing them by looking at results on the same data is not covered by ε.",
        more=True,
    )

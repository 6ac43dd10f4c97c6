"""What Tune asks for, and what it leaves in the record."""

from enum import StrEnum

from ppdesk.core.params import Params, param
from ppdesk.privacy.events import Neighbours
from ppdesk.workflow.model.train_facts import TrainFacts
from ppdesk.workflow.model.train_params import Estimator, Policy, TrainParams
from ppdesk.workflow.step import Facts


class TuneOn(StrEnum):
    """What settings are tried on."""

    STAND_IN = "stand-in"
    SYNTHETIC = "synthetic"
    PRIVATE = "private"


class TuneParams(Params):
    """Which settings are tried, on what."""

    on: TuneOn = param(
        TuneOn.STAND_IN,
        label="Tried on",
        help="stand-in: tables made up from the declared columns. synthetic: the records of the step "
        "Synthetic records, which were paid for there. Both are free and give settings for Train. private: "
        "your own records; every trial is paid for within ε, and the best trial is the model.",
    )
    candidates: tuple[str, ...] = param(
        (),
        label="Candidates",
        help="Each a model's key, and settings as NAME=VALUE where they are not by its rule, such as: ebm "
        "learning_rate=0.2. Empty: a short list for this target.",
        empty="A short list",
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
        help="Of all trials together, and of the model they give, where they are private; else the ε at "
        "which Train will run.",
        ge=0.001,
        le=100,
    )
    delta: float = param(
        1e-6,
        label="Failure chance δ",
        help="The chance that ε does not hold; far below one in the number of records.",
        gt=0,
        le=0.01,
    )
    neighbours: Neighbours | None = param(
        None,
        label="Neighbouring tables",
        help="add-or-remove-one: with a record (a person) or without. replace-one: with this one or another "
        "in its place. Empty: add-or-remove-one, where Clean allows it.",
        empty="By the table",
        more=True,
    )
    rows: int | None = param(
        None,
        label="Records, about",
        help="The approximate number of records, if it is public. Empty: 10,000 for made-up tables.",
        unit="records",
        ge=1,
        le=1_000_000_000,
    )
    trials: float = param(
        5.0,
        label="Trials, on average",
        help="Private: their number is drawn at random and stays secret; so one good trial does not tell how "
        "often was tried. More trials leave less of ε for each.",
        gt=1,
        le=1_000,
        more=True,
    )
    held_out: float = param(
        0.2,
        label="Held out",
        help="Private: the share of records kept from all trials, to test the model on.",
        ge=0,
        le=0.9,
        more=True,
    )
    validation: float = param(
        0.2,
        label="Validation",
        help="Private: the share of the other records that trials are scored on, with noise, and not trained "
        "on.",
        gt=0,
        le=0.8,
        more=True,
    )
    policy: Policy | None = param(
        None,
        label="Threshold for",
        help="Of the additive model of two classes; see Train. Empty: as Train does.",
        empty="By the model",
        more=True,
    )
    repetitions: int = param(
        2,
        label="Repetitions",
        help="Free of charge: how many tables each candidate is tried on.",
        ge=1,
        le=20,
        more=True,
    )

    def as_train(self, key: str, settings: tuple[str, ...] = ()) -> TrainParams:
        """What Train would be asked for with this candidate."""
        estimator = Estimator(key)
        return TrainParams(
            estimator=estimator,
            target=self.target,
            positive=self.positive,
            features=self.features,
            epsilon=self.epsilon,
            delta=self.delta,
            neighbours=self.neighbours,
            rows=self.rows,
            held_out=self.held_out,
            policy=self.policy if estimator is Estimator.ADDITIVE else None,
            settings=settings,
        )


class CandidateFact(Facts):
    """A candidate; its measure where it was tried free of charge. What private trials gave but the best one
    is told nowhere."""

    words: str
    mean: float | None = None
    sd: float | None = None


class TuneFacts(Facts):
    """What was tried and what was found. `train`: of a private run, what Train would have left."""

    on: str
    target: str
    task: str
    measure: str
    candidates: tuple[CandidateFact, ...]
    chosen: str  # as a candidate is written
    title: str
    settings: dict[str, str | float | list[str]]  # for Train
    epsilon: float
    delta: float
    source: str = ""  # in words
    rows: int = 0
    drawn: int = 0
    scaling: float = 1.0
    repetitions: int = 0
    trials: float | None = None  # on average
    trial_epsilon: float | None = None  # of one trial's training
    score: float | None = None  # the best trial's, with noise, 0 to 1
    train: TrainFacts | None = None
    private: bool = True
    stamp: str = ""

"""What Evaluate found out, as the chain keeps it."""

from dataclasses import dataclass

from ppdesk.assess.model_results import (
    CrossValidation,
    FairnessSummary,
    GroupQuality,
    ManyStudy,
    NumberFairness,
    ScoreQuality,
)
from ppdesk.assess.results import Classification, Estimate, Fairness, Measured, Utility
from ppdesk.core.said import said
from ppdesk.workflow.evaluation.tables_facts import TablesFacts
from ppdesk.workflow.step import Facts

OUTSIDE_CLAIM = said(
    "Figures on held-out records and of the baselines are outside the differential privacy claim: they come "
    "from the records themselves, without noise. The claim covers the trained model alone."
)


@dataclass(frozen=True)
class Downstream:
    """The same non-private classifier, trained on the release and on the original rows.

    Both see the same training records, and both are tested on the held-out records of the original table,
    taken to the release's generalization levels.
    """

    train_original: int  # records
    train_release: int  # the same less the suppressed
    test: int
    auroc_original: Estimate
    auroc_release: Estimate
    accuracy_original: Estimate
    accuracy_release: Estimate
    gap: Estimate  # AUROC of the release's less the original's, paired interval


class EvaluateFacts(Facts):
    """Numbers on held-out records, beside the non-private and the trivial baseline."""

    target: str
    positive: str
    epsilon: float | None
    delta: float | None
    private: bool
    model_sha256: str
    trained: int  # records the model learnt from
    ours: Classification | None  # of models of two classes, as the three below
    trivial: Classification | None
    baseline: Classification | None
    gap: Estimate | None  # AUROC of the model less the non-private baseline's, paired interval
    fairness: list[Fairness]
    not_measured: list[str]  # declared group columns with fewer than two groups over the floor
    floor: int
    release: Utility | None
    levels: dict[str, int]
    k: int | None
    downstream: Downstream | None
    downstream_note: str  # why there is none, in words
    stamp: str
    # of the other models; records from before there were some have two classes
    task: str = "binary"
    many: Measured | None = None
    many_trivial: Measured | None = None
    many_baseline: Measured | None = None
    not_told: str = ""  # what Evaluate does not measure of such a model, in words
    no_twin: str = ""  # why there is no baseline though one was asked for, in words
    # release and synthetic records; before there was this, `release`, `levels`, `k` and `downstream` told it
    tables: TablesFacts | None = None
    # what the probabilities of a model of two classes are worth
    scores: ScoreQuality | None = None
    scores_trivial: ScoreQuality | None = None
    scores_baseline: ScoreQuality | None = None
    # more of a model of several classes or of a number
    many_study: ManyStudy | None = None
    # by group
    group_quality: tuple[GroupQuality, ...] = ()
    group_quality_baseline: tuple[GroupQuality, ...] = ()
    favoured: tuple[FairnessSummary, ...] = ()  # each outcome as the good one
    favoured_baseline: tuple[FairnessSummary, ...] = ()
    number_fairness: tuple[NumberFairness, ...] = ()
    number_fairness_baseline: tuple[NumberFairness, ...] = ()
    cross: CrossValidation | None = None
    cross_note: str = ""  # why there is none though it was asked for, in words

    @property
    def two(self) -> Classification:
        """Of a model of two classes. ValueError for other models."""
        if self.ours is None:
            raise ValueError("the model does not tell two classes apart")
        return self.ours

    @property
    def untaught(self) -> Classification:
        """One that learnt nothing. ValueError for other models."""
        if self.trivial is None:
            raise ValueError("the model does not tell two classes apart")
        return self.trivial

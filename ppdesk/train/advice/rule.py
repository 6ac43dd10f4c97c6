"""Which estimator: a written rule, from what is declared and nothing else, each reason with its source.

For a target of classes: the additive model, where a delta above 0 is allowed. It was the most accurate of
all that keep epsilon on Adult, Bank, German credit and a table of a million records (the manual's
Benchmarks), and all of it can be looked at. A network is never put first, since no measurement here shows it
ahead; from 100,000 records times epsilon on it is named as worth a comparison. For a number: the
additive model too. Without a target: the histogram's anomaly score for fraud, groups for all else. With
logged decisions: the policy. With a delta of 0: objective perturbation for two classes; for more, naive Bayes
where there is little to pay from, else logistic regression class by class.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ppdesk.core.said import said
from ppdesk.train.offers import Task
from ppdesk.train.schema import Numeric, Schema

FRAUD, ALLOCATION, HEALTH = "fraud-detection", "resource-allocation", "public-health"

_BENCHMARKS = said("measured: the manual's Benchmarks, Training")
_FEW = 1_000  # records times epsilon: below, hardly anything but the commonest answer can be learnt
_MANY = 100_000
_PER_CELL = (
    20  # records times epsilon for each cell of the columns: below, noise is as large as what it hides
)
_BINS = 16  # of a number, roughly: what the additive model keeps of one


@dataclass(frozen=True)
class Case:
    """What is declared. `rows`: the public, approximate number of records, None where nobody says; `pure`: no
    delta above 0 is allowed; `glass_box`: every part must be open to be looked at."""

    task: Task
    use_case: str = ""
    schema: Schema | None = None
    rows: int | None = None
    epsilon: float = 1.0
    pure: bool = False
    glass_box: bool = True

    @property
    def cells(self) -> int:
        """How many numbers a model of these columns has to find, roughly."""
        if self.schema is None:
            return 0
        return sum(_BINS if isinstance(one, Numeric) else len(one.categories) for one in self.schema.columns)

    @property
    def weight(self) -> float | None:
        """Records times epsilon: what a sum with noise is worth."""
        return None if self.rows is None else self.rows * self.epsilon


@dataclass(frozen=True)
class Reason:
    """What is said, why, and where that comes from."""

    what: str
    why: str
    source: str

    @property
    def words(self) -> str:
        return said("{why} ({source})", why=self.why, source=self.source)


def order(case: Case) -> tuple[str, ...]:
    """Keys of estimators for `case`, the first to be preferred. Which of them are installed, and which can be
    asked for the guarantee, is the offers' to say."""
    if case.task is Task.POLICY:
        return ("policy",)
    if case.task is Task.NONE:
        first = "histogram" if case.use_case == FRAUD else "k-means"
        return tuple(dict.fromkeys((first, "k-means", "histogram", "pca")))
    if case.pure:
        if case.task is Task.BINARY:
            return ("objective-perturbation", "diffprivlib-logistic", "diffprivlib-naive-bayes")
        little = case.weight is not None and case.weight < _FEW
        both = ("diffprivlib-naive-bayes", "diffprivlib-logistic")
        return both if little else both[::-1]
    if case.task is Task.QUANTITY:
        return ("additive", "ebm", "linear", "sgd-logistic", "sgd-mlp")
    return ("additive", "ebm", "sgd-logistic", "sgd-mlp")


def reasons(case: Case, key: str) -> Iterator[Reason]:
    """Why `key`, and what size and columns mean for it."""
    yield from _of_model(case, key)
    yield from _of_use(case, key)
    weight = case.weight
    if case.rows is None or weight is None:
        return
    about = said("About {rows:,} records", rows=case.rows)
    if weight < _FEW:
        yield Reason(
            about,
            said(
                "So few, at this ε, teach little more than the commonest answer: use few columns with few "
                "categories, or more records."
            ),
            said("noise of a count against its size"),
        )
    elif case.cells and weight < _PER_CELL * case.cells:
        yield Reason(
            said("About {rows:,} records, about {cells:,} numbers to find", rows=case.rows, cells=case.cells),
            said("Noise will outweigh many of them: fewer columns, or broader categories, would do better."),
            said("noise of a count against its size"),
        )
    else:
        yield Reason(about, said("Enough for one function of each column."), _BENCHMARKS)
    if weight >= _MANY and not case.glass_box and case.task is not Task.NONE and not case.pure:
        yield Reason(
            said("A network besides"),
            said(
                "With so many records it may find what columns do together. No measurement here shows it "
                "ahead "
                "of the additive model, so compare before you pay: on made-up tables, or by Tune."
            ),
            said("a guess"),
        )


def _of_model(case: Case, key: str) -> Iterator[Reason]:
    if key == "additive":
        number = case.task is Task.QUANTITY
        what = said("Additive model for a number") if number else said("Additive model for classes")
        told = (
            said("The same noisy sums as for classes, and the best R² on stand-in tables at every ε.")
            if number
            else said(
                "Of all that keep ε it had the highest AUROC at every ε on Adult, and at ε 1 on Bank, German "
                "credit and a million made-up records."
            )
        )
        yield Reason(what, told, _BENCHMARKS)
        yield Reason(
            said("Every part can be looked at"),
            said("One function of each column with the band that noise leaves: what it does can be checked."),
            said("Caruana and others 2015; Nori and others 2021"),
        )
    elif key == "objective-perturbation":
        yield Reason(
            said("A δ of 0"),
            said("It adds noise once, to what is minimised, and every coefficient can be read."),
            said("Chaudhuri, Monteleoni and Sarwate 2011"),
        )
    elif key.startswith("diffprivlib"):
        yield Reason(
            said("A δ of 0"),
            said("Laplace noise alone: the claim cannot fail."),
            said("Holohan and others 2019"),
        )
    elif key == "policy":
        yield Reason(
            said("A policy, not a forecast"),
            said(
                "Which action to take is learnt from logged decisions, and its worth is estimated from "
                "others."
            ),
            said("Dudik, Langford and Li 2011"),
        )
    elif key == "histogram":
        yield Reason(
            said("Rare combinations stand out"),
            said("Nobody has to say which records are fraud: those in thinly filled cells score high."),
            said("Goldstein and Dengel 2012"),
        )
    elif key == "k-means":
        yield Reason(
            said("No target"), said("Groups of like records, with their sizes."), said("Su and others 2016")
        )


def _of_use(case: Case, key: str) -> Iterator[Reason]:
    if case.use_case == FRAUD and case.task is Task.BINARY:
        yield Reason(
            said("Rare positives"),
            said(
                "Accuracy says little where nearly all are negative: the threshold is chosen privately for "
                "F1, "
                "and AUROC, precision and recall are to be looked at. InterpretML's boosting as shipped "
                "found "
                "17 % of Adult's positives, the additive model 61 %."
            ),
            _BENCHMARKS,
        )
    elif case.use_case == ALLOCATION and key != "policy":
        yield Reason(
            said("Who is served first"),
            said(
                "A ranking by need, with a threshold balanced between those in need and others. What "
                "giving a "
                "resource would change needs logged decisions with their chances: the policy learner."
            ),
            said("Dudik, Langford and Li 2011"),
        )
    elif case.use_case == HEALTH:
        yield Reason(
            said("Readable"),
            said("Clinicians found dangerous effects in a pneumonia model only because each could be read."),
            said("Caruana and others 2015"),
        )

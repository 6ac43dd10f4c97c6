"""What Evaluate shows of classifiers that tell a published table from the original, and of models trained on
it."""

from collections.abc import Sequence

from ppdesk.assess.results import Estimate
from ppdesk.assess.tables.results import Downstream, Learnt, Propensity
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Table
from ppdesk.workflow.evaluation.worded import NONE, decimal

_CLASSIFIERS = {"logistic": said("logistic, single columns"), "tree": said("tree, columns together")}
_DOMAINS = {"spread": said("drawn among what it stands for"), "generalized": said("as released")}


def propensity(found: Sequence[Propensity], what: str, *, coarse: bool) -> Table:
    """How well a table is told from the original."""
    header: list[str] = [
        said("Classifier"),
        said("Values"),
        said("Records"),
        said("pMSE"),
        said("pMSE, null"),
        said("Ratio"),
        said("SPECKS"),
        said("SPECKS, null"),
    ]
    rows = [
        [
            _CLASSIFIERS[one.classifier],
            _DOMAINS[one.domain],
            f"{one.records:,}",
            f"{one.pmse:.5f}",
            f"{one.null:.5f}",
            NONE if one.ratio is None else f"{one.ratio:,.1f}",
            f"{one.specks:.3f}",
            f"{one.specks_null:.3f}",
        ]
        for one in found
    ]
    if not coarse:
        for row in (header, *rows):
            del row[1]
    return Table(
        said("Telling the {what} from the original", what=what),
        tuple(header),
        tuple(tuple(row) for row in rows),
        right=tuple(range(2 if coarse else 1, len(header))),
        caption=said(
            "pMSE: mean square by which a classifier's chance that a record is of the other "
            "table is off from the share of such records; null: what it is for two samples of "
            "the same people, by theory for the logistic classifier where records are many, else "
            "by mixing the tables at random. Ratio 1 is as good as a new sample; it is below 1 "
            "for the same records. SPECKS: largest difference of the two tables' chances, 0 to "
            "1. Of large tables, at most 20,000 random records each; fewer of wide ones."
        ),
    )


_TRAINED = {
    "original": said("original records"),
    "spread": said("it, values drawn among what they stand for"),
    "plain": said("it"),
    "generalized": said("it, values as they are"),
    "nothing": said("nothing: the most frequent class, or the mean"),
}


def downstream(found: Downstream, what: str) -> Table:
    """What models trained on a table are worth on original records."""
    number = found.task == "number"
    plain = learnt_on(found, "generalized") is None
    rows = []
    for one in found.models:
        rows.append(
            (
                _TRAINED["plain" if plain and one.trained_on == "spread" else one.trained_on],
                f"{one.records:,}",
                one.score.words(),
                one.score.interval(),
                _signed(one.gap),
                (decimal(one.error) if number else _words(one.auroc)),
            )
        )
    tested = (
        said(
            "The same ridge regression of all other columns, tested on {tested:,} original records.",
            tested=found.tested,
        )
        if number
        else said(
            "The same logistic regression of all other columns, tested on {tested:,} original records.",
            tested=found.tested,
        )
    )
    apart = (
        said("The tested records were kept out of what each model learnt from.")
        if found.apart
        else said(
            "It is not known which of its records are the tested ones, so that some of them may be among "
            "those it learnt from; that flatters it a little."
        )
    )
    return Table(
        said("Trained on the {what}, tested on original records: {target}", what=what, target=found.target),
        (
            said("Trained on"),
            said("Records"),
            said("R²") if number else said("Accuracy"),
            said("95 % interval"),
            said("Beside original"),
            said("RMSE") if number else said("AUROC"),
        ),
        tuple(rows),
        right=(1, 2, 3, 4, 5),
        caption=said_all(
            (
                tested,
                apart,
                said("Beside original: the paired difference to the first row, with its 95 % interval."),
            )
        ),
    )


def _words(estimate: Estimate | None) -> str:
    return NONE if estimate is None else estimate.words()


def _signed(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    return said(
        "{value:+.3f} ({low:+.3f} to {high:+.3f})", value=estimate.value, low=estimate.low, high=estimate.high
    )


def learnt_on(found: Downstream, *names: str) -> Learnt | None:
    """The first of these models that there is."""
    return next((one for name in names for one in found.models if one.trained_on == name), None)

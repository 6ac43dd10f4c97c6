"""What Quality tells of the target: balance, leakage, label errors."""

from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.quality_facts import BalanceResult, LabelResult, QualityFacts
from ppdesk.workflow.data.quality_params import QualityParams

_WORD = {
    "likely": said("may be made from the target"),
    "look": said("is named like the target"),
    "none": "",
}
_PAIRS = 12


def target_blocks(params: QualityParams, facts: QualityFacts) -> list[Block]:
    """All of it, or why there is nothing."""
    if facts.target_note:
        return [Words(facts.target_note, "info")]
    blocks: list[Block] = []
    if facts.balance is not None:
        blocks.append(_balance(params, facts.balance))
    if facts.leaks:
        blocks.append(_leaks(params, facts))
    if facts.labels is not None:
        blocks += _labels(facts.labels)
    if facts.labels_note:
        blocks.append(Words(facts.labels_note, "info"))
    return blocks


def _balance(params: QualityParams, one: BalanceResult) -> Table:
    total = sum(cell.records for cell in one.classes)
    return Table(
        said("Classes of {target}", target=one.target),
        (said("Class"), said("Records"), said("Share")),
        [
            [cell.name, f"{cell.records:,}", percent(cell.records / total if total else 0.0)]
            for cell in one.classes
        ],
        right=(1, 2),
        caption=said(
            "The largest class has {ratio:,.1f} times the records of the smallest (imbalanced"
            " from {imbalance:g}, a house rule); evenness {evenness:.2f}, the entropy over its"
            " highest value. Not declared: {undeclared:,}, missing: {missing:,}.",
            ratio=one.ratio,
            imbalance=params.imbalance,
            evenness=one.evenness,
            undeclared=one.undeclared,
            missing=one.missing,
        ),
    )


def _leaks(params: QualityParams, facts: QualityFacts) -> Table:
    strongest = sorted(
        facts.leaks, key=lambda one: (one.verdict == "none", -max(one.explained, one.information))
    )
    return Table(
        said("What one column alone tells of the target"),
        (said("Column"), said("AUROC"), said("Explained"), said("Information"), said("Determines"), ""),
        [
            [
                one.column,
                "" if one.auroc is None else f"{one.auroc:.3f}",
                f"{one.explained:.3f}",
                f"{one.information:.3f}",
                said("yes") if one.determines else said("no"),
                _WORD[one.verdict],
            ]
            for one in strongest
        ],
        right=(1, 2, 3),
        caption=said(
            "A column that is only known once the target is known must not be learned from."
            " Remarked from {leakage:g}, a house rule. AUROC: of the column's numbers as a score."
            " Explained: of what guessing the largest class gets wrong, what the class most"
            " frequent among the other records with the same value gets right. Information:"
            " mutual information over the target's entropy, less what shuffled classes give."
            " Determines: each value that records share holds one class.",
            leakage=params.leakage,
        ),
    )


def _labels(one: LabelResult) -> list[Block]:
    blind = one.right <= one.guessed
    drawn = (
        said("{searched:,}, a random sample of {available:,}", searched=one.searched, available=one.available)
        if one.searched < one.available
        else f"{one.searched:,}"
    )
    words = said_all(
        [
            said_count(
                "{count:,} record of {searched} may have a wrong class: a plain model that had not seen them"
                " is confident of another.",
                "{count:,} records of {searched} may have a wrong class: a plain model that had not seen them"
                " is confident of another.",
                one.suspects,
                searched=drawn,
            ),
            said("Estimated share of wrong classes: {share}.", share=percent(one.share)),
            said(
                "The model names the given class in {right}; guessing the largest class does in {guessed}, so"
                " what it calls wrong means nothing here."
                if blind
                else "The model names the given class in {right}; guessing the largest class does in"
                " {guessed}.",
                right=percent(one.right),
                guessed=percent(one.guessed),
            ),
            said_count(
                "Confident learning (Northcutt, Jiang and Chuang 2021) with logistic regression on {count:,}"
                " feature, cross-validated {folds} times.",
                "Confident learning (Northcutt, Jiang and Chuang 2021) with logistic regression on {count:,}"
                " features, cross-validated {folds} times.",
                one.features,
                folds=one.folds,
            ),
            said(
                "It takes what the model cannot know for an error too; the record numbers are in the project,"
                " for you to look at."
            ),
        ]
    )
    told = Words(words, "caution" if blind else "plain")
    if not one.pairs:
        return [told]
    rows = [[pair.given, pair.likely, f"{pair.records:,}"] for pair in one.pairs[:_PAIRS]]
    return [
        told,
        Table(
            said("Classes that may be wrong"),
            (said("Given"), said("Likely"), said("Records")),
            rows,
            right=(2,),
        ),
    ]

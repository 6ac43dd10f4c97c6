"""What Quality tells of the target: balance, leakage, label errors."""

from ppdesk.core.section import Block, Table, Words
from ppdesk.core.wording import counted, percent
from ppdesk.workflow.data.quality_facts import BalanceResult, LabelResult, QualityFacts
from ppdesk.workflow.data.quality_params import QualityParams

_WORD = {"likely": "may be made from the target", "look": "is named like the target", "none": ""}
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
        f"Classes of {one.target}",
        ("Class", "Records", "Share"),
        [
            [cell.name, f"{cell.records:,}", percent(cell.records / total if total else 0.0)]
            for cell in one.classes
        ],
        right=(1, 2),
        caption=f"The largest class has {one.ratio:,.1f} times the records of the smallest (imbalanced from"
        f" {params.imbalance:g}, a house rule); evenness {one.evenness:.2f}, the entropy over its highest"
        f" value. Not declared: {one.undeclared:,}, missing: {one.missing:,}.",
    )


def _leaks(params: QualityParams, facts: QualityFacts) -> Table:
    strongest = sorted(
        facts.leaks, key=lambda one: (one.verdict == "none", -max(one.explained, one.information))
    )
    return Table(
        "What one column alone tells of the target",
        ("Column", "AUROC", "Explained", "Information", "Determines", ""),
        [
            [
                one.column,
                "" if one.auroc is None else f"{one.auroc:.3f}",
                f"{one.explained:.3f}",
                f"{one.information:.3f}",
                "yes" if one.determines else "no",
                _WORD[one.verdict],
            ]
            for one in strongest
        ],
        right=(1, 2, 3),
        caption=f"A column that is only known once the target is known must not be learned from."
        " Remarked from"
        f" {params.leakage:g}, a house rule. AUROC: of the column's numbers as a score. Explained: of what"
        " guessing the largest class gets wrong, what the class most frequent among the other records with"
        " the same value gets right. Information: mutual information over the target's entropy, less what"
        " shuffled classes give. Determines: each value that records share holds one class.",
    )


def _labels(one: LabelResult) -> list[Block]:
    sampled = f", a random sample of {one.available:,}" if one.searched < one.available else ""
    knows = f"The model names the given class in {percent(one.right)}; guessing the largest class does in"
    blind = one.right <= one.guessed
    words = Words(
        f"{counted(one.suspects, 'record')} of {one.searched:,}{sampled} may have a wrong class: a plain"
        " model that had not seen them is confident of another. Estimated share of wrong classes:"
        f" {percent(one.share)}. {knows} {percent(one.guessed)}"
        + (", so what it calls wrong means nothing here. " if blind else ". ")
        + "Confident learning (Northcutt, Jiang and Chuang 2021) with logistic regression on"
        f" {counted(one.features, 'feature')}, cross-validated {one.folds} times. It takes what the model"
        " cannot know for an error too; the record numbers are in the project, for you to look at.",
        "caution" if blind else "plain",
    )
    if not one.pairs:
        return [words]
    rows = [[pair.given, pair.likely, f"{pair.records:,}"] for pair in one.pairs[:_PAIRS]]
    return [words, Table("Classes that may be wrong", ("Given", "Likely", "Records"), rows, right=(2,))]

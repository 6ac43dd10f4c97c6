"""The words, tables and figures of an evaluation, from its facts alone."""

from ppdesk.assess.results import Classification, Curve, Fairness, GroupRate, Utility
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation import (
    cross_section,
    group_section,
    many_section,
    score_section,
    tables_section,
)
from ppdesk.workflow.evaluation.facts import OUTSIDE_CLAIM, Downstream, EvaluateFacts
from ppdesk.workflow.evaluation.worded import LEFT_OUT, interval, joined, reference, signed, words


def build(facts: EvaluateFacts) -> Section:
    """The section of one evaluation."""
    blocks: list[Block] = [Words(OUTSIDE_CLAIM, "info")]
    blocks += many_section.blocks(facts) if facts.ours is None else _of_two(facts)
    blocks += cross_section.blocks(facts.cross, facts.cross_note)
    blocks += group_section.blocks(facts)
    for found in facts.fairness:
        blocks += fairness_blocks(found)
    if facts.not_measured:
        names = ", ".join(facts.not_measured)
        blocks.append(
            Words(
                said(
                    "Fairness was not measured for {names}: fewer than two groups have {floor} held-out "
                    "records.",
                    names=names,
                    floor=facts.floor,
                ),
                "caution",
            )
        )
    if facts.release is not None:
        blocks += _utility(facts, facts.release)
    elif facts.downstream_note:
        blocks.append(Words(facts.downstream_note, "caution"))
    blocks += tables_section.blocks(facts.tables)
    if facts.stamp:
        blocks.append(Words(facts.stamp, "caution"))
    return Section("Evaluate", tuple(blocks))


def _of_two(facts: EvaluateFacts) -> list[Block]:
    """A model of two classes."""
    blocks: list[Block] = [_headline(facts), _figures(facts), _roc(facts), _measures(facts)]
    cells = facts.two.confusion
    blocks.append(
        Plot(
            said("Predicted and true"),
            "confusion",
            {"tp": cells.tp, "fp": cells.fp, "fn": cells.fn, "tn": cells.tn},
            said(
                "{n:,} held-out records, threshold {threshold:.2f}.",
                n=facts.two.n,
                threshold=facts.two.threshold,
            ),
        )
    )
    blocks += score_section.precision_recall(facts)
    blocks += score_section.calibration(facts)
    blocks += score_section.thresholds(facts)
    return [*blocks, *score_section.benefit(facts)]


def _headline(facts: EvaluateFacts) -> Words:
    ours, gap = facts.two, facts.gap
    auroc = words(ours.auroc)
    if facts.epsilon is None:
        text = said(
            "The model without a privacy claim reaches an AUROC of {auroc} on {n:,} held-out records",
            auroc=auroc,
            n=ours.n,
        )
    else:
        text = said(
            "The model at ε {epsilon:g} reaches an AUROC of {auroc} on {n:,} held-out records",
            epsilon=facts.epsilon,
            auroc=auroc,
            n=ours.n,
        )
    if gap is None:
        return Words(
            said_all((text, facts.no_twin or said("The non-private baseline was left out.")), by=". ")
        )
    if gap.value < 0:
        beside = said(
            "{distance:.3f} below the same classifier without privacy (difference {gap}, 95 %, paired).",
            distance=-gap.value,
            gap=gap.interval(),
        )
    else:
        beside = said(
            "{distance:.3f} above the same classifier without privacy (difference {gap}, 95 %, paired).",
            distance=gap.value,
            gap=gap.interval(),
        )
    return Words(said_all((text, beside), by=", "))


def _figures(facts: EvaluateFacts) -> Figures:
    def figure(label: str, name: str) -> KeyFigure:
        own = getattr(facts.two, name)
        notes = [] if own is None else [own.interval()]
        if facts.baseline is not None:
            notes.append(said("no privacy {value}", value=words(getattr(facts.baseline, name))))
        notes.append(said("learnt nothing {value}", value=words(getattr(facts.untaught, name))))
        return KeyFigure(label, words(own), joined(notes))

    return Figures(
        (
            figure(said("AUROC"), "auroc"),
            figure(said("Accuracy"), "accuracy"),
            figure(said("Precision"), "precision"),
            figure(said("Recall"), "recall"),
        )
    )


def _roc(facts: EvaluateFacts) -> Plot:
    curves: list[Json] = [_curve(said("with privacy"), facts.two, "ours")]
    if facts.baseline is not None:
        curves.append(_curve(said("without privacy"), facts.baseline, "baseline"))
    curves.append(_curve(said("learnt nothing"), facts.untaught, "trivial"))
    return Plot(
        said("What the model finds"),
        "roc",
        {"curves": curves},
        said(
            "ROC on {n:,} held-out records, {positives:,} of them {positive}.",
            n=facts.two.n,
            positives=facts.two.positives,
            positive=facts.positive,
        ),
    )


def _curve(name: str, found: Classification, role: str) -> Json:
    curve: Curve = found.curve
    return {
        "name": said("{name}: {value}", name=name, value=words(found.auroc)),
        "fpr": list(curve.fpr),
        "tpr": list(curve.tpr),
        "role": role,
    }


_MEASURES = (
    (said("AUROC"), "auroc"),
    (said("Accuracy"), "accuracy"),
    (said("Balanced accuracy"), "balanced_accuracy"),
    (said("Precision"), "precision"),
    (said("Recall"), "recall"),
    (said("Specificity"), "specificity"),
    (said("F1"), "f1"),
    (said("Brier score"), "brier"),
)


def _measures(facts: EvaluateFacts) -> Table:
    rows: list[tuple[str, ...]] = []
    for label, name in _MEASURES:
        own = getattr(facts.two, name)
        rows.append(
            (
                label,
                words(own),
                "" if own is None else own.interval(),
                LEFT_OUT if facts.baseline is None else words(getattr(facts.baseline, name)),
                words(getattr(facts.untaught, name)),
            )
        )
    for heading, own, beside, untaught in score_section.measures(facts):
        twin = words(beside) if facts.baseline is not None else LEFT_OUT
        rows.append((heading, words(own), interval(own), twin, words(untaught)))
    return Table(
        said("Measures on held-out records"),
        (
            said("Measure"),
            said("With privacy"),
            said("95 % interval"),
            said("Without privacy"),
            said("Learnt nothing"),
        ),
        tuple(rows),
        right=(1, 2, 3, 4),
        caption=(
            said(
                "Intervals: AUROC by DeLong (Sun and Xu 2014); shares by Wilson; balanced accuracy "
                "by MOVER over Wilson; F1 by Wilson on F*; Brier score and log loss by the normal "
                "interval of a mean; average precision by bootstrap. Learnt nothing: says the "
                "training share of positives for every record. Brier score and log loss are better "
                "when lower."
            )
        ),
    )


def fairness_blocks(found: Fairness) -> list[Block]:
    """A chart and a table for one column; also used by Monitor."""
    groups = found.groups
    plot = Plot(
        said("Predicted positive by {column}", column=found.column),
        "fairness",
        {
            "groups": [group.group for group in groups],
            "rate": [group.selected.value for group in groups],
            "low": [group.selected.low for group in groups],
            "high": [group.selected.high for group in groups],
        },
        said("Share predicted positive with its 95 % interval (Wilson)."),
    )
    rows = [
        (
            reference(group.group) if group.group == found.reference else group.group,
            f"{group.n:,}",
            words(group.selected),
            signed(group.parity_difference),
            "" if group.impact_ratio is None else f"{group.impact_ratio:.2f}",
            signed(group.opportunity_difference) or _why_not(group, found),
            f"{group.odds_difference:.3f}" if group.odds_difference is not None else _why_not(group, found),
        )
        for group in groups
    ]
    pooled = said_count(
        "{count} small groups were pooled, so that none under {floor} records is shown.",
        "{count} small groups were pooled, so that none under {floor} records is shown.",
        found.pooled,
        floor=found.floor,
    )
    withheld = said(
        "Opportunity and odds are withheld where they would rest on fewer than {floor} records with "
        "the outcome, or would let such a number be found by subtraction.",
        floor=found.floor,
    )
    table = Table(
        said("Fairness by {column}", column=found.column),
        (
            said("Group"),
            said("Records"),
            said("Selected"),
            said("Parity"),
            said("Impact ratio"),
            said("Opportunity"),
            said("Odds"),
        ),
        tuple(rows),
        right=(1, 2, 3, 4, 5, 6),
        caption=said_all(
            (
                said(
                    "Against the largest group, {reference}: differences in share selected (demographic "
                    "parity), in share found among true positives (equal opportunity), and the larger of "
                    "that and the difference in false alarms (equalized odds). The impact ratio is fair "
                    "from 0.80 to 1.25 (four-fifths rule, 29 CFR 1607.4(D), both ways).",
                    reference=found.reference,
                ),
                pooled if found.pooled else "",
                withheld if found.withheld else "",
            )
        ),
    )
    return [plot, table]


def _why_not(group: GroupRate, found: Fairness) -> str:
    return said("withheld") if found.withheld and group.group != found.reference else ""


def _utility(facts: EvaluateFacts, release: Utility) -> list[Block]:
    share = release.suppressed / release.rows
    columns = release.columns
    blocks: list[Block] = [
        Plot(
            said("What the release changed, by column"),
            "utility",
            {"columns": [one.column for one in columns], "distance": [one.spread for one in columns]},
            said(
                "Total variation distance to the original column, each generalized value spread "
                "evenly over the values it stands for, suppressed records over all."
            ),
        ),
        Table(
            said("What the release kept"),
            (
                said("Column"),
                said("Level"),
                said("Distance, generalized"),
                said("Distance, original"),
                said("Detail kept"),
            ),
            tuple(
                (
                    one.column,
                    said("as it was") if one.level is None else str(one.level),
                    f"{one.generalized:.3f}",
                    f"{one.spread:.3f}",
                    percent(one.detail, 0),
                )
                for one in columns
            ),
            right=(1, 2, 3, 4),
            caption=(
                said(
                    "{rows:,} records, {suppressed:,} suppressed ({share}), k = {k}. Generalized: the "
                    "original column taken to the release's level against the records that were not "
                    "suppressed. Original: on the values before generalization. Detail: entropy of the "
                    "generalized column over that of the original.",
                    rows=release.rows,
                    suppressed=release.suppressed,
                    share=percent(share),
                    k="None" if facts.k is None else facts.k,
                )
            ),
        ),
    ]
    if release.pairs:
        blocks.append(
            Table(
                said("Pairs of columns that changed most"),
                (said("Pair"), said("Distance")),
                tuple((" × ".join(pair.columns), f"{pair.distance:.3f}") for pair in release.pairs),
                right=(1,),
                caption=said(
                    "Generalized domain. Mean of {pair_count} pairs: {pair_mean:.3f}.",
                    pair_count=release.pair_count,
                    pair_mean=release.pair_mean,
                ),
            )
        )
    if facts.downstream is not None:
        blocks.append(_downstream(facts.downstream))
    elif facts.downstream_note:
        blocks.append(Words(facts.downstream_note, "info"))
    return blocks


def _downstream(found: Downstream) -> Table:
    return Table(
        said("A classifier trained on the release"),
        (
            said("Trained on"),
            said("Records"),
            said("AUROC"),
            said("95 % interval"),
            said("Accuracy"),
            said("95 % interval"),
        ),
        (
            (
                said("original rows"),
                f"{found.train_original:,}",
                words(found.auroc_original),
                found.auroc_original.interval(),
                words(found.accuracy_original),
                found.accuracy_original.interval(),
            ),
            (
                said("released rows"),
                f"{found.train_release:,}",
                words(found.auroc_release),
                found.auroc_release.interval(),
                words(found.accuracy_release),
                found.accuracy_release.interval(),
            ),
        ),
        right=(1, 2, 3, 4, 5),
        caption=(
            said(
                "The same non-private classifier, tested on {test:,} held-out original records; the "
                "first is trained and tested on original values, the second on values at the "
                "release's levels. Difference in AUROC {value:+.3f} ({gap}, 95 %, paired).",
                test=found.test,
                value=found.gap.value,
                gap=found.gap.interval(),
            )
        ),
    )

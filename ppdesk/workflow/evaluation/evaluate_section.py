"""The words, tables and figures of an evaluation, from its facts alone."""

from ppdesk.assess.results import Classification, Curve, Fairness, GroupRate, Utility
from ppdesk.core.canonical import Json
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
from ppdesk.workflow.evaluation.worded import interval, signed, words


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
                f"Fairness was not measured for {names}: fewer than two groups have {facts.floor} held-out "
                "records.",
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
            "Predicted and true",
            "confusion",
            {"tp": cells.tp, "fp": cells.fp, "fn": cells.fn, "tn": cells.tn},
            f"{facts.two.n:,} held-out records, threshold {facts.two.threshold:.2f}.",
        )
    )
    blocks += score_section.precision_recall(facts)
    blocks += score_section.calibration(facts)
    blocks += score_section.thresholds(facts)
    return [*blocks, *score_section.benefit(facts)]


def _headline(facts: EvaluateFacts) -> Words:
    ours, gap = facts.two, facts.gap
    claim = "without a privacy claim" if facts.epsilon is None else f"at ε {facts.epsilon:g}"
    text = f"The model {claim} reaches an AUROC of {words(ours.auroc)} on {ours.n:,} held-out records"
    if gap is None:
        return Words(f"{text}. {facts.no_twin or 'The non-private baseline was left out.'}")
    said = f"{-gap.value:.3f} below" if gap.value < 0 else f"{gap.value:.3f} above"
    return Words(
        f"{text}, {said} the same classifier without privacy (difference {gap.interval()}, 95 %, paired)."
    )


def _figures(facts: EvaluateFacts) -> Figures:
    def figure(label: str, name: str) -> KeyFigure:
        own = getattr(facts.two, name)
        notes = [] if own is None else [own.interval()]
        if facts.baseline is not None:
            notes.append(f"no privacy {words(getattr(facts.baseline, name))}")
        notes.append(f"learnt nothing {words(getattr(facts.untaught, name))}")
        return KeyFigure(label, words(own), "; ".join(notes))

    return Figures(
        (
            figure("AUROC", "auroc"),
            figure("Accuracy", "accuracy"),
            figure("Precision", "precision"),
            figure("Recall", "recall"),
        )
    )


def _roc(facts: EvaluateFacts) -> Plot:
    curves: list[Json] = [_curve("with privacy", facts.two, "ours")]
    if facts.baseline is not None:
        curves.append(_curve("without privacy", facts.baseline, "baseline"))
    curves.append(_curve("learnt nothing", facts.untaught, "trivial"))
    return Plot(
        "What the model finds",
        "roc",
        {"curves": curves},
        f"ROC on {facts.two.n:,} held-out records, {facts.two.positives:,} of them {facts.positive}.",
    )


def _curve(name: str, found: Classification, role: str) -> Json:
    curve: Curve = found.curve
    return {
        "name": f"{name}: {words(found.auroc)}",
        "fpr": list(curve.fpr),
        "tpr": list(curve.tpr),
        "role": role,
    }


_MEASURES = (
    ("AUROC", "auroc"),
    ("Accuracy", "accuracy"),
    ("Balanced accuracy", "balanced_accuracy"),
    ("Precision", "precision"),
    ("Recall", "recall"),
    ("Specificity", "specificity"),
    ("F1", "f1"),
    ("Brier score", "brier"),
)


def _measures(facts: EvaluateFacts) -> Table:
    rows = []
    for label, name in _MEASURES:
        own = getattr(facts.two, name)
        rows.append(
            (
                label,
                words(own),
                "" if own is None else own.interval(),
                "left out" if facts.baseline is None else words(getattr(facts.baseline, name)),
                words(getattr(facts.untaught, name)),
            )
        )
    for label, own, beside, untaught in score_section.measures(facts):
        left = "left out" if facts.baseline is None else words(beside)
        rows.append((label, words(own), interval(own), left, words(untaught)))
    return Table(
        "Measures on held-out records",
        ("Measure", "With privacy", "95 % interval", "Without privacy", "Learnt nothing"),
        tuple(rows),
        right=(1, 2, 3, 4),
        caption=(
            "Intervals: AUROC by DeLong (Sun and Xu 2014); shares by Wilson; balanced accuracy by MOVER over "
            "Wilson; F1 by Wilson on F*; Brier score and log loss by the normal interval of a mean; average "
            "precision by bootstrap. Learnt nothing: says the training share of positives for every record. "
            "Brier score and log loss are better when lower."
        ),
    )


def fairness_blocks(found: Fairness) -> list[Block]:
    """A chart and a table for one column; also used by Monitor."""
    groups = found.groups
    plot = Plot(
        f"Predicted positive by {found.column}",
        "fairness",
        {
            "groups": [group.group for group in groups],
            "rate": [group.selected.value for group in groups],
            "low": [group.selected.low for group in groups],
            "high": [group.selected.high for group in groups],
        },
        "Share predicted positive with its 95 % interval (Wilson).",
    )
    rows = [
        (
            group.group + (" (reference)" if group.group == found.reference else ""),
            f"{group.n:,}",
            words(group.selected),
            signed(group.parity_difference),
            "" if group.impact_ratio is None else f"{group.impact_ratio:.2f}",
            signed(group.opportunity_difference) or _why_not(group, found),
            f"{group.odds_difference:.3f}" if group.odds_difference is not None else _why_not(group, found),
        )
        for group in groups
    ]
    pooled = (
        f" {found.pooled} small groups were pooled, so that none under {found.floor} records is shown."
        if found.pooled
        else ""
    )
    withheld = (
        f" Opportunity and odds are withheld where they would rest on fewer than {found.floor} records with "
        "the outcome, or would let such a number be found by subtraction."
        if found.withheld
        else ""
    )
    table = Table(
        f"Fairness by {found.column}",
        ("Group", "Records", "Selected", "Parity", "Impact ratio", "Opportunity", "Odds"),
        tuple(rows),
        right=(1, 2, 3, 4, 5, 6),
        caption=(
            f"Against the largest group, {found.reference}: differences in share selected (demographic "
            "parity), in share found among true positives (equal opportunity), and the larger of "
            "that and the difference in false alarms (equalized odds). The impact ratio is "
            f"fair from 0.80 to 1.25 (four-fifths rule, 29 CFR 1607.4(D), both ways).{pooled}{withheld}"
        ),
    )
    return [plot, table]


def _why_not(group: GroupRate, found: Fairness) -> str:
    return "withheld" if found.withheld and group.group != found.reference else ""


def _utility(facts: EvaluateFacts, release: Utility) -> list[Block]:
    share = release.suppressed / release.rows
    columns = release.columns
    blocks: list[Block] = [
        Plot(
            "What the release changed, by column",
            "utility",
            {"columns": [one.column for one in columns], "distance": [one.spread for one in columns]},
            "Total variation distance to the original column, each generalized value spread evenly over the "
            "values it stands for, suppressed records over all.",
        ),
        Table(
            "What the release kept",
            ("Column", "Level", "Distance, generalized", "Distance, original", "Detail kept"),
            tuple(
                (
                    one.column,
                    "as it was" if one.level is None else str(one.level),
                    f"{one.generalized:.3f}",
                    f"{one.spread:.3f}",
                    percent(one.detail, 0),
                )
                for one in columns
            ),
            right=(1, 2, 3, 4),
            caption=(
                f"{release.rows:,} records, {release.suppressed:,} suppressed ({percent(share)}), "
                f"k = {facts.k}. Generalized: the original column taken to the release's level against the "
                "records that were not suppressed. Original: on the values before generalization. Detail: "
                "entropy of the generalized column over that of the original."
            ),
        ),
    ]
    if release.pairs:
        blocks.append(
            Table(
                "Pairs of columns that changed most",
                ("Pair", "Distance"),
                tuple((" × ".join(pair.columns), f"{pair.distance:.3f}") for pair in release.pairs),
                right=(1,),
                caption=f"Generalized domain. Mean of {release.pair_count} pairs: {release.pair_mean:.3f}.",
            )
        )
    if facts.downstream is not None:
        blocks.append(_downstream(facts.downstream))
    elif facts.downstream_note:
        blocks.append(Words(facts.downstream_note, "info"))
    return blocks


def _downstream(found: Downstream) -> Table:
    return Table(
        "A classifier trained on the release",
        ("Trained on", "Records", "AUROC", "95 % interval", "Accuracy", "95 % interval"),
        (
            (
                "original rows",
                f"{found.train_original:,}",
                words(found.auroc_original),
                found.auroc_original.interval(),
                words(found.accuracy_original),
                found.accuracy_original.interval(),
            ),
            (
                "released rows",
                f"{found.train_release:,}",
                words(found.auroc_release),
                found.auroc_release.interval(),
                words(found.accuracy_release),
                found.accuracy_release.interval(),
            ),
        ),
        right=(1, 2, 3, 4, 5),
        caption=(
            f"The same non-private classifier, tested on {found.test:,} held-out original records; the first "
            "is trained and tested on original values, the second on values at the release's levels. "
            f"Difference in AUROC {found.gap.value:+.3f} ({found.gap.interval()}, 95 %, paired)."
        ),
    )

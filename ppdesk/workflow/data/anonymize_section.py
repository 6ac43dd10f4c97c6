"""The words, tables and figures of Anonymize."""

from ppdesk.core.section import Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data import (
    anonymize_populations,
    anonymize_private,
    local_section,
    masking_section,
    release_quality_section,
    search_section,
)
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, RiskFacts
from ppdesk.workflow.data.anonymize_params import AnonymizeParams

_DISTANCE = "distance of a class's values from the table's; may not be above t"
_GAIN = "largest relative gain of a value's share"
_MEANS = {
    "distinct-l-diversity": "different values; not below l",
    "entropy-l-diversity": "equally frequent values that would be as mixed; not below l",
    "recursive-(c,l)-diversity": "most frequent value / the l-th and all rarer; below c",
    "equal-t-closeness": _DISTANCE,
    "hierarchical-t-closeness": _DISTANCE,
    "ordered-t-closeness": _DISTANCE,
    "delta-disclosure": "largest |log2| of a value's share in the class / in the table; below delta",
    "basic-beta-likeness": f"{_GAIN}; not above beta",
    "enhanced-beta-likeness": f"{_GAIN}; not above beta, nor above -ln of the share in the table",
}


def section(params: AnonymizeParams, facts: AnonymizeFacts) -> Section:
    """The result of a run, from its record alone."""
    if facts.private is not None:
        return anonymize_private.section(facts, facts.private)
    before, after = facts.before, facts.after
    share = facts.suppressed / facts.records
    return Section(
        "Anonymize",
        (
            Figures(
                (
                    _score(facts) if facts.local is None else local_section.figure(facts.local),
                    KeyFigure(
                        "Suppressed",
                        f"{facts.suppressed:,}",
                        f"{percent(share)} of {facts.records:,} records",
                    ),
                    KeyFigure("Classes", f"{after.classes:,}", f"smallest {after.smallest:,}, k = {facts.k}"),
                    KeyFigure(
                        "Highest risk", percent(after.prosecutor), f"{percent(before.prosecutor)} before"
                    ),
                )
            ),
            *_found(params, facts),
            _risks(before, after, facts.k),
            Plot(
                "Records by class size",
                "class_sizes",
                {
                    "before": list(before.histogram),
                    "after": list(after.histogram),
                    "labels": list(facts.bins),
                },
                "Records in classes of each size, before and after; suppressed ones left out.",
            ),
            *_persons(facts),
            *_sensitive(facts),
            *anonymize_populations.tables(facts.populations, facts.k),
            *([_levels(facts)] if facts.local is None else local_section.blocks(facts)),
            *release_quality_section.tables(facts.measures, [one.name for one in facts.columns]),
            *masking_section.blocks(facts),
            Plot(
                "Loss by column",
                "column_loss",
                {"columns": [one.name for one in facts.columns], "loss": [one.loss for one in facts.columns]},
                "0 keeps all of a column's detail, 1 keeps nothing.",
            ),
            *(
                search_section.blocks(facts.search, [one.name for one in facts.columns], facts.quality)
                if facts.local is None
                else ()
            ),
            Words(
                "k-anonymity limits how well a person can be singled out. It is no differential privacy: this"
                " step spends no budget, and a privacy claim of a model does not cover this release. The"
                " records are in a random order; suppressed ones show * in each quasi-identifier. All other"
                f" columns {_untreated(facts)}are kept as they are, also those of suppressed records: k does"
                " not count them, and whoever knows such a value of a person can find them by it."
                + (
                    " The suppressed records together are no class that a model is asked of, as in ARX."
                    if facts.sensitive
                    else ""
                ),
                "info",
            ),
        ),
    )


def _untreated(facts: AnonymizeFacts) -> str:
    return "without a treatment " if facts.masking is not None and facts.masking.treated else ""


def _found(params: AnonymizeParams, facts: AnonymizeFacts) -> list[Words]:
    """What holds, and whether it is proved that nothing is better."""
    if facts.local is not None:
        return [local_section.claim(facts, facts.local, _also(facts))]
    holds = (
        f"The release is {facts.k}-anonymous{_also(facts)}, with at most"
        f" {percent(params.suppression_limit, None)} of the records suppressed."
    )
    found, size = facts.search, facts.lattice_size
    unproved = search_section.unproved(found, facts.score, facts.checked, size)
    if unproved is not None:
        return [Words(holds, "ok"), unproved]
    many = search_section.many
    among = "" if found.algorithm == "exact" else " The checked ones are among these."
    return [
        Words(
            f"{holds} No other of the {many(size)} transformations{search_section.within(found)}"
            f" {_less(facts)}: {facts.checked:,} were checked, {many(facts.suppress_too_much)} suppress too"
            f" much because a more general one already {'proves it' if facts.sensitive else 'does'},"
            f" {many(facts.bounded)} cannot"
            f" {'lose less' if facts.quality == 'loss' else 'have a smaller one'} even at best.{among}",
            "ok",
        )
    ]


def _risks(before: RiskFacts, after: RiskFacts, k: int) -> Table:
    def exact(value: float) -> str:
        return percent(value, 2)

    rows = [
        ("Prosecutor risk (highest of one record)", exact(before.prosecutor), exact(after.prosecutor)),
        ("Marketer risk (mean over the records)", exact(before.marketer), exact(after.marketer)),
        (f"Records with a risk above 1 in {k}", exact(before.at_risk), exact(after.at_risk)),
        ("Records alone in their class", f"{before.uniques:,}", f"{after.uniques:,}"),
        ("Classes", f"{before.classes:,}", f"{after.classes:,}"),
        ("Smallest class", f"{before.smallest:,}", f"{after.smallest:,}"),
        ("Largest class", f"{before.largest:,}", f"{after.largest:,}"),
    ]
    return Table(
        "Risk of re-identification",
        ("Measure", "Before", "After"),
        rows,
        right=(1, 2),
        caption="From class sizes, suppressed records left out. Without a table of the population the"
        " journalist"
        " risk equals the prosecutor risk.",
    )


def _persons(facts: AnonymizeFacts) -> list[Words]:
    if facts.unit_column is None or facts.most_rows == 1:
        return []
    return [
        Words(
            f"k and every risk here count records, as ARX does. A person (same {facts.unit_column}) may have"
            f" {facts.most_rows:,} of them or more, so a class of {facts.k:,} records may be of"
            f" {-(-facts.k // facts.most_rows):,} persons or fewer, and a person is found more easily than"
            " these figures say.",
            "caution",
        )
    ]


def _score(facts: AnonymizeFacts) -> KeyFigure:
    """The score in the quality model that was asked for."""
    if facts.quality == "loss":
        return KeyFigure("Loss", f"{facts.score:.4f}", "0 keeps all, 1 keeps nothing; a score for comparing")
    name = "AECS" if facts.quality == "aecs" else facts.quality.replace("-", " ").capitalize()
    return KeyFigure(name, f"{facts.score:,.6g}", "smaller is better; a score for comparing")


def _less(facts: AnonymizeFacts) -> str:
    return "loses less" if facts.quality == "loss" else f"has a smaller {facts.quality}"


def _also(facts: AnonymizeFacts) -> str:
    """The models besides k-anonymity, in words."""
    if not facts.sensitive:
        return ""
    named = dict.fromkeys(f"{one.model} ({one.asked}) of {one.column}" for one in facts.sensitive)
    return " and each class meets " + ", ".join(named)


def _sensitive(facts: AnonymizeFacts) -> list[Table]:
    if not facts.sensitive:
        return []
    rows = [
        (
            one.column,
            one.model,
            one.asked,
            "-" if one.worst is None else f"{one.worst:.4g}",
            _MEANS[one.model],
        )
        for one in facts.sensitive
    ]
    caption = (
        "What the worst class of the release has; suppressed records left out. Shares of the whole table are"
        " those before suppression. A missing value is a value of its own."
    )
    return [
        Table(
            "Sensitive columns", ("Column", "Model", "Asked", "Worst class", "What is counted"), rows,
            right=(3,), caption=caption,
        )
    ]  # fmt: skip


def _levels(facts: AnonymizeFacts) -> Table:
    rows = [
        (
            one.name,
            f"{one.level} of {one.levels - 1}{f', {one.level_name}' if one.level_name else ''}",
            percent(one.loss),
        )
        for one in facts.columns
    ]
    caption = (
        "Level 0 keeps the value, the highest level is *. A suppressed record counts as lost in each column."
    )
    return Table("Generalization", ("Column", "Level", "Loss"), rows, right=(1, 2), caption=caption)

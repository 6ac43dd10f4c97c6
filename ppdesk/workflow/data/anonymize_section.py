"""The words, tables and figures of Anonymize."""

from ppdesk.core.said import said, said_all
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
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_params import AnonymizeParams


def _meaning(model: str) -> str:
    """What a model on a sensitive column counts."""
    distance = said("distance of a class's values from the table's; may not be above t")
    return {
        "distinct-l-diversity": said("different values; not below l"),
        "entropy-l-diversity": said("equally frequent values that would be as mixed; not below l"),
        "recursive-(c,l)-diversity": said("most frequent value / the l-th and all rarer; below c"),
        "equal-t-closeness": distance,
        "hierarchical-t-closeness": distance,
        "ordered-t-closeness": distance,
        "delta-disclosure": said(
            "largest |log2| of a value's share in the class / in the table; below delta"
        ),
        "basic-beta-likeness": said("largest relative gain of a value's share; not above beta"),
        "enhanced-beta-likeness": said(
            "largest relative gain of a value's share; not above beta, nor above -ln of the share in the"
            " table"
        ),
    }[model]


def section(params: AnonymizeParams, facts: AnonymizeFacts) -> Section:
    """The result of a run, from its record alone."""
    if facts.private is not None:
        return anonymize_private.section(facts, facts.private)
    before, after = facts.before, facts.after
    share = facts.suppressed / facts.records
    return Section(
        said("Anonymize"),
        (
            Figures(
                (
                    _score(facts) if facts.local is None else local_section.figure(facts.local),
                    KeyFigure(
                        said("Suppressed"),
                        f"{facts.suppressed:,}",
                        said("{share} of {records:,} records", share=percent(share), records=facts.records),
                    ),
                    KeyFigure(
                        said("Classes"),
                        f"{after.classes:,}",
                        said("smallest {smallest:,}, k = {k}", smallest=after.smallest, k=facts.k),
                    ),
                    KeyFigure(
                        said("Highest risk"),
                        percent(after.prosecutor),
                        said("{risk} before", risk=percent(before.prosecutor)),
                    ),
                )
            ),
            *_found(params, facts),
            _risks(before, after, facts.k),
            Plot(
                said("Records by class size"),
                "class_sizes",
                {
                    "before": list(before.histogram),
                    "after": list(after.histogram),
                    "labels": list(facts.bins),
                },
                said("Records in classes of each size, before and after; suppressed ones left out."),
            ),
            *_persons(facts),
            *_sensitive(facts),
            *anonymize_populations.tables(facts.populations, facts.k),
            *([_levels(facts)] if facts.local is None else local_section.blocks(facts)),
            *release_quality_section.tables(facts.measures, [one.name for one in facts.columns]),
            *masking_section.blocks(facts),
            Plot(
                said("Loss by column"),
                "column_loss",
                {"columns": [one.name for one in facts.columns], "loss": [one.loss for one in facts.columns]},
                said("0 keeps all of a column's detail, 1 keeps nothing."),
            ),
            *(
                search_section.blocks(facts.search, [one.name for one in facts.columns], facts.quality)
                if facts.local is None
                else ()
            ),
            Words(_limits(facts), "info"),
        ),
    )


def _limits(facts: AnonymizeFacts) -> str:
    """What k-anonymity is not."""
    treated = facts.masking is not None and facts.masking.treated
    return said_all(
        (
            said(
                "k-anonymity limits how well a person can be singled out. It is no differential privacy: this"
                " step spends no budget, and a privacy claim of a model does not cover this release. The"
                " records are in a random order; suppressed ones show * in each quasi-identifier."
            ),
            said(
                "All other columns without a treatment are kept as they are, also those of suppressed"
                " records: k does not count them, and whoever knows such a value of a person can find them"
                " by it."
            )
            if treated
            else said(
                "All other columns are kept as they are, also those of suppressed records: k does not count"
                " them, and whoever knows such a value of a person can find them by it."
            ),
            said("The suppressed records together are no class that a model is asked of, as in ARX.")
            if facts.sensitive
            else "",
        )
    )


def _found(params: AnonymizeParams, facts: AnonymizeFacts) -> list[Words]:
    """What holds, and whether it is proved that nothing is better."""
    if facts.local is not None:
        return [local_section.claim(facts, facts.local, _models(facts))]
    holds = _holds(params, facts)
    found, size = facts.search, facts.lattice_size
    unproved = search_section.unproved(found, facts.score, facts.checked, size)
    if unproved is not None:
        return [Words(holds, "ok"), unproved]
    among = "" if found.algorithm == "exact" else said("The checked ones are among these.")
    return [Words(said_all((holds, _no_other(facts), _counts(facts), among)), "ok")]


def _holds(params: AnonymizeParams, facts: AnonymizeFacts) -> str:
    share, models = percent(params.suppression_limit, None), _models(facts)
    if models:
        return said(
            "The release is {k}-anonymous and each class meets {models}, with at most {share} of the records"
            " suppressed.",
            k=facts.k, models=models, share=share,
        )  # fmt: skip
    return said(
        "The release is {k}-anonymous, with at most {share} of the records suppressed.",
        k=facts.k, share=share,
    )  # fmt: skip


def _no_other(facts: AnonymizeFacts) -> str:
    size, quality = search_section.many(facts.lattice_size), facts.quality
    if facts.search.constrained:
        if quality == "loss":
            return said(
                "No other of the {size} transformations that the lowest and highest levels allow loses less:",
                size=size,
            )
        return said(
            "No other of the {size} transformations that the lowest and highest levels allow has a smaller"
            " {quality}:",
            size=size, quality=quality,
        )  # fmt: skip
    if quality == "loss":
        return said("No other of the {size} transformations loses less:", size=size)
    return said("No other of the {size} transformations has a smaller {quality}:", size=size, quality=quality)


def _counts(facts: AnonymizeFacts) -> str:
    """How many were checked, and why no more."""
    many = search_section.many
    much, bounded = many(facts.suppress_too_much), many(facts.bounded)
    proves = (
        said(
            "{checked:,} were checked, {much} suppress too much because a more general one already proves"
            " it,",
            checked=facts.checked, much=much,
        )
        if facts.sensitive
        else said(
            "{checked:,} were checked, {much} suppress too much because a more general one already does,",
            checked=facts.checked, much=much,
        )
    )  # fmt: skip
    return said_all(
        (
            proves,
            said("{bounded} cannot lose less even at best.", bounded=bounded)
            if facts.quality == "loss"
            else said("{bounded} cannot have a smaller one even at best.", bounded=bounded),
        )
    )


def _risks(before: RiskFacts, after: RiskFacts, k: int) -> Table:
    def exact(value: float) -> str:
        return percent(value, 2)

    rows = [
        (said("Prosecutor risk (highest of one record)"), exact(before.prosecutor), exact(after.prosecutor)),
        (said("Marketer risk (mean over the records)"), exact(before.marketer), exact(after.marketer)),
        (said("Records with a risk above 1 in {k}", k=k), exact(before.at_risk), exact(after.at_risk)),
        (said("Records alone in their class"), f"{before.uniques:,}", f"{after.uniques:,}"),
        (said("Classes"), f"{before.classes:,}", f"{after.classes:,}"),
        (said("Smallest class"), f"{before.smallest:,}", f"{after.smallest:,}"),
        (said("Largest class"), f"{before.largest:,}", f"{after.largest:,}"),
    ]
    return Table(
        said("Risk of re-identification"),
        (said("Measure"), said("Before"), said("After")),
        rows,
        right=(1, 2),
        caption=said(
            "From class sizes, suppressed records left out. Without a table of the population the journalist"
            " risk equals the prosecutor risk."
        ),
    )


def _persons(facts: AnonymizeFacts) -> list[Words]:
    if facts.unit_column is None or facts.most_rows == 1:
        return []
    return [
        Words(
            said(
                "k and every risk here count records, as ARX does. A person (same {column}) may have {most:,}"
                " of them or more, so a class of {k:,} records may be of {persons:,} persons or fewer, and a"
                " person is found more easily than these figures say.",
                column=facts.unit_column,
                most=facts.most_rows,
                k=facts.k,
                persons=-(-facts.k // facts.most_rows),
            ),
            "caution",
        )
    ]


def _score(facts: AnonymizeFacts) -> KeyFigure:
    """The score in the quality model that was asked for."""
    if facts.quality == "loss":
        note = said("0 keeps all, 1 keeps nothing; a score for comparing")
        return KeyFigure(said("Loss"), f"{facts.score:.4f}", note)
    name = "AECS" if facts.quality == "aecs" else facts.quality.replace("-", " ").capitalize()
    return KeyFigure(name, f"{facts.score:,.6g}", said("smaller is better; a score for comparing"))


def _models(facts: AnonymizeFacts) -> str:
    """The models besides k-anonymity, in words."""
    named = dict.fromkeys(
        said("{model} ({asked}) of {column}", model=one.model, asked=one.asked, column=one.column)
        for one in facts.sensitive
    )
    return said_all(named, by=", ")


def _sensitive(facts: AnonymizeFacts) -> list[Table]:
    if not facts.sensitive:
        return []
    rows = [
        (
            one.column,
            one.model,
            one.asked,
            "-" if one.worst is None else f"{one.worst:.4g}",
            _meaning(one.model),
        )
        for one in facts.sensitive
    ]
    caption = said(
        "What the worst class of the release has; suppressed records left out. Shares of the whole table are"
        " those before suppression. A missing value is a value of its own."
    )
    names = (said("Column"), said("Model"), said("Asked"), said("Worst class"), said("What is counted"))
    return [Table(said("Sensitive columns"), names, rows, right=(3,), caption=caption)]


def _levels(facts: AnonymizeFacts) -> Table:
    rows = [
        (
            one.name,
            _level(one),
            percent(one.loss),
        )
        for one in facts.columns
    ]
    caption = said(
        "Level 0 keeps the value, the highest level is *. A suppressed record counts as lost in each column."
    )
    names = (said("Column"), said("Level"), said("Loss"))
    return Table(said("Generalization"), names, rows, right=(1, 2), caption=caption)


def _level(one: ColumnLoss) -> str:
    level, top = f"{one.level}", one.levels - 1
    if one.level_name:
        return said("{level} of {top}, {name}", level=level, top=top, name=one.level_name)
    return said("{level} of {top}", level=level, top=top)

"""The words, table and curve of Configure."""

import json

from ppdesk.core.said import said
from ppdesk.core.section import Block, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.configure_facts import ConfigureFacts, OptionFact


def section(facts: ConfigureFacts) -> Section:
    """The result of a run, from its record alone."""
    chosen = None if facts.recommended is None else facts.options[facts.recommended]
    blocks: list[Block] = [
        _recommended(chosen),
        Table(said("Why"), (said("What is asked"), said("Reason")), facts.reasons),
        Plot(
            said("Risk and loss"),
            "tradeoff",
            {
                "points": [
                    {"loss": one.score, "risk": one.average, "state": _state(one, chosen)}
                    for one in facts.options
                    if one.score is not None and one.average is not None
                ]
            },
            said(
                "Each point is the optimum of one configuration. Left: more detail kept. Down: less"
                " risk on average."
            ),
        ),
        _table(facts),
    ]
    if chosen is not None:
        blocks.append(
            Words(
                said(
                    "In a recipe:  {settings}",
                    settings=f"[anonymize]  k = {chosen.k}  suppression_limit = {chosen.limit:g}  "
                    f"sensitive = {json.dumps(list(chosen.sensitive))}",
                )
            )
        )
    blocks.append(
        Words(
            said(
                "The scores compare configurations of this table; they are no measure of quality for"
                " a purpose: Evaluate measures that. What was weighed are exact figures of the data:"
                " choosing by them is a look at the data that no epsilon covers."
            ),
            "info",
        )
    )
    return Section(said("Configure"), tuple(blocks))


def _state(one: OptionFact, chosen: OptionFact | None) -> str:
    if chosen is not None and one == chosen:
        return "recommended"
    return "front" if one.front else "other"


def _recommended(chosen: OptionFact | None) -> Words:
    if chosen is None:
        return Words(
            said(
                "No configuration that keeps the required limits has a solution. Finer hierarchies,"
                " fewer quasi-identifiers or a larger suppression limit, where the standard allows"
                " it, can change that."
            ),
            "caution",
        )
    return Words(
        said(
            "Recommended: {name}. Of the configurations that keep what is required it loses"
            " least: {score:.4f}, with {suppressed:,} records suppressed, {classes:,} classes and"
            " a highest risk of {highest}.",
            name=chosen.name,
            score=chosen.score or 0.0,
            suppressed=chosen.suppressed or 0,
            classes=chosen.classes or 0,
            highest=percent(chosen.highest or 0.0),
        ),
        "ok",
    )


def _table(facts: ConfigureFacts) -> Table:
    def cells(one: OptionFact) -> tuple[str, ...]:
        if one.score is None or one.suppressed is None or one.classes is None:
            return (one.name, said("no solution"), "", "", "", "")
        return (
            one.name,
            f"{one.score:.4f}" if one.optimal else said("{score:.4f}, not proved", score=one.score),
            f"{one.suppressed:,}",
            f"{one.classes:,}",
            percent(one.highest or 0.0),
            percent(one.average or 0.0, 2),
        )

    return Table(
        said("Configurations"),
        (
            said("Configuration"),
            said("Loss"),
            said("Suppressed"),
            said("Classes"),
            said("Highest risk"),
            said("Average risk"),
        ),
        [cells(one) for one in facts.options],
        right=(1, 2, 3, 4, 5),
        caption=said(
            "Of {records:,} records. Loss: geometric mean over the columns, 0 keeps all.",
            records=facts.records,
        ),
    )

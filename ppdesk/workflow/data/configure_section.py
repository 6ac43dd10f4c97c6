"""The words, table and curve of Configure."""

import json

from ppdesk.core.section import Block, Plot, Section, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.data.configure_facts import ConfigureFacts, OptionFact


def section(facts: ConfigureFacts) -> Section:
    """The result of a run, from its record alone."""
    chosen = None if facts.recommended is None else facts.options[facts.recommended]
    blocks: list[Block] = [
        _recommended(chosen),
        Table("Why", ("What is asked", "Reason"), facts.reasons),
        Plot(
            "Risk and loss",
            "tradeoff",
            {
                "points": [
                    {"loss": one.score, "risk": one.average, "state": _state(one, chosen)}
                    for one in facts.options
                    if one.score is not None and one.average is not None
                ]
            },
            "Each point is the optimum of one configuration. Left: more detail kept. Down: less risk on"
            " average.",
        ),
        _table(facts),
    ]
    if chosen is not None:
        blocks.append(
            Words(
                "In a recipe:  [anonymize]  "
                f"k = {chosen.k}  suppression_limit = {chosen.limit:g}  sensitive = "
                f"{json.dumps(list(chosen.sensitive))}"
            )
        )
    blocks.append(
        Words(
            "The scores compare configurations of this table; they are no measure of quality for a purpose:"
            " Evaluate measures that. What was weighed are exact figures of the data: choosing by them is a"
            " look at the data that no epsilon covers.",
            "info",
        )
    )
    return Section("Configure", tuple(blocks))


def _state(one: OptionFact, chosen: OptionFact | None) -> str:
    if chosen is not None and one == chosen:
        return "recommended"
    return "front" if one.front else "other"


def _recommended(chosen: OptionFact | None) -> Words:
    if chosen is None:
        return Words(
            "No configuration that keeps the required limits has a solution. Finer hierarchies, fewer quasi-"
            "identifiers or a larger suppression limit, where the standard allows it, can change that.",
            "caution",
        )
    return Words(
        f"Recommended: {chosen.name}. Of the configurations that keep what is required it loses least:"
        f" {chosen.score:.4f}, with {chosen.suppressed:,} records suppressed, {chosen.classes:,} classes and"
        f" a highest risk of {percent(chosen.highest or 0.0)}.",
        "ok",
    )


def _table(facts: ConfigureFacts) -> Table:
    def cells(one: OptionFact) -> tuple[str, ...]:
        if one.score is None or one.suppressed is None or one.classes is None:
            return (one.name, "no solution", "", "", "", "")
        return (
            one.name,
            f"{one.score:.4f}" + ("" if one.optimal else ", not proved"),
            f"{one.suppressed:,}",
            f"{one.classes:,}",
            percent(one.highest or 0.0),
            percent(one.average or 0.0, 2),
        )

    return Table(
        "Configurations",
        ("Configuration", "Loss", "Suppressed", "Classes", "Highest risk", "Average risk"),
        [cells(one) for one in facts.options],
        right=(1, 2, 3, 4, 5),
        caption=f"Of {facts.records:,} records. Loss: geometric mean over the columns, 0 keeps all.",
    )

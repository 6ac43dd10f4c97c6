"""How a model does for groups of people, as the evaluation found it."""

import re

from ppdesk.core.section import Block, Table, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.shown import estimate, missing, share_estimate, table
from ppdesk.workflow.reporting.told import Record

_MOST_GROUPS = 20
_POOLED = re.compile(r"pooled \((\d+) groups\)")
_SHOWN = ("auroc", "accuracy", "balanced_accuracy", "brier")


def groups(brief: Brief) -> tuple[Block, ...]:
    """How the model does for the groups of each column that a person named."""
    record = brief.record("evaluate")
    if record is None:
        return (missing(brief, "evaluate"),)
    say = brief.say
    count = record.count("/facts/fairness")
    if not count and not record.count("/facts/group_quality"):
        return (
            Words(
                say("Groups were not compared: no column was named, or too few records have one."), "caution"
            ),
        )
    blocks: list[Block] = []
    for place in range(count):
        blocks += [_fairness(brief, record, f"/facts/fairness/{place}")]
    for place in range(record.count("/facts/group_quality")):
        blocks += _quality(brief, record, f"/facts/group_quality/{place}")
    return tuple(blocks)


def _fairness(brief: Brief, record: Record, at: str) -> Table:
    say = brief.say
    count = record.count(f"{at}/groups")
    rows = []
    for place in range(min(count, _MOST_GROUPS)):
        one = f"{at}/groups/{place}"
        rows.append(
            (
                _group(say, record(f"{one}/group")),
                say.number(record(f"{one}/n")),
                share_estimate(say, record, f"{one}/selected"),
                share_estimate(say, record, f"{one}/found") or say("withheld"),
                share_estimate(say, record, f"{one}/false_alarm") or say("withheld"),
                say.number(record(f"{one}/impact_ratio"), 2),
            )
        )
    return Table(
        say("Groups of {column}: who is selected", column=record(f"{at}/column")),
        (
            say("Group"),
            say("Records"),
            say("Selected"),
            say("Found of those who have it"),
            say("False alarms"),
            say("Impact ratio"),
        ),
        rows,
        (1, 2, 3, 4, 5),
        say(
            "In brackets 95 % intervals. The impact ratio is against {reference}; under 0.8 is the "
            "four-fifths rule of 29 CFR 1607.4(D). Groups under {floor} records are pooled; a rate that "
            "few records make is withheld.",
            reference=record(f"{at}/reference"),
            floor=record(f"{at}/floor"),
        ),
    )


def _quality(brief: Brief, record: Record, at: str) -> tuple[Table, ...]:
    say = brief.say
    many = not record("/facts/ours").value  # its measures are few
    rows = []
    for place in range(min(record.count(f"{at}/groups"), _MOST_GROUPS)):
        one = f"{at}/groups/{place}"
        for number in range(record.count(f"{one}/measures")):
            measure = f"{one}/measures/{number}"
            told = estimate(say, record, f"{measure}/estimate")
            if told and (many or record(f"{measure}/name").text in _SHOWN):
                rows.append((_group(say, record(f"{one}/group")), _measure(say, record, measure), told))
    return table(
        say("Groups of {column}: how well it does", column=record(f"{at}/column")),
        (say("Group"), say("Performance measure"), say("95 % interval in brackets")),
        rows,
        (2,),
    )


def _group(say: Tongue, quoted: Quoted) -> Cited:
    """A group; several that were counted together are told in the document's language."""
    pooled = _POOLED.fullmatch(quoted.text)
    if pooled is None:
        return say.text(quoted)
    many = Quoted(int(pooled[1]), quoted.sources)
    return say.count("pooled ({count} group)", "pooled ({count} groups)", many)


def _measure(say: Tongue, record: Record, at: str) -> Cited:
    """What a measure is called; one without a name of its own here as the record calls it."""
    known = {
        "auroc": say("AUROC"),
        "accuracy": say("Accuracy (share predicted right)"),
        "balanced_accuracy": say("Balanced accuracy"),
        "brier": say("Brier score (less is better)"),
    }
    name = record(f"{at}/name").text
    return (
        Cited(known[name], record(f"{at}/label").sources)
        if name in known
        else say.text(record(f"{at}/label"))
    )

"""Hazards at the top of the pyramid: parameters and unit."""

import math

from ppdesk.core.section import Block
from ppdesk.privacy.words import posterior
from ppdesk.report.cited import Cited, Quoted, Source
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.data_told import rows
from ppdesk.workflow.reporting.documents.enumerated import relation
from ppdesk.workflow.reporting.documents.hazards.layers import layer


def guarantee(brief: Brief) -> tuple[Block, ...]:
    """The top of the pyramid: parameters and unit."""
    say = brief.say
    return layer(
        brief,
        say("Hazards of the guarantee"),
        [
            (say("ε so large that it hides little"), _epsilon(brief)),
            (say("δ that lets a whole record out"), _delta(brief)),
            (say("A unit smaller than a person"), _unit(brief)),
            (say("A relation that leaves the number of records open"), _relation(brief)),
            (
                say("Guarantees compared that are not alike"),
                say(
                    "ε of another system can be compared only under the same unit and relation, and at the "
                    "same δ. This document compares with none."
                ),
            ),
            (say("Losses that are not added up"), _composition(brief)),
            (say("Other releases beside it"), _mixed(brief)),
        ],
    )


def _epsilon(brief: Brief) -> Cited:
    say, ledger = brief.say, brief.told.ledger
    spent, limit = ledger("/spent_epsilon"), ledger("/limit_epsilon")
    if spent.number is None:
        return Cited("")
    sure = posterior(0.5, spent.number)
    told = [say("ε is {epsilon} over all runs.", epsilon=say.bound(spent))]
    if limit.number is not None:
        told.append(say("The limit of the standard is {limit}.", limit=say.number(limit)))
    if sure < 0.99:
        told.append(
            say(
                "An attacker who was 50 % sure of a statement about one unit can become at most {sure} "
                "sure, but for δ.",
                sure=say.share(Quoted.made_of(math.ceil(100 * sure) / 100, spent)),
            )
        )
    else:
        told.append(say("An attacker who was 50 % sure can become more than 99 % sure: this ε hides little."))
    return say.joined(told, " ")


def _delta(brief: Brief) -> Cited:
    say = brief.say
    delta, count = brief.told.ledger("/spent_delta"), rows(brief)
    if delta.number is None:
        return Cited("")
    if not delta.number:
        return Cited(say("δ is 0: the bound holds without exception."), delta.sources)
    told = [say("δ is {delta} over all runs.", delta=say.chance(delta))]
    if count.number:
        one = Quoted.made_of(1 / count.number, count)
        told.append(
            say(
                "One in the number of records ({count}) is {one}; δ is {times} of that, and should be far "
                "below.",
                count=count,
                one=say.chance(one) if one.number and one.number < 0.01 else say.number(one, 3),
                times=say.share(Quoted.made_of(delta.number * count.number, delta, count)),
            )
        )
    found = [one for one in claim_told.runs(brief) if not one.pure]
    gaussian = [one for one in found if one.kind == "synthesize" or "gaussian" in str(one("event").value)]
    if found and len(gaussian) == len(found):
        told.append(
            say("All δ is that of Gaussian noise, whose bound fails by little before it fails by much.")
        )
    return say.joined(told, " ")


def _unit(brief: Brief) -> Cited:
    say = brief.say
    told = claim_told.unit(brief)
    if claim_told.persons(brief) is not None:
        return say(
            "As claimed, {unit}. Whether the column tells persons apart was declared, not checked; a person "
            "under several ids is covered at several times ε.",
            unit=told,
        )
    return say(
        "As claimed, {unit}. A person with n records is covered at n times ε; whether each person has one "
        "record is a question to persons below.",
        unit=told,
    )


def _relation(brief: Brief) -> Cited:
    say = brief.say
    found = brief.told.ledger("/neighbours")
    if not found.text:
        return Cited("")
    told = say("Relation: {relation}.", relation=relation(say, found))
    if found.text == "replace-one":
        return say.joined(
            (told, say("The number of records is taken as public; what changes is one record's values.")), " "
        )
    return say.joined((told, say("Whether somebody is in the table is protected too.")), " ")


def _composition(brief: Brief) -> Cited:
    say, ledger = brief.say, brief.told.ledger
    count = len(claim_told.spent_rows(brief))
    told = [
        say.count(
            "{count} reservation, added up by “{method}”.",
            "{count} reservations, added up by “{method}”.",
            Quoted(count, (Source(0, "/rows"),)),
            method=ledger("/method"),
        )
    ]
    projects = ledger("/elsewhere_projects")
    if projects.number:
        told.append(
            say(
                "Other projects and copies on the same data, as far as the register of this person knows, "
                "spent ε {epsilon} and δ {delta}; together with this project that is ε {total}.",
                epsilon=say.bound(ledger("/elsewhere_epsilon")),
                delta=say.chance(ledger("/elsewhere_delta")),
                total=say.bound(ledger("/total_epsilon")),
            )
        )
    else:
        told.append(
            Cited(
                say(
                    "Elsewhere nothing is known to have been spent on the same data; another account or "
                    "computer has another register."
                ),
                projects.sources,
            )
        )
    return say.joined(told, " ")


def _mixed(brief: Brief) -> Cited:
    say = brief.say
    told = []
    exported = brief.told.record("export")
    tables = brief.told.record("anonymize")
    if exported is not None and tables is not None and not tables.event.covered:
        told.append(
            say(
                "An anonymized table of the same records was written to a file (event {number}). It has no "
                "ε: what it tells adds to what is claimed here.",
                number=Quoted(exported.event.seq, (Source(exported.event.seq, "/outcome"),)),
            )
        )
    if brief.told.record("evaluate") is not None:
        told.append(
            say(
                "Evaluation figures are counted from records without noise; whoever sees them sees more "
                "than ε allows."
            )
        )
    return say.joined(told, " ") if told else say("On record, nothing else was made of the same records.")

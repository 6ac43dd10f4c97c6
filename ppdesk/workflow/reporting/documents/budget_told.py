"""How the privacy budget adds up: every reservation with its place in the ledger, and what is known to have
been spent on the same data elsewhere."""

from collections.abc import Iterator

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Words
from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting import proved
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief


def section(brief: Brief) -> Section:
    """Key figures, composition, what is proved of it, every reservation."""
    say, ledger = brief.say, brief.told.ledger
    title = say("How the budget adds up")
    rows = claim_told.spent_rows(brief)
    if not rows:
        words = say("No run has spent anything from a differential privacy budget.")
        return Section(title, (Words(words, "info"), *_elsewhere(brief)))
    states = [ledger(f"/rows/{place}/standing") for place in rows]
    counted = Quoted.made_of(sum(one.text != "void" for one in states), *states)
    spent, limit, most = ledger("/spent_epsilon"), ledger("/limit_epsilon"), ledger("/limit_delta")
    method = ledger("/method")
    blocks: list[Block] = [
        Figures(
            (
                KeyFigure(
                    say("Spent"),
                    say("ε {epsilon}", epsilon=say.bound(spent, 2)),
                    say("{count} of {whole} reservations count", count=counted, whole=len(rows)),
                ),
                KeyFigure(say("Limit"), _epsilon(say, limit), say("of the standard")),
                KeyFigure(
                    say("Failure chance δ"),
                    say.chance(ledger("/spent_delta")) or say.chance(0.0),
                    say("no limit set")
                    if most.number is None
                    else say("limit {limit}", limit=say.chance(most)),
                ),
            )
        ),
        *_elsewhere(brief),
        Words(say("Composition: {method}", method=say.text(method) or say("one event"))),
        *proved.words(brief.told),
        *claim_told.reservations(brief),
    ]
    return Section(title, tuple(blocks))


def _epsilon(say: Tongue, limit: Quoted) -> Cited:
    if limit.number is None:
        return say("none")
    return say("ε {epsilon}", epsilon=say.number(limit, 2))


def _elsewhere(brief: Brief) -> Iterator[Words]:
    """What other projects spent on the same data. Histories from before there was a register say nothing."""
    say, ledger = brief.say, brief.told.ledger
    projects = ledger("/elsewhere_projects")
    if projects.number is None:
        return
    reach = say(
        "This is what the register in the data folder of the person who made this report knows. Another "
        "account or another computer has another register."
    )
    if not projects.number:
        told = say("Elsewhere, nothing is known to have been spent on the same data.")
    else:
        told = say.count(
            "Elsewhere on the same data, ε {epsilon} and δ {delta} were spent by one other project or copy; "
            "together with this project that is ε {total}, which is what counts against the limit.",
            "Elsewhere on the same data, ε {epsilon} and δ {delta} were spent by {count} other projects or "
            "copies; together with this project that is ε {total}, which is what counts against the limit.",
            projects,
            epsilon=say.bound(ledger("/elsewhere_epsilon"), 2),
            delta=say.chance(ledger("/elsewhere_delta")),
            total=say.bound(ledger("/total_epsilon"), 2),
        )
    yield Words(say.joined([told, reach], " "))
    remarks = brief.told.budget.get("register")
    for place in range(len(remarks) if isinstance(remarks, list | tuple) else 0):
        yield Words(say.text(ledger(f"/register/{place}")), "caution")

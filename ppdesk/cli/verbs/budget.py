"""`ppdesk budget`: what was spent, of what, and what that means."""

from ppdesk.cli import sections
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.meaning import budget_json, budget_words, tightest_json, tightest_words
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.exits import Exit
from ppdesk.core.wording import chance


@verb("budget", *project_options(), rollback_option(), summary="Show what was spent of the privacy budget")
def VERB(invocation: Invocation, access: Access) -> int:
    """Show what was spent of the privacy budget, by whom, and what it means. Always summed from the
    events; what a crash interrupted counts as spent. What other projects in the same data folder spent on
    the same data counts too."""
    from ppdesk.workbench.budget.accounts import tightest

    with invocation.look(access) as session:
        view = session.budget()
        proved = tightest(session.events(), view.limit_delta)
        waiting = session.interrupted()
        stamp = stamp_of(session)
    rows = [
        [str(r.seq), r.time, r.actor, r.title or r.key, f"{r.epsilon:g}", chance(r.delta), r.standing]
        for r in view.rows
    ]
    header = ["event", "time", "who", "what", "epsilon", "delta", "standing"]
    table = [*sections.columns([header, *rows], right=(0, 4, 5)), ""] if rows else []
    values = {**budget_json(view), "proved": tightest_json(proved), "stamp": stamp}
    values["interrupted"] = [
        {"event": one.seq, "step": one.key, "done": one.step, "of": one.steps} for one in waiting
    ]
    goes_on = [
        f"Event {one.seq} was broken off and can go on from {one.words}, for nothing more: "
        f"ppdesk {one.key} --resume {one.seq}"
        for one in waiting
    ]
    invocation.console.result(values, [*table, *budget_words(view), *tightest_words(proved), *goes_on])
    return Exit.OK

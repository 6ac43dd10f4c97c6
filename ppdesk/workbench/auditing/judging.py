"""The lines of the summary: what is good, what to look at, what is wrong. In words, from the record."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import Said, said, said_all, said_count
from ppdesk.core.wording import chance
from ppdesk.report.verdict import Judgement
from ppdesk.workbench.auditing.views import Judged, Sum

if TYPE_CHECKING:
    from ppdesk.store.copy_seal import Seal
    from ppdesk.store.events import Event
    from ppdesk.workbench.views import HistoryVerdict, SignedHead

GOOD, LOOK, WRONG = Judgement.GOOD, Judgement.LOOK, Judgement.WRONG
_COPY = "PP-WORKBENCH-061"  # a copy says of itself what it is
_VOUCHED = ("trusted", "own", "policy")
_MOST = 3  # lines of one kind; the rest is counted


def history(verdict: "HistoryVerdict", reported: int | None) -> Iterator[Judged]:
    """Is the chain whole? `reported`: the last signed report whose head is in the chain."""
    count = said_count("{count} event", "{count} events", verdict.events)
    if verdict.broken_at is not None:
        yield Judged(
            "timeline",
            WRONG,
            said("The history breaks at event {seq}.", seq=verdict.broken_at),
            verdict.words.partition(". ")[2],
            said("Event {seq}", seq=verdict.broken_at),
            verdict.broken_at - 1 or None,
        )
    elif not verdict.events:
        yield Judged("timeline", LOOK, said("The history has no events."))
    elif verdict.holds:
        more = said("head matches the signed report") if reported is not None else Said("")
        words = said_all((count, said("every link checked"), more), ", ")
        yield Judged(
            "timeline",
            GOOD,
            said("The history is whole."),
            said_all((words, "."), ""),
            said("Checked just now"),
        )
    wrong = [one for one in verdict.findings if one.level is Level.BLOCKING]
    yield from _found(wrong, WRONG, "timeline")
    cautions = [one for one in verdict.findings if one.level is Level.CAUTION]
    yield from _found(cautions, LOOK, "timeline")


def _found(findings: Sequence[Finding], judgement: Judgement, page: str) -> Iterator[Judged]:
    for one in findings[:_MOST]:
        at = one.field.removeprefix("event ")
        event = int(at) if at.isdecimal() else None
        title = one.title if one.title.endswith(".") else f"{one.title}."
        yield Judged(page, judgement, title, one.detail, one.code, event)
    if (rest := len(findings) - _MOST) > 0:
        yield Judged(page, judgement, said_count("{count} more.", "{count} more.", rest))


def signatures(verdict: "HistoryVerdict") -> Iterator[Judged]:
    """Who vouches for the history, and does this computer know the keys?"""
    latest: dict[str, SignedHead] = {}
    for head in verdict.heads:
        latest[head.fingerprint or f"event {head.event}"] = head
    if not latest:
        yield Judged(
            "signatures",
            LOOK,
            said("Nobody has signed the history."),
            said("Its chain can be made anew by who has the passphrase. Compare it with signed reports."),
        )
        return
    for head in [one for one in verdict.heads if not one.counts][:_MOST]:
        why = head.reason or said("its certificate was not valid then")
        yield Judged(
            "signatures",
            WRONG,
            said("The signature in event {seq} does not hold.", seq=head.event),
            f"{why}.",
            said("Event {seq}", seq=head.event),
            head.event,
        )
    good = [head for head in latest.values() if head.counts]
    if good:
        yield _signed(good, verdict)
    if verdict.unsigned:
        yield Judged("signatures", LOOK, said("The last events are not signed."), verdict.unsigned_words)


def _signed(heads: "Sequence[SignedHead]", verdict: "HistoryVerdict") -> Judged:
    known = all(head.standing in _VOUCHED for head in heads)
    names = ", ".join(head.signer for head in heads)
    prints = ", ".join(head.fingerprint[:9].lower() for head in heads[:2])
    count = sum(head.counts for head in verdict.heads)
    bold = said_count("{count} signature is valid.", "{count} signatures are valid.", count)
    if known:
        return Judged("signatures", GOOD, bold, said("{names}. You know the keys.", names=names), prints)
    words = said(
        "{names}. Compare the fingerprints once by phone: nobody here vouches for them.", names=names
    )
    return Judged("signatures", LOOK, bold, words, prints)


def copy(seal: "Seal | None") -> Iterator[Judged]:
    """Does an auditor's copy hold what its manifest says? What speaks against it is among the verdict's."""
    if seal is None or seal.findings:
        return
    closed = said_count("{count} field is closed.", "{count} fields are closed.", len(seal.redacted))
    kept = said_count(
        "{count} part with personal rows stayed out.",
        "{count} parts with personal rows stayed out.",
        len(seal.withheld),
    )
    words = said_all((kept, closed if seal.redacted else Said("")))
    yield Judged("signatures", GOOD, said("The copy is what was sealed."), words, event=seal.handover)


def budget(found: Sum, broken_at: int | None = None) -> Iterator[Judged]:
    """Does the budget add up, and is it within its limits? Of a history that breaks, that cannot be told."""
    if broken_at is not None:
        bold = said("The budget is known only up to event {seq}.", seq=broken_at - 1)
        words = said("ε {spent:.2f} so far. What was spent later cannot be told.", spent=found.epsilon)
        yield Judged("budget", LOOK, bold, words)
        return
    note = said_count("{count} entry", "{count} entries", len(found.entries))
    for remark in found.remarks:
        yield Judged("budget", LOOK, said("Budget may be missing."), remark)
    if not found.entries and not found.broken:
        yield Judged("budget", GOOD, said("No privacy budget was spent."), "", note)
        return
    if wrong := _against(found):
        yield Judged("budget", WRONG, said("The budget does not add up."), wrong, note)
        return
    if found.limit_epsilon is None:
        words = said("ε {spent:.2f} spent. The record holds no limit.", spent=found.epsilon)
        yield Judged("budget", LOOK, said("The budget has no limit."), words, note)
        return
    told = said("ε {spent:.2f} of {limit:.2f} spent.", spent=found.epsilon, limit=found.limit_epsilon)
    if found.over:
        yield Judged("budget", WRONG, said("More was spent than the limit allows."), told, note)
        return
    void = sum(not one.counts for one in found.entries)
    left = sum(one.standing == "interrupted" for one in found.entries)
    more = [
        said_count(
            "{count} reservation is not counted: its data was never read.",
            "{count} reservations are not counted: their data was never read.",
            void,
        )
        if void
        else Said("")
        if found.remarks
        else said("No refund, no gap."),
        said_count("{count} run broke off and counts.", "{count} runs broke off and count.", left)
        if left
        else Said(""),
    ]
    yield Judged("budget", GOOD, said("The budget adds up."), said_all((told, *more)), note)


def _against(found: Sum) -> str:
    """Why the entries are not what the source tells; empty where they are."""
    if found.broken:
        return found.broken
    if found.told is not None and abs(found.told - found.epsilon) > 1e-9:
        return said("Told: ε {told:.2f}. Its entries: ε {sum:.2f}.", told=found.told, sum=found.epsilon)
    if found.told_delta is not None and abs(found.told_delta - found.delta) > 1e-9 * found.delta:
        told, summed = chance(found.told_delta), chance(found.delta)
        return said("Told: δ {told}. Its entries: δ {sum}.", told=told, sum=summed)
    return ""


def findings(events: "Sequence[Event]") -> Iterator[Judged]:
    """What the checks remarked at the last run of each step, and what a person accepted all the same."""
    for event in [one for one in events if one.kind == "feedback" and one.outcome == "ok"]:
        if event.params.get("decision") == "accepted":
            comment = str(event.params.get("comment") or event.params.get("answer") or "")
            step = str(event.params.get("about") or "")
            bold = said("A result of {step} was accepted by a person.", step=step)
            yield Judged("findings", LOOK, bold, comment, said("Event {seq}", seq=event.seq), event.seq)
    last = {one.kind: one for one in events if one.outcome == "ok"}
    open_ = [(event, one) for event in last.values() for one in event.findings if one.level is not Level.INFO]
    if not open_:
        yield Judged("findings", GOOD, said("No finding is open."))
        return
    event, first = open_[-1]
    bold = said_count("{count} finding is open.", "{count} findings are open.", len(open_))
    words = f"{event.kind.capitalize()}: {first.title}"
    note = said("Event {seq}", seq=event.seq)
    yield Judged("findings", LOOK, bold, words, note, event.seq)


def looks(events: "Sequence[Event]") -> Iterator[Judged]:
    """Were rows about people looked at?"""
    seen = [one for one in events if one.kind == "look"]
    if not seen:
        return
    first = next((one.seq for one in events if one.kind == "anonymize" and one.outcome == "ok"), None)
    before = sum(first is None or one.seq < first for one in seen)
    bold = said_count("Raw rows were viewed once.", "Raw rows were viewed {count} times.", len(seen))
    words = said(
        "{before} of them before anonymizing. Choices made after a view are not covered by ε.", before=before
    )
    note = said("Event {seq}", seq=seen[-1].seq)
    yield Judged("decisions", LOOK, bold, words, note, seen[-1].seq)


def closed(events: "Sequence[Event]") -> Iterator[Judged]:
    """Values that are not in this copy."""
    fields = sum(len(one.redacted) for one in events)
    if fields:
        bold = said_count(
            "{count} value is closed in this file.", "{count} values are closed in this file.", fields
        )
        words = said("Their hashes still hold; what they say cannot be checked here.")
        yield Judged("timeline", LOOK, bold, words)


def test_mode(stamp: str) -> Iterator[Judged]:
    """A project of the test mode protects nobody."""
    if stamp:
        yield Judged(
            "timeline",
            LOOK,
            said("It was made in test mode."),
            said("Its noise can be foretold: nothing in it is private."),
        )

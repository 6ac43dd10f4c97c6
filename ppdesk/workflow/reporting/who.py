"""Who did what: people and their roles, what two of them agreed on, and who vouches for the history."""

from collections.abc import Iterator, Mapping

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.told import TellingEvent, Told

_APPROVED = "PP-WORKBENCH-106"  # the remark of a run that names its approval


def section(told: Told, say: Tongue | None = None) -> Section:
    """From the events alone; each signature was held against its key when the history was handed over. In
    the language of `say`; English without one."""
    say = say or Tongue()
    noted = [event for event in told.events if event.outcome == "noted"]
    blocks: list[Block] = []
    people = list(_people(noted, say))
    if people:
        blocks.append(
            Table(
                say("People of the project"),
                (say("Name"), say("Role"), say("Event"), say("By"), say("Fingerprint of the key")),
                people,
                right=(2,),
                caption=say(
                    "Compare a fingerprint with the person over another channel: a certificate says a name, "
                    "and who holds the key only the person can say."
                ),
            )
        )
    approvals = list(_approvals(noted, told, say))
    if approvals:
        blocks.append(
            Table(
                say("Approvals"),
                (
                    *(say("Step"), say("Asked by"), say("Event"), say("Answer"), say("By"), say("Event")),
                    say("Run in event"),
                ),
                approvals,
                right=(2, 5, 6),
            )
        )
    endorsements = list(_endorsements(noted, say))
    if endorsements:
        blocks.append(
            Table(
                say("Endorsements of drafts"),
                (
                    *(say("Draft in event"), say("By"), say("Role"), say("Decision"), say("Event")),
                    say("Comment"),
                ),
                endorsements,
                right=(0, 4),
            )
        )
    reasons = list(_decisions(noted))
    if reasons:
        blocks.append(
            Table(
                say("Reasons given for choices"),
                (say("Step"), say("Run in event"), say("Why"), say("By"), say("Event"), say("Signed")),
                [(*row[:-1], say("yes") if row[-1] else say("no")) for row in reasons],
                right=(1, 4),
                caption=say(
                    "A person's words, recorded with name and time beside the run that they explain. Nobody "
                    "judged whether they are true."
                ),
            )
        )
    blocks += _signatures(noted, told, say)
    blocks += _broken(noted, say)
    return Section(say("Who did what"), tuple(blocks))


def _people(noted: list[TellingEvent], say: Tongue) -> Iterator[tuple[str, ...]]:
    for event in noted:
        if event.kind == "person" and _signer(event):
            said = event.params
            role = str(said.get("role"))
            if said.get("act") != "add":
                role = say("no longer {role}", role=role)
            yield (str(said.get("name")), role, str(event.seq), _signer(event), str(said.get("fingerprint")))


def _approvals(noted: list[TellingEvent], told: Told, say: Tongue) -> Iterator[tuple[str, ...]]:
    runs = {
        one["field"]: event.seq
        for event in told.events
        if event.good
        for one in event.findings
        if one["code"] == _APPROVED
    }
    words = {"approve": say("approved"), "decline": say("declined")}
    given_to: dict[object, list[TellingEvent]] = {}
    for event in noted:
        if event.kind == "approval" and _signer(event):
            given_to.setdefault(event.params.get("request"), []).append(event)
    # the answer that a run went by, else the last one
    answers = {
        request: next((one for one in some if f"event {one.seq}" in runs), some[-1])
        for request, some in given_to.items()
    }
    for event in noted:
        if event.kind != "request" or not _signer(event):
            continue
        asked = (str(event.params.get("step")), _signer(event), str(event.seq))
        given = answers.get(event.seq)
        if given is None:
            yield (*asked, say("none yet"), "", "", "")
            continue
        run = runs.get(f"event {given.seq}")
        answer = words.get(str(given.params.get("decision")), "")
        yield (*asked, answer, _signer(given), str(given.seq), "" if run is None else str(run))


def _endorsements(noted: list[TellingEvent], say: Tongue) -> Iterator[tuple[str, ...]]:
    """What was said of each draft, also what somebody took back later."""
    words = {"endorsed": say("endorsed"), "objected": say("objected")}
    for event in noted:
        if event.kind == "endorsement" and _signer(event):
            said = event.params
            draft, role = str(said.get("draft")), str(said.get("role"))
            decision = words.get(str(said.get("decision")), "")
            yield (draft, _signer(event), role, decision, str(event.seq), str(said.get("comment") or ""))


def _decisions(noted: list[TellingEvent]) -> Iterator[tuple[str, str, str, str, str, bool]]:
    """Why choices were made; what a stranger put in without the key that it names is told by `_broken`."""
    for event in noted:
        if event.kind == "decision" and (event.witness is None or _signer(event)):
            said = event.params
            words = (str(said.get("step")), str(said.get("event")), str(said.get("why") or ""))
            yield (*words, _signer(event) or event.actor, str(event.seq), bool(_signer(event)))


def _signatures(noted: list[TellingEvent], told: Told, say: Tongue) -> Iterator[Block]:
    """Each key's signatures over the head in one row, and what none covers."""
    rows: dict[str, tuple[str, int, TellingEvent]] = {}
    for event in noted:
        if event.kind == "signature" and _signer(event):
            shown = str((event.witness or {}).get("fingerprint"))
            _, count, _ = rows.get(shown, ("", 0, event))
            rows[shown] = (_signer(event), count + 1, event)
    if not rows:
        words = say("Nobody has signed the history so far. This report's signature covers its head.")
        yield Words(words, "info")
        return
    yield Table(
        say("Signatures over the head of the history"),
        (
            *(say("By"), say("Signatures"), say("Last up to event"), say("On (UTC)")),
            say("Fingerprint of the key"),
        ),
        [
            (name, str(count), str(last.params.get("seq")), last.time[:19].replace("T", " "), shown)
            for shown, (name, count, last) in rows.items()
        ],
        right=(1, 2),
        caption=say("Each vouches for all events up to the one that it names."),
    )
    covered = max(_whole(last.params) for _, _, last in rows.values())
    left = [event.seq for event in told.events if event.seq > covered and event.kind != "signature"]
    if left:
        words = (
            say(
                "Event {first} is not yet signed; this report's signature covers the head that it names.",
                first=str(left[0]),
            )
            if len(left) == 1
            else say(
                "Events {first} to {last} are not yet signed; this report's signature covers the head that "
                "it names.",
                first=str(left[0]),
                last=str(left[-1]),
            )
        )
        yield Words(words, "info")


def _broken(noted: list[TellingEvent], say: Tongue) -> Iterator[Block]:
    for event in noted:
        if event.witness is not None and not _signer(event):
            words = say(
                "{title}, event {number}, counts for nothing: {reason}",
                title=event.title,
                number=str(event.seq),
                reason=str(event.witness.get("reason")),
            )
            yield Words(words, "risk")


def _signer(event: TellingEvent) -> str:
    """Who signed the event; empty where its signature does not hold."""
    return str((event.witness or {}).get("name") or "")


def _whole(params: Mapping[str, object]) -> int:
    seq = params.get("seq")
    return seq if isinstance(seq, int) else 0

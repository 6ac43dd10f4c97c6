"""Who did what: people and their roles, what two of them agreed on, and who vouches for the history."""

from collections.abc import Iterator, Mapping

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.workflow.reporting.told import TellingEvent, Told

_ANSWERS = {"approve": "approved", "decline": "declined"}
_APPROVED = "PP-WORKBENCH-106"  # the remark of a run that names its approval


def section(told: Told) -> Section:
    """From the events alone; each signature was held against its key when the history was handed over."""
    noted = [event for event in told.events if event.outcome == "noted"]
    blocks: list[Block] = []
    people = list(_people(noted))
    if people:
        blocks.append(
            Table(
                "People of the project",
                ("Name", "Role", "Event", "By", "Fingerprint of the key"),
                people,
                right=(2,),
                caption="Compare a fingerprint with the person over another channel: a certificate says a "
                "name, and who holds the key only the person can say.",
            )
        )
    approvals = list(_approvals(noted, told))
    if approvals:
        blocks.append(
            Table(
                "Approvals",
                ("Step", "Asked by", "Event", "Answer", "By", "Event", "Run in event"),
                approvals,
                right=(2, 5, 6),
            )
        )
    blocks += _signatures(noted, told)
    blocks += _broken(noted)
    return Section("Who did what", tuple(blocks))


def _people(noted: list[TellingEvent]) -> Iterator[tuple[str, ...]]:
    for event in noted:
        if event.kind == "person" and _signer(event):
            said = event.params
            role = str(said.get("role")) if said.get("act") == "add" else f"no longer {said.get('role')}"
            yield (str(said.get("name")), role, str(event.seq), _signer(event), str(said.get("fingerprint")))


def _approvals(noted: list[TellingEvent], told: Told) -> Iterator[tuple[str, ...]]:
    runs = {
        one["field"]: event.seq
        for event in told.events
        if event.good
        for one in event.findings
        if one["code"] == _APPROVED
    }
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
            yield (*asked, "none yet", "", "", "")
            continue
        run = runs.get(f"event {given.seq}")
        answer = _ANSWERS.get(str(given.params.get("decision")), "")
        yield (*asked, answer, _signer(given), str(given.seq), "" if run is None else str(run))


def _signatures(noted: list[TellingEvent], told: Told) -> Iterator[Block]:
    """Each key's signatures over the head in one row, and what none covers."""
    rows: dict[str, tuple[str, int, TellingEvent]] = {}
    for event in noted:
        if event.kind == "signature" and _signer(event):
            shown = str((event.witness or {}).get("fingerprint"))
            _, count, _ = rows.get(shown, ("", 0, event))
            rows[shown] = (_signer(event), count + 1, event)
    if not rows:
        yield Words("Nobody has signed the history so far. This report's signature covers its head.", "info")
        return
    yield Table(
        "Signatures over the head of the history",
        ("By", "Signatures", "Last up to event", "On (UTC)", "Fingerprint of the key"),
        [
            (name, str(count), str(last.params.get("seq")), last.time[:19].replace("T", " "), shown)
            for shown, (name, count, last) in rows.items()
        ],
        right=(1, 2),
        caption="Each vouches for all events up to the one that it names.",
    )
    covered = max(_whole(last.params) for _, _, last in rows.values())
    left = [event.seq for event in told.events if event.seq > covered and event.kind != "signature"]
    if left:
        which = f"Event {left[0]} is" if len(left) == 1 else f"Events {left[0]} to {left[-1]} are"
        yield Words(f"{which} not yet signed; this report's signature covers the head that it names.", "info")


def _broken(noted: list[TellingEvent]) -> Iterator[Block]:
    for event in noted:
        if event.witness is not None and not _signer(event):
            reason = event.witness.get("reason")
            yield Words(f"{event.title}, event {event.seq}, counts for nothing: {reason}", "risk")


def _signer(event: TellingEvent) -> str:
    """Who signed the event; empty where its signature does not hold."""
    return str((event.witness or {}).get("name") or "")


def _whole(params: Mapping[str, object]) -> int:
    seq = params.get("seq")
    return seq if isinstance(seq, int) else 0

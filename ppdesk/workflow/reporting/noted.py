"""What the events that are no steps say, in words: signatures, people, requests, approvals and the rest."""

from collections.abc import Mapping

from ppdesk.core.canonical import Json

_WHY = {
    "close": "at the end of a session",
    "report": "with a report",
    "handover": "with an auditor's copy",
    "asked": "on demand",
}
_SENTENCES = {
    "signature": "Signed up to event {seq}, {when}.",
    "person": "{name} {is_now} {role} of this project.",
    "request": "A second person's approval was asked for, to run {step}.",
    "approval": "The request in event {request} was {decided}. {comment}",
    "decision": "Why {step}, event {event}: {why}",
    "endorsement": "{role} {endorsed} the draft in event {draft}. {comment}",
    "passphrase": "The passphrase of the project was changed.",
    "compact": "The file was written anew, without unused space.",
    "policy": "The policy of the computer that the project was opened on came into force or changed.",
    "escrow": "The project's key was laid down for IT, sealed to the escrow key.",
    "look": "The {what} of the {table} were shown to a person.",
    "recover": "The project was opened with the escrow key.",
}


def words(kind: str, params: Mapping[str, Json]) -> str:
    """A sentence for an event of `kind`, as its record says; empty for a kind without one. Whether its
    signature fits is another question."""
    names = ("seq", "name", "role", "step", "request", "comment", "what", "table", "draft", "event", "why")
    said = {name: str(params.get(name) or "") for name in names}
    said["when"] = _WHY.get(str(params.get("why")), "")
    said["is_now"] = "is now" if params.get("act") == "add" else "is no longer"
    said["decided"] = "approved" if params.get("decision") == "approve" else "declined"
    said["endorsed"] = "endorsed" if params.get("decision") == "endorsed" else "objected to"
    said["role"] = said["role"].capitalize() if kind == "endorsement" else said["role"]
    return _SENTENCES.get(kind, "").format(**said).strip()

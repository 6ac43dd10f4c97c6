"""Events that are no steps: what the workbench itself puts on record, and what people read for each kind.

They carry the outcome "noted"; "open" and "repair" carry "opened". Their `params` hold nothing
personal; words that a person typed go in `free`.
"""

from collections.abc import Mapping

NOTES: Mapping[str, str] = {
    "open": "Opened in spite of a warning",
    "repair": "Salvaged into a new file",
    "signature": "Signed",
    "person": "Person and role",
    "request": "Approval asked for",
    "approval": "Approval",
    "endorsement": "Endorsement",
    "decision": "Decision",
    "policy": "Policy",
    "passphrase": "Passphrase changed",
    "escrow": "Key laid down in escrow",
    "recover": "Opened with the escrow key",
    "compact": "File written anew",
    "look": "Data looked at",
    "checkpoint": "State of a run kept",
    "interruption": "Run broken off",
    "resume": "Run goes on",
}


def title_of(kind: str, steps: Mapping[str, str]) -> str:
    """What people read for an event of `kind`. `steps` names the steps by key."""
    return steps.get(kind) or NOTES.get(kind) or kind.capitalize()

"""Whom this person knows, laid beside the other inputs of the step that checks a report.

The list's head goes on record with the verdict. A list that does not continue one that this project has
seen is refused: somebody put back an older one. A project that is shared has seen other people's lists;
each is told by the hash of its first entry.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json, canonical
from ppdesk.core.mode import Mode
from ppdesk.policy.machine import Policy
from ppdesk.workbench.home import trust_folder

if TYPE_CHECKING:
    from ppdesk.store.events import Event

_STEP = "verify"


def known_signers(
    home: Path, mode: Mode, policy: Policy, *, actor: str = "", events: "Sequence[Event]" = ()
) -> Artifact:
    """The TRUST artifact of this moment: the person's list and what policy vouches for.

    TrustListRolledBackError, TrustListUnreadableError, NewerTrustListError, TrustPlaceError.
    """
    from ppdesk.identity.trust import TrustList

    trust = TrustList(trust_folder(home, mode))
    entries, head, own = trust.entries(), trust.head(), trust.first()
    seen = list(_seen(events))
    for _, list_, count, hash_ in seen:
        if list_ == own:
            entries = trust.entries((count, hash_))
    other = any(by == actor and list_ != own for by, list_, _, _ in seen)
    rules = policy.rules.signers
    told: dict[str, Json] = {
        "trusted": [
            {
                "fingerprint": one.fingerprint,
                "name": one.name,
                "certificate": one.certificate_pem.decode(),
                "words": one.sentence,
            }
            for one in entries
        ],
        "withdrawn": dict(trust.withdrawn()),
        "policy": {
            "certificates": list(rules.certificates),
            "fingerprints": [person.fingerprint for person in rules.people],
        },
        "other_list": other,
    }
    return Artifact(
        Kind.TRUST,
        {"list": own, "entries": head[0], "hash": head[1]},
        (Part("trust", canonical(told)),),
    )


def _seen(events: "Iterable[Event]") -> Iterable[tuple[str, str, int, str]]:
    """(actor, list, entries, hash) of each list that a verdict on record was given with."""
    for event in events:
        if event.kind == _STEP and event.outcome == "ok":
            list_, count, hash_ = (
                event.facts.get(name) for name in ("trust_list", "trust_entries", "trust_head")
            )
            if isinstance(list_, str) and isinstance(count, int) and isinstance(hash_, str) and count:
                yield event.actor, list_, count, hash_

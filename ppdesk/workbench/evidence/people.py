"""Who is who in a project: people with their keys and roles, as the events and IT's policy say.

The first who signs is an analyst by that act. After that a role is given or taken by somebody who has
one, under their signature: an event that nobody on record signed changes nothing. People whom policy
names have the roles that policy gives them, whatever the events say of their name or key.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from ppdesk.workbench.evidence.errors import (
    AlreadyHasRoleError,
    FixedByPolicyError,
    LastPersonError,
    NobodyOfThatKeyError,
    NotOnRecordError,
)
from ppdesk.workbench.evidence.signing import note, witness_of

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.identity.statement import Witness
    from ppdesk.policy.machine import Policy
    from ppdesk.store.events import Event
    from ppdesk.workbench.chronicle import Chronicle

PERSON = "person"
Role = Literal["analyst", "reviewer", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
BY_POLICY = ", by policy"


@dataclass(frozen=True)
class Person:
    """Somebody with a role. `event` put them on record; 0 where policy names them. `by` gave the role."""

    name: str
    role: str
    fingerprint: str
    event: int
    by: str
    certificate_pem: str = ""  # empty where policy names the fingerprint alone
    key: str = ""  # see identity.statement.key_of; empty as above


def people(events: "Sequence[Event]", project_id: str, policy: "Policy | None" = None) -> list[Person]:
    """Everybody who has a role now, one entry for each role, those of policy first."""
    fixed = _fixed(policy)
    names, prints = {same(one.name) for one in fixed}, {one.fingerprint for one in fixed}
    told = [
        person
        for person in recorded(events, project_id)
        if same(person.name) not in names and person.fingerprint not in prints
    ]
    return [*fixed, *told]


def recorded(events: "Sequence[Event]", project_id: str) -> list[Person]:
    """Everybody to whom the events give a role, without policy."""
    return _walked(events, project_id)[0]


def ignored(events: "Sequence[Event]", project_id: str) -> list[int]:
    """The events that give or take a role under a signature that fits, by somebody who could not."""
    return _walked(events, project_id)[1]


def _walked(events: "Sequence[Event]", project_id: str) -> tuple[list[Person], list[int]]:
    from ppdesk.identity.statement import StatementBrokenError

    found: dict[tuple[str, str], Person] = {}
    left = []
    for event in events:
        if event.kind != PERSON or event.outcome != "noted":
            continue
        try:
            by = witness_of(event, project_id)
            person = _person(event, by)
        except (StatementBrokenError, ValueError):
            continue  # nobody said so; the verdict on the history names the event
        place = (person.fingerprint, person.role)
        if event.plain.get("act") == "add":
            first = not found and by.fingerprint == person.fingerprint and person.role == "analyst"
            if first or _among(by, found.values()):
                found[place] = person
            else:
                left.append(event.seq)
        elif place in found and len(found) > 1 and _among(by, found.values()):
            del found[place]
        else:
            left.append(event.seq)
    return list(found.values()), left


def introduce(chronicle: "Chronicle", signer: "Signer") -> None:
    """Put the first who signs in a project on record, as an analyst."""
    if not recorded(chronicle.events, chronicle.project_id):
        _say(chronicle, signer, "add", signer.certificate_pem, "analyst")


def add(
    chronicle: "Chronicle",
    signer: "Signer",
    certificate_pem: bytes,
    role: Role,
    *,
    compared: str,
    policy: "Policy | None" = None,
) -> "Event":
    """Give `role` to the holder of a certificate, under the signature of `signer`, who must be on record
    (or is the first). `compared` is the fingerprint that the person told.

    FingerprintDiffersError, UnreadableCertificateError, UnusableKeyError, NotOnRecordError,
    AlreadyHasRoleError, FixedByPolicyError.
    """
    from ppdesk.identity import certificates
    from ppdesk.identity.algorithms import algorithm_of
    from ppdesk.identity.errors import FingerprintDiffersError, UnreadableCertificateError

    try:
        certificate = certificates.read_pem(certificate_pem)
    except ValueError:
        raise UnreadableCertificateError from None
    algorithm_of(certificate.public_key())
    shown = certificates.fingerprint(certificate)
    if certificates.read_fingerprint(compared) != shown:
        raise FingerprintDiffersError
    name = certificates.common_name(certificate)
    if any(same(one.name) == same(name) or one.fingerprint == shown for one in _fixed(policy)):
        raise FixedByPolicyError
    introduce(chronicle, signer)
    now = recorded(chronicle.events, chronicle.project_id)
    _require_on_record(signer, now)
    if any(one.fingerprint == shown and one.role == role for one in now):
        raise AlreadyHasRoleError(role=role)
    return _say(chronicle, signer, "add", certificate_pem, role)


def remove(chronicle: "Chronicle", signer: "Signer", fingerprint: str, role: Role | None) -> "list[Event]":
    """Take a role (None: each) from the holder of a key. NobodyOfThatKeyError, NotOnRecordError,
    LastPersonError."""
    from ppdesk.identity.certificates import read_fingerprint

    wanted = read_fingerprint(fingerprint)
    now = recorded(chronicle.events, chronicle.project_id)
    theirs = [one for one in now if one.fingerprint == wanted and role in (None, one.role)]
    if not theirs:
        raise NobodyOfThatKeyError
    _require_on_record(signer, now)
    if len(theirs) == len(now):
        raise LastPersonError
    own_last = sorted(theirs, key=lambda one: one.role == "analyst")
    return [_say(chronicle, signer, "remove", one.certificate_pem.encode(), one.role) for one in own_last]


def holds(
    events: "Sequence[Event]",
    project_id: str,
    policy: "Policy",
    found: "Witness",
    roles: Iterable[str],
) -> bool:
    """Whether somebody has one of `roles` after `events`. Where policy names people, only they have any."""
    wanted, pinned = set(roles), bool(policy.rules.signers.people)
    return any(
        one.role in wanted and _is(one, found)
        for one in people(events, project_id, policy)
        if not pinned or one.event == 0
    )


def role_words(events: "Sequence[Event]", project_id: str, policy: "Policy", found: "Witness") -> str:
    """The roles that somebody has after `events`, as a statement of theirs names them: ``reviewer``. Those
    that only policy gives cannot be read from the events, so it says so: ``reviewer, by policy``."""
    told = {one.role for one in recorded(events, project_id) if _is(one, found)}
    given = {one.role for one in people(events, project_id, policy) if one.event == 0 and _is(one, found)}
    if given:
        return f"{', '.join(sorted(given))}{BY_POLICY}"
    return ", ".join(sorted(told))


def _is(person: Person, found: "Witness") -> bool:
    return person.fingerprint == found.fingerprint or bool(person.key and person.key == found.key)


def same(name: str) -> str:
    """A name in the form in which two are compared: whoever reads them would take them for one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _say(chronicle: "Chronicle", signer: "Signer", act: str, pem: bytes, role: str) -> "Event":
    from ppdesk.identity import certificates

    certificate = certificates.read_pem(pem)
    said = {
        "act": act,
        "name": certificates.common_name(certificate),
        "role": role,
        "fingerprint": certificates.fingerprint(certificate),
        "person": pem.decode(),
    }
    return note(chronicle, signer, PERSON, said)


def _person(event: "Event", by: "Witness") -> Person:
    """ValueError for an event that names nobody, or another than its certificate does."""
    from ppdesk.identity import certificates
    from ppdesk.identity.statement import key_of

    said = event.plain
    certificate = certificates.read_pem(str(said.get("person")).encode())
    name, shown = certificates.common_name(certificate), certificates.fingerprint(certificate)
    role = said.get("role")
    if (said.get("name"), said.get("fingerprint")) != (name, shown) or role not in ROLES:
        raise ValueError("the event names another than its certificate")
    return Person(name, str(role), shown, event.seq, by.name, str(said["person"]), key_of(certificate))


def _fixed(policy: "Policy | None") -> list[Person]:
    if policy is None:
        return []
    from ppdesk.identity.certificates import read_fingerprint

    return [
        Person(one.name, role, read_fingerprint(one.fingerprint), 0, "policy")
        for one in policy.rules.signers.people
        for role in one.roles
    ]


def _among(by: "Witness", known: Iterable[Person]) -> bool:
    return any(person.key == by.key for person in known)


def _require_on_record(signer: "Signer", now: Sequence[Person]) -> None:
    from ppdesk.identity.statement import key_of

    if key_of(signer.certificate) not in {person.key for person in now}:
        raise NotOnRecordError

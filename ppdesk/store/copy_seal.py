"""Whose an auditor's copy is, and whether it holds what its sealed manifest says: nothing more, nothing less.

The manifest lies in the file as a part of the artifact that event `handover` made. Its signature covers the
head of the history that the copy is of, what is in the copy, what is not, and commitments to recipient and
purpose. So whoever has the copy's passphrase can neither leave out an event or a part nor put one in, unless
they have the signer's key too. Signatures over the history by that same key may follow, nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlcipher3.dbapi2 import DatabaseError

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import canonical, digest, parse
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.store import artifacts as shelf
from ppdesk.store import chain
from ppdesk.store.connection import driver
from ppdesk.store.copy_errors import CopySealError
from ppdesk.store.redaction import MICRODATA, chunked, content_of, made_by, parts_of
from ppdesk.store.schema import ARTIFACT, META

EDITION, AUDITOR = "edition", "auditor"  # a row of META; a project has none
HANDOVER = "handover"  # a row of META: the event that the copy was made by. Also that event's kind
FORMAT = "ppdesk-copy-1"
_AFTER, _DOMAIN = "signature", "ppdesk-signature-1"  # the kind of event that may follow the handover


class _NoSealError(ValueError):
    """Why there is nothing to hold against the file, in words."""


@dataclass(frozen=True)
class Seal:
    """What an auditor's copy says of itself. `findings` is empty where all of it holds."""

    project_id: str
    handover: int  # the event that the copy was made by
    signer: str = ""  # the name in the certificate; what counts is the fingerprint
    fingerprint: str = ""
    made: str = ""
    redacted: tuple[str, ...] = ()  # SEQ:FIELD of each field that is closed
    withheld: frozenset[tuple[str, str]] = frozenset()  # (artifact, part); "" for a whole artifact
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def words(self) -> str:
        """In one sentence."""
        return (
            f"Auditor's copy of project {self.project_id} up to event {self.handover}, sealed by "
            f"{self.signer or 'nobody'}, fingerprint {self.fingerprint or 'none'}"
        )

    def withholds(self, artifact: str, part: str) -> bool:
        """Whether this part stayed out of the copy; with an empty part, whether the whole artifact did."""
        return (artifact, "") in self.withheld or (artifact, part) in self.withheld

    def holds_back(self, artifact: str) -> bool:
        """Whether anything of the artifact stayed out."""
        return any(one == artifact for one, _ in self.withheld)


def edition(connection: Connection) -> tuple[str, str]:
    """(edition, event of the handover) as the file says; empty for a project."""
    told = {row.name: row.value for row in connection.execute(select(META))}
    return str(told.get(EDITION, "")), str(told.get(HANDOVER, ""))


def is_copy(path: Path, key: bytes | bytearray, salt: bytes) -> bool:
    """Whether the file at `path` is an auditor's copy, looked at as it lies. No for a file that cannot be
    read so: who opens it says why."""
    raw = driver(path, "mode=ro&immutable=1", key, salt)
    try:
        row = raw.execute("SELECT count(*) FROM meta WHERE name = ?", (EDITION,)).fetchone()
        return bool(row[0])
    except DatabaseError:
        return False
    finally:
        raw.close()


def examine(connection: Connection, project_id: str, created: str) -> Seal | None:
    """The seal of an auditor's copy, held against the file; None for a project. Never raises for what a
    stranger could have written into the file: it is a finding. Bytes are left to `ProjectFile.check`."""
    which, told = edition(connection)
    if not which:
        return None
    handover = int(told) if told.isascii() and told.isdigit() else 0
    if which != AUDITOR:
        title = "It is an edition that this version does not know"
        return Seal(project_id, handover, findings=(_broken(title),))
    try:
        return _examined(connection, project_id, created, handover)
    except (CodedError, _NoSealError) as error:
        return Seal(project_id, handover, findings=(_broken(str(error)),))
    except (AttributeError, LookupError, TypeError, ValueError):
        return Seal(project_id, handover, findings=(_broken("The seal cannot be read"),))


def _examined(connection: Connection, project_id: str, created: str, handover: int) -> Seal:
    from ppdesk.identity.certificates import common_name, read_pem
    from ppdesk.identity.sealing import CERTIFICATE, SIGNATURE, verify_seal

    contents, hashes = _history(connection, project_id, created)
    if not 1 <= handover <= len(contents):
        raise _NoSealError(f"Event {handover}, by which it was made, is not in it")
    own = contents[handover - 1]
    if (own["kind"], own["outcome"]) != (HANDOVER, "ok"):
        raise _NoSealError(f"Event {handover} is no handover")
    artifact = own["outputs"][Kind.HANDOVER.value]
    parts = {part.name: content_of(connection, part) for part in parts_of(connection, artifact)}
    shelf.verify(connection, artifact)
    fingerprint = verify_seal(parts["manifest.json"], parts[SIGNATURE], parts[CERTIFICATE])
    told = parse(parts["manifest.json"])
    if told["format"] != FORMAT or canonical(told) != parts["manifest.json"]:
        raise _NoSealError("Its manifest is of a form that this version does not know")
    return Seal(
        project_id,
        handover,
        signer=common_name(read_pem(parts[CERTIFICATE])),
        fingerprint=fingerprint,
        made=told["made"],
        redacted=tuple(told["redacted"]),
        withheld=frozenset((one["artifact"], one["part"]) for one in told["withheld"]),
        findings=tuple(
            _broken(remark)
            for remark in (
                *_identity(told, project_id, created, handover, hashes),
                *_later(contents, handover, project_id, fingerprint),
                *_openings(connection, told, contents, handover),
                *_contents(connection, told, contents, handover),
            )
        ),
    )


def _history(connection: Connection, project_id: str, created: str) -> tuple[list[dict[str, Any]], list[str]]:
    prev = chain.genesis(project_id, created)
    links, _ = chain.rows(connection)
    contents, hashes = [], [prev]
    for number, link in enumerate(links, start=1):
        content = chain.sound(link, prev)
        if content is None or link.seq != number:
            raise _NoSealError(f"Event {number} is not what was recorded")
        prev = link.hash
        contents.append(content)
        hashes.append(prev)
    return contents, hashes


def _identity(
    told: Mapping[str, Any], project_id: str, created: str, handover: int, hashes: list[str]
) -> Iterator[str]:
    if (told["project_id"], told["created"]) != (project_id, created):
        yield "The manifest is of another project"
    seq, hash_ = told["head"]["seq"], told["head"]["hash"]
    if seq != handover - 1 or hashes[handover - 1] != hash_:
        yield f"The manifest was sealed over another history: it names event {seq} with another hash or place"


def _later(contents: list[dict[str, Any]], handover: int, project_id: str, fingerprint: str) -> Iterator[str]:
    for seq, content in enumerate(contents[handover:], start=handover + 1):
        if not _signs(content, seq, project_id, fingerprint):
            yield f"Event {seq} was put in after the copy was made"


def _signs(content: Mapping[str, Any], seq: int, project_id: str, fingerprint: str) -> bool:
    """Whether an event does nothing but sign the history before it, with the key that sealed the copy."""
    from ppdesk.identity.statement import PROOF, StatementBrokenError, statement, witness

    said = {name: value for name, value in content["params"].items() if name not in PROOF}
    place = (seq - 1, content["prev"])
    if (content["kind"], content["outcome"]) != (_AFTER, "noted") or place != (
        said.get("seq"),
        said.get("hash"),
    ):
        return False
    if any(content[name] for name in ("inputs", "outputs", "cost", "refers")):
        return False
    if not set(content["commitments"]) <= {"findings"}:  # of a clock that was set back
        return False
    try:
        data = statement(_DOMAIN, project_id, {**said, "time": content["time"]})
        return witness(data, content["params"]).fingerprint == fingerprint
    except (StatementBrokenError, ValueError):
        return False


def _openings(
    connection: Connection, told: Mapping[str, Any], contents: list[dict[str, Any]], handover: int
) -> Iterator[str]:
    _, openings = chain.rows(connection)
    there = {(seq, one.field) for seq, own in openings.items() for one in own}
    absent = {
        f"{seq}:{name}"
        for seq, content in enumerate(contents, start=1)
        for name in content["commitments"]
        if (seq, name) not in there
    }
    said = set(told["redacted"])
    for name in sorted(absent - said):
        yield f"{name} is closed, and the manifest does not say so"
    for name in sorted(said - absent):
        yield f"{name} is open, and the manifest says that it is closed"
    values = {one.field: one.value for one in openings.get(handover, ())}
    for name in ("recipient", "purpose"):
        said_of = {
            "field": name,
            "salt": values.get(f"facts.{name}_salt"),
            "value": values.get(f"params.{name}"),
        }
        if digest(said_of) != told[name]:
            yield f"The {name} is not the one that was sealed"


def _contents(
    connection: Connection, told: Mapping[str, Any], contents: list[dict[str, Any]], handover: int
) -> Iterator[str]:
    """What is in the file beside what the manifest says is in it."""
    lists = [*told["included"], *told["withheld"]]
    said = {(one["artifact"], one["part"]): one for one in lists}
    if len(said) != len(lists):
        yield "The manifest names a part twice"
    present = chunked(connection)
    held = set(connection.execute(select(ARTIFACT.c.digest)).scalars())
    before = {one for content in contents[: handover - 1] for one in made_by(content)}
    after = {one for content in contents[handover - 1 :] for one in made_by(content)} - before
    for digest_ in sorted(held - before - after):
        yield f"Artifact {digest_[:12]} belongs to no event"
    for digest_ in sorted((before | after) - held):
        if (digest_, "") not in said:
            yield f"Artifact {digest_[:12]} is missing, and the manifest does not say so"
    for digest_ in sorted(held & (before | after)):
        if (digest_, "") in said:
            yield f"Artifact {digest_[:12]} is there, and the manifest says that it is withheld"
        for part in parts_of(connection, digest_):
            there = (digest_, part.position) in present
            own = {"sha256": part.sha256, "bytes": part.bytes} if digest_ in after else None
            for remark in _part(part, said.get((digest_, part.name), own), there=there):
                yield f"{part.name} of artifact {digest_[:12]} {remark}"


def _part(part: Row[Any], named: Mapping[str, Any] | None, *, there: bool) -> Iterator[str]:
    """What is wrong with a part, `there` with its bytes or not, that the manifest names so."""
    if part.personal and there:
        yield "is microdata, and it is in the copy"
    if named is None:
        yield "is not in the manifest"
        return
    if (named["sha256"], named["bytes"]) != (part.sha256, part.bytes):
        yield "has another hash in the manifest"
    why = named.get("why", "")
    if not why and part.bytes and not there:
        yield "is missing, and the manifest says that it is included"
    if why and there:
        yield "is there, and the manifest says that it is withheld"
    if (why == MICRODATA) != bool(part.personal):
        yield "is withheld for a reason that is not its own"


def _broken(title: str) -> Finding:
    return Finding(
        Level.BLOCKING,
        title,
        "Don't rely on this copy. Ask whoever handed it over for another one.",
        "seal",
        CopySealError.code,
    )

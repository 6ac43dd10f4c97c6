"""From a damaged project file, a new one with every event and artifact that can still be read.

Events before the first gap are copied as they are, so reports and anchors that name one of them still
hold. For each event that is lost an event of kind ``missing`` stands in its place, so that numbers stay
what they were. What comes after a gap is chained anew: its content differs from the recorded one in
``prev`` alone. The last event, of kind ``repair``, says where that begins and which ``prev`` stood there,
from which anybody can compute the original hashes again.

A lost event may have spent budget. Nothing can bring that back; the findings say so, and the record of the
repair says whether all that was spent is known.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Engine, insert

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.entropy import Entropy
from ppdesk.core.findings import Finding, Level
from ppdesk.store import access, chain, salvage
from ppdesk.store import artifacts as shelf
from ppdesk.store.carve import Pages
from ppdesk.store.claim import Claim
from ppdesk.store.commitments import Opening
from ppdesk.store.connection import coded, engine, journal, salt_of
from ppdesk.store.errors import NotAProjectError, NothingToSalvageError, WrongPassphraseError
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile, derive
from ppdesk.store.project import ProjectFile
from ppdesk.store.schema import EVENT, OPENING

Recall: TypeAlias = Callable[[str], tuple[int, str] | None]


@dataclass(frozen=True)
class Repaired:
    """What came of a repair. `findings` say in words what is missing; empty when nothing is."""

    path: Path
    project_id: str
    spending_known: bool  # whether no event that spent can be missing
    events: int  # that were read
    missing: tuple[tuple[int, int], ...]  # runs of lost events, first and last
    artifacts: int  # that were read
    lost_artifacts: tuple[str, ...]  # digests that events name
    closed_values: int  # commitments that nothing opens: lost, or redacted before
    damaged_pages: tuple[int, ...]
    findings: tuple[Finding, ...]


@dataclass
class _History:
    """The chain of the new file while it is put together."""

    links: list[chain.Link]
    openings: list[tuple[int, Opening]]
    missing: list[tuple[int, int]]
    anew: list[dict[str, Json]]  # runs that were chained anew: first, last, the prev that stood there
    closed_values: int = 0


def repair(
    path: Path,
    passphrase: str,
    target: Path,
    *,
    draft: EventDraft,
    entropy: Entropy,
    recall: Recall = lambda _: None,
) -> Repaired:
    """Write what can be read of the file at `path` to a new file at `target`, under the same passphrase.

    `draft` says time, actor, code and stamp of the repair; the rest of it is filled in. `recall`
    gets the project's id and gives the head (sequence, hash) that an anchor or a signed report remembers:
    what is lost at the end is then marked too. The original is only read.

    MissingFileError, NotAProjectError, WrongPassphraseError (also where the first 16 bytes are damaged:
    without them there is no key), NothingToSalvageError, LockedError, ExistingFileError,
    ReadOnlyPlaceError, DiskFullError: then there is no new file.
    """
    access.look(path, read_only=True)
    with Claim(path, exclusive=False) as claim, claim.reading():
        key = _key(path, passphrase)
        source = Pages(path, key)
        try:
            if not source.fits_any():
                raise WrongPassphraseError(file=path.name)
            found = salvage.gather(source)
            if not found.events:
                raise NothingToSalvageError(file=path.name)
            work = _Work(source, found, target, passphrase, key.profile, draft, entropy, recall)
            return _written(work)
        finally:
            source.close()
            key.wipe()


def _key(path: Path, passphrase: str) -> access.Key:
    with coded(path):
        salt = salt_of(path)
    profile = KdfProfile.of(salt)
    if profile is None:
        raise NotAProjectError(file=path.name)
    return access.Key(derive(passphrase, salt, profile), salt, profile)


@dataclass(frozen=True)
class _Work:
    """What a repair is given, and what it found."""

    source: Pages
    found: salvage.Found
    target: Path
    passphrase: str = field(repr=False)
    profile: KdfProfile
    draft: EventDraft
    entropy: Entropy
    recall: Recall


def _written(work: _Work) -> Repaired:
    source, found, target, draft, entropy = work.source, work.found, work.target, work.draft, work.entropy
    named = {"project_id", "created"} <= set(found.meta)
    project_id = found.meta["project_id"] if named else entropy.take(16).hex()
    created = found.meta["created"] if named else draft.time
    known = work.recall(project_id) if named else None
    fresh = access.new_key(work.passphrase, work.profile, entropy)
    salting = entropy.take(shelf.KEY_BYTES)  # for what will be made; what is there keeps its digests
    access.create(target, fresh, project_id=project_id, created=created, artifact_key=salting)
    try:
        at = engine(target, fresh.key, fresh.salt, read_only=False)
        try:
            kept = _artifacts(at, target, source, found)
            history = _chained(found, chain.genesis(project_id, created), draft, known)
            _record(at, target, history)
        finally:
            at.dispose()
            fresh.wipe()
        lost = tuple(sorted(_named(found) - kept))
        findings = tuple(_findings(history, lost, source, named=named, known=known))
        with ProjectFile.open(target, work.passphrase) as project:
            last = max(found.events)
            params: dict[str, Json] = {
                "missing": [{"first": first, "last": last} for first, last in history.missing],
                "chained_anew": list(history.anew),
                "lost_artifacts": list(lost),
                # every event that may have spent is there: none is missing, and none can be at the end
                "spending_known": not history.missing and named and (known is not None or not source.damaged),
                "head": {"seq": last, "hash": found.events[last][0].hash},
            }
            facts: dict[str, Json] = {
                "events": len(found.events),
                "artifacts": len(kept),
                "closed_values": history.closed_values,
                "damaged_pages": len(source.damaged),
            }
            told = replace(
                draft, kind="repair", outcome="opened", params=params, facts=facts, findings=findings
            )
            project.append(told, entropy=entropy)
    except BaseException:
        with suppress(OSError):  # a drive that fails does so here too
            for place in (target, journal(target)):
                place.unlink(missing_ok=True)
        raise
    return Repaired(
        path=target,
        project_id=project_id,
        spending_known=bool(params["spending_known"]),
        events=len(found.events),
        missing=tuple(history.missing),
        artifacts=len(kept),
        lost_artifacts=lost,
        closed_values=history.closed_values,
        damaged_pages=tuple(source.damaged),
        findings=findings,
    )


def _artifacts(at: Engine, target: Path, source: Pages, found: salvage.Found) -> set[str]:
    """Copy those that are whole; the others leave nothing."""
    kept = set()
    for digest in found.artifacts:
        try:
            with coded(target), at.begin() as connection:
                salvage.write_artifact(connection, source, found, digest)
            kept.add(digest)
        except shelf.ChangedError:
            continue
    return kept


def _chained(
    found: salvage.Found, genesis: str, draft: EventDraft, known: tuple[int, str] | None
) -> _History:
    made = _History([], [], [], [])
    prev, recorded = genesis, genesis  # of the new chain; of the old one, "" after a gap
    for seq in range(1, max(*found.events, *(known or (0, ""))[:1]) + 1):
        if seq not in found.events:
            gap = replace(draft, kind="missing", outcome="opened", params={"event": seq})
            link = chain.link(gap, seq=seq, prev=prev, outputs={}, openings=())
            if made.missing and made.missing[-1][1] == seq - 1:
                made.missing[-1] = (made.missing[-1][0], seq)
            else:
                made.missing.append((seq, seq))
            recorded = ""
        else:
            old, content = found.events[seq]
            link = old
            if content["prev"] != prev:
                if made.anew and made.anew[-1]["last"] == seq - 1 and content["prev"] == recorded:
                    made.anew[-1]["last"] = seq
                else:
                    made.anew.append({"first": seq, "last": seq, "prev": content["prev"]})
                data = canonical({**content, "prev": prev})
                link = chain.Link(seq, data.decode(), sha256_hex(data))
            recorded = old.hash
            opens = [
                each
                for name, each in sorted(found.openings[seq].items())
                if each.opens(content["commitments"].get(name))
            ]
            made.openings.extend((seq, each) for each in opens)
            made.closed_values += len(content["commitments"]) - len(opens)
        made.links.append(link)
        prev = link.hash
    return made


def _record(at: Engine, target: Path, history: _History) -> None:
    with coded(target), at.begin() as connection:
        connection.execute(insert(EVENT), [link._asdict() for link in history.links])
        rows = [
            {"seq": seq, "field": each.field, "salt": each.salt, "value": each.text}
            for seq, each in history.openings
        ]
        if rows:
            connection.execute(insert(OPENING), rows)


def _named(found: salvage.Found) -> set[str]:
    """The digests of all artifacts that a readable event names."""
    pairs: list[tuple[str, str]] = []
    for _, content in found.events.values():
        for side in ("inputs", "outputs"):
            told: Mapping[str, str] = content[side]
            pairs += told.items()
    return {digest for kind, digest in pairs if kind != Kind.HISTORY}


def _findings(
    history: _History,
    lost: tuple[str, ...],
    source: Pages,
    *,
    named: bool,
    known: tuple[int, str] | None,
) -> Iterator[Finding]:
    for first, last in history.missing:
        which = f"Event {first} is" if first == last else f"Events {first} to {last} are"
        yield _said(
            f"{which} missing",
            "What was done and spent there cannot be read any more: the budget may be used up further than "
            "it shows.",
            f"event {first}",
        )
    for run in history.anew:
        yield _said(
            f"Events {run['first']} to {run['last']} were chained anew",
            "They say what was recorded; only the hash of the event before was replaced, so their own hashes "
            "are others than in earlier reports. The record of the repair tells how to compute those.",
            f"event {run['first']}",
        )
    for digest in lost:
        yield _said(f"Artifact {digest[:12]} is lost", "Run the step that makes it again.", "artifact")
    if history.closed_values:
        yield _said(
            f"{history.closed_values} values of events cannot be read",
            "They were lost, or had been redacted before.",
            "events",
        )
    if not named:
        yield _said(
            "The project's identity is lost",
            "The new file has an identity of its own, and no anchor speaks for it.",
            "file",
        )
    if source.damaged and known is None:
        yield _said(
            "Whether events are missing at the end cannot be told from the file",
            "Compare its last event with a signed report or with what this computer remembers.",
            "file",
        )


def _said(title: str, detail: str, place: str) -> Finding:
    return Finding(Level.CAUTION, title, detail, place, "PP-STORE-104")

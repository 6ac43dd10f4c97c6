"""People with keys, a policy that wants four eyes, and the hand of somebody who has the passphrase."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ppdesk.core.clock import TestClock, stamp
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.mode import Mode
from ppdesk.identity.signer import Signer, create_signer
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.store.events import Event, EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.evidence.signing import domain
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import Entry
from ppdesk_fakes.catalog import FAKES

PASSPHRASE = "correct horse"


def key_of(folder: Path, name: str, number: int = 0, since: datetime | None = None) -> Signer:
    """A signer of that name; another `number` is another key of the same name."""
    clock = TestClock(since or datetime(2025, 12, 1, tzinfo=UTC))
    entropy = TestEntropy(sum(name.encode()) * 1000 + number)
    return create_signer(folder / f"keys-{name}-{number}", name, "horse staple", entropy=entropy, clock=clock)


def wanting(*steps: str, people: Sequence[Mapping[str, Any]] = (), **signers: Any) -> Policy:
    """A policy under which `steps` need a second person."""
    context = {"steps": {"fake", "copy", "standard", "tell", *steps}}
    rules = type(NO_POLICY.rules).model_validate(
        {
            "format": "ppdesk-policy-1",
            "title": "Test",
            "approvals": {"steps": list(steps)},
            "signers": {"people": list(people), **signers},
        },
        context=context,
    )
    return replace(NO_POLICY, rules=rules, place="a test", sha256="00" * 32)


@dataclass(frozen=True)
class Scene:
    """One project in `folder`, opened by whoever."""

    folder: Path
    name: str = "p.ppdesk"
    policy: Policy = NO_POLICY
    seed: int = 1
    catalog: Sequence[Entry] = FAKES

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def opened(self, signer: Signer | None = None, **more: Any) -> Session:
        make: Callable[..., Session] = Session.open if self.path.exists() else Session.create
        actor = signer.name if signer is not None else "Ada"
        session = make(
            self.path,
            PASSPHRASE,
            mode=Mode(self.seed),
            home=self.home,
            actor=actor,
            catalog=self.catalog,
            policy=self.policy,
            **more,
        )
        session.set_signer(signer)
        return session

    def events(self) -> list[Event]:
        with ProjectFile.open(self.path, PASSPHRASE, read_only=True) as project:
            return project.events()

    def forged(self, kind: str, params: Mapping[str, Any], **more: Any) -> Event:
        """An event put in behind ppdesk's back, by somebody who has the passphrase."""
        with ProjectFile.open(self.path, PASSPHRASE) as project:
            last = project.events()[-1]
            later = datetime.fromisoformat(last.time).timestamp() + 1
            whole = {"time": stamp(datetime.fromtimestamp(later, UTC)), "actor": "Mallory", **more}
            draft = EventDraft(kind=kind, code="by hand", outcome="noted", params=params, **whole)
            return project.append(draft, entropy=TestEntropy(9))

    def said(self, kind: str, signer: Signer, said: Mapping[str, Any], **more: Any) -> Event:
        """A forged event with a signature of `signer` that fits its place; then `spoil` is put over it."""
        from ppdesk.identity.statement import attest, statement

        with ProjectFile.open(self.path, PASSPHRASE, read_only=True) as project:
            seq, hash_ = project.head()
            last, project_id = project.events()[-1], project.project_id
        later = datetime.fromisoformat(last.time).timestamp() + 1
        time = more.pop("time", stamp(datetime.fromtimestamp(later, UTC)))
        spoil = more.pop("spoil", {})
        whole = {**said, "seq": seq, "hash": hash_}
        proof = attest(statement(domain(kind), project_id, {**whole, "time": time}), signer)
        return self.forged(kind, {**whole, **proof, **spoil}, time=time, **more)

    def rewritten(self, change: Callable[[Event, EventDraft], EventDraft | None]) -> None:
        """The whole chain written anew, self-consistent, with what `change` makes of each event (None: left
        out). What was stored with the events is not carried over."""
        with ProjectFile.open(self.path, PASSPHRASE, read_only=True) as old:
            events, project_id, created = old.events(), old.project_id, old.created
        place = self.folder / "rewritten.ppdesk"
        new = ProjectFile.create(
            place,
            PASSPHRASE,
            project_id=project_id,
            created=created,
            entropy=TestEntropy(5),
            kdf=KdfProfile.TEST,
        )
        with new:
            for event in events:
                draft = change(event, drafted(event))
                if draft is not None:
                    new.append(draft, entropy=TestEntropy(event.seq))
        place.replace(self.path)
        for anchor in (self.home / "anchors").glob("*.json"):
            anchor.unlink()


def drafted(event: Event) -> EventDraft:
    """The event as it was before it was recorded."""
    return EventDraft(
        time=event.time,
        actor=event.actor,
        kind=event.kind,
        code=event.code,
        outcome=event.outcome,
        params=event.plain,
        free=event.free,
        facts=event.facts,
        cost=event.cost,
        refers=event.refers,
        findings=event.findings,
        sources=event.sources,
        stamp=event.stamp,
    )

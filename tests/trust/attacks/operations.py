"""All that writes, one entry each: whatever is added here is killed, starved of room and cut off from power
at its write points with the rest."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from layer import Kind as Fault
from scene import COPY_PASSPHRASE, EMPTY, END, MODE, PASSPHRASE, Scenes, secret_of
from stage import Operation, Said, Stage

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.params import fields_of
from ppdesk.identity import escrow
from ppdesk.identity.signer import create_signer, load_signer
from ppdesk.identity.trust import TrustList
from ppdesk.policy.machine import Policy
from ppdesk.policy.rules import Escrow, MachinePolicy
from ppdesk.store.events import EventDraft
from ppdesk.store.project import ProjectFile
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import entry

NEW_PASSPHRASE = "a staple of the new kind"
HOT = "hot"  # a scene that a kill left: a journal that has to be undone
_, ESCROW_PEM = escrow.generate("lorem ipsum", TestEntropy(3))
LARGE_BYTES = 9_000_000  # three chunks
SMALL = ("objective", "standard", "roles", "feedback")  # steps whose every write point is hit each time


class Lost(Exception):  # noqa: N818 - the word for it
    """Something that must hold does not."""


def draft(kind: str, **more: object) -> EventDraft:
    return EventDraft(time="2026-01-01", actor="Ada", kind=kind, code="c", outcome="ok", **more)  # type: ignore[arg-type]


def table(scenes: Scenes) -> tuple[Operation, ...]:
    """Every operation."""
    steps = (
        Operation(
            f"{entry(key).stage.value} {entry(key).stage.title}: {key}", key, _step(key), small=key in SMALL,
            examine=_deliveries(key),
        )
        for key, _ in scenes.steps
    )  # fmt: skip
    return (
        Operation("create", EMPTY, _create, small=True),
        *steps,
        Operation("append, no artifact", END, _append_small, small=True),
        Operation("append, three chunks", END, _append_large),
        Operation("undo of an earlier kill", HOT, _open),
        Operation(
            "open in spite of a warning",
            END,
            _despite,
            small=True,
            prepare=_spoil_anchor,
            opening=lambda _stage: {"despite_rollback": True},
        ),
        Operation(
            "change of passphrase, with escrow",
            END,
            _passphrase,
            prepare=_make_safe,
            opens=(PASSPHRASE, NEW_PASSPHRASE),
            examine=_is_in_escrow,
            opening=_by_policy,
            keeps=("safe/*",),
        ),
        Operation(
            "create, with escrow",
            EMPTY,
            _create_with_escrow,
            prepare=_make_safe,
            examine=_is_in_escrow,
            opening=_by_policy,
            keeps=("safe/*",),
        ),
        Operation("role of a person", END, _person, small=True),
        Operation("signature over the history", END, _head_signed, small=True),
        Operation("compact", END, _compact),
        Operation("repair", END, _repair, examine=_is_repaired, keeps=("work/repaired.ppdesk*",)),
        Operation("migration", END, _open, around=newer_program, keeps=("work/p.schema-*.ppdesk",)),
        Operation("anchor", END, _open, small=True, prepare=_forget_anchor),
        Operation(
            "new signer",
            END,
            _signer,
            small=True,
            examine=_signers_hold,
            keeps=("*.new", "alan-*"),
        ),
        Operation("trust list", END, _trust, small=True, examine=_trust_holds, keeps=("*.new",)),
    )


def _create(stage: Stage) -> None:
    with stage.scenes.create(stage.folder):
        stage.say("created")


def make_hot(stage: Stage) -> None:
    """Keep what a kill in the middle of a large write leaves as the scene HOT: a journal to be undone."""
    large = next(each for each in table(stage.scenes) if each.act is _append_large)
    points = stage.attempt(large, Fault.COUNT, 0).points
    stage.attempt(large, Fault.KILL, points * 2 // 3)
    shutil.copytree(stage.folder, stage.scenes.place(HOT))


def _open(stage: Stage) -> None:
    with stage.open():
        stage.say("opened")


def _despite(stage: Stage) -> None:
    """Going on with an unreadable anchor is an event."""
    with stage.open(despite_rollback=True):
        stage.say("opened")


def _step(key: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        with stage.open() as session:
            try:
                session.run(key, stage.scenes.values(key), secret=secret_of(key))
            except CodedError:
                stage.room_again()
                session.run("objective", stage.scenes.values("objective"))
                stage.say("went on")
                raise
            stage.say("delivered")

    return act


def _append_small(stage: Stage) -> None:
    _append(stage, 0)


def _append_large(stage: Stage) -> None:
    _append(stage, LARGE_BYTES)


def _append(stage: Stage, size: int) -> None:
    with ProjectFile.open(stage.path, PASSPHRASE) as project:
        part = Part("b", random.Random(size).randbytes(size))  # noqa: S311 - it need only be no repetition
        artifacts = [Artifact(Kind.SCORES, {}, (part,))] if size else []
        for number in range(1 if size else 3):
            project.append(draft("note", facts={"n": number}), artifacts, entropy=TestEntropy(number))


def _passphrase(stage: Stage) -> None:
    with stage.open(policy=_with_escrow(stage)) as session:
        session.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        stage.say(NEW_PASSPHRASE)


def _with_escrow(stage: Stage) -> Policy:
    """A policy of the machine that wants the key laid down in a folder of its own."""
    rule = Escrow(public_key=ESCROW_PEM.decode(), folder=str(stage.folder / "safe"), required=True)
    return Policy(
        MachinePolicy(format="ppdesk-policy-1", title="IT", escrow=rule), "test", "00" * 32, "machine"
    )


def _by_policy(stage: Stage) -> dict[str, Policy]:
    return {"policy": _with_escrow(stage)}


def _make_safe(stage: Stage) -> None:
    (stage.folder / "safe").mkdir()


def _create_with_escrow(stage: Stage) -> None:
    with stage.scenes.create(stage.folder, policy=_with_escrow(stage)):
        stage.say("created")


def _is_in_escrow(stage: Stage, _said: Said, session: Session) -> None:
    """The file that opens has its key in escrow, or the next opening under the policy lays it there."""
    whole = [place for place in (stage.folder / "safe").iterdir() if escrow.read(place.read_bytes())]
    if not whole and session.events():
        raise Lost("the project has no key in escrow")


def _person(stage: Stage) -> None:
    """Somebody gets a role, on record and signed."""
    with stage.open() as session:
        known = session.people()
        session.add_person(stage.scenes.signer.certificate_pem, "reviewer", stage.scenes.signer.fingerprint)
        stage.say(f"one more than {len(known)}")


def _head_signed(stage: Stage) -> None:
    with stage.open() as session:
        session.sign_head()


def _compact(stage: Stage) -> None:
    with ProjectFile.open(stage.path, PASSPHRASE) as project:
        project.compact()


def _repair(stage: Stage) -> None:
    from ppdesk.store.repair import repair

    target = stage.path.with_name("repaired.ppdesk")
    repair(stage.path, PASSPHRASE, target, draft=draft("repair"), entropy=TestEntropy(8))
    stage.say("repaired")


def _is_repaired(stage: Stage, said: Said, session: Session) -> None:
    """The new file is there when it was said to be, with all that the old one has."""
    if "repaired" not in said.words:
        return
    with ProjectFile.open(stage.path.with_name("repaired.ppdesk"), PASSPHRASE) as project:
        hashes = [event.hash for event in project.events()[:-1]]
        if project.check() or hashes != [event.hash for event in session.events()][: len(hashes)]:
            raise Lost("the repaired file is not what the original is")


def _spoil_anchor(stage: Stage) -> None:
    for place in (stage.home / "anchors").iterdir():
        place.write_text("no anchor")


def _forget_anchor(stage: Stage) -> None:
    shutil.rmtree(stage.home / "anchors")


def _signer(stage: Stage) -> None:
    create_signer(stage.home / "others", "Grace", "p", entropy=TestEntropy(9), clock=MODE.clock())
    stage.say("Grace")


def _trust(stage: Stage) -> None:
    other = create_signer(stage.home / "others", "Grace", "p", entropy=TestEntropy(9), clock=MODE.clock())
    people = TrustList(stage.home)
    people.add(other.certificate_pem, compared=other.fingerprint, by="Ada", clock=MODE.clock())
    stage.say("trusted")
    people.remove(other.fingerprint, by="Ada", clock=MODE.clock())
    stage.say("withdrawn")


def _signers_hold(stage: Stage, said: Said, _session: Session) -> None:
    try:
        load_signer(stage.home / "others", "Grace", "p", clock=MODE.clock())
    except CodedError as error:
        if "Grace" in said.words:
            raise Lost(f"a signer that was there: {error.error_code}") from None
    create_signer(stage.home / "others", "Alan", "p", entropy=TestEntropy(10), clock=MODE.clock())


def _trust_holds(stage: Stage, said: Said, _session: Session) -> None:
    acts = TrustList(stage.home).head()[0]
    if acts < len(said.words):
        raise Lost(f"{len(said.words)} acts on the trust list were done, {acts} are there")


def _deliveries(key: str) -> Callable[[Stage, Said, Session], None]:
    """A file that was handed out is whole, and on record."""

    step = entry(key).load()

    def examine(stage: Stage, said: Said, session: Session) -> None:
        if not any(spec.writes for spec in fields_of(step.Params)):
            return
        plan = session._runner.plan(entry(key), stage.scenes.values(key), overwrite=True)
        held = session.heads()
        made = [session.artifact(kind) for kind in step.gives if kind in held]
        wanted = {} if not made else {
            place.with_name(place.name + item.suffix): item.data
            for item in step.deliver(plan.params, made)
            for place in [plan.files.targets[item.field]]
        }  # fmt: skip
        found = [place for target in plan.files.targets.values()
                 for place in target.parent.glob(f"{target.name}*")]  # fmt: skip
        if step.exports:  # a project file of its own, which is not the same bytes twice
            wanted = dict.fromkeys(plan.files.targets.values(), b"")
        for place in found:
            if step.exports:
                _copy_holds(place, session)
            elif place.read_bytes() != wanted.get(place):
                raise Lost(f"{place.name} was delivered and is not what is on record")
        if "delivered" in said.words and set(found) != set(wanted):
            raise Lost(f"of {len(wanted)} delivered files {len(found)} are there")

    return examine


def _copy_holds(place: Path, session: Session) -> None:
    """An auditor's copy that is there is whole, sealed, and tells the project's own history."""
    try:
        with ProjectFile.open(place, COPY_PASSPHRASE, read_only=True) as copy:
            remarks = [*copy.check(), *(copy.seal.findings if copy.seal else [])]
            told = [event.hash for event in copy.events()]
            sealed = copy.is_copy
    except CodedError as error:
        raise Lost(f"{place.name} was delivered and does not open: {error.error_code}") from None
    if remarks or not sealed:
        raise Lost(f"{place.name} was delivered and does not hold: {[one.title for one in remarks]}")
    if told != [event.hash for event in session.events()][: len(told)]:
        raise Lost(f"{place.name} was delivered and tells another history")


@contextmanager
def newer_program() -> Iterator[None]:
    """The next version of the program, with a migration of its own."""
    from alembic import op

    from ppdesk.store import access, migrations
    from ppdesk.store.schema import NEWEST

    module = ModuleType("next")
    module.__file__ = "next"

    def upgrade() -> None:
        op.execute("CREATE TABLE extra (a)")
        op.execute("INSERT INTO extra SELECT content FROM event")

    vars(module).update(
        revision="9999", down_revision=NEWEST, branch_labels=None, depends_on=None, upgrade=upgrade
    )
    kept = migrations.MODULES, access.REVISIONS, access.NEWEST
    migrations.MODULES = (*kept[0], module)
    access.REVISIONS, access.NEWEST = (*kept[1], "9999"), "9999"  # type: ignore[misc]
    try:
        yield
    finally:
        migrations.MODULES, access.REVISIONS, access.NEWEST = kept  # type: ignore[misc]

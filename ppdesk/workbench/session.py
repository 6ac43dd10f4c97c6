"""An open project: the one object that the window and the command line use.

A session belongs to the thread that opened it, and that thread must live as long as the session: on Linux
the kernel ends the worker together with the thread that started it. The window keeps one worker thread
for the session's whole life and calls everything from there; `run` takes its cancel event from any thread.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.clock import stamp
from ppdesk.core.findings import Finding, Level
from ppdesk.core.mode import Mode
from ppdesk.core.section import Plot, Section
from ppdesk.core.wording import sentences
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.privacy.events import DpEvent
from ppdesk.workbench import copies, opening, paging, policies, previewing, resuming, showing, upkeep
from ppdesk.workbench.budget import accounts, gaps
from ppdesk.workbench.detecting import detect
from ppdesk.workbench.errors import NothingYetError, ReadOnlySessionError
from ppdesk.workbench.evidence import deciding, endorsing, four_eyes
from ppdesk.workbench.evidence.evidence import Evidence
from ppdesk.workbench.history import history
from ppdesk.workbench.keys import escrow, passphrases, signer_rules
from ppdesk.workbench.looking import Views
from ppdesk.workbench.resuming import Interrupted
from ppdesk.workbench.views import BudgetView, StepResult, Values, not_yet_signed
from ppdesk.workbench.worker.jobs import Page
from ppdesk.workbench.worker.worker import Worker
from ppdesk.workflow.catalog import CATALOG, Entry, UnknownStepError
from ppdesk.workflow.navigation import Place, places

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.plan import Plan


def silent(_share: float, _note: str) -> None:
    """The progress of somebody who does not listen."""


class Session(Evidence):
    """An open project. Make one with `create` or `open`, and close it (or use it in a ``with``)."""

    def __init__(
        self,
        project: "ProjectFile",
        anchors: "AnchorBook",
        standing: Sequence[Finding],
        *,
        mode: Mode,
        actor: str,
        catalog: Sequence[Entry] = CATALOG,
        worker: Worker | None = None,
        policy: Policy = NO_POLICY,
        home: Path,
    ) -> None:
        """Of an open project file. `standing` is what its comparison with the anchor said."""
        from ppdesk.workbench.budget.shared_budget import shared_budget
        from ppdesk.workbench.chronicle import Chronicle
        from ppdesk.workbench.runner import Runner

        self._project, self._anchors, self._standing, self._mode = project, anchors, standing, mode
        self.why_read_only = ""  # in words, where it was to be worked on; see `open`
        self._entries = {entry.key: entry for entry in catalog}
        self.policy, self._home, self._closed = policy, home, False
        self._worker = worker or Worker()
        self._chronicle = Chronicle(project, anchors, mode, actor, tuple(self._entries))
        self._shared = shared_budget(self._chronicle, home, mode, testing=_made_for_test(project))
        self._views = Views(project, self._chronicle)
        self._runner = Runner(
            self._chronicle,
            self._worker,
            mode,
            self._entries,
            project.path.parent,
            self.history,
            self._shared,
            policy=policy,
            trust=self._trust,
        )

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        *,
        mode: Mode,
        home: Path,
        actor: str,
        catalog: Sequence[Entry] = CATALOG,
        policy: Policy = NO_POLICY,
    ) -> Self:
        """A new project file at `path`, which must not exist.

        `home` is the person's data folder: the anchor of the chain is kept there. `actor` is the name
        that events carry. Raises the store's coded errors; an existing file is left as it is.
        """
        from ppdesk.store.anchor import AnchorBook
        from ppdesk.store.kdf import KdfProfile
        from ppdesk.store.project import ProjectFile

        passphrases.require(policy, passphrase, (path.stem, actor))
        project_id = mode.entropy("project").take(16).hex()
        laying = escrow.deposit(policy, project_id)
        if path.parent.is_dir():
            opening.require_locks(path.parent)
        project = ProjectFile.create(
            path,
            passphrase,
            project_id=project_id,
            created=stamp(mode.clock().now()),
            entropy=mode.entropy("file"),
            kdf=KdfProfile.STANDARD if mode.test_seed is None else KdfProfile.TEST,  # tells `open` the mode
            before=laying,
        )
        session = cls(
            project,
            AnchorBook(home / "anchors"),
            opening.remarks(project),
            mode=mode,
            actor=actor,
            catalog=catalog,
            policy=policy,
            home=home,
        )
        session._chronicle.anchor(backwards=True)  # a new project; the test mode makes the same id again
        policies.note(session._chronicle, policy)
        session._acknowledge()
        if laying is not None:
            session._standing = [*session._standing, *laying.record(session._chronicle)]
        return session

    @classmethod
    def open(
        cls,
        path: Path,
        passphrase: str,
        *,
        mode: Mode,
        home: Path,
        actor: str,
        read_only: bool = False,
        fall_back: bool = False,
        despite_rollback: bool = False,
        catalog: Sequence[Entry] = CATALOG,
        policy: Policy = NO_POLICY,
    ) -> Self:
        """The project at `path`. With `fall_back` it is opened for reading where it cannot be worked on, and
        `why_read_only` says why: it is open elsewhere, its place is read-only, or keeps no locks.

        Compares the chain with the anchor in `home`: a file that is behind it (RollbackError) or forked
        (ForkError) is refused. `despite_rollback` opens it all the same, and that is itself an event.

        Real work and test mode never write into the same file, or events without the stamp would follow
        others with it: MadeInTestModeError, MadeForRealError, unless it is opened read-only.
        """
        from ppdesk.store.anchor import AnchorBook

        project, why = opening.open_file(
            path, passphrase, mode=mode, read_only=read_only, fall_back=fall_back
        )
        try:
            copies.require_sound(project)
            read_only = project.read_only  # an auditor's copy always is
            anchors = AnchorBook(home / "anchors")
            standing = standing_of(project, anchors, despite_rollback=despite_rollback)
            standing = [*standing, *opening.remarks(project)]
            session = cls(
                project, anchors, standing, mode=mode, actor=actor, catalog=catalog, policy=policy, home=home
            )
            if not read_only:
                session._acknowledge()
                policies.note(session._chronicle, policy)
                session._shared.settle()
                standing = [*standing, *escrow.renew(policy, project, session._chronicle)]
            session._standing = [*standing, *session._chronicle.set_back()]
            session.why_read_only = why
        except BaseException:
            project.close()
            raise
        return session

    def close(self) -> None:
        """Sign what was added, if somebody signs; end the worker and close the file. May be called twice.
        A signature that fails does not keep the file open: see `not_signed`."""
        try:
            if not self._closed:
                self.sign_off("close")
        finally:
            self._closed = True
            self._worker.close()
            self._project.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def change_passphrase(self, old: str, new: str) -> list[Finding]:
        """Put the project under another passphrase, on record. SignerRequiredError; `passphrases.change`."""
        signer_rules.require(self._runner.signer, self.policy)
        return passphrases.change(
            self._project, self._chronicle, old, new, mode=self._mode, policy=self.policy
        )

    def compact(self) -> int:
        """Write the file anew without what is unused in it, on record. The bytes that were gained. Errors
        as ProjectFile.compact, and SignerRequiredError: the file is as it was."""
        signer_rules.require(self._runner.signer, self.policy)
        return upkeep.compact(self._project, self._chronicle)

    def info(self) -> dict[str, Json]:
        """What the file says about itself, and how the anchor sees it.

        Keys: path, project_id, created, read_only, schema_version, head_seq, head_hash, events, stamp,
        standing, unsigned, why_read_only.
        """
        seq, hash_ = self._project.head()
        return {
            "path": str(self._project.path),
            "project_id": self._project.project_id,
            "created": self._project.created,
            "read_only": self._project.read_only,
            "schema_version": self._project.schema_version,
            "head_seq": seq,
            "head_hash": hash_,
            "events": len(self._chronicle.events),
            "stamp": self._mode.stamp,
            "standing": sentences(*(finding.title for finding in self._standing)) or "As last seen here",
            "unsigned": not_yet_signed(self.unsigned()),
            "why_read_only": self.why_read_only,
            **copies.verdict(self._project),
        }

    @property
    def standing(self) -> tuple[Finding, ...]:
        """What there was to say at opening: of the anchor, the clock, the place of the file, the escrow."""
        return tuple(self._standing)

    def places(self) -> list[Place]:
        """Each step's place on the rail, in the order of the workflow."""
        return places([entry.load() for entry in self._entries.values()], self._chronicle.runs())

    def events(self) -> "list[Event]":
        """The whole chain, oldest first."""
        return list(self._chronicle.events)

    def budget(self) -> BudgetView:
        """What was spent, summed from the events and, for other projects on the same data, from the
        register, beside the limits of the standard."""
        standard = policies.tightened(self._chronicle.heads().get(Kind.STANDARD), self.policy)
        elsewhere = accounts.Elsewhere() if self._project.is_copy else self._shared.elsewhere()
        view = accounts.view(self._chronicle.events, standard, self._titles(), elsewhere)
        return replace(view, register=(*gaps.words(self._chronicle.events), *view.register))

    def heads(self) -> dict[Kind, Head]:
        """The head of every artifact that holds now."""
        return self._chronicle.heads()

    def artifact(self, kind: Kind) -> Artifact:
        """The artifact of `kind` that holds now, with its parts. MissingInputError if there is none."""
        digest = self._chronicle.held().get(kind)
        if digest is None:
            maker = next((key for key, entry in self._entries.items() if kind in entry.load().gives), kind)
            raise NothingYetError(kind=kind.value, maker=maker)
        return self._chronicle.artifact(digest)

    def told(self, seq: int, kind: Kind, part: str) -> bytes | None:
        """The part `part` of what event `seq` made: bytes that tell of no person. None where there is none.
        Errors as ProjectFile.part."""
        return showing.told(self._project, self._chronicle.events, seq, kind, part)

    def look(
        self, kind: Kind, part: str = "rows", what: str = "rows", *, seq: int | None = None
    ) -> "pa.Table":
        """Rows about people, for a person's eyes: the table `part` of the artifact of `kind` that holds now,
        or of what event `seq` made.

        Choices made after it are not covered by a model's epsilon, so it is an event ("look"), recorded
        before the rows are given out, once for each part in a session. `what` is a word for it, as "rows",
        "values". Raises, with nothing shown: MissingInputError, NothingToShowError, NoRowsInCopyError,
        LookNotRecordedError (a project that is only read), SignerRequiredError.
        """
        signer_rules.require(self._runner.signer, self.policy)
        return self._views.show(kind, part, what, seq=seq, why_not=self.why_read_only)

    def check_step(self, key: str, values: Values) -> list[Finding]:
        """What the step would remark on `values`, at once and without data.

        InvalidParamsError for values that are no parameters, MissingInputError for a blocked step.
        """
        plan = self._planned(key, values)
        runner = self._runner
        asked = [*four_eyes.remark(runner, plan), *endorsing.remark(runner, plan)]
        return [*plan.check(), *asked, *deciding.remark(runner, plan)]

    def cost_of(self, key: str, values: Values) -> DpEvent:
        """What a run with `values` would spend. Same errors as `check_step`."""
        return self._planned(key, values).cost()

    def run(
        self,
        key: str,
        values: Values,
        *,
        progress: Callable[[float, str], None] = silent,
        cancel: threading.Event | None = None,
        overwrite: bool = False,
        secret: str | None = None,
        resume: int | None = None,
        enough: threading.Event | None = None,
    ) -> StepResult:
        """Run the step `key` in the worker and put it on record. Blocks until it has ended.

        `values` are plain (str, number, bool, list, dict) as in a recipe; files are paths, and relative
        ones are taken from the project's folder. A target file that exists is refused before anything
        runs, unless `overwrite` is set or `values` says ``overwrite = true``. `progress` is called on
        this thread with the share done (0 to 1) and a note. `secret` is the passphrase of the file that a
        step with `exports` writes; it is used for nothing else and goes into no record.
        `resume` is the reservation of a run that was broken off: it goes on with its own `values` (or none)
        and spends nothing more. `enough` ends a step that keeps results early, with what it has.

        Raises, with nothing spent: InvalidParamsError, CannotResumeError, MissingInputError,
        RefusedByCheckError, OverBudgetError, NoLimitError, NoSignerError, TargetExistsError, ReadOnlyError,
        ApprovalNeededError, SignerRequiredError, NoCopyPassphraseError, AuditorsCopyError. Raises, with the
        attempt on record: CancelledRunError, WorkerLostError, RelayedError (what the step itself said).
        """
        copies.refuse_work(self._project)
        if self._project.read_only:
            raise ReadOnlySessionError(step=key)
        signer_rules.require(self._runner.signer, self.policy)
        values = values or next((one.params for one in self.interrupted() if one.seq == resume), values)
        plan = self._planned(key, values, overwrite=overwrite)
        if plan.step.exports:
            secret = self.require_secret(key, secret)
            if self._introduced():  # before the manifest: nothing but a signature may follow it in a copy
                plan = self._planned(key, values, overwrite=overwrite)
        result = self._runner.run(plan, progress=progress, cancel=cancel, resume=resume, enough=enough)
        if plan.step.seals == "pdf" or plan.step.exports:  # it leaves the house, and names the head
            self.sign_off("handover" if plan.step.exports else "report")
        if plan.step.exports and secret is not None:
            result = copies.write(self._project, plan, result, secret, mode=self._mode)
        return result

    def interrupted(self) -> list[Interrupted]:
        """The runs that were broken off and can go on."""
        return resuming.interrupted(self._chronicle.events)

    def detect(
        self,
        values: Values,
        *,
        progress: Callable[[float, str], None] = silent,
        cancel: threading.Event | None = None,
    ) -> dict[str, Json]:
        """What Import with `values` would find out about its files, through the worker: settings, names of
        columns and counts. No event, and no record is shown. Keys and errors: `detecting.detect`."""
        found = detect(self._worker, values, self._project.path.parent, progress=progress, cancel=cancel)
        return found.model_dump(mode="json")

    def preview(
        self, key: str, values: Values, *, part: str = "", cancel: threading.Event | None = None
    ) -> dict[str, Json] | None:
        """What a run of `key` with `values` would find (or a `part` of it), at once and without a result:
        `previewing.preview`. None where there is nothing to say before the run."""
        signer_rules.require(self._runner.signer, self.policy)
        plan = self._planned(key, values)
        found = previewing.preview(self._runner, self._views, plan, part, cancel=cancel)
        return None if found is None else found.model_dump(mode="json")

    def require_secret(self, key: str, secret: str | None) -> str:
        """The passphrase for the file that step `key` will write, if it will do: it is no other than asked
        for, not the project's own, and strong enough. NoCopyPassphraseError, WeakPassphraseError. For who
        runs several steps, and would be refused at the last."""
        return copies.require_secret(self._project, key, secret, policy=self.policy)

    def section(self, seq: int) -> Section:
        """The section of the event `seq`, made from the record alone."""
        return showing.section(self._chronicle.events, self._entries, seq)

    def pages(
        self,
        key: str,
        values: Values,
        scale: float,
        take: Callable[[Page], None],
        *,
        cancel: threading.Event | None = None,
    ) -> int:
        """What a run of `key` with `values` would print, page by page: `paging.pages`."""
        signer_rules.require(self._runner.signer, self.policy)
        return paging.pages(self._runner, self._planned(key, values), scale, take, cancel=cancel)

    def page(self, number: int, scale: float) -> Page:
        """A page of the last `pages`, drawn at another scale."""
        return self._worker.page(number, scale)

    def render(
        self,
        plot: Plot,
        palette: Literal["light", "dark", "contrast"],
        width: int,
        height: int,
        scale: float = 1.0,
        *,
        form: Literal["png", "svg"] = "png",
        language: str = "en",
    ) -> bytes:
        """`plot` as an image of `width` x `height` pixels, a PNG times `scale`, drawn in the worker."""
        return self._worker.render(plot, palette, width, height, scale, form=form, language=language)

    def integrity(self) -> list[Finding]:
        """All that can be checked about the file: pages, chain, chunks, anchor. Empty when it holds."""
        return list(self.check().findings)

    def check(self) -> upkeep.Checked:
        """The same, with how much was looked at."""
        return upkeep.check(self._project, self._anchors)

    def _entry(self, key: str) -> Entry:
        if key not in self._entries:
            raise UnknownStepError(key=key)
        return self._entries[key]

    def _planned(self, key: str, values: Values, *, overwrite: bool = False) -> "Plan":
        copies.refuse_work(self._project)
        plan = self._runner.plan(self._entry(key), values, overwrite=overwrite)
        signer = self._runner.signer
        names = {"the signer's name": signer.name} if signer is not None else {}
        return copies.surveyed(self._project, plan, names=names)

    def _titles(self) -> Mapping[str, str]:
        return {key: entry.load().title for key, entry in self._entries.items()}

    def _trust(self) -> Artifact:
        from ppdesk.workbench.evidence.acquaintance import known_signers

        chronicle = self._chronicle
        return known_signers(
            self._home, self._mode, self.policy, actor=chronicle.actor, events=chronicle.events
        )

    def history(self) -> Artifact:
        """The whole chain and the budget as one artifact, for a step that compares with it."""
        return history(
            project={"id": self._project.project_id, "created": self._project.created},
            events=self._chronicle.events,
            budget=self.budget(),
            titles=self._titles(),
            head=self._project.head(),
            stamp=self._mode.stamp,
        )

    def _acknowledge(self) -> None:
        """Let the anchor follow the file; opening a file that the anchor speaks against is an event."""
        said = opening.not_yet_said(self._standing, self._chronicle.events)
        if any(finding.level is not Level.INFO for finding in said):
            draft = self._chronicle.draft("open", "opened")
            self._chronicle.append(replace(draft, findings=tuple(said)), backwards=True)
        elif self._standing:
            self._chronicle.anchor()


def _made_for_test(project: "ProjectFile") -> bool:
    """Whether the project was made in test mode. The profile of its key tells, which cannot be changed
    without the passphrase."""
    from ppdesk.store.kdf import KdfProfile

    return project.kdf is KdfProfile.TEST


def standing_of(
    project: "ProjectFile", anchors: "AnchorBook", *, despite_rollback: bool
) -> Sequence[Finding]:
    """What the anchor says of the file. What speaks against it is raised, or with `despite_rollback` told."""
    from ppdesk.store.anchor import compare
    from ppdesk.store.errors import AnchorUnreadableError, ForkError, RollbackError

    try:
        return compare(anchors.read(project.project_id), project)
    except (RollbackError, ForkError, AnchorUnreadableError) as error:
        if not despite_rollback:
            raise
        return [Finding(Level.CAUTION, error.message, error.advice, code=error.error_code)]

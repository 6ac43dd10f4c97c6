"""One run of a step, in the order that keeps the budget honest.

check -> files and signer -> cost against the limit -> reservation, durable -> the worker gets the data ->
outcome, durable -> anchor -> files for the person. Whatever goes wrong after the reservation leaves it
spent, unless the worker never received data.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ppdesk.core.artifacts import IDENTITY, VIRTUAL, Artifact, Head, Kind
from ppdesk.core.clock import TestClock
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level, blocking
from ppdesk.core.mode import Mode
from ppdesk.core.params import parse
from ppdesk.core.wording import sentences
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.privacy.events import DpEvent, NoEvent, to_json
from ppdesk.workbench import copies, policies, resuming
from ppdesk.workbench.budget import accounts, gaps
from ppdesk.workbench.budget.shared_budget import SharedBudget
from ppdesk.workbench.chronicle import Chronicle
from ppdesk.workbench.errors import (
    BadMessageError,
    MissingInputError,
    NoLimitError,
    NoSignerError,
    OutdatedInputError,
    RefusedByCheckError,
    SourceMismatchError,
    WorkerKilledError,
    WrongProductError,
)
from ppdesk.workbench.evidence import deciding, endorsing, four_eyes
from ppdesk.workbench.evidence.approvals import approved_remark
from ppdesk.workbench.evidence.errors import NobodySignsError
from ppdesk.workbench.files import Files, placed, require, split, write
from ppdesk.workbench.keys.sealing import sealed
from ppdesk.workbench.plan import Plan
from ppdesk.workbench.taking import heads_of, taken
from ppdesk.workbench.views import StepResult, Values
from ppdesk.workbench.worker.jobs import Job, Product
from ppdesk.workbench.worker.worker import Worker
from ppdesk.workflow.catalog import Entry
from ppdesk.workflow.shorthand import spelled_out

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.privacy.ledger import Budget
    from ppdesk.store.events import Event, EventDraft


_SHOWN = 5  # further refusals named at once


@dataclass
class Runner:
    """Runs steps of one open project. `history` makes the HISTORY artifact of this moment."""

    chronicle: Chronicle
    worker: Worker
    mode: Mode
    entries: Mapping[str, Entry]
    folder: Path
    history: Callable[[], Artifact]
    shared: SharedBudget
    signer: "Signer | None" = None
    timestamper: "Signer | None" = None
    policy: Policy = NO_POLICY
    trust: Callable[[], Artifact] | None = None  # makes the TRUST artifact of this moment

    def signed_in(self) -> "Signer":
        """Who signs. NobodySignsError."""
        if self.signer is None:
            raise NobodySignsError
        return self.signer

    def plan(self, entry: Entry, values: Values, *, overwrite: bool = False) -> Plan:
        """Understand `values`. InvalidParamsError, MissingInputError, OutdatedInputError."""
        step = entry.load()
        wishes = spelled_out(entry.key, values, self.folder)
        if "overwrite" not in step.Params.model_fields:
            overwrite = bool(wishes.pop("overwrite", False)) or overwrite
        given = parse(step.Params, wishes, step=entry.key)
        recorded, files = split(given, self.folder)
        held = self.chronicle.held(entry.key)
        for kind in step.needs:
            if kind not in held and kind not in VIRTUAL:
                raise MissingInputError(step=entry.key, kind=kind.value, maker=self._maker(kind))
        inputs = {kind: held[kind] for kind in (*step.needs, *step.uses) if kind in held}
        inputs = taken(self.chronicle, step, given, inputs)
        for kind, maker in self.chronicle.outdated(entry.key).items():
            if kind in inputs:
                raise OutdatedInputError(step=entry.key, kind=kind.value, maker=maker)
        return Plan(
            step=step,
            module=entry.path,
            params=parse(step.Params, dict(recorded), step=entry.key),
            recorded=recorded,
            files=files,
            heads=policies.heads_for(step, heads_of(self.chronicle, entry.key, inputs), self.policy),
            inputs=inputs,
            overwrite=overwrite,
        )

    def run(
        self,
        plan: Plan,
        *,
        progress: Callable[[float, str], None],
        cancel: threading.Event | None,
        resume: int | None = None,
        enough: threading.Event | None = None,
    ) -> StepResult:
        """Run `plan` and put it on record. `resume`: the reservation of a run that was broken off, which goes
        on and costs nothing more; see `resuming`. Errors as in Session.run."""
        deciding.demand(self, plan)
        remarks = plan.check()
        cost = self._admitted(plan, remarks, paid=resume is not None)
        grant = four_eyes.demand(self, plan)
        if grant is not None:
            remarks = [approved_remark(grant.answer), *remarks]
        remarks = [*endorsing.demand(self, plan), *remarks]
        inputs = [self.chronicle.artifact(digest) for digest in plan.inputs.values()]
        if Kind.HISTORY in (*plan.step.needs, *plan.step.uses):
            inputs.append(copies.told(self.history(), plan.heads))
        if Kind.TRUST in plan.step.uses and self.trust is not None:
            inputs.append(self.trust())
        purpose = f"{self.chronicle.next_seq}/{plan.step.key}"
        if resume is None:
            reserved = self._reserve(plan, cost)
        else:
            reserved, state, said_of_it = resuming.take_up(self.chronicle, self.shared, plan, resume)
            inputs.append(state)
            remarks = [said_of_it, *remarks]
        attempt = _Attempt(resumed=resume is not None)
        try:
            product = self.worker.run(
                self.job(plan, inputs, purpose),
                progress=progress,
                cancel=cancel,
                handed_over=attempt.hand_over,
                keep=resuming.keeper(self.chronicle, reserved),
                enough=enough,
            )
            facts = self._accepted(plan, product)
            four_eyes.require_the_same(plan, grant, product)
            artifacts = sealed(
                plan.step,
                product.artifacts,
                self.signer,
                timestamper=self.timestamper,
                clock=self.chronicle.clock,
                entropy=self.mode.entropy,
            )
            facts = plan.step.signed(facts, artifacts, self.signer.fingerprint if self.signer else "")
            deliveries = plan.step.deliver(plan.params, artifacts)
            places = placed(plan.files, deliveries, overwrite=plan.overwrite)
        except BaseException as error:
            self._failed(plan, reserved, error, attempt)
            raise
        said = () if reserved is None else reserved.findings  # of what was spent elsewhere
        findings = (*remarks, *said, *product.findings)
        event = self.chronicle.append(
            replace(
                self._draft(plan, "ok", reserved),
                facts=facts.model_dump(mode="json"),
                findings=findings,
                sources=_sources(plan.files, product.sources),
            ),
            artifacts,
        )
        files = write(places, overwrite=plan.overwrite)
        return StepResult(event, plan.step.section(plan.params, facts), findings, tuple(files))

    def _admitted(self, plan: Plan, remarks: Sequence[Finding], *, paid: bool = False) -> DpEvent:
        """The cost of a run that nothing speaks against. Refuses before anything is written. `paid`: it was
        charged before."""
        refusals = blocking(list(remarks))
        if refusals:
            reason = sentences(refusals[0].title, refusals[0].detail, _also(refusals[1:]))
            raise RefusedByCheckError(step=plan.step.key, reason=reason)
        if plan.step.seals and self.signer is None:
            raise NoSignerError(step=plan.step.key)
        require(plan.files, overwrite=plan.overwrite)
        cost = plan.cost()
        if not isinstance(cost, NoEvent):
            gaps.require_answered(self.chronicle.events)
        if not isinstance(cost, NoEvent) and not paid:
            self.shared.afford(self._limit(plan), cost, plan.inputs)
        return cost

    def _limit(self, plan: Plan) -> "Budget":
        """The budget that standard and policy allow. NoLimitError while there is no standard."""
        standard = policies.tightened(self.chronicle.heads().get(Kind.STANDARD), self.policy)
        limit = accounts.limits(standard)
        if limit is None:
            raise NoLimitError(step=plan.step.key)
        return limit

    def _maker(self, kind: Kind) -> str:
        return next((key for key, entry in self.entries.items() if kind in entry.load().gives), kind.value)

    def _reserve(self, plan: Plan, cost: DpEvent) -> "Event | None":
        if isinstance(cost, NoEvent):
            return None
        draft = replace(self._draft(plan, "reserved", None), cost=to_json(cost))
        return self.shared.reserve(draft, cost, self._limit(plan))

    def job(self, plan: Plan, inputs: Sequence[Artifact], purpose: str) -> Job:
        """What the worker is asked; `purpose` names the stream of the test mode's randomness."""
        testing = isinstance(self.chronicle.clock, TestClock)
        return Job(
            module=plan.module,
            params=plan.recorded,
            inputs=inputs,
            key=plan.step.key,
            sources=plan.files.sources,
            test_seed=self.mode.test_seed,
            purpose=purpose,
            now=self.chronicle.clock.now() if testing else None,
        )

    def _accepted(self, plan: Plan, product: Product) -> Any:
        """The facts, after what the worker sent has been held against the step's contract."""
        kinds = [artifact.kind for artifact in product.artifacts]
        if len(set(kinds)) != len(kinds) or not set(kinds) <= set(plan.step.gives):
            made, promised = (", ".join(kind.value for kind in some) for some in (kinds, plan.step.gives))
            raise WrongProductError(step=plan.step.key, made=made, promised=promised)
        if set(product.sources) != set(plan.files.sources):
            raise BadMessageError(reason="sources")
        for artifact in product.artifacts:
            if artifact.kind is Kind.TABLE and not _whose(artifact.head, plan, product):
                raise SourceMismatchError(step=plan.step.key)
        try:
            return plan.step.Facts.model_validate(dict(product.facts))
        except ValidationError:
            raise BadMessageError(reason="facts") from None

    def _failed(
        self, plan: Plan, reserved: "Event | None", error: BaseException, attempt: "_Attempt"
    ) -> None:
        """Put the attempt on record: void where no data had been handed over, else what became of it. One
        that goes on is never void: its data was handed over before."""
        if not attempt.handed_over:
            if reserved is not None and not attempt.resumed:
                self.chronicle.append(self._draft(plan, "void", reserved))
                self.shared.settle()
            return
        if (
            reserved is not None
            and isinstance(error, WorkerKilledError)
            and resuming.broken_off(self.chronicle, reserved, _remark(error))
        ):
            return
        outcome = "cancelled" if _wanted(error) else "failed"
        self.chronicle.append(replace(self._draft(plan, outcome, reserved), findings=(_remark(error),)))

    def _draft(self, plan: Plan, outcome: str, reserved: "Event | None") -> "EventDraft":
        draft = self.chronicle.draft(plan.step.key, outcome, params=plan.recorded, free=plan.free)
        return replace(draft, inputs=dict(plan.inputs), refers=None if reserved is None else reserved.seq)


@dataclass
class _Attempt:
    """Whether anything about the run has gone to the worker, and whether it goes on with an earlier one."""

    resumed: bool = False
    handed_over: bool = False

    def hand_over(self) -> None:
        self.handed_over = True


def _whose(table: Head, plan: Plan, product: Product) -> bool:
    """Whether a table says truly whose data it is, for the budget belongs to the data: of the files that
    were granted to the run, or all that the table said which it was made from."""
    before = plan.heads.get(Kind.TABLE)
    if before is not None:
        return all(table.get(name) == before.get(name) for name in (*IDENTITY, "files"))
    files, granted = table.get("files"), set(product.sources.values())
    heads = [table, *(files if isinstance(files, list) else ())]
    read = {str(one["sha256"]) for one in heads if isinstance(one, Mapping) and one.get("sha256") is not None}
    # of several files none may be left out: what it says of people would be charged to no budget
    return read <= granted and (not read or len(granted) < 2 or read == granted)


def _wanted(error: BaseException) -> bool:
    """Whether a person stopped the run."""
    coded = isinstance(error, CodedError) and error.exit_code is Exit.CANCELLED
    return coded or isinstance(error, CancelledRunError | KeyboardInterrupt)


def _remark(error: BaseException) -> Finding:
    """What the record says of a run that did not end well. No words of foreign errors: they may hold data."""
    if isinstance(error, CodedError):
        return Finding(Level.CAUTION, error.message, error.advice, code=error.error_code)
    if isinstance(error, KeyboardInterrupt):
        return Finding(Level.CAUTION, "Stopped from the keyboard.")
    return Finding(Level.CAUTION, f"Stopped by {type(error).__name__} in the main process.")


def _sources(files: Files, hashes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"name": path.name, "sha256": hashes[name]} for name, path in files.sources.items()}


def _also(refusals: Sequence[Finding]) -> str:
    """What else speaks against a run, so that nobody mends one thing after the other."""
    if not refusals:
        return ""
    shown = [one.title.rstrip(".") for one in refusals[:_SHOWN]]
    more = [f"{len(refusals) - _SHOWN} more"] if len(refusals) > _SHOWN else []
    return f"Also: {'; '.join([*shown, *more])}."

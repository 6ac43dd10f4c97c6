"""Where approvals meet the runs of a session: asked for, answered, and demanded before a run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level, blocking
from ppdesk.core.wording import sentences
from ppdesk.workbench.errors import MissingSourceError, RefusedByCheckError, SourceMismatchError
from ppdesk.workbench.evidence import approvals
from ppdesk.workbench.evidence.approvals import APPROVAL, REQUEST, Answer, Book, Bound, Decision, Request
from ppdesk.workbench.evidence.errors import (
    ApprovalNeededError,
    NoApprovalWantedError,
    NoApprovingRoleError,
    NoSuchRequestError,
    RequestBrokenError,
    RequestSettledError,
    SelfApprovalError,
)
from ppdesk.workbench.evidence.signing import note, own
from ppdesk.workbench.files import require

if TYPE_CHECKING:
    from ppdesk.identity.statement import Witness
    from ppdesk.store.events import Event
    from ppdesk.workbench.plan import Plan
    from ppdesk.workbench.runner import Runner
    from ppdesk.workbench.worker.jobs import Product


@dataclass(frozen=True)
class Grant:
    """The approval that a run goes by, and the source files that it was given for (SHA-256 by field)."""

    answer: Answer
    sources: Mapping[str, str]


def book(runner: "Runner") -> Book:
    """The requests and answers of the project, as they count now."""
    chronicle = runner.chronicle
    return Book(
        chronicle.events, chronicle.project_id, runner.policy, chronicle.clock.now(), chronicle.is_copy
    )


def demand(runner: "Runner", plan: "Plan") -> Grant | None:
    """The approval that this very run has; None where policy wants none. ApprovalNeededError,
    NobodySignsError (who runs it must be known, to be somebody else)."""
    if not runner.policy.needs_approval(plan.step.key):
        return None
    return _granted(runner, plan, own(runner.signed_in()))


def _granted(runner: "Runner", plan: "Plan", runs: "Witness | None") -> Grant:
    """The approval for `plan` when `runs` runs it (None: nobody who is known). ApprovalNeededError."""
    sources = approvals.hashes(plan.files.sources)
    reasons = []
    for request in reversed(book(runner).requests()):
        if request.step != plan.step.key or request.plan != _digest(runner, plan, sources, request.nonce):
            continue
        reason = _against(request, runs)
        if not reason and request.answer is not None:
            return Grant(request.answer, sources)
        reasons.append(reason)
    reasons.append("nobody has asked for it yet with these parameters, inputs and files.")
    raise ApprovalNeededError(step=plan.step.key, reason=reasons[0])


def require_the_same(plan: "Plan", grant: Grant | None, product: "Product") -> None:
    """SourceMismatchError where the worker read other files than those that were approved."""
    if grant is not None and dict(product.sources) != dict(grant.sources):
        raise SourceMismatchError(step=plan.step.key)


def remark(runner: "Runner", plan: "Plan") -> list[Finding]:
    """What to say beforehand of a step that two people have to agree on. Empty for any other."""
    if not runner.policy.needs_approval(plan.step.key):
        return []
    try:
        runs = None if runner.signer is None else own(runner.signer)
        grant = _granted(runner, plan, runs)
    except ApprovalNeededError as error:
        reason = str(error.values["reason"])
        return [_wanted(f"{reason[:1].upper()}{reason[1:]}")]
    except MissingSourceError as error:
        return [_wanted(error.message)]
    return [approvals.approved_remark(grant.answer)]


def _wanted(detail: str) -> Finding:
    return Finding(
        Level.BLOCKING,
        "Needs the approval of a second person",
        f"{detail} Ask with `ppdesk request`.",
        code=approvals.WANTED,
    )


def ask(runner: "Runner", plan: "Plan") -> "Event":
    """Put on record that the session's signer asks to run `plan`. NobodySignsError, NoApprovalWantedError,
    RefusedByCheckError, MissingSourceError, TargetFolderError."""
    if not runner.policy.needs_approval(plan.step.key):
        raise NoApprovalWantedError(step=plan.step.key)
    signer = runner.signed_in()
    refusals = blocking(plan.check())
    if refusals:
        reason = sentences(refusals[0].title, refusals[0].detail)
        raise RefusedByCheckError(step=plan.step.key, reason=reason)
    require(plan.files, overwrite=True)
    from ppdesk.workbench.evidence import people

    chronicle = runner.chronicle
    people.introduce(chronicle, signer)
    sources = approvals.hashes(plan.files.sources)
    nonce = runner.mode.entropy(f"{chronicle.next_seq}/nonce").take(16).hex()
    said: dict[str, Json] = {"step": plan.step.key, "plan": _digest(runner, plan, sources, nonce)}
    draft = chronicle.draft(REQUEST, "noted")
    named = {name: {"name": path.name, "sha256": sources[name]} for name, path in plan.files.sources.items()}
    return note(
        chronicle,
        signer,
        REQUEST,
        said,
        free={"values": plan.recorded, "nonce": nonce},
        like=replace(draft, inputs=dict(plan.inputs), sources=named),
    )


def answer(runner: "Runner", seq: int, decision: Decision, comment: str) -> "Event":
    """Put on record what the session's signer decides on the request in event `seq`.

    NobodySignsError, NoSuchRequestError, RequestBrokenError, RequestSettledError, SelfApprovalError,
    NoApprovingRoleError. Who asked may decline, which takes the request back.
    """
    signer = runner.signed_in()
    chronicle = runner.chronicle
    request = next((each for each in book(runner).requests() if each.event == seq), None)
    if request is None:
        raise NoSuchRequestError(seq=seq)
    if request.state == "broken":
        raise RequestBrokenError(seq=seq, reason=request.reason)
    settled = {"declined": "it was declined", "used": "it was approved, and has been run"}
    if decision == "approve":
        settled["approved"] = "it was approved"
    if request.state in settled:
        raise RequestSettledError(seq=seq, answer=settled[request.state])
    mine = own(signer)
    if approvals.one_person(mine, request.name, request.key):
        if decision == "approve" or mine.key != request.key:
            raise SelfApprovalError
    elif not book(runner).may_decide(mine):
        raise NoApprovingRoleError(roles=", ".join(runner.policy.rules.approvals.roles))
    said: dict[str, Json] = {
        "request": seq,
        "request_hash": request.hash,
        "plan": request.plan,
        "decision": decision,
    }
    free: dict[str, Json] = {"comment": comment} if comment else {}
    return note(chronicle, signer, APPROVAL, said, free=free, refers=seq)


def _against(request: Request, runs: "Witness | None") -> str:
    """What speaks against running by `request`; empty if nothing does."""
    given = request.answer
    match request.state:
        case "broken":
            return f"the request in event {request.event} does not hold: {request.reason}"
        case "open":
            asked = f"event {request.event} asks for it, and nobody has approved it yet."
            return sentences(asked, request.reason)
        case "declined":
            return (
                f"{given.name if given else 'somebody'} declined it in event {given.event if given else 0}."
            )
        case "used":
            return f"its approval has served a run already, in event {request.used_by}."
    if given is not None and runs is not None and approvals.one_person(runs, given.name, given.key):
        return f"{given.name} approved it in event {given.event}, and cannot run it as well."
    return ""


def _digest(runner: "Runner", plan: "Plan", sources: Mapping[str, str], nonce: str) -> str:
    inputs = {kind.value: digest for kind, digest in plan.inputs.items()}
    bound = Bound(runner.chronicle.project_id, plan.step.key, plan.recorded, inputs, sources)
    return bound.digest(nonce)

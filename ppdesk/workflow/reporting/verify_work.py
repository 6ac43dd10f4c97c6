"""Examining a report: from its bytes, and inside its project against the history."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.findings import Finding
from ppdesk.core.said import said
from ppdesk.report.errors import NotAReportError
from ppdesk.report.html.check import same_edition
from ppdesk.report.verdict import Check, Judgement, Verdict, good
from ppdesk.report.verification import MOST_BYTES, verify_pdf
from ppdesk.workflow.reporting.against import compared, recorded
from ppdesk.workflow.reporting.dated import DATES, dates, term
from ppdesk.workflow.reporting.errors import UnsoundReportError
from ppdesk.workflow.reporting.known import meet
from ppdesk.workflow.reporting.told import Told, read
from ppdesk.workflow.reporting.verify_facts import CheckFact, VerifyFacts
from ppdesk.workflow.step import Context, Inputs


def examine(inputs: Inputs, ctx: Context) -> tuple[VerifyFacts, list[Finding]]:
    """What was found, and remarks. UnsoundReportError where the report does not hold; NotAReportError, "
    "DamagedReportError."""
    ctx.progress(0.1, said("Reading the report"))
    pdf = _bounded(ctx.sources["report"])
    trust = ctx.sources.get("trust")
    ctx.progress(0.2, said("Checking the signature"))
    known = inputs.get(Kind.TRUST) if trust is None else None
    if known is None:
        met = None
        verdict = verify_pdf(pdf, None if trust is None else [trust.read_bytes()])
    else:
        met = meet(pdf, known)
        verdict = met.verdict
    if verdict.evidence is not None and verdict.verdict is not Judgement.WRONG:
        now = ctx.clock.now()
        odd = [] if ctx.stamp else dates(verdict, now)  # the test mode's clock shows no true time
        held = (*odd, *term(verdict.evidence, now))
        verdict = replace(verdict, checks=(*verdict.checks, *held))
    history = inputs.get(Kind.HISTORY)
    if history is not None and verdict.evidence is not None and verdict.verdict is not Judgement.WRONG:
        ctx.progress(0.6, said("Comparing with the history"))
        told = read(history)
        verdict = replace(
            verdict, checks=(*verdict.checks, *compared(verdict.evidence, told, verdict.sha256))
        )
        if met is None or met.standing != "withdrawn":
            verdict = _known_here(verdict, told, inputs)
    page = ctx.sources.get("html")
    if page is not None and verdict.evidence is not None and verdict.verdict is not Judgement.WRONG:
        ctx.progress(0.8, said("Making the accessible edition again"))
        edition = same_edition(_bounded(page), verdict.evidence)
        verdict = replace(verdict, checks=(*verdict.checks, edition))
    if verdict.verdict is Judgement.WRONG:
        raise UnsoundReportError(reason=_reason(verdict))
    facts = _facts(verdict, against_project=history is not None)
    if met is None or known is None:
        return facts, []
    head: Any = known.head
    beside = {"trust_list": head["list"], "trust_entries": head["entries"], "trust_head": head["hash"]}
    return facts.model_copy(update={"standing": met.standing, **beside}), list(met.remarks)


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise NotAReportError(reason="it is larger than any report")
    return path.read_bytes()


def _known_here(verdict: Verdict, told: Told, inputs: Inputs) -> Verdict:
    """A file that is byte for byte one that the project made needs nobody to compare a fingerprint: its
    SHA-256 is part of the history that was just checked."""
    held = inputs.get(Kind.REPORT)
    last = held is not None and sha256_hex(held.data("report.pdf")) == verdict.sha256
    own = recorded(verdict.evidence or {}, told)
    if not last and (own is None or own.facts.get("sha256") != verdict.sha256):
        return verdict
    words = said("This is the very file that this project's history made as its report.")
    if last:
        words = said("This is the very file that this project's history holds as its last report.")
    settled = ("Signer", "On record", DATES)
    checks = tuple(good(one.name, words) if one.name in settled else one for one in verdict.checks)
    return replace(verdict, checks=checks)


def _reason(verdict: Verdict) -> str:
    return " ".join(check.words for check in verdict.checks if check.judgement is Judgement.WRONG)


def _facts(verdict: Verdict, *, against_project: bool) -> VerifyFacts:
    evidence = verdict.evidence or {}
    head, report = _object(evidence.get("head")), _object(evidence.get("report"))
    seq = head.get("seq")
    return VerifyFacts(
        verdict="good" if verdict.verdict is Judgement.GOOD else "look",
        sentence=verdict.sentence,
        title=str(report.get("title")),
        signer=verdict.signer,
        fingerprint=verdict.fingerprint,
        signed_at=verdict.signed_at,
        sha256=verdict.sha256,
        project_id=str(_object(evidence.get("project")).get("id")),
        head_seq=seq if isinstance(seq, int) else 0,
        compared=against_project,
        checks=[_fact(check) for check in verdict.checks],
        stamp=str(report.get("stamp") or ""),
    )


def _fact(check: Check) -> CheckFact:
    return CheckFact(name=check.name, judgement=check.judgement.value, words=check.words)


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}

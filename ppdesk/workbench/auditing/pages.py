"""The lists behind the summary, as sections: for the window, the command line and paper alike."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.core.findings import Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.workbench.auditing.views import Sum
from ppdesk.workflow.reporting import noted

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.views import HistoryVerdict

_LEVELS = {Level.BLOCKING: said("Wrong"), Level.CAUTION: said("Look"), Level.INFO: said("Note")}
_REASONS = ("reason", "comment", "why", "answer")
_EVENT, _WHEN, _WHO = said("Event"), said("When (UTC)"), said("Who")


def of(events: "Sequence[Event]", verdict: "HistoryVerdict | None") -> dict[str, Section]:
    """The lists of a project or a copy, by page."""
    return {
        "findings": Section(said("Findings"), _findings(events)),
        "standard": Section(said("Standard and limits"), _standard(events)),
        "decisions": Section(said("Decisions"), _decisions(events, verdict)),
        "signatures": Section(said("Signatures"), _signatures(verdict)),
        "reports": Section(said("Reports"), _reports(events)),
        "models": Section(said("Models"), _models(events)),
    }


def moment(stamp: str) -> str:
    """A stamp (UTC, ISO) to the minute."""
    return f"{stamp[:10]} {stamp[11:16]}" if len(stamp) >= 16 else stamp


def rows_of(section: Section) -> int:
    """How many rows its first table has."""
    return next((len(one.rows) for one in section.blocks if isinstance(one, Table)), 0)


def budget(found: Sum) -> Section:
    """Each entry with the sum after it, and how it was composed."""
    rows = [
        (
            str(one.seq),
            moment(one.time),
            one.actor,
            one.title,
            one.standing,
            f"{one.epsilon:.4f}" if one.counts else "–",
            f"{one.sum:.4f}",
        )
        for one in found.entries
    ]
    header = (_EVENT, _WHEN, _WHO, said("Run"), said("Standing"), "ε", said("Sum of ε"))
    limit = said("no limit") if found.limit_epsilon is None else f"ε {found.limit_epsilon:.2f}"
    words = said(
        "Sum: ε {epsilon:.4f}, δ {delta}. Composed by {method}, {neighbours}. Limit: {limit}.",
        epsilon=found.epsilon,
        delta=chance(found.delta),
        method=found.method or said("basic composition"),
        neighbours=found.neighbours or "–",
        limit=limit,
    )
    table = Table(said("Budget, added up"), header, rows, right=(0, 5, 6), caption=words)
    remarks = [Words(one, "caution") for one in found.remarks]
    if not rows:
        return Section(said("Budget"), (*remarks, Words(said("Nothing was spent on record."))))
    return Section(said("Budget"), (*remarks, table))


def _or_words(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], none: str
) -> tuple[Block, ...]:
    return (Table(title, header, rows, right=(0,)),) if rows else (Words(none),)


def _findings(events: "Sequence[Event]") -> tuple[Block, ...]:
    last = {one.kind: one.seq for one in events if one.outcome == "ok"}
    rows = [
        (
            str(event.seq),
            event.kind,
            str(_LEVELS[one.level]),
            one.title,
            one.detail,
            str(said("stands"))
            if last.get(event.kind, event.seq) <= event.seq
            else str(said("run again since")),
        )
        for event in events
        for one in event.findings
    ]
    header = (_EVENT, said("Step"), said("Level"), said("Finding"), said("Measured"), said("Standing"))
    return _or_words(said("Findings"), header, rows, said("No check remarked on anything."))


def _standard(events: "Sequence[Event]") -> tuple[Block, ...]:
    made = [one for one in events if one.kind == "standard" and one.outcome == "ok"]
    if not made:
        return (Words(said("The record holds no standard: nothing limits what was spent."), "caution"),)
    last = made[-1]
    limits = _mappings(last.facts.get("limits"))
    rows = [
        (
            str(one.get("title", "")),
            str(one.get("shown", "")),
            str(said("weaker than the standard")) if one.get("weaker") else str(said("as the standard")),
            str(one.get("basis", "")),
            _first(one.get("sources")),
        )
        for one in limits
    ]
    header = (said("Limit"), said("Value"), said("Chosen"), said("Basis"), said("Source"))
    name = str(last.facts.get("title", ""))
    caption = said("Event {seq}, {when}, by {who}.", seq=last.seq, when=moment(last.time), who=last.actor)
    found: list[Block] = [Table(f"{name}".strip() or said("Limits"), header, rows, caption=caption)]
    if len(made) > 1:
        words = said("The standard was set {count} times; the last one counts.", count=len(made))
        found.insert(0, Words(words, "caution"))
    clauses = [
        (str(one.get("title", "")), str(one.get("says", ""))) for one in _mappings(last.facts.get("clauses"))
    ]
    if clauses:
        found.append(Table(said("Clauses"), (said("Clause"), said("What it asks")), clauses))
    if last.redacted:
        found.insert(0, Words(said("Values of the standard are closed in this copy."), "caution"))
    return tuple(found)


def _decisions(events: "Sequence[Event]", verdict: "HistoryVerdict | None") -> tuple[Block, ...]:
    from ppdesk.workbench.evidence.deciding import decisions

    rows = []
    doubts = {one.event: one.doubt for one in decisions(events, verdict.project_id if verdict else "")}
    for event in events:
        why = next((str(event.params[name]) for name in _REASONS if event.params.get(name)), "")
        person = event.kind in ("feedback", "approval", "endorsement", "decision", "look", "request")
        if event.kind == "signature" or not (why or person):
            continue
        says = noted.words(event.kind, event.params) if event.outcome == "noted" else ""
        if event.kind == "decision" and (
            doubt := doubts.get(event.seq, said("It explains no run on record."))
        ):
            says = said_all((said("Does not count."), doubt, says))
        if event.kind == "feedback":
            says = said(
                "{decision}: {about}",
                decision=str(event.params.get("decision", "")),
                about=str(event.params.get("about", "")),
            )
        rows.append((str(event.seq), moment(event.time), event.actor, event.kind, says, why))
    header = (_EVENT, _WHEN, _WHO, said("Step"), said("Decision"), said("Why"))
    return _or_words(said("Decisions"), header, rows, said("Nobody gave a reason on record."))


def _signatures(verdict: "HistoryVerdict | None") -> tuple[Block, ...]:
    heads = verdict.heads if verdict is not None else ()
    rows = [
        (
            str(head.event),
            head.signer or str(said("nobody that can be read")),
            ", ".join(head.roles),
            moment(head.time),
            str(said("up to event {seq}", seq=head.seq)),
            said("valid") if head.counts else head.reason or said("certificate not valid then"),
            head.words,
        )
        for head in heads
    ]
    header = (_EVENT, _WHO, said("Role"), _WHEN, said("Covers"), said("Signature"), said("Key"))
    blocks = list(
        _or_words(said("Signatures over the history"), header, rows, said("Nobody has signed the history."))
    )
    prints = {head.fingerprint: head.signer for head in heads if head.fingerprint}
    if prints:
        keys = [(name, print_) for print_, name in prints.items()]
        caption = said("Compare each fingerprint with what the person tells you over another channel.")
        blocks.append(
            Table(said("Signing keys"), (said("Name"), said("Fingerprint (SHA-256)")), keys, caption=caption)
        )
    return tuple(blocks)


def _reports(events: "Sequence[Event]") -> tuple[Block, ...]:
    rows = []
    for event in events:
        if event.outcome != "ok" or event.kind not in ("report", "handover", "draft", "export"):
            continue
        facts = event.facts
        name = str(facts.get("title") or facts.get("file") or event.params.get("to") or "")
        hash_ = str(facts.get("sha256") or facts.get("evidence_sha256") or facts.get("head_hash") or "")
        rows.append((str(event.seq), moment(event.time), event.actor, event.kind, name, hash_[:16]))
    header = (_EVENT, _WHEN, _WHO, said("Kind"), said("What"), "SHA-256")
    return _or_words(said("What left the project"), header, rows, said("No report or file was made."))


def _models(events: "Sequence[Event]") -> tuple[Block, ...]:
    rows = []
    for event in events:
        if event.outcome != "ok" or event.kind not in ("train", "tune", "deploy"):
            continue
        facts = event.facts
        rows.append(
            (
                str(event.seq),
                moment(event.time),
                event.kind,
                str(facts.get("title") or facts.get("estimator") or ""),
                str(facts.get("target") or ""),
                f"{facts.get('epsilon')}",
                chance(delta) if isinstance(delta := facts.get("delta"), int | float) else "–",
                str(facts.get("file") or ""),
            )
        )
    header = (_EVENT, _WHEN, said("Step"), said("Model"), said("Target"), "ε", "δ", said("File"))
    return _or_words(said("Models"), header, rows, said("No model was trained."))


def _mappings(value: Json) -> list[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _first(value: Json) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""

"""A signed report for an auditor: the checks of the file, and what its evidence tells."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard, cast

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_count
from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.privacy.events.numbers import is_finite
from ppdesk.report.verdict import Judgement
from ppdesk.workbench.auditing import judging, pages
from ppdesk.workbench.auditing.views import Entry, Judged, Overview, Sum
from ppdesk.workbench.remaking.costs import BUDGET
from ppdesk.workbench.remaking.errors import NothingToRemakeError
from ppdesk.workbench.remaking.recheck import Offer
from ppdesk.workbench.remaking.views import Line, Remade, compared, not_held

if TYPE_CHECKING:
    from ppdesk.report.verdict import Verdict
    from ppdesk.store.events import Event


_UNREADABLE = said("The report's evidence holds no budget that can be added up.")


def overview(path: Path, verdict: "Verdict", seconds: float) -> Overview:
    """The report at `path`, as it was checked. `seconds` that the check took."""
    evidence = verdict.evidence or {}
    project, head, report = (_mapping(evidence.get(name)) for name in ("project", "head", "report"))
    events, budget = tuple(_events(evidence, path.name)), _budget(_mapping(evidence.get("budget")))
    seq = head.get("seq")
    judged = [*_checks(verdict), *_listed(evidence, seq), *judging.budget(budget)]
    judged += judging.test_mode(str(report.get("stamp") or ""))
    wrong = [one for one in judged if one.judgement is Judgement.WRONG]
    rest = [one for one in judged if one.judgement is not Judgement.WRONG]
    lists = {
        "budget": pages.budget(budget),
        "findings": Section(said("Findings"), (Words(said("Findings stand in the report's chapters.")),)),
        "standard": Section(said("Standard and limits"), tuple(_limits(budget))),
        "decisions": Section(said("Decisions"), tuple(_endorsements(evidence))),
        "signatures": Section(said("Signatures"), tuple(_signature(verdict))),
        "reports": Section(said("Reports"), (_itself(path, verdict, report),)),
        "models": Section(said("Models"), (Words(said("Models stand in the report's chapters.")),)),
    }
    notes = {"timeline": f"{len(events):,}", "budget": f"ε {budget.epsilon:.2f}"}
    offers = (Offer(seq, BUDGET, str(said("Budget in a report")), "report"),) if isinstance(seq, int) else ()
    return Overview(
        "report",
        path.stem,
        path,
        str(project.get("id") or ""),
        (*wrong, *rest),
        events,
        budget,
        lists,
        {**notes, "again": str(len(offers))},
        offers,
        signer=verdict.signer,
        made=verdict.signed_at,
        fingerprint=verdict.fingerprint,
        stamp=str(report.get("stamp") or ""),
        head=str(head.get("hash") or ""),
        seconds=seconds,
    )


def recheck(made: Overview, seq: int, what: str) -> Remade:
    """The sum of the report's budget from its own rows. NothingToRemakeError."""
    if not any(one.event == seq and what in ("", one.what) for one in made.offers):
        raise NothingToRemakeError(seq=seq, what=what or "finding")
    found = made.budget
    if found.broken or found.told is None or found.told_delta is None:
        return not_held(seq, BUDGET, said("the budget in the report"), found.broken or _UNREADABLE)
    epsilon = math.fsum(one.epsilon for one in found.entries if one.counts)
    if found.told == found.epsilon and abs(found.told - epsilon) > 1e-9:
        words = said("The runs are under different relations of neighbours, and its rows do not name them.")
        return not_held(seq, BUDGET, said("the budget in the report"), words)
    lines = [
        Line(said("Reservations"), str(len(found.entries))),
        Line(said("Sum of ε"), f"{found.told:.4f}", f"{epsilon:.4f}"),
        Line(said("Sum of δ"), chance(found.told_delta), chance(found.delta)),
        Line(said("Composed by"), found.method),
    ]
    count = len(found.entries)
    words = said_count("from the {count} row of its evidence", "from the {count} rows of its evidence", count)
    then: Json = {"epsilon": round(found.told, 12), "delta": float(f"{found.told_delta:.9g}")}
    return compared(
        seq,
        BUDGET,
        said("the budget in the report"),
        words,
        lines=lines,
        then=then,
        now={"epsilon": round(epsilon, 12), "delta": float(f"{found.delta:.9g}")},
    )


def _checks(verdict: "Verdict") -> Iterator[Judged]:
    """What is wrong or to be looked at, each; what is good, together."""
    good = [one for one in verdict.checks if one.judgement is Judgement.GOOD]
    for one in verdict.checks:
        if one.judgement is not Judgement.GOOD:
            yield Judged("signatures", one.judgement, f"{one.name}.", one.words)
    if good:
        bold = said_count("{count} check of the file holds.", "{count} checks of the file hold.", len(good))
        yield Judged("signatures", Judgement.GOOD, bold, ", ".join(one.name for one in good) + ".")


def _listed(evidence: Mapping[str, Json], seq: Json) -> Iterator[Judged]:
    """Is the report's own list of events in one piece?"""
    listed, head = _mappings(evidence.get("events")), _mapping(evidence.get("head"))
    if not listed:
        return
    whole = [one.get("seq") for one in listed] == list(range(1, len(listed) + 1))
    ends = listed[-1].get("hash") == head.get("hash") and listed[-1].get("seq") == seq
    if whole and ends:
        words = said_count(
            "{count} event up to the head. The links themselves are in the project, not here.",
            "{count} events up to the head. The links themselves are in the project, not here.",
            len(listed),
        )
        yield Judged("timeline", Judgement.GOOD, said("The list of events has no gap."), words)
    else:
        yield Judged("timeline", Judgement.WRONG, said("The list of events has a gap."))


def _events(evidence: Mapping[str, Json], file: str) -> "Iterator[Event]":
    """The events that the evidence names, with who and when where a chapter says so."""
    from ppdesk.store.events import Event

    origins = {one.get("event"): one for one in _origins(_mapping(evidence.get("document")))}
    prev = ""
    for one in _mappings(evidence.get("events")):
        seq, hash_ = one.get("seq"), str(one.get("hash") or "")
        if not isinstance(seq, int):
            continue
        origin = origins.get(seq, {})
        empty: dict[Kind, str] = {}
        yield Event(
            seq, str(origin.get("time") or ""), str(origin.get("actor") or ""), str(one.get("kind") or ""),
            {}, {}, empty, empty, "", None, str(one.get("outcome") or "ok"), None, "", prev, hash_, (), file,  # type: ignore[arg-type]  # as told
        )  # fmt: skip
        prev = hash_


def _origins(document: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    for part in _mappings(document.get("parts")):
        for chapter in _mappings(part.get("chapters")):
            if origin := _mapping(chapter.get("origin")):
                yield origin


def _budget(told: Mapping[str, Json]) -> Sum:
    entries, total, odd = [], 0.0, not isinstance(told.get("rows"), list)
    odd = odd or len(_mappings(told.get("rows"))) < len(cast("list[Json]", told["rows"]))
    for row in _mappings(told.get("rows")):
        seq, epsilon, delta = row.get("seq"), row.get("epsilon"), row.get("delta")
        if not (isinstance(seq, int) and _cost(epsilon) and _cost(delta)):
            odd = True
            continue
        counts = row.get("standing") != "void"
        total = math.fsum((total, epsilon)) if counts else total
        name = str(row.get("title") or row.get("key") or "")
        entries.append(
            Entry(
                seq, str(row.get("time") or ""), str(row.get("actor") or ""), name, float(epsilon),
                float(delta), str(row.get("standing") or ""), counts, total,
            )
        )  # fmt: skip
    delta, spent = math.fsum(one.delta for one in entries if one.counts), _number(told.get("spent_epsilon"))
    if spent is not None and _converted(told, spent, total):
        total, delta = spent, _number(told.get("spent_delta")) or delta
    return Sum(
        tuple(entries),
        total,
        delta,
        str(told.get("method") or ""),
        str(told.get("neighbours") or ""),
        _number(told.get("limit_epsilon")),
        _number(told.get("limit_delta")),
        told=spent,
        told_delta=_number(told.get("spent_delta")),
        broken=str(_UNREADABLE) if odd or spent is None else "",
    )


def _converted(told: Mapping[str, Json], spent: float, total: float) -> bool:
    """Whether the sum can be that of runs under different relations: those of the weaker one cost up to twice
    as much under the stronger, and the rows do not name theirs."""
    return told.get("neighbours") == "replace-one" and total + 1e-9 < spent <= 2 * total + 1e-9


def _limits(budget: Sum) -> Iterator[Block]:
    rows = [
        (str(name), f"{value:g}")
        for name, value in (("ε", budget.limit_epsilon), ("δ", budget.limit_delta))
        if value is not None
    ]
    if rows:
        yield Table(said("Limits that the report names"), (said("Limit"), said("Value")), rows)
    else:
        yield Words(said("The report's evidence names no limit."))


def _endorsements(evidence: Mapping[str, Json]) -> Iterator[Block]:
    rows = [
        tuple(str(one.get(name) or "") for name in ("event", "name", "role", "decision", "comment"))
        for one in _mappings(evidence.get("endorsements"))
    ]
    header = (said("Event"), said("Who"), said("Role"), said("Decision"), said("Why"))
    if rows:
        yield Table(said("Endorsements"), header, rows, right=(0,))
    else:
        yield Words(said("Nobody endorsed the draft of this report on record."))


def _signature(verdict: "Verdict") -> Iterator[Block]:
    words = {Judgement.GOOD: said("Good"), Judgement.LOOK: said("Look"), Judgement.WRONG: said("Wrong")}
    rows = [(str(words[one.judgement]), one.name, one.words) for one in verdict.checks]
    caption = said("Signed by {name}, key {print}.", name=verdict.signer, print=verdict.fingerprint)
    header = (said("Judgement"), said("Check"), said("Found"))
    yield Table(said("Checks of the file"), header, rows, caption=caption if verdict.signer else "")


def _itself(path: Path, verdict: "Verdict", report: Mapping[str, Json]) -> Table:
    rows = [
        (str(said("File")), path.name),
        (str(said("Title")), str(report.get("title") or "")),
        (str(said("Made")), pages.moment(str(report.get("made") or ""))),
        (str(said("Signed")), pages.moment(verdict.signed_at)),
        (str(said("SHA-256 of the file")), verdict.sha256),
    ]
    return Table(said("This report"), (said("What"), said("Value")), rows)


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: Json) -> Sequence[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _cost(value: Json) -> TypeGuard[float]:
    return is_finite(value) and value >= 0


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

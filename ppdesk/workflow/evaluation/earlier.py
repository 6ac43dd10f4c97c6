"""False claims that earlier audits or attacks found, and whether they still stand.

A finding stands until what it is about is made anew, or until two audits (or attacks) in which the same
measurement was at least as hard to escape found nothing, for each that found it. Of sound claims one in 1 /
(1 - confidence) audits finds one false by chance, so an audit may be repeated; but an audit calls what its
power names in four of five runs only, so one that finds nothing does not take back one that did. At least as
hard: the same or a higher effort, no higher confidence (which makes a verdict harder), and no less power
where both tell it. A finding that was taken back stays told.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ppdesk.assess.attempts import Verdict
from ppdesk.assess.effort import Effort
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Words
from ppdesk.core.wording import percent
from ppdesk.workflow.step import Inputs

CONFIDENCE = 0.95  # of attacks
REPEATS = 2  # audits without the finding, for each with it
_EFFORTS = [one.value for one in Effort]
_ROOM = 1.02  # powers that differ by less are the same
_MADE_BY = (
    ("mechanism-statistics", Kind.STATISTICS),
    ("mechanism-synthetic", Kind.SYNTHETIC),
    ("mechanism-safepub", Kind.RELEASE),
)


@dataclass(frozen=True)
class Earlier:
    """A claim that was found false by `found` audits of what holds now, and not by `repeats` that were at
    least as hard as the hardest of them. `words`: what that measured."""

    key: str
    title: str
    against: str
    words: str
    effort: str
    confidence: float
    found: int
    repeats: int
    stands: bool
    by: str = "audit"  # or "attack"

    def to_json(self) -> dict[str, Json]:
        """For the head, as the findings of this audit."""
        found = (
            said("{words}, found by an earlier attack ({sure})", words=self.words, sure=self._told())
            if self.by == "attack"
            else said("{words}, found by an earlier audit ({sure})", words=self.words, sure=self._told())
        )
        return {
            "key": self.key,
            "title": self.title,
            "against": self.against,
            "words": found,
            "confidence": self.confidence,
        }

    def block(self) -> Words:
        """For the page."""
        start = (
            said(
                "An earlier attack called the claim false: {title}, {words} ({sure}).",
                title=self.title,
                words=self.words,
                sure=self._told(),
            )
            if self.by == "attack"
            else said(
                "An earlier audit called the claim false: {title}, {words} ({sure}).",
                title=self.title,
                words=self.words,
                sure=self._told(),
            )
        )
        count = (
            said_count("{count} attack", "{count:,} attacks", self.repeats)
            if self.by == "attack"
            else said_count("{count} audit", "{count:,} audits", self.repeats)
        )
        if self.stands:
            more = said(
                "{audits} since then, at least as hard, did not find it: the finding stands until {repeats} "
                "for each that found it do, or its subject is made anew.",
                audits=count,
                repeats=REPEATS,
            )
            return Words(said_all((start, more)), "risk")
        more = said("{audits}, at least as hard, did not.", audits=count)
        return Words(said_all((start, more)), "caution")

    def _told(self) -> str:
        effort = {
            Effort.QUICK: said("quick look"),
            Effort.STANDARD: said("standard"),
            Effort.THOROUGH: said("thorough"),
        }[Effort(self.effort)]
        return said("{effort}, {share} sure", effort=effort, share=percent(self.confidence, None))


@dataclass(frozen=True)
class _Audit:
    """As a record keeps it: `attempts` are JSON objects."""

    effort: str
    confidence: float
    subjects: Mapping[str, Any]
    attempts: Sequence[Mapping[str, Any]]


def earlier(inputs: Inputs, now: Mapping[str, Any], by: str = "audit") -> tuple[Earlier, ...]:
    """Of the audits on record, or the attacks: of the step `by`. `now`: facts of the one that ends, as JSON.
    Findings that it made itself are not among them."""
    this = _audit(now)
    audits = [*_recorded(inputs, by), this]
    own = {one["key"] for one in this.attempts if one["verdict"] == Verdict.BROKEN.value}
    found: dict[str, Earlier] = {}
    for audit in audits:
        for one in audit.attempts:
            key = str(one["key"])
            new = one["verdict"] == Verdict.BROKEN.value and key not in own and key not in found
            if new and _same(key, audit, this):
                found[key] = replace(_counted(one, audit, audits, this), by=by)
    return tuple(found.values())


def _counted(one: Mapping[str, Any], first: _Audit, audits: Sequence[_Audit], this: _Audit) -> Earlier:
    times = repeats = 0
    hardest, measured = first, one
    for audit in audits[audits.index(first) :]:
        if not _same(str(one["key"]), audit, this):
            continue
        for again in audit.attempts:
            if again["key"] == one["key"] and again["verdict"] == Verdict.BROKEN.value:
                times, repeats = times + 1, 0
                if _EFFORTS.index(audit.effort) > _EFFORTS.index(hardest.effort):
                    hardest, measured = audit, again
            elif again["key"] == one["key"] and _as_hard(again, audit, measured, hardest):
                repeats += 1
    value = (measured.get("found") or {}).get("value")
    words = str(measured.get("measure"))
    return Earlier(
        str(one["key"]),
        str(one["title"]),
        str(one["against"]),
        words if value is None else said_all((f"{words}:", f"{float(value):.2f}")),
        hardest.effort,
        hardest.confidence,
        times,
        repeats,
        repeats < REPEATS * times,
    )


def _as_hard(again: Mapping[str, Any], audit: _Audit, one: Mapping[str, Any], first: _Audit) -> bool:
    if again["verdict"] == Verdict.NOT_RUN.value or audit.confidence > first.confidence:
        return False
    if _EFFORTS.index(audit.effort) < _EFFORTS.index(first.effort):
        return False
    power, least = again.get("power"), one.get("power")
    return least is None or (power is not None and power <= least * _ROOM)


def _same(key: str, audit: _Audit, this: _Audit) -> bool:
    """Whether `audit` looked at what the attempt `key` is about as it is now."""
    kind = next((made for start, made in _MADE_BY if key.startswith(start)), Kind.MODEL).value
    return audit.subjects.get(kind) == this.subjects.get(kind)


def _recorded(inputs: Inputs, by: str) -> Iterator[_Audit]:
    if Kind.HISTORY not in inputs:
        return
    for event in json.loads(inputs[Kind.HISTORY].data("history"))["events"]:
        facts = event.get("facts")
        if event["kind"] == by and isinstance(facts, Mapping) and "attempts" in facts:
            yield _audit(facts)


def _audit(facts: Mapping[str, Any]) -> _Audit:
    return _Audit(
        str(facts["effort"]),
        float(facts.get("confidence") or CONFIDENCE),
        facts.get("subjects") or {},
        facts["attempts"],
    )

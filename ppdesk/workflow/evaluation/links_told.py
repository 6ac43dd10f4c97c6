"""The linkage attack, as rows and as blocks."""

from collections.abc import Sequence

from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.linkage.results import Linked
from ppdesk.assess.results import Estimate
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.links import LinkResult
from ppdesk.workflow.evaluation.worded import joined

_TITLES = {"exact": said("Linkage, exact"), "fuzzy": said("Linkage, fuzzy")}
_HEADS = {"exact": said("Exact"), "fuzzy": said("Fuzzy")}


def _of(result: LinkResult) -> list[Linked]:
    return [one for one in (result.exact, result.fuzzy) if one is not None]


def attempts(result: LinkResult) -> list[Attempt]:
    """One for each attack; one that says why where none was run."""
    found = [_attempt(result, one) for one in _of(result)]
    if not found:
        return [_left_out(result, "linkage", said("Linkage"), result.why_not)]
    return [*found, _left_out(result, "linkage-fuzzy", _TITLES["fuzzy"], result.cut)] if result.cut else found


def _attempt(result: LinkResult, one: Linked) -> Attempt:
    return Attempt(
        key=f"linkage-{one.attack}",
        title=_TITLES[one.attack],
        against="release",
        attacker=_attacker(result, one),
        effort=result.effort,
        size=said(
            "{targets:,} people, {records:,} records, {claims:,} links claimed",
            targets=one.targets,
            records=result.records,
            claims=one.claims,
        ),
        measure=said("Share re-identified")
        if result.truth != "expected"
        else said("Share re-identified, expected"),
        found=one.share,
        beside=Estimate(result.guessing, result.guessing, result.guessing),
        beside_words=said("by guessing"),
        allowed=result.limit,
        power=one.power,
        power_words=said("Detects shares over {power}", power=percent(one.power, 2)),
        verdict=verdict(one, result.limit),
        note=_note(result, one),
    )


def _left_out(result: LinkResult, key: str, title: str, why: str) -> Attempt:
    return not_run(
        key,
        title,
        "release",
        effort=result.effort,
        measure=said("Share re-identified"),
        why=why,
        attacker=said("The release"),
    )


def verdict(one: Linked, limit: float | None) -> Verdict:
    """Nothing where no claim is right."""
    if one.share.value <= 0:
        return Verdict.NOTHING
    if limit is not None and one.share.value > limit:
        return Verdict.OVER
    return Verdict.IN_LINE


def _attacker(result: LinkResult, one: Linked) -> str:
    known = ", ".join(result.known)
    if one.attack == "fuzzy" and result.errors:
        wrong = percent(result.errors, None)
        return said("The release, {known}, {share} of it wrong", known=known, share=wrong)
    return said("The release, {known}", known=known)


def _note(result: LinkResult, one: Linked) -> str:
    parts: list[str] = []
    if one.right is not None:
        parts.append(said("{share} of the claims are right", share=_share(one.right)))
    if one.outside is not None:
        many, people = _share(one.outside), one.outside_records
        parts.append(
            said("claimed for {share} of {people:,} people not in the release", share=many, people=people)
            if parts
            else said(
                "Claimed for {share} of {people:,} people not in the release", share=many, people=people
            )
        )
    if result.truth == "expected":
        parts.append(
            said("whose record is whose is not known")
            if parts
            else said("Whose record is whose is not known")
        )
    return said_all((joined(parts), "."), by="") if parts else ""


def blocks(result: LinkResult) -> list[Block]:
    """For screen and report."""
    if result.why_not:
        return [Words(result.why_not, "caution")]
    known, confidence = ", ".join(result.known), percent(result.confidence, 0)
    looked = (
        said(
            "{targets:,} people of a file were looked for in the release by what somebody might "
            "know of them: {known}. A link is claimed from a chance of {chance} on.",
            targets=result.targets,
            known=known,
            chance=confidence,
        )
        if result.source == "file"
        else said(
            "{targets:,} people of the table were looked for in the release by what somebody might know of "
            "them: {known}. A link is claimed from a chance of {chance} on.",
            targets=result.targets,
            known=known,
            chance=confidence,
        )
    )
    found: list[Block] = [
        Words(said_all((looked, result.truth_words))),
        Figures(tuple(_figure(one) for one in _of(result))),
        Table(
            said("Links to the release"),
            (
                said("Attack"),
                said("People"),
                said("Claims"),
                said("Claims right"),
                said("Re-identified"),
                said("Best guess right"),
                said("Not in it"),
                said("Median candidates"),
                said("Detects from"),
            ),
            [_row(one) for one in _of(result)],
            right=(1, 2, 3, 4, 5, 6, 7, 8),
            caption=_caption(result),
        ),
    ]
    return [*found, *(Words(note, "info") for note in result.notes)]


def _caption(result: LinkResult) -> str:
    exact = said(
        "A blind guess is right with a chance of 1 in {records:,}. Exact: all that is known is right.",
        records=result.records,
    )
    fuzzy = (
        said(
            "Fuzzy: Fellegi and Sunter's weights, found by EM, {share} of what is known made wrong.",
            share=percent(result.errors, None),
        )
        if result.errors
        else said("Fuzzy: Fellegi and Sunter's weights, found by EM.")
    )
    rest = said(
        "Best guess: the likeliest record of everybody, claimed or not. Not in it: links claimed for people "
        "who are not in the release."
    )
    return said_all((exact, fuzzy, rest))


def _figure(one: Linked) -> KeyFigure:
    return KeyFigure(
        said("Re-identified, exact") if one.attack == "exact" else said("Re-identified, fuzzy"),
        percent(one.share.value),
        said("{low} to {high}, 95 %", low=percent(one.share.low), high=percent(one.share.high)),
    )


def _row(one: Linked) -> Sequence[str]:
    return (
        _HEADS[one.attack],
        f"{one.targets:,}",
        f"{one.claims:,}",
        "" if one.right is None else _share(one.right),
        _share(one.share),
        _share(one.expected),
        "" if one.outside is None else _share(one.outside),
        f"{one.candidates:,.0f}",
        percent(one.power, 2),
    )


def _share(one: Estimate) -> str:
    return said(
        "{value} ({low} to {high})", value=percent(one.value), low=percent(one.low), high=percent(one.high)
    )

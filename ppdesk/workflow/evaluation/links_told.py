"""The linkage attack, as rows and as blocks."""

from collections.abc import Sequence

from ppdesk.assess.attempts import Attempt, Verdict, not_run
from ppdesk.assess.linkage.results import Linked
from ppdesk.assess.results import Estimate
from ppdesk.core.section import Block, Figures, KeyFigure, Table, Words
from ppdesk.core.wording import percent
from ppdesk.workflow.evaluation.links import LinkResult

_TITLES = {"exact": "Linkage, exact", "fuzzy": "Linkage, fuzzy"}


def _of(result: LinkResult) -> list[Linked]:
    return [one for one in (result.exact, result.fuzzy) if one is not None]


def attempts(result: LinkResult) -> list[Attempt]:
    """One for each attack; one that says why where none was run."""
    found = [_attempt(result, one) for one in _of(result)]
    if not found:
        return [_left_out(result, "linkage", "Linkage", result.why_not)]
    return [*found, _left_out(result, "linkage-fuzzy", _TITLES["fuzzy"], result.cut)] if result.cut else found


def _attempt(result: LinkResult, one: Linked) -> Attempt:
    return Attempt(
        key=f"linkage-{one.attack}",
        title=_TITLES[one.attack],
        against="release",
        attacker=_attacker(result, one),
        effort=result.effort,
        size=f"{one.targets:,} people, {result.records:,} records, {one.claims:,} links claimed",
        measure="Share re-identified" if result.truth != "expected" else "Share re-identified, expected",
        found=one.share,
        beside=Estimate(result.guessing, result.guessing, result.guessing),
        beside_words="by guessing",
        allowed=result.limit,
        power=one.power,
        power_words=f"Detects shares over {percent(one.power, 2)}",
        verdict=verdict(one, result.limit),
        note=_note(result, one),
    )


def _left_out(result: LinkResult, key: str, title: str, why: str) -> Attempt:
    return not_run(
        key,
        title,
        "release",
        effort=result.effort,
        measure="Share re-identified",
        why=why,
        attacker="The release",
    )


def verdict(one: Linked, limit: float | None) -> Verdict:
    """Nothing where no claim is right."""
    if one.share.value <= 0:
        return Verdict.NOTHING
    if limit is not None and one.share.value > limit:
        return Verdict.OVER
    return Verdict.IN_LINE


def _attacker(result: LinkResult, one: Linked) -> str:
    said = f"The release, {', '.join(result.known)}"
    if one.attack == "fuzzy" and result.errors:
        return f"{said}, {percent(result.errors, None)} of it wrong"
    return said


def _note(result: LinkResult, one: Linked) -> str:
    said = [] if one.right is None else [f"{_share(one.right)} of the claims are right"]
    if one.outside is not None:
        said.append(f"claimed for {_share(one.outside)} of {one.outside_records:,} people not in the release")
    if result.truth == "expected":
        said.append("whose record is whose is not known")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def blocks(result: LinkResult) -> list[Block]:
    """For screen and report."""
    if result.why_not:
        return [Words(result.why_not, "caution")]
    origin = "a file" if result.source == "file" else "the table"
    found: list[Block] = [
        Words(
            f"{result.targets:,} people of {origin} were looked for in the release by what somebody might "
            f"know of them: {', '.join(result.known)}. A link is claimed from a chance of "
            f"{percent(result.confidence, 0)} on. {result.truth_words}"
        ),
        Figures(tuple(_figure(one) for one in _of(result))),
        Table(
            "Links to the release",
            ("Attack", "People", "Claims", "Claims right", "Re-identified", "Best guess right", "Not in it",
             "Median candidates", "Detects from"),
            [_row(one) for one in _of(result)],
            right=(1, 2, 3, 4, 5, 6, 7, 8),
            caption=f"A blind guess is right with a chance of 1 in {result.records:,}. Exact: all that is "
            "known is right. Fuzzy: Fellegi and Sunter's weights, found by EM"
            + (f", {percent(result.errors, None)} of what is known made wrong" if result.errors else "")
            + ". Best guess: the likeliest record of everybody, claimed or not. Not in it: links claimed for "
            "people who are not in the release.",
        ),
    ]  # fmt: skip
    return [*found, *(Words(note, "info") for note in result.notes)]


def _figure(one: Linked) -> KeyFigure:
    return KeyFigure(
        f"Re-identified, {one.attack}",
        percent(one.share.value),
        f"{percent(one.share.low)} to {percent(one.share.high)}, 95 %",
    )


def _row(one: Linked) -> Sequence[str]:
    return (
        one.attack.capitalize(),
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
    return f"{percent(one.value)} ({percent(one.low)} to {percent(one.high)})"

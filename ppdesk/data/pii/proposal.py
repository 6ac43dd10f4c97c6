"""What a column seems to be, from its name and its values, with reasons and how sure that is.

Rules, in this order: values that a check proves; a name and values that agree; a name alone; values that
are all different; else quasi-identifier, because nothing says that others could not know them. Confidence
is a judgement about the role: Bayes' rule where a check gives numbers (see `detector.belief`), else a fixed
figure of the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ppdesk.core.said import Said, said, said_count
from ppdesk.core.wording import percent
from ppdesk.data.pii.detector import CAP
from ppdesk.data.pii.headers import Named, named, words
from ppdesk.data.pii.scan import Evidence, Scan
from ppdesk.data.pii.vocabulary import Concept

RoleName = Literal["direct-identifier", "quasi-identifier", "sensitive", "insensitive"]
_SURE = 0.5  # belief from which values alone make a kind
_FEW = 10  # a column of so few distinct values names nobody
_ENOUGH = 50  # rows, below which few values say nothing
_ALL_DIFFERENT = 0.95
_NAMES = 0.5  # share of values with a common name, from which a column holds names
_PLACES = 0.5  # share of values of the form of an address, a postcode, a date
_INSIDE = 0.3  # share of cells with a hit inside them, from which the column is of that kind
_TARGET_VALUES = 20  # classes that a model may be meant to tell apart
_CODES = frozenset(
    {"postcode", "place", "region", "occupation", "birth-date", "event-date", "sex", "ethnicity"}
)
# a concept of a name -> keys of detectors whose hits agree with it
_AGREES = {
    "national-id": ("national-",),
    "ssn": ("national-us-",),
    "card": ("card",),
    "iban": ("iban",),
    "account": ("iban", "card"),
    "email": ("email",),
    "phone": ("phone",),
    "fax": ("phone",),
    "url": ("url",),
    "ip": ("ip",),
    "device": ("mac", "imei"),
    "vehicle": ("vin",),
    "medical-record": ("national-gb-nhs",),
    "health-plan": ("national-au-medicare", "national-"),
    "person-id": ("national-",),
    "case-id": ("national-",),
    "username": ("email",),
}


@dataclass(frozen=True)
class Proposal:
    """What one column seems to be. Reasons are sentences, the weightiest first, without a value."""

    name: str
    role: RoleName
    confidence: float
    reasons: tuple[str, ...]
    kind: str = ""
    share: float = 0.0
    hipaa: tuple[int, ...] = ()
    numeric: bool = False
    person_id: bool = False
    target: bool = False
    inside: tuple[Evidence, ...] = field(default_factory=tuple)


def strongest(scan: Scan, concept: Concept | None) -> tuple[Evidence, float] | None:
    """The evidence that the values (as a whole) give most belief to, with that belief; the name raises the
    prior of the detectors that agree with it. None below `_SURE`."""
    best: tuple[Evidence, float] | None = None
    agreeing = _AGREES.get(concept.key, ()) if concept else ()
    for one in scan.evidence:
        if one.inside:
            continue
        agrees = bool(agreeing) and one.detector.key.startswith(agreeing) and _says_so(concept, one)
        prior = max(one.detector.prior, concept.prior) if agrees and concept else None
        belief = one.belief(prior)
        if one.share >= 0.3 and belief >= _SURE and (best is None or belief > best[1]):
            best = one, belief
    return best


def _says_so(concept: Concept | None, one: Evidence) -> bool:
    """Whether a name is close enough for a number without a check: ``ssn`` for one of nine digits, no
    patient's number."""
    if one.detector.checked or not one.detector.country or concept is None:
        return True
    return concept.key == ("ssn" if one.detector.country == "US" else "national-id")


def propose(scan: Scan, objective: str = "") -> Proposal:
    """The column's role. `objective` is what the data is for, in a person's words: it may name the target."""
    told = named(scan.name)
    inside = tuple(one for one in scan.evidence if one.inside and one.belief() >= _SURE)
    made = _by_values(scan, told) or _by_name(scan, told) or _by_uniqueness(scan) or _left_over(scan)
    target = _may_be_target(scan, told, objective)
    reasons = [*made.reasons, *_hidden(made, inside)]
    if target:
        reasons.append(target)
    hipaa = {*made.hipaa, *(number for one in inside for number in one.detector.hipaa)}
    return Proposal(
        name=scan.name,
        role=made.role,
        confidence=round(min(CAP, made.confidence), 2),
        reasons=tuple(reasons),
        kind=made.kind,
        share=made.share,
        hipaa=tuple(sorted(hipaa)),
        numeric=_is_quantity(scan, made),
        person_id=made.person_id,
        target=bool(target),
        inside=inside,
    )


def _is_quantity(scan: Scan, made: Proposal) -> bool:
    """Whether its values are numbers that mean an amount: enough different ones, and no code."""
    if scan.numbers < 1.0 or scan.padded or made.role == "direct-identifier" or made.kind in _CODES:
        return False
    return scan.distinct > _TARGET_VALUES or made.kind in ("age", "birth-year")


def _hidden(made: Proposal, inside: Sequence[Evidence]) -> list[str]:
    return [
        said("{share} of the cells have {what} in them.", share=percent(one.share), what=one.detector.title)
        for one in inside
        if one.detector.key != made.kind
    ]


def _by_values(scan: Scan, told: Named | None) -> Proposal | None:
    """Kinds that values prove, or show by a form that is seldom anything else."""
    concept = told.concept if told else None
    found = strongest(scan, concept)
    if found is not None:
        return _checked(scan, *found, concept)
    inside = [one for one in scan.evidence if one.inside and one.belief() >= _SURE]
    if scan.text and scan.unique > 0.5:
        reason = said(
            "It is running text, with personal data in it; no check can clear such text of names."
            if inside
            else "It is running text, in which nothing was found; no check can clear such text of names."
        )
        sure = 0.9 if inside else 0.6
        return Proposal(scan.name, "direct-identifier", sure, (reason,), "text", 1.0, (1,))
    top = max(inside, key=lambda one: one.share, default=None)
    if top is not None and top.share >= _INSIDE:
        reason = said("{share} of the cells hold {what}.", share=percent(top.share), what=top.detector.title)
        kind, hipaa = top.detector.key, top.detector.hipaa
        return Proposal(scan.name, "direct-identifier", top.belief(), (reason,), kind, top.share, hipaa)
    return _by_shape(scan, concept)


def _by_shape(scan: Scan, concept: Concept | None) -> Proposal | None:
    """Kinds of which only a form can be known."""
    key = concept.key if concept else ""
    kind, what, share, confidence, number = "", "", 0.0, 0.9, 2
    if scan.addresses >= _PLACES:
        kind, what, share = "address", said("a street and a number"), scan.addresses
    elif scan.names >= _NAMES and scan.distinct > _FEW and (concept is None or concept.role == "direct"):
        agreed = key in ("name", "surname", "given-name")
        kind, what, share, confidence, number = (
            "name",
            said("a common name"),
            scan.names,
            0.95 if agreed else 0.75,
            1,
        )
    elif scan.postcodes >= _PLACES:
        kind, what, share = "postcode", said("a postcode"), scan.postcodes
    elif scan.dates >= _PLACES and key not in ("birth-date", "event-date"):
        return _dated(scan)
    if not kind:
        return None
    role: RoleName = "quasi-identifier" if kind == "postcode" else "direct-identifier"
    reason = said(
        "{share} of the distinct values looked at have the form of {what}.", share=percent(share), what=what
    )
    reasons = (reason, *_named_so(scan.name, kind))
    return Proposal(scan.name, role, confidence, reasons, kind, share, (number,))


def _named_so(name: str, kind: str) -> list[str]:
    told = named(name)
    return [_speaks(told.concept)] if told and told.concept.key == kind else []


def _speaks(concept: Concept) -> Said:
    return said("The column's name speaks of {what}.", what=concept.title)


def _checked(scan: Scan, evidence: Evidence, belief: float, concept: Concept | None) -> Proposal:
    one = evidence.detector
    reasons: list[str] = []
    if one.chance < 1.0:
        reasons.append(
            said(
                "{share} of {candidates:,} distinct values of its form pass the check of {what}; by accident"
                " it would be {chance}.",
                share=percent(evidence.passing),
                candidates=evidence.candidates,
                what=one.title,
                chance=percent(one.chance),
            )
        )
    else:
        reasons.append(
            said(
                "{share} of the cells have the form of {what}.", share=percent(evidence.share), what=one.title
            )
        )
    if concept is not None:
        reasons.append(_speaks(concept))
    return Proposal(
        scan.name,
        "direct-identifier",
        belief,
        tuple(reasons),
        one.key,
        evidence.share,
        one.hipaa,
        person_id=_names_one(one.key),
    )


def _names_one(kind: str) -> bool:
    """Whether the same text of this kind means the same person."""
    return kind.startswith("national-") or kind in ("email", "phone", "card", "iban", "imei", "vin", "mac")


def _dated(scan: Scan) -> Proposal:
    span = scan.years
    born = span is not None and span.high - span.low >= 30
    if born:
        reason = (
            said("Its dates lie in {years} years, as dates of birth do.", years=span.high - span.low)
            if span
            else ""
        )
        return Proposal(scan.name, "quasi-identifier", 0.7, (reason,), "birth-date", scan.dates, (3,))
    reason = said("{share} of the distinct values looked at are dates.", share=percent(scan.dates))
    return Proposal(scan.name, "quasi-identifier", 0.7, (reason,), "event-date", scan.dates, (3,))


def _by_name(scan: Scan, told: Named | None) -> Proposal | None:
    if told is None:
        return None
    if told.concept.role == "outcome":
        reason = said("It may be what a model is to predict, which others seldom know of a person.")
        return Proposal(scan.name, "sensitive", 0.5, (reason,), "outcome")
    concept = told.concept
    confidence = concept.prior if told.exact else concept.prior * 0.85
    reason = _speaks(concept)
    if concept.role == "direct":
        return _named_direct(scan, concept, confidence, reason)
    if concept.role == "sensitive":
        return Proposal(scan.name, "sensitive", confidence, (reason,), concept.key)
    if concept.role == "special":
        return Proposal(
            scan.name,
            "quasi-identifier",
            confidence * 0.85,
            (
                said("The column's name speaks of {what}. Others can mostly see it.", what=concept.title),
                said("It is a special category too (GDPR Art. 9): never release it finely."),
            ),
            concept.key,
        )
    hipaa = concept.hipaa
    reasons = [said("The column's name speaks of {what}. Others may know it.", what=concept.title)]
    share = 0.0
    if concept.key in ("birth-date", "event-date") and scan.dates:
        share = scan.dates
        reasons.append(said("{share} of the distinct values looked at are dates.", share=percent(scan.dates)))
        confidence += 0.05
    if concept.key == "event-date" and scan.dates < _PLACES:
        confidence *= 0.7
    if concept.key == "postcode":
        share = max(scan.postcodes, scan.bare_postcodes)
        reasons.append(
            said("{share} of the distinct values looked at have a postcode's form.", share=percent(share))
        )
    return Proposal(scan.name, "quasi-identifier", confidence, tuple(reasons), concept.key, share, hipaa)


def _named_direct(scan: Scan, concept: Concept, confidence: float, reason: str) -> Proposal:
    """A name that promises a direct identifier, beside what the values can hold."""
    if scan.present >= _ENOUGH and scan.distinct <= _FEW:
        reason = said_count(
            "The column's name speaks of {what}, but it has only {count:,} distinct value.",
            "The column's name speaks of {what}, but it has only {count:,} distinct values.",
            scan.distinct,
            what=concept.title,
        )
        return Proposal(scan.name, "quasi-identifier", 0.5, (reason,))
    reasons = [reason]
    failed = [
        one
        for one in scan.evidence
        if one.detector.key.startswith(_AGREES.get(concept.key, ("-",))) and one.detector.checked
    ]
    if failed and not any(one.inside for one in failed):
        best = max(failed, key=lambda one: one.passing)
        reasons.append(
            said(
                "Only {share} of the values of its form pass the check, as by accident.",
                share=percent(best.passing),
            )
        )
    if concept.key in ("person-id", "case-id"):
        shared = scan.present - scan.distinct
        reasons.append(
            said(
                "It has {distinct:,} distinct values in {present:,} records.",
                distinct=scan.distinct,
                present=scan.present,
            )
            if shared
            else said("Each record has a value of its own.")
        )
        confidence = max(confidence, 0.85) if not shared else confidence
    return Proposal(
        scan.name,
        "direct-identifier",
        confidence,
        tuple(reasons),
        concept.key,
        0.0,
        concept.hipaa,
        person_id=concept.person,
    )


def _by_uniqueness(scan: Scan) -> Proposal | None:
    """Nearly every record has a value of its own, and it is no measurement."""
    if scan.present < _ENOUGH or scan.unique < _ALL_DIFFERENT:
        return None
    reason = said(
        "{distinct:,} of {present:,} records have a value of their own.",
        distinct=scan.distinct,
        present=scan.present,
    )
    if scan.numbers == 1.0 and scan.whole < 1.0:
        return Proposal(
            scan.name,
            "quasi-identifier",
            0.5,
            (reason, said("They are numbers with decimals, as of a measurement.")),
        )
    if scan.times == 1.0:
        return Proposal(scan.name, "quasi-identifier", 0.5, (reason, said("They are times of day.")))
    if scan.whole == 1.0:
        return Proposal(
            scan.name,
            "direct-identifier",
            0.6,
            (reason, said("Whole numbers that differ are mostly a number of a case.")),
            "unique",
            1.0,
            (18,),
            person_id=True,
        )
    return Proposal(scan.name, "direct-identifier", 0.7, (reason,), "unique", 1.0, (18,), person_id=True)


def _left_over(scan: Scan) -> Proposal:
    if scan.present == 0 or (scan.distinct == 1 and scan.missing == 0):
        what = said(
            "It has no value at all." if scan.present == 0 else "It has the same value in every record."
        )
        return Proposal(scan.name, "insensitive", 0.9 if scan.present == 0 else 0.7, (what,))
    if scan.distinct == 1:
        mark = said(
            "It has one value or none, as a mark that some records bear. In doubt, others may know it."
        )
        return Proposal(scan.name, "quasi-identifier", 0.4, (mark,))
    return Proposal(
        scan.name,
        "quasi-identifier",
        0.4,
        (
            said(
                "Neither its name nor its values are known to ppdesk. In doubt, take it that others may know"
                " it."
            ),
        ),
    )


_IDLE = frozenset(
    [
        "and",
        "the",
        "how",
        "can",
        "be",
        "from",
        "for",
        "with",
        "are",
        "was",
        "while",
        "who",
        "what",
        "which",
        "people",
        "data",
        "person",
        "persons",
        "research",
    ]
)


def _may_be_target(scan: Scan, told: Named | None, objective: str) -> str:
    """Why a model may be meant to predict the column; empty where nothing says so."""
    if not 2 <= scan.distinct <= _TARGET_VALUES:
        return ""
    asked = {word for word in words(objective) if len(word) > 2 and word not in _IDLE}
    own = {word for word in words(scan.name) if len(word) > 2}
    if own and own <= asked:
        return said("The objective speaks of it, so a model may be meant to predict it.")
    if told is not None and told.concept.role == "outcome":
        return said("Its name is one that a column to predict often has.")
    if "class" in own or "label" in own or "target" in own:
        return said("Its name is one that a column to predict often has.")
    return ""


def one_target(proposals: Sequence[Proposal]) -> str:
    """The column to propose as target: the last of those that may be it (tables mostly end with it), empty
    for none. One that the objective speaks of comes first."""
    may = [one for one in proposals if one.target]
    spoken = [one for one in may if any("objective speaks" in reason for reason in one.reasons)]
    chosen = spoken or may
    return chosen[-1].name if chosen else ""

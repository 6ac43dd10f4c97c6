"""The terms on which data may be used, as every step after import knows them. Light: heads only.

A TABLE head has them in its provenance; the heads of MODEL, BUNDLE and RELEASE hand on what is no free text,
so that a purpose that is not allowed, or a day that has passed, is told again where something leaves.
"""

from collections.abc import Mapping
from datetime import date

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said

CONSENT = "consent"  # the legal basis
_KEY, _SOURCE = "terms", "provenance"
_NAMES = ("legal_basis", "allowed_purposes", "consent_until", "retain_until")
Terms = Mapping[str, Json]


def terms_of(head: Head) -> Terms:
    """What a head says; empty where it says nothing."""
    for key in (_KEY, _SOURCE):
        held = head.get(key)
        if isinstance(held, dict):
            return {name: held[name] for name in _NAMES if name in held}
    return {}


def kept(head: Head) -> dict[str, Json]:
    """What a head made from `head` says of the terms: the same."""
    terms = terms_of(head)
    return {_KEY: dict(terms)} if terms else {}


def purpose(terms: Terms, heads: Mapping[Kind, Head], *, field: str = "") -> list[Finding]:
    """A caution where the objective's purpose is not among the allowed ones. `heads` has the OBJECTIVE."""
    return purposes_differ(terms, str(heads.get(Kind.OBJECTIVE, {}).get("purpose") or ""), field=field)


def purposes_differ(terms: Terms, wanted: str, *, field: str = "") -> list[Finding]:
    """The same for a purpose in words."""
    listed = terms.get("allowed_purposes")
    allowed = [str(one) for one in listed] if isinstance(listed, list | tuple) else []
    if not allowed or not wanted or _plain(wanted) in {_plain(one) for one in allowed}:
        return []
    return [
        Finding(
            Level.CAUTION,
            said("The purpose of this project is not among the allowed ones."),
            said(
                "Purpose: {wanted}. Allowed: {allowed}. Purpose limitation is GDPR Art. 5(1)(b).",
                wanted=wanted,
                allowed="; ".join(allowed),
            ),
            field,
            "PP-IMPORT-005",
        )
    ]


def days(terms: Terms, today: date, *, fields: bool = False) -> list[Finding]:
    """A caution for each day that has passed."""
    found = []
    for name, title, code in (
        ("consent_until", said("The consent has run out."), "PP-IMPORT-007"),
        ("retain_until", said("The data should not be kept any more."), "PP-IMPORT-008"),
    ):
        day = str(terms.get(name) or "")
        if over(day, today):
            words = said("Stated: until {day}. Today is {today}.", day=day, today=today.isoformat())
            found.append(Finding(Level.CAUTION, title, words, name if fields else "", code))
    return found


def over(day: str, today: date) -> bool:
    """Whether `day`, an ISO date or empty, is past."""
    return bool(day) and date.fromisoformat(day) < today


def _plain(text: str) -> str:
    """For comparing purposes as people write them."""
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split()).rstrip(".")

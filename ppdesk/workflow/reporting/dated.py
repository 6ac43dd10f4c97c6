"""A report's moments against this computer's clock: what has expired, and what has not come yet."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ppdesk.core.canonical import Json
from ppdesk.core.said import said
from ppdesk.identity.certificates import read_pem
from ppdesk.report.verdict import Check, Judgement, Verdict, good

DATES = "Dates"
_AHEAD = timedelta(days=1)  # of this clock: computers' clocks and zones differ by less


def dates(verdict: Verdict, now: datetime) -> list[Check]:
    """What is to be looked at in when it was signed. A timestamp by a trusted key stands for its moment."""
    stamped = any(one.name == "Timestamp" and one.judgement is Judgement.GOOD for one in verdict.checks)
    if verdict.signed_at and datetime.fromisoformat(verdict.signed_at).astimezone(UTC) > now + _AHEAD:
        words = said("The time that the signer names has not come yet, by this computer's clock.")
        return [Check(DATES, Judgement.LOOK, words)]
    if not verdict.certificate_pem or stamped:
        return []
    until = read_pem(verdict.certificate_pem).not_valid_after_utc
    if until < now:
        words = said(
            "The signer's certificate expired on {day}: that it was signed before, only the signer says.",
            day=f"{until:%Y-%m-%d}",
        )
        return [Check(DATES, Judgement.LOOK, words)]
    return []


def term(evidence: Mapping[str, Json], now: datetime) -> list[Check]:
    """Whether the report has expired by its own words; nothing where it names no day."""
    report = evidence.get("report")
    day = str((report.get("valid_until") if isinstance(report, Mapping) else "") or "")
    if not day:
        return []
    if day < now.date().isoformat():
        words = said("It expired on {day}: ask for a report that still holds.", day=day)
        return [Check(said("Term"), Judgement.LOOK, words)]
    return [good(said("Term"), said("By its own words it holds until {day}.", day=day))]

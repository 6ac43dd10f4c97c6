"""The moments that a signed report names, against each other: when it was made, signed, and stamped."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ppdesk.core.canonical import Json
from ppdesk.report.verdict import Check, Judgement

_CHECK = "Time"
_SET_BACK = timedelta(minutes=1)  # by which a computer corrects its clock, at most


def in_order(evidence: Mapping[str, Json], claimed: datetime | None, stated: datetime | None) -> list[Check]:
    """What is odd about them; nothing where they follow one another. `claimed` is the signer's own time,
    `stated` that of a timestamp."""
    told = evidence.get("report")
    report = told if isinstance(told, Mapping) else {}
    if report.get("stamp"):  # the test mode's clock begins anew with each session
        return []
    try:
        made = datetime.fromisoformat(str(report.get("made")))
    except ValueError:  # other checks say so
        return []
    begun = made.astimezone(UTC)
    for moment, what in ((claimed, "The signer names a time"), (stated, "The timestamp is")):
        if moment is not None and moment < begun - _SET_BACK:
            words = (
                f"{what} before the report was made ({begun:%Y-%m-%d %H:%M:%S} UTC): a clock was wrong, or "
            )
            return [Check(_CHECK, Judgement.LOOK, f"{words}was set back.")]
    return []

"""Whose protection a guarantee may have to count: proposed from columns that look like a person's number."""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.core.said import said
from ppdesk.core.wording import percent
from ppdesk.data.pii.proposal import Proposal
from ppdesk.data.pii.scan import Scan

MOST = 8_192  # rows of one id, above which it stands for a group or a default rather than for a person


@dataclass(frozen=True)
class Unit:
    """`column` empty: a record. `most_rows` is a power of two that no id exceeds in this table."""

    column: str = ""
    most_rows: int = 1
    reason: str = ""


def unit(scans: Sequence[Scan], proposals: Sequence[Proposal]) -> Unit:
    """A column that looks like a person's number and repeats; a record where there is none.

    The most rows of an id are read off the data, so they are given only as a power of two, for a person to
    judge from what is known of the collection.
    """
    candidates = [
        (one.confidence, scan)
        for scan, one in zip(scans, proposals, strict=True)
        if one.person_id and scan.present and scan.missing <= 0.1 * scan.rows
    ]
    repeating = [(sure, scan) for sure, scan in candidates if 1 < scan.most <= MOST]
    if not repeating:
        alone = [scan for _, scan in candidates if scan.most == 1]
        if alone:
            reason = said(
                "No column looks like a person's number that repeats; {name} has a value of its own in each"
                " record.",
                name=alone[0].name,
            )
            return Unit(reason=reason)
        return Unit(reason=said("No column looks like a person's number that repeats."))
    _, scan = max(repeating, key=lambda pair: pair[0])
    most = 1 << (scan.most - 1).bit_length()
    reason = said(
        "{name} looks like a person's number and repeats: {distinct:,} values in {present:,} records ({share}"
        " are different). No value has more than {most:,} records here; declare the bound from what you know"
        " of the collection, since this one was read off the data.",
        name=scan.name,
        distinct=scan.distinct,
        present=scan.present,
        share=percent(scan.unique),
        most=most,
    )
    return Unit(scan.name, most, reason)

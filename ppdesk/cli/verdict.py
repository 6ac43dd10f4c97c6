"""`ppdesk log --verify`: whether a history holds, for a person and for a script."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from ppdesk.cli import sections
from ppdesk.cli.results import finding_lines
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit

if TYPE_CHECKING:
    from ppdesk.cli.invocation import Access, Invocation
    from ppdesk.workbench.views import HistoryVerdict, SignedHead

_STANDINGS = {
    "own": "your own",
    "trusted": "trusted by you",
    "unknown": "not compared yet",
    "withdrawn": "no longer trusted",
}


def history_verdict(invocation: "Invocation", access: "Access") -> int:
    """Look at the file itself, so that one whose chain is broken is told of too. INTEGRITY where it does
    not hold."""
    from ppdesk.workbench.evidence.verdict import verify_file

    assert access.project is not None  # noqa: S101  the verb requires the option
    passphrase = invocation.passphrase(access)
    found = verify_file(access.project.absolute(), passphrase, home=invocation.home)
    value: dict[str, Json] = {
        **asdict(found),
        "findings": [finding.to_json() for finding in found.findings],
        "holds": found.holds,
        "signed_up_to": found.signed_up_to,
        "words": found.words,
    }
    invocation.console.result(value, _lines(found))
    return Exit.OK if found.holds else Exit.INTEGRITY


def _lines(found: "HistoryVerdict") -> Iterator[str]:
    yield found.words
    if found.heads:
        yield ""
        yield from sections.columns(
            [["event", "signs up to", "by", "why", "signature", "key"], *map(_row, found.heads)], right=(0, 1)
        )
        yield ""
        for name, shown, words in _keys(found):
            yield f"{name or 'A key'}: {shown}"
            yield from textwrap.wrap(words, 94, initial_indent="  ", subsequent_indent="  ")
    if found.findings:
        yield ""
        yield from finding_lines(found.findings)


def _row(head: "SignedHead") -> list[str]:
    fits = "fits" if head.counts else "certificate not valid then" if head.fits else "does not hold"
    role = f" ({', '.join(head.roles)})" if head.roles else ""
    standing = _STANDINGS.get(head.standing, "")
    return [str(head.event), str(head.seq), f"{head.signer}{role}", head.why, fits, standing]


def _keys(found: "HistoryVerdict") -> Iterator[tuple[str, str, str]]:
    """Each key once, with what this person knows of it."""
    told = set()
    for head in found.heads:
        if head.fits and head.fingerprint not in told:
            told.add(head.fingerprint)
            yield head.signer, head.fingerprint, head.words

"""`ppdesk recheck`: a project, a copy or a report as an auditor sees it, and findings made again."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli import sections
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, verb
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.report.verdict import Judgement

if TYPE_CHECKING:
    from ppdesk.workbench.auditing.views import Overview
    from ppdesk.workbench.remaking.views import Remade

_HASH = 16  # digits of a hash that are printed; --json has all 64


@verb(
    "recheck",
    click.Argument(["seq"], type=int, required=False, metavar="[EVENT]"),
    *project_options(),
    click.Option(["--what"], default="", metavar="KIND", help="Which finding of the event; see the list."),
    click.Option(
        ["--to"],
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write the summary there, as .pdf or .html.",
    ),
    summary="Check a file as an auditor, and make findings again",
)
def VERB(invocation: Invocation, access: Access, *, seq: int | None, what: str, to: Path | None) -> int:
    """Check a project, an auditor's copy or a report (a signed PDF) as an auditor, and make its findings
    again from the record alone: good, look or wrong, in words. With EVENT, one finding: what was recorded,
    what is found now, and the hash of each. Works on a file whose history does not hold; writes nothing
    to it."""
    from ppdesk.workbench.auditing.reading import open_reading

    home = invocation.home

    def work(path: Path, passphrase: str) -> "tuple[Overview, list[Remade]]":
        reading = open_reading(path, passphrase, home=home)
        try:
            found = reading.overview()
            made = list(reading.every()) if seq is None else [reading.recheck(seq, what)]
        finally:
            reading.close()
        return found, made

    assert access.project is not None  # noqa: S101  the verb requires the option
    if access.project.suffix.lower() == ".pdf":
        found, made = work(access.project.absolute(), "")
    else:
        found, made = invocation.examine(access, work)
    if to is not None:
        _write(access, found, to.absolute())
    other = any(one.made and not one.same for one in made)
    told: list[Json] = [one.to_json() for one in made]
    if seq is None:
        lines = [*_summary(found), "", *_list(made)]
        invocation.console.result({**found.to_json(), "findings": told}, lines)
        wrong = found.worst is Judgement.WRONG
    else:
        invocation.console.result({"finding": told[0], "stamp": found.stamp}, _one(made[0]))
        wrong = False
    return Exit.INTEGRITY if wrong or other else Exit.OK


def _write(access: Access, found: "Overview", to: Path) -> None:
    from ppdesk.workbench.auditing import printed

    printed.write(found, to, access.mode.clock().now(), access.actor)


def _summary(found: "Overview") -> Iterator[str]:
    for one in found.judged:
        words = f"{one.judgement.value.capitalize():6} {one.bold} {one.words}".rstrip()
        yield from textwrap.wrap(words, sections.width(), subsequent_indent=" " * 7)


def _list(made: "Sequence[Remade]") -> Iterator[str]:
    if not made:
        yield "The record holds no finding that can be made again without the data."
        return
    rows = [
        [str(one.event), one.what, one.title, one.verdict, one.then[:_HASH], one.now[:_HASH]] for one in made
    ]
    head = ["event", "kind", "finding", "result", "hash then", "hash now"]
    yield from sections.columns([head, *rows], right=(0,))


def _one(remade: "Remade") -> Iterator[str]:
    yield f"{remade.verdict}: event {remade.event}, {remade.title}"
    if remade.words or remade.missing:
        yield remade.missing or remade.words
    if remade.lines:
        yield ""
        rows = [[line.label, line.then, line.now] for line in remade.lines]
        yield from sections.columns([["", "recorded", "found now"], *rows])
    if remade.made:
        yield ""
        yield f"Hash then  {remade.then}"
        yield f"Hash now   {remade.now}"

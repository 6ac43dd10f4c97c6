"""What a document asks, as a file of answers to fill in: `ppdesk statements --questions dpia`."""

from typing import TYPE_CHECKING

import click

from ppdesk.cli import results
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.core.exits import Exit
from ppdesk.workflow.shorthand import ANSWERS

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json
    from ppdesk.workflow.reporting.statements_given import Held


def options() -> list[click.Parameter]:
    """The options that only `statements` has."""
    from ppdesk.workflow.reporting.documents.kinds import DocumentKind

    return [
        click.Option(
            ["--from", ANSWERS],
            type=click.Path(),
            metavar="FILE",
            help="TOML file with answers, as --questions prints it. --answer overrules it.",
        ),
        click.Option(
            ["--questions"],
            type=click.Choice([one.value for one in DocumentKind]),
            help="Print what the document asks, as a file for --from, and record nothing. With --project "
            "the answers that hold stand in it.",
        ),
    ]


def show(invocation: Invocation, access: Access, document: str) -> int:
    """Prints the questions, with the answers that hold where a project is named."""
    from ppdesk.report.tongue import Language
    from ppdesk.workflow.reporting.questions import questions
    from ppdesk.workflow.reporting.statements_file import lines

    held, stamp = _held(invocation, access, document)
    asked = questions(document)
    blank = sum(one.id not in held for one in asked)
    if asked and not invocation.console.json:
        invocation.console.note(f"{blank} of {len(asked)} questions blank. Keep this as a file for --from.")
        if stamp:
            invocation.console.note(stamp)
    listed: list[Json] = [
        {
            "id": one.id,
            "kind": one.kind,
            "clause": one.clause,
            "group": one.group,
            "title": {language.value: one.title[language] for language in Language},
            "help": {language.value: one.help[language] for language in Language},
            "choices": [
                {
                    "key": choice.key,
                    "words": {language.value: choice.words[language] for language in Language},
                }
                for choice in one.choices
            ],
            "answer": held[one.id].words if one.id in held else "",
            "event": held[one.id].event if one.id in held else None,
        }
        for one in asked
    ]
    invocation.console.result(
        {"document": document, "blank": blank, "questions": listed, "stamp": stamp},
        list(lines(document, asked, held)) if asked else [f"The document {document} asks no questions."],
    )
    return int(Exit.OK)


def _held(invocation: Invocation, access: Access, document: str) -> "tuple[dict[str, Held], str]":
    from ppdesk.workflow.reporting.statements_given import last_answers

    if access.project is None:
        return {}, ""
    with invocation.look(access) as session:
        stamp = results.stamp_of(session)
        runs = [
            (one.seq, one.params)
            for one in session.events()
            if one.kind == "statements" and one.outcome == "ok"
        ]
        return last_answers(document, runs), stamp

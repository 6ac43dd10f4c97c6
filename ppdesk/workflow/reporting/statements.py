"""Statements: what only a person can say for a document, put on record under that person's name."""

from typing import Any, ClassVar

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Answer, Block, Figures, KeyFigure, Section, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import skeleton
from ppdesk.workflow.reporting.questions import question, questions
from ppdesk.workflow.reporting.statements_facts import Asked, Change, StatementsFacts
from ppdesk.workflow.reporting.statements_given import last_answers
from ppdesk.workflow.reporting.statements_params import StatementsParams
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Heads, Inputs, Outcome, PlainStep


class Statements(PlainStep):
    """Takes the answers as they are. The last answer to a question holds; an empty one takes it back."""

    key: ClassVar[str] = "statements"
    stage: ClassVar[Stage] = Stage.REPORTING
    title: ClassVar[str] = "Statements"
    purpose: ClassVar[str] = (
        "Answer what a document asks and only a person can say: necessity, views, decisions."
    )
    help: ClassVar[str] = (
        "The program measures. Whether a processing is necessary, a risk acceptable or a reader told enough, "
        "a person says. Choose the document, answer what you can, and leave the rest: a question without an "
        "answer is a visible blank in the document and is listed above its signature.\n\n"
        "Each answer stands in the document under the name and role given here, with the number of the "
        "event; who was signed in is on record too. Several people can answer, one after another: the last "
        "answer to a question holds, and the history keeps the earlier ones. Empty words take an answer "
        "back.\n\n"
        "Do not name people from the data."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.STATEMENTS,)
    icon: ClassVar[str] = "pen-line"
    Params: ClassVar[type[Any]] = StatementsParams
    Facts: ClassVar[type[Any]] = StatementsFacts

    def check(self, params: StatementsParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        found = []
        if not params.person.strip():
            found.append(
                Finding(
                    Level.BLOCKING,
                    said("Nobody is named."),
                    said("An answer stands under a name."),
                    "person",
                    "PP-STATEMENTS-001",
                )
            )
        if not questions(params.document.value):
            found.append(
                Finding(
                    Level.BLOCKING,
                    said("{document} asks no questions.", document=skeleton(params.document).title),
                    said("It tells the record alone."),
                    "document",
                    "PP-STATEMENTS-002",
                )
            )
        elif not params.answers:
            found.append(
                Finding(
                    Level.BLOCKING,
                    said("Nothing is answered."),
                    said("Answer at least one question."),
                    "answers",
                    "PP-STATEMENTS-003",
                )
            )
        if not params.role.strip():
            found.append(
                Finding(
                    Level.INFO,
                    said("The answers name no role."),
                    said("A reader will ask in which capacity they were given."),
                    "role",
                    "PP-STATEMENTS-004",
                )
            )
        return found

    def cost(self, params: StatementsParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: StatementsParams, inputs: Inputs, ctx: Context) -> Outcome[StatementsFacts]:  # noqa: ARG002
        from ppdesk.workflow.reporting.told import read

        told = read(inputs[Kind.HISTORY])
        document = params.document.value
        before = last_answers(document, ((one.seq, one.params) for one in told.all_good(self.key)))
        held = {id_: one.words for id_, one in before.items()}
        asked = tuple(_asked(id_, held.get(id_, ""), words) for id_, words in params.answers.items())
        after = {**held, **params.answers}
        facts = StatementsFacts(
            document=document,
            title=skeleton(params.document).title,
            asked=asked,
            questions=len(questions(document)),
            blank=sum(not after.get(one.id) for one in questions(document)),
        )
        # no words: a head is no commitment; where the run stood in the history makes it distinct
        head: dict[str, Json] = {"document": document, "answers": len(asked), "after": told.head_seq}
        return Outcome(facts, (Artifact(Kind.STATEMENTS, head),))

    def section(self, params: StatementsParams, facts: StatementsFacts) -> Section:
        who = ", ".join(one for one in (params.person.strip(), params.role.strip()) if one)
        answered = facts.questions - facts.blank
        blocks: list[Block] = [
            Words(said("{document}: answers of {person}.", document=facts.title, person=who)),
            Figures(
                (
                    KeyFigure(said("In this run"), str(len(facts.asked)), _changes(facts)),
                    KeyFigure(
                        said("Answered"),
                        said("{part} of {whole}", part=str(answered), whole=str(facts.questions)),
                        said("with all runs so far"),
                    ),
                    KeyFigure(said("Still blank"), str(facts.blank), said("shown in the document as blank")),
                )
            ),
        ]
        for one in facts.asked:
            words = params.answers.get(one.id, "")
            asked = question(one.id)
            shown = words if asked is None else asked.shown(words, Language.ENGLISH)
            blocks.append(Answer(one.title, shown, _beside(who, one.change), one.clause, ""))
        return Section(self.title, tuple(blocks))


def _asked(id_: str, before: str, now: str) -> Asked:
    found = question(id_)
    title, clause = (id_, "") if found is None else (found.title[Language.ENGLISH], found.clause)
    return Asked(id=id_, title=title, clause=clause, change=_change(before, now))


def _change(before: str, now: str) -> Change:
    if not now:
        return "taken back"
    if before == now:
        return "same"
    return "changed" if before else "new"


def _changes(facts: StatementsFacts) -> str:
    def count(kind: Change) -> str:
        return str(sum(one.change == kind for one in facts.asked))

    told = (
        (count("new"), said("{number} new", number=count("new"))),
        (count("changed"), said("{number} changed", number=count("changed"))),
        (count("same"), said("{number} same", number=count("same"))),
        (count("taken back"), said("{number} taken back", number=count("taken back"))),
    )
    return said_all((words for number, words in told if number != "0"), by=", ")


def _beside(who: str, change: Change) -> str:
    told = {
        "changed": said("{person}: changed", person=who),
        "same": said("{person}: same", person=who),
        "taken back": said("{person}: taken back", person=who),
    }
    return told.get(change, who)


STEP = Statements()

"""Feedback: what a named person says about a run, and what was answered."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import field_validator

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, param
from ppdesk.core.said import kept, said
from ppdesk.core.section import Section, Table, Words
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Facts, Heads, Inputs, Outcome, PlainStep

if TYPE_CHECKING:
    from ppdesk.workflow.reporting.told import TellingEvent, Told


class Decision(StrEnum):
    """What follows from the comment."""

    NOTED = "noted"
    ACCEPTED = "accepted"
    CHANGE = "change"
    REJECTED = "rejected"


_MEANING = {
    Decision.NOTED: said("Noted. Nothing follows from it."),
    Decision.ACCEPTED: said("Accepted: the result stands as it is."),
    Decision.CHANGE: said("To be changed: a step will run again."),
    Decision.REJECTED: said("Rejected: the result must not be used."),
}


class FeedbackParams(Params):
    """What Feedback asks for."""

    about: str = param(
        label="About",
        help="The number of the event the comment is about, or the name of a step for its last finished run.",
        min_length=1,
    )
    person: str = param(label="Person", help="Who says it.", min_length=1, free_text=True)
    role: str = param(
        "", label="Role", help="In which capacity, for example reviewer or person affected.", free_text=True
    )
    comment: str = param(label="Comment", help="What they say, in their words.", min_length=1, free_text=True)
    answer: str = param("", label="Answer", help="What is answered, and by whom.", free_text=True)
    decision: Decision = param(Decision.NOTED, label="Decision", help="What follows from it.")

    @field_validator("about", mode="before")
    @classmethod
    def _number_is_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class FeedbackFacts(Facts):
    """The event that the comment is tied to."""

    event: int
    title: str
    hash: str
    time: str


class Feedback(PlainStep):
    """Ties words of a person to an event by its hash."""

    key: ClassVar[str] = "feedback"
    stage: ClassVar[Stage] = Stage.FEEDBACK
    title: ClassVar[str] = "Feedback"
    purpose: ClassVar[str] = "Put a person's comment on a run on record, with the answer and what follows."
    help: ClassVar[str] = (
        "Reviewers, people affected and colleagues see what the numbers do not. Write down who says what "
        "about "
        "which run, what you answer, and what follows. Every comment stands in the report, none is "
        "replaced.\n\n"
        "The comment is tied to the run by the event's hash. Do not name people from the data."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.HISTORY,)
    gives: ClassVar[tuple[Kind, ...]] = (Kind.FEEDBACK,)
    icon: ClassVar[str] = "message-square-text"
    Params: ClassVar[type[Any]] = FeedbackParams
    Facts: ClassVar[type[Any]] = FeedbackFacts

    def check(self, params: FeedbackParams, heads: Heads) -> list[Finding]:  # noqa: ARG002
        found = []
        for field, value, title in (
            ("person", params.person, said("The person is empty.")),
            ("comment", params.comment, said("The comment is empty.")),
        ):
            if not value.strip():
                found.append(
                    Finding(
                        Level.BLOCKING,
                        title,
                        "",
                        field,
                        "PP-FEEDBACK-001",
                    )
                )
        if params.decision is not Decision.NOTED and not params.answer.strip():
            found.append(
                Finding(
                    Level.CAUTION,
                    said("The decision has no answer beside it."),
                    said("A reader will ask why."),
                    "answer",
                    "PP-FEEDBACK-002",
                )
            )
        return found

    def cost(self, params: FeedbackParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: FeedbackParams, inputs: Inputs, ctx: Context) -> Outcome[FeedbackFacts]:  # noqa: ARG002
        from ppdesk.workflow.reporting.errors import NoSuchEventError
        from ppdesk.workflow.reporting.told import read

        event = _event(params.about.strip(), read(inputs[Kind.HISTORY]))
        if event is None:
            raise NoSuchEventError(about=params.about.strip())
        facts = FeedbackFacts(event=event.seq, title=event.title, hash=event.hash, time=event.time)
        head: dict[str, Json] = {
            "about": event.seq,
            "about_hash": event.hash,
            "person": params.person.strip(),
            "role": params.role.strip(),
            "decision": params.decision.value,
        }
        return Outcome(facts, (Artifact(Kind.FEEDBACK, head),))

    def section(self, params: FeedbackParams, facts: FeedbackFacts) -> Section:
        who = (
            f"{params.person.strip()}, {params.role.strip()}"
            if params.role.strip()
            else params.person.strip()
        )
        open_decision = params.decision in (Decision.CHANGE, Decision.REJECTED)
        rows = (
            (said("Who"), kept(who)),
            (
                said("About"),
                said(
                    "{title}, event {event}, {day} {time} UTC",
                    title=facts.title,
                    event=facts.event,
                    day=facts.time[:10],
                    time=facts.time[11:19],
                ),
            ),
            (said("Hash of that event"), kept(facts.hash)),
            (said("Comment"), kept(params.comment.strip())),
            (said("Answer"), kept(params.answer.strip()) or said("not answered")),
        )
        return Section(
            said("Comment on event {event}, {title}", event=facts.event, title=facts.title),
            (
                Table(said("Comment and answer"), ("", ""), rows),
                Words(_MEANING[params.decision], "caution" if open_decision else "plain"),
            ),
        )


def _event(about: str, told: "Told") -> "TellingEvent | None":
    """The finished run that `about` names, None if there is none."""
    if about.isdecimal():
        return next((event for event in told.events if event.seq == int(about) and event.good), None)
    return told.last_good(about.lower())


STEP = Feedback()

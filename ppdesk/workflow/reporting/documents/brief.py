"""What a document is composed from: the history, the language, the edition, and what persons answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ppdesk.core.canonical import Json
from ppdesk.core.section import Answer, Block, Words
from ppdesk.report.cited import Cited, Quoted, Source
from ppdesk.report.document import Edition
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.questions import question, questions
from ppdesk.workflow.reporting.told import Record, Told

STATEMENTS = "statements"  # the step whose runs hold the answers


@dataclass(frozen=True)
class Given:
    """An answer on record: the words as the document shows them, and who gave them."""

    text: Cited
    key: str  # the answer as it was recorded
    by: Cited


@dataclass(frozen=True)
class Brief:
    """Everything that composing may use. The same brief gives the same document."""

    told: Told
    say: Tongue = field(default_factory=Tongue)
    edition: Edition = Edition.INTERNAL
    organisation: str = ""
    contact: str = ""
    valid_until: str = ""  # ISO 8601

    def record(self, key: str) -> Record | None:
        """The last finished run of the step `key`, to quote from."""
        return self.told.record(key)

    def given(self, id_: str) -> Given | None:
        """The last answer to a question; None where nobody has answered, or the answer was taken back."""
        asked = question(id_)
        if asked is None:
            raise KeyError(id_)  # a document that asks what stands in no list is a defect of the program
        place = "/params/answers/" + id_
        for event in reversed(self.told.all_good(STATEMENTS)):
            record = Record(event)
            found = record(place)
            if found.missing:
                continue
            if not found.text:
                return None
            if asked.kind == "date":
                return Given(self.say.day(found), found.text, self._by(record))
            shown = asked.shown(found.text, self.say.language)
            return Given(Cited(shown, found.sources), found.text, self._by(record))
        return None

    def _by(self, record: Record) -> Cited:
        person, role = record("/params/person"), record("/params/role")
        who = self.say.joined([self.say.text(one) for one in (person, role) if one.text])
        day, number = self.say.day(record("/time")), str(record.event.seq)
        by = self.say("{who}, {day}, event {number}", who=who, day=day, number=number)
        signed_in = record("/actor")
        if not signed_in.text or signed_in.text == person.text:
            return by
        return self.say("{who}; signed in: {actor}", who=by, actor=signed_in)  # anybody can type any name

    def answer(self, id_: str) -> Answer:
        """The question with its answer, or with a visible blank."""
        asked = question(id_)
        if asked is None:
            raise KeyError(id_)
        found = self.given(id_)
        language = self.say.language
        return Answer(
            asked.title[language],
            "" if found is None else found.text,
            "" if found is None else found.by,
            asked.cited(language),
            asked.help[language],
        )

    def blanks(self, document: str) -> tuple[str, ...]:
        """The titles of the document's questions that nobody has answered."""
        language = self.say.language
        return tuple(one.title[language] for one in questions(document) if self.given(one.id) is None)

    def stated(self, value: Quoted | None, question_: str, *, clause: str = "", help: str = "") -> Answer:
        """Words that a step of the project asks for (purpose, legal basis), as an answer or a visible blank.
        `question_`, `help` are in the document's language."""
        if value is None or not value.text:
            return Answer(question_, "", "", clause, help)
        event = next(
            (one for one in self.told.events if value.sources and one.seq == value.sources[0].event), None
        )
        by = "" if event is None else self._actor(Record(event))
        return Answer(question_, self.say.text(value), by, clause, help)

    def _actor(self, record: Record) -> Cited:
        who, day = self.say.text(record("/actor")), self.say.day(record("/time"))
        return self.say("{who}, {day}, event {number}", who=who, day=day, number=str(record.event.seq))

    def held(self, what: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """`blocks` that would help an attacker: left out of the recipient's edition, which says so. `what`
        names them, in the document's language."""
        if self.edition is Edition.INTERNAL:
            return tuple(blocks)
        told = self.say(
            "{what}: left out of the edition for recipients, since it would help an attacker. It stands in "
            "the internal edition.",
            what=what,
        )
        return (Words(told, "info"),)

    def counted(self, number: Json, of: Quoted, parts: Sequence[Quoted]) -> Quoted:
        """A number that was counted over the entries `parts` of the list `of`. The recipient's edition quotes
        the list as a whole, whose entries its evidence does not show."""
        if self.edition is Edition.INTERNAL:
            return Quoted.made_of(number, *parts)
        return Quoted(number, of.sources)

    def event_of(self, *sources: Source) -> str:
        """The numbers of the events of `sources`, as a table shows them."""
        return ", ".join(str(one) for one in sorted({source.event for source in sources if source.event}))

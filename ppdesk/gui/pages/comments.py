"""The page of Feedback: what was said before stands below the last comment, and what is still open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.core.section import Block, Figures, KeyFigure, Table
from ppdesk.gui.language import tr
from ppdesk.gui.pages.pane import Pane, Settings
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import choice, moment
from ppdesk.workflow.navigation import Place

if TYPE_CHECKING:
    from ppdesk.store.events import Event

_OPEN = ("change", "rejected")
_DEFAULT = "noted"


class FeedbackStep(Pane):
    """Every comment stays on record; none is replaced by the next."""

    def make_form(self) -> Settings:
        self._said: list[Event] = []
        return super().make_form()

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._said = [one for one in snapshot.events if one.kind == self.step.key and one.outcome == "ok"]

    def arranged(self, blocks: Sequence[Block]) -> Sequence[Block]:
        return [*blocks, *comments(self._said)] if len(self._said) > 1 else blocks


def comments(said: "Sequence[Event]") -> list[Block]:
    """How many comments there are and how many ask for something, and all of them, the last one first."""
    decisions = [str(one.params.get("decision") or _DEFAULT) for one in said]
    unanswered = sum(not str(one.params.get("answer") or "").strip() for one in said)
    figures = Figures(
        (
            KeyFigure(tr("Comments"), f"{len(said):,}", tr("on record")),
            KeyFigure(tr("To be changed or rejected"), f"{sum(one in _OPEN for one in decisions):,}", ""),
            KeyFigure(tr("Not answered"), f"{unanswered:,}", ""),
        )
    )
    rows = tuple(
        (
            moment(one.time),
            str(one.params.get("person") or ""),
            tr("{step}, event {event}", step=str(one.facts["title"]), event=int(str(one.facts["event"]))),
            str(one.params.get("comment") or ""),
            str(one.params.get("answer") or ""),
            choice(decision),
        )
        for one, decision in reversed(list(zip(said, decisions, strict=True)))
    )
    header = (tr("When"), tr("Who"), tr("About"), tr("Comment"), tr("Answer"), tr("Decision"))
    return [figures, Table(tr("All comments"), header, rows)]

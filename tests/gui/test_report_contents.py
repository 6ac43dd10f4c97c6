"""Beside the preview: what the report draws on and how it stands; pages on paper; four eyes."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtGui import QImage, QPdfWriter
from pytestqt.qtbot import QtBot

from ppdesk.core.findings import Finding, Level
from ppdesk.gui.look import Look
from ppdesk.gui.pages.report import made
from ppdesk.gui.pages.report_checks import _others
from ppdesk.gui.pages.report_contents import ContentsCard, Part, parts
from ppdesk.gui.pages.report_print import put_on
from ppdesk.gui.parts.buttons import Button
from ppdesk.workflow.navigation import State


@dataclass
class Stand:
    """A project as far as these parts ask."""

    places: list[Any]
    events: list[Any] = field(default_factory=list)
    drafts: tuple[Any, ...] = ()

    def event(self, seq: int | None) -> Any:
        return next((one for one in self.events if one.seq == seq), None)

    def place(self, key: str) -> Any:
        return next(one for one in self.places if one.key == key)


def place(key: str, state: State, seq: int | None = None) -> Any:
    return SimpleNamespace(key=key, state=state, seq=seq)


def event(seq: int, kind: str, *found: Finding, **params: Any) -> Any:
    return SimpleNamespace(seq=seq, kind=kind, outcome="ok", findings=found, params=params)


REMARK = Finding(Level.CAUTION, "Groups differ.", "", "", "PP-X-001")
PROJECT = Stand(
    [
        place("objective", State.DONE, 1),
        place("import", State.STALE, 2),
        place("train", State.DONE, 4),
        place("monitor", State.DONE, 5),
        place("report", State.DONE, 7),
    ],
    [
        event(1, "objective"), event(5, "monitor", REMARK), event(6, "report", document="dpia"),
        event(7, "report", document="audit"), event(8, "decision"),
    ],
)  # fmt: skip


def test_each_part_says_how_it_stands() -> None:
    shown = {one.title: one for one in parts(PROJECT)}  # type: ignore[arg-type]  # stands in for a snapshot
    assert shown["Purpose, people and limits"].shape == "done"
    assert shown["Data, roles and quality"] == Part(
        "stale", "Data, roles and quality", "out of date", "import"
    )
    assert shown["Anonymized table and its risks"].shape == "off"
    assert shown["Deployment and monitoring"].note == "1 remark"
    assert shown["Comments, answers and reasons"].note == "1 on record"


def test_a_remark_leads_to_its_step(qtbot: QtBot, look: Look) -> None:
    card = ContentsCard(parts(PROJECT))  # type: ignore[arg-type]  # stands in for a snapshot
    qtbot.addWidget(card)
    link = next(one for one in card.findChildren(Button) if "1 remark" in one.text())
    assert link.accessibleName() == "Deployment and monitoring: 1 remark"
    with qtbot.waitSignal(card.go_asked) as asked:
        link.click()
    assert asked.args == ["monitor"]


def test_a_document_that_was_made_before_is_old() -> None:
    assert made(PROJECT, "report") == {"dpia": (6, True), "audit": (7, False)}  # type: ignore[arg-type]  # stands in for a snapshot


def test_four_eyes_wait_for_the_others() -> None:
    said = SimpleNamespace(doubt="", decision="endorsed")
    waits = _others(Stand([]), 1)  # type: ignore[arg-type]  # stands in for a snapshot
    assert waits[0] == "blocked"
    assert waits[3] == "draft"
    there = Stand([], drafts=(SimpleNamespace(endorsements=(said,)),))
    assert _others(there, 1)[0] == "done"  # type: ignore[arg-type]  # stands in for a snapshot


def test_pages_are_painted_on_paper(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    image = QImage(60, 85, QImage.Format.Format_RGB32)
    image.fill(0)
    assert image.save(str(tmp_path / "page.png"))
    page = (tmp_path / "page.png").read_bytes()
    assert put_on(QPdfWriter(str(tmp_path / "out.pdf")), [page, page])
    assert (tmp_path / "out.pdf").read_bytes().count(b"/Type /Page\n") == 2

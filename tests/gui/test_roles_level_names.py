"""Names of levels stand beside the levels, and the form hands them on."""

from pytestqt.qtbot import QtBot

from ppdesk.gui.look import Look
from ppdesk.gui.pages.roles import RolesPane

VALUES = {
    "columns": [
        {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 99},
        {"name": "job", "role": "quasi-identifier", "type": "categorical"},
    ],
    "hierarchies": {"job": "/somewhere/job.csv"},
    "generalize": [{"column": "age", "kind": "intervals", "widths": [5.0, 20.0]}],
    "level_names": {"age": ["year", "5 years"], "job": ["job", "branch"]},
}


def test_names_are_shown_and_handed_on(qtbot: QtBot, look: Look) -> None:
    pane = RolesPane()
    qtbot.addWidget(pane)
    pane.put(VALUES)
    qtbot.waitUntil(lambda: pane.complete, timeout=10_000)
    assert pane.values()["level_names"] == VALUES["level_names"]
    fields = {name: row.fields for name, row in pane.columns.items()}
    assert fields["age"] is not None
    assert fields["job"] is not None
    assert "(year) \u203a " in fields["age"].hierarchy.levels.toolTip()
    assert fields["job"].hierarchy.levels.toolTip() == "job \u203a branch"
    pane.columns["job"].put({"name": "job", "role": "insensitive"})
    assert "job" not in pane.values()["level_names"]

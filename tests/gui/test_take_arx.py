"""A project of ARX fills the forms in."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from ppdesk.gui.dialogs.arx import TakeArxDialog
from ppdesk.gui.window import MainWindow

DEFINITION = """<definition>
\t<assigment>
\t\t<name>sex</name>
\t\t<type>QUASI_IDENTIFYING_ATTRIBUTE</type>
\t\t<datatype>String</datatype>
\t\t<ref>hierarchies/sex.csv</ref>
\t\t<min>All</min>
\t\t<max>All</max>
\t</assigment>
</definition>
"""
CONFIG = """<config>
\t<relativeMaxOutliers>0.1</relativeMaxOutliers>
\t<metric>Height</metric>
\t<criteria>
\t\t<criterion>7-anonymity</criterion>
\t</criteria>
</config>
"""


def test_the_forms_hold_what_the_project_says(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], tmp_path: Path
) -> None:
    path = tmp_path / "p.deid"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "metadata.xml", "<metadata><version>3.9.2</version><vocabulary>2.0</vocabulary></metadata>"
        )
        archive.writestr("input/definition.xml", DEFINITION)
        archive.writestr("input/config.xml", CONFIG)
        archive.writestr("input/hierarchies/sex.csv", "m;*\nf;*\n")
        archive.writestr("data/input.csv", "sex\nm\nf\n")
    assert not window.menus.actions["Take an ARX project..."].isEnabled()
    window.project.create(tmp_path / "study.ppdesk", "seven green ladders swim")
    settled()
    window.show_step("anonymize")
    window.menus.actions["Take an ARX project..."].trigger()
    dialog = next(one for one in window.findChildren(TakeArxDialog) if one.isVisible())
    dialog.go()
    assert "no such file" in dialog.said
    dialog.file.put(str(path))
    assert dialog.folder.value() == str(tmp_path / "p-from-arx")
    dialog.go()
    qtbot.waitUntil(lambda: dialog.accept_button.text() == "Close", timeout=30_000)
    assert window.project.filled("import")["table"] == str(tmp_path / "p-from-arx" / "data.csv")
    values = window.page.form.values() if window.page is not None else {}
    assert values["table"] == str(tmp_path / "p-from-arx" / "data.csv")
    window.show_step("anonymize")
    assert window.page is not None
    assert (window.page.form.values()["k"], window.page.form.values()["quality"]) == (7, "height")
    dialog.accept()

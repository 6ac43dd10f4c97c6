"""Pictures of data coming in: what is found in a file, rows asked for, rows shown, rows set aside."""

from pathlib import Path
from typing import TYPE_CHECKING

from screenshots_camera import PASSPHRASE, Camera, settle, wait

from ppdesk.gui.form import Form
from ppdesk.gui.pages.import_found import FoundView
from ppdesk.gui.pages.rows_banner import RowsBanner

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow

_CITIES = ("Bern", "Basel", "", "N/A", "Zürich")
_NOTES = ("", "called back", "a rather long remark that somebody wrote down and that does not end soon")


def _file(path: Path) -> None:
    """Invented people, as a program for Windows writes them; two rows do not fit."""
    lines = ["id;name;born;city;income;note"]
    for at in range(20_000):
        born = f"{1940 + at * 7 % 66}-0{1 + at % 9}-1{at % 10}"
        income = f"{10 + at * 13 % 90}000,{10 + at * 7 % 90}"
        lines.append(f"{at:06d};Person {at};{born};{_CITIES[at % 5]};{income};{_NOTES[at % 3]}")
    lines[5_000] += ";one value too many"
    lines[9_000] = "009000;cut off"
    path.write_text("\n".join(lines), encoding="windows-1252")


def coming_in(window: "MainWindow", camera: Camera, folder: Path) -> None:
    """A project of its own, from the choice of a file to its rows."""
    project, table = window.project, folder / "people.csv"
    _file(table)
    project.create(folder / "people.ppdesk", PASSPHRASE)
    wait(lambda: window.page is not None and project.idle)
    window.show_step("import")
    page = window.page
    assert page is not None
    form, view = page.form, page.findChildren(FoundView)[0]
    assert isinstance(form, Form)
    form.put({"table": str(table), "bad_rows": "quarantine", "source": "Invented for pictures"})
    form.changed.emit()
    settle()
    wait(lambda: view.isVisible() and project.idle)
    settle()
    camera.take(window, "import-found")
    if view.use_all is not None:
        view.use_all.click()
        settle()
        wait(lambda: project.idle)
    form.reveal("encoding")
    settle()
    camera.take(window, "import-corrected")
    page.run()
    wait(lambda: not project.running and project.idle)
    settle()
    camera.take(window, "import-quarantine")
    banner = page.findChildren(RowsBanner)[0].banner
    assert banner is not None
    banner.link.click()
    settle()
    camera.take(window, "rows-asked")
    rows = window.looking.page
    assert rows is not None
    for part in ("rows", "quarantine"):
        if part != rows.sight.part:
            rows.parts.put(part)
            rows.parts.chosen.emit(part)
        assert rows.look is not None
        rows.look.click()
        wait(lambda: rows.view is not None and project.idle)
        assert rows.view is not None
        if part == "rows":
            rows.view.go_to(12_000)
        settle()
        camera.take(window, part)
    project.close()
    wait(lambda: window.page is None and project.idle)

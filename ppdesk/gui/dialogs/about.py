"""About: version, build, the libraries with their licences, the texts of the licences that lie beside."""

import platform
from importlib.metadata import PackageNotFoundError, metadata, requires

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTabWidget, QWidget

from ppdesk import __version__
from ppdesk.core.resources import resource
from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.icons import Mark
from ppdesk.gui.language import tr
from ppdesk.gui.menus import shortcuts
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.results import page_area

_HIGH = 320  # px of what stands under the tabs
_LONGEST = 60  # characters of a licence's name; some packages put all of its text there


def libraries() -> list[tuple[str, str, str]]:
    """(name, version, licence) of what this program needs, as installed here; by name."""
    found = []
    for line in requires("ppdesk") or []:
        wanted, _, marker = line.partition(";")
        if "extra" in marker:
            continue
        name = _name(wanted)
        try:
            told = metadata(name)
        except PackageNotFoundError:
            continue  # not needed on this system
        found.append((told["Name"], told["Version"], _licence(told.get_all("Classifier") or [], told)))
    return sorted(found, key=lambda one: one[0].casefold())


def _name(wanted: str) -> str:
    """The name in a requirement."""
    return next(
        (wanted[:at] for at, sign in enumerate(wanted) if not (sign.isalnum() or sign in "-_.")), wanted
    ).strip()


def _licence(classifiers: list[str], told: object) -> str:
    """The licence in a few words, from what the package says of itself."""
    get = getattr(told, "get")  # noqa: B009  a message's get, whose stub differs between versions
    said = str(get("License-Expression") or "")
    if said:
        return said
    named = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    if named:
        return ", ".join(named)
    first = str(get("License") or "").strip().splitlines()
    return first[0][:_LONGEST] if first else tr("see its package")


class AboutDialog(Dialog):
    """Version, libraries, licences, keys."""

    def __init__(self, parent: QWidget | None, offline: str) -> None:
        super().__init__(parent, tr("About ppdesk"), verb=tr("Close"), wide=720)
        import PySide6

        self.cancel.hide()
        head, row = QWidget(), QHBoxLayout()
        head.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(Mark(44))
        version = tr(
            "Version {version}, Python {python}, Qt {qt}",
            version=__version__,
            python=platform.python_version(),
            qt=PySide6.__version__,
        )
        build = tr(
            "{system}, {machine}. {offline}",
            system=platform.system(),
            machine=platform.machine(),
            offline=offline,
        )
        row.addWidget(Flow(f"{version}\n{build}", tr("Release data and models, not people.")), 1)
        self.add(head)
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("About ppdesk"))
        tabs.tabBar().setAccessibleName(tr("Libraries, licences, keys"))
        tabs.setFixedHeight(_HIGH)
        heads = (tr("Library"), tr("Version"), tr("Licence"))
        tabs.addTab(self._table(Table("", heads, libraries())), tr("Libraries"))
        tabs.addTab(self._texts(), tr("Licences"))
        keys = Table("", (tr("What"), tr("Keys")), shortcuts())
        tabs.addTab(self._table(keys), tr("Keys"))
        self.tabs = tabs
        self.add(tabs)

    def _table(self, table: Table) -> QWidget:
        view = TableView(table)
        view.setAccessibleName(", ".join(table.header))
        return page_area(view, ", ".join(table.header), top=8, right=0)

    def _texts(self) -> QWidget:
        """The program's own licence in a line, then the texts of fonts and icons."""
        inside = QPlainTextEdit()
        inside.setReadOnly(True)
        inside.setAccessibleName(tr("Licences"))
        own = tr("ppdesk: Apache License 2.0. Qt for Python: LGPL 3, as a library of its own.")
        fonts = resource("fonts", "LICENSE_FONT").read_text(encoding="utf-8")
        icons = resource("icons", "LICENSE").read_text(encoding="utf-8")
        inside.setPlainText(f"{own}\n\nIBM Plex\n\n{fonts}\n\nLucide\n\n{icons}")
        return inside


class ShortcutsDialog(Dialog):
    """All keys at a glance."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, tr("Keys"), verb=tr("Close"), wide=520)
        self.cancel.hide()
        self.add(
            text(tr("Tab goes from field to field, arrow keys move in the rail and in tables."), wrap=True)
        )
        view = TableView(Table("", (tr("What"), tr("Keys")), shortcuts()))
        view.setAccessibleName(tr("Keys"))
        area = page_area(view, tr("Keys"), right=0)
        area.setFixedHeight(_HIGH)
        self.add(area)

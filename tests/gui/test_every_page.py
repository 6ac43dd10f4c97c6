"""Every page and dialog: all words in the window's language, nothing cut where they are longer, and each
control with a name, a role and its place on Tab's way."""

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from ppdesk.core.section import Table
from ppdesk.data.clean.operations import OPERATIONS
from ppdesk.gui.app import make_window
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.approval import AnswerDialog, Question
from ppdesk.gui.dialogs.arx import TakeArxDialog
from ppdesk.gui.dialogs.base import ErrorDialog
from ppdesk.gui.dialogs.certificates import AddPersonDialog, TrustDialog
from ppdesk.gui.dialogs.closing import SignOnCloseDialog
from ppdesk.gui.dialogs.clusters import ClustersDialog
from ppdesk.gui.dialogs.keys import (
    ChangePassphraseDialog,
    CopyPassphraseDialog,
    NewProjectDialog,
    SignerDialog,
    UnlockDialog,
)
from ppdesk.gui.dialogs.mapping import MappingDialog
from ppdesk.gui.dialogs.new_keys import ImportKeyDialog, NewKeyDialog, TokenDialog
from ppdesk.gui.dialogs.operation import OperationDialog
from ppdesk.gui.dialogs.people import PeopleDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.errors import NoProjectError
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.language import PSEUDO, choose_language
from ppdesk.gui.look import Look
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.catalog import CATALOG

SMALL, LARGE = (1280, 720), (1440, 900)
SOME = ("standard", "import", "clean", "anonymize", "train", "report")  # pages that are more than their form
OWN = OwnKey("Ada", "file", "", "AB12 CD34", "2031-01-01")
COLUMNS = ("age", "sex")
ONE = Question("1", "", Table("1", ("1",), [("1",)]), "1", "1", "2")
# of people, files and formats
NAMES = "Ada Analyst ppdesk words project page age agee sex AB csv PDF ARX TOML PIN PEM"
QUESTIONS = Path(__file__).parents[2] / "resources" / "questions"  # they hold all languages themselves


def nothing(*_args: object) -> None:
    """What a dialog does at its end is of no interest here."""


def by_op(op: str) -> type:
    return next(one for one in OPERATIONS if one.model_fields["op"].default == op)


DIALOGS: dict[str, Callable[[MainWindow], QDialog]] = {
    "new": lambda w: NewProjectDialog(w, Path(), w.project.judge),
    "unlock": UnlockDialog,
    "passphrase": lambda w: ChangePassphraseDialog(w, "page", w.project.judge),
    "copy": lambda w: CopyPassphraseDialog(w, "page", w.project.judge),
    "signer": lambda w: SignerDialog(w, "", [OWN], "Ada", w.project.judge),
    "first signer": lambda w: SignerDialog(w, "", [], "Ada", w.project.judge),
    "error": lambda w: ErrorDialog(w, NoProjectError()),
    "verify": lambda w: VerifyDialog(w, w.project.bench),
    "arx": lambda w: TakeArxDialog(w, w.project),
    "trust": lambda w: TrustDialog(w, w.project, nothing),
    "role": lambda w: AddPersonDialog(w, w.project, w.signing, nothing),
    "people": lambda w: PeopleDialog(w, w.project, w.signing),
    "key": lambda w: NewKeyDialog(w, w.project, nothing),
    "certificate": lambda w: ImportKeyDialog(w, w.project, nothing),
    "token": lambda w: TokenDialog(w, w.project, nothing),
    "closing": lambda w: SignOnCloseDialog(w, ""),
    "columns": lambda w: MappingDialog(w, ["agee"], COLUMNS, {}, nothing),
    "groups": lambda w: ClustersDialog(
        w, {"column": "sex", "values": {"M": "m"}}, [[("m", 3), ("M", 1)]], nothing
    ),
    "question": lambda w: AnswerDialog(
        w, Question("1", "", Table("1", ("1",), [("1",)]), "1", "1", "2"), [OWN]
    ),
    **{op: lambda w, op=op: OperationDialog(w, by_op(op), COLUMNS, None, nothing) for op in ("fill", "map")},
}


@pytest.fixture(scope="module")
def seen() -> ModuleType:
    spec = spec_from_file_location("seen", Path(__file__).with_name("seen.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def strange(qtbot: QtBot, look: Look, desk: Desk) -> Iterator[MainWindow]:
    """The window in the pseudo-language, as small as it is used."""
    choose_language(PSEUDO)
    made = make_window(desk)
    qtbot.addWidget(made)
    made.resize(*SMALL)
    made.show()
    yield made
    made.leave()
    choose_language("en")


def _wrong(seen: ModuleType, root: MainWindow | QDialog, known: set[str]) -> list[str]:
    drawn = seen.painted(root)
    return [
        *seen.fixed_words(root, drawn, known),
        *seen.cut(root, drawn),
        *seen.unspoken(root),
        *seen.out_of_reach(root),
        *seen.astray(root),
    ]


def _found(wrong: dict[str, Sequence[str]]) -> str:
    """Each finding once, where it was met first, one a line."""
    first = {one: name for name, all_ in reversed(wrong.items()) for one in all_}
    return "\n".join(sorted(f"{name}: {one}" for one, name in first.items()))


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(SOME, id="some"),
        pytest.param(tuple(one.key for one in CATALOG), marks=pytest.mark.campaign, id="all"),
    ],
)
def test_pages(
    qtbot: QtBot, seen: ModuleType, strange: MainWindow, tmp_path: Path, keys: Sequence[str]
) -> None:
    window = strange
    known = seen.words_of(None, NAMES, *(one.read_text(encoding="utf-8") for one in QUESTIONS.glob("*.toml")))
    wrong = {"start": _wrong(seen, window, known)}
    window.project.create(tmp_path / "words.ppdesk", "four words for it")
    _settle(qtbot, window)
    for key in keys:
        window.show_step(key)
        QApplication.processEvents()
        assert window.page is not None
        for fold in getattr(window.page.form, "folds", {}).values():
            fold.open(True)
        QApplication.processEvents()
        wrong[key] = _wrong(seen, window, known)
    window.show_history()
    _settle(qtbot, window)
    wrong["history"] = _wrong(seen, window, known)
    window.resize(*LARGE)
    QApplication.processEvents()
    wrong["history, large"] = seen.cut(window, seen.painted(window))
    assert not any(wrong.values()), _found(wrong)


def test_every_dialog(seen: ModuleType, strange: MainWindow) -> None:
    known = seen.words_of(None, NAMES)
    wrong = {}
    for name, make in DIALOGS.items():
        dialog = make(strange)
        dialog.open()
        QApplication.processEvents()
        wrong[name] = _wrong(seen, dialog, known)
        dialog.reject()
        dialog.deleteLater()
    assert not any(wrong.values()), _found(wrong)


def _settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.project.running and window.project.idle, timeout=60_000)
    QApplication.processEvents()

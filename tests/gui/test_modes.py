"""The window and projects of the other mode; and a key made here is the one the command line makes."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from ppdesk.core.clock import TestClock
from ppdesk.core.mode import Mode
from ppdesk.gui.desk import Desk
from ppdesk.gui.project import Project
from ppdesk.identity.signer import create_signer
from ppdesk.workbench.errors import MadeInTestModeError
from ppdesk.workbench.home import signer_entropy


def test_a_project_of_test_mode_has_the_command_lines_key_and_is_not_opened_for_real_work(
    qtbot: QtBot, qapp: object, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "p.ppdesk"
    made = Project(desk)
    with qtbot.waitSignal(made.opened, timeout=30_000):
        made.create(path, "correct horse battery")
    with qtbot.waitSignal(made.signer_known, timeout=30_000) as known:
        made.keys.make("Ada", "a passphrase", done=lambda: None, failed=made.not_opened.emit)
    same = create_signer(
        tmp_path / "cli", "Ada", "a passphrase", entropy=signer_entropy(Mode(7), "Ada"), clock=TestClock()
    )
    assert known.args == ["Ada", same.fingerprint]
    with qtbot.waitSignal(made.closed, timeout=30_000):
        made.leave()
    real = Project(Desk(desk.home, "Ada"))
    with qtbot.waitSignal(real.not_opened, timeout=30_000) as refused:
        real.open(path, "correct horse battery")
    assert isinstance(refused.args[0], MadeInTestModeError)
    with qtbot.waitSignal(real.closed, timeout=30_000):
        real.leave()

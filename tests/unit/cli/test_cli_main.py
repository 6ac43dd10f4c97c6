import json
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from ppdesk.__main__ import NoDisplayError, RemoteDisplayError, need_display
from ppdesk.cli.crash import report
from ppdesk.cli.group import PROJECT_VERBS, verbs
from ppdesk.cli.main import run
from ppdesk.core.exits import Exit
from ppdesk.workbench.home import home_folder
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.stages import Stage

ROOT = Path(__file__).resolve().parents[3]


def ppdesk(*arguments: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    done = subprocess.run(
        [sys.executable, "-m", "ppdesk", *arguments],
        capture_output=True, text=True, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def window(_arguments: list[str]) -> int:
    raise AssertionError("no window in this test")


def test_help_lists_every_verb_under_its_stage() -> None:
    text = ppdesk().stdout
    assert text == ppdesk("--help").stdout
    place = -1
    for stage in Stage:
        found = text.index(f"{stage.value} {stage.title}:")
        assert found > place
        place = found
    for name in [*PROJECT_VERBS, *(entry.key for entry in CATALOG)]:
        assert f"\n  {name} " in text


def test_help_answers_in_under_400_ms() -> None:
    best = min(_seconds("--help") for _ in range(5))
    assert best < 0.4, f"{best:.3f} s"


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    ppdesk(*arguments)
    return time.perf_counter() - began


def test_help_loads_no_heavy_library() -> None:
    code = "import sys; from ppdesk.cli.main import run; run(['--help'], window=len); "
    code += (
        "print([m for m in ('pydantic', 'pyarrow', 'numpy', 'sqlalchemy', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("log",), ("--nonsense",), ("log", "x", "--project", "p"), ("gui", "--json")]
)
def test_a_wrong_command_line_is_a_usage_error(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    def no_window(_arguments: list[str]) -> int:
        raise NoDisplayError

    assert run([*arguments, "--json"], window=no_window) == Exit.USAGE
    captured = capsys.readouterr()
    assert set(json.loads(captured.out)) == {"error"}
    assert not captured.err


def test_an_unforeseen_error_shows_no_value_and_leaves_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PPDESK_HOME", str(tmp_path))

    def broken(_arguments: list[str]) -> int:
        try:
            return int("Jane Doe")
        except ValueError as error:
            raise RuntimeError("born 1970") from error

    assert run(["gui"], window=broken) == Exit.FAILED
    captured = capsys.readouterr()
    assert "PP-CLI-008" in captured.err
    assert "Traceback" not in captured.err
    log = next((tmp_path / "logs").iterdir()).read_text()
    assert "RuntimeError" in log
    assert "ValueError" in log
    assert "test_cli_main.py" in log
    for secret in ("Jane", "1970"):
        assert secret not in captured.err + captured.out + log


def test_only_the_last_crash_logs_are_kept(tmp_path: Path) -> None:
    for _ in range(25):
        report(ValueError(), tmp_path)
    assert len(list((tmp_path / "logs").iterdir())) == 20


def test_a_log_that_cannot_be_written_does_not_hide_the_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "ValueError" in report(ValueError(), tmp_path / "file").message


def test_ctrl_c_is_exit_9(capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(_arguments: list[str]) -> int:
        raise KeyboardInterrupt

    assert run(["gui"], window=stopped) == Exit.CANCELLED
    assert "PP-CLI-007" in capsys.readouterr().err


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    command = f"{sys.executable} -m ppdesk info | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "Traceback" not in done.stderr
    assert done.stdout.strip() in ("0", str(int(Exit.STORAGE)))


def test_info_says_how_the_guard_stands(tmp_path: Path) -> None:
    value = json.loads(ppdesk("info", "--json", PPDESK_HOME=str(tmp_path)).stdout)
    assert value["home"] == str(tmp_path)
    assert value["guard"]["hook"] is True
    assert value["guard"]["kernel"] is (sys.platform == "linux")


def test_the_home_folder_is_the_variables_or_the_systems(tmp_path: Path) -> None:
    assert home_folder({"PPDESK_HOME": str(tmp_path)}) == tmp_path
    assert home_folder({}).name == "ppdesk"


@pytest.mark.parametrize(
    "environment",
    [
        {"DISPLAY": ":0"},
        {"DISPLAY": "unix:0"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"QT_QPA_PLATFORM": "offscreen"},
    ],
)
def test_a_local_display_is_enough(environment: dict[str, str]) -> None:
    need_display("linux", environment)
    need_display("win32", {})


def test_no_display_is_said_in_words() -> None:
    with pytest.raises(NoDisplayError, match="no display"):
        need_display("linux", {})
    with pytest.raises(RemoteDisplayError, match="localhost:10"):
        need_display("linux", {"DISPLAY": "localhost:10.0"})


def test_the_window_program_says_so_too() -> None:
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    code = "import sys; from ppdesk.__main__ import gui_main; sys.exit(gui_main())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=False
    )
    assert done.returncode == Exit.USAGE
    assert done.stderr.startswith("PP-MAIN-001: ")


def test_project_verbs_are_found_by_their_names() -> None:
    group = verbs()
    for name in PROJECT_VERBS:
        command = group.get_command(None, name)  # type: ignore[arg-type]  # the context is not used
        assert command is not None
        assert command.name == name
        assert command.help
        inner = command.commands.values() if isinstance(command, click.Group) else [command]
        for one in inner:
            assert any("--json" in option.opts for option in one.params)
            assert one.help

"""The two programs: `ppdesk` (also ``python -m ppdesk``) and `ppdesk-gui`.

The order matters. First no core dumps and the network guard, so that nothing is imported before them; then
the spawned worker's way in, so that a worker of the frozen program never reaches what follows; only then the
rest.
"""

import sys
from collections.abc import Mapping

from ppdesk import guard
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.hardening import harden


class NoDisplayError(CodedError):
    """There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set."""

    code = "PP-MAIN-001"
    exit = Exit.USAGE
    todo = "Start ppdesk from a desktop session, or use the command line: ppdesk --help"


class RemoteDisplayError(CodedError):
    """The display {display} is reached over the network, and ppdesk opens no connection."""

    code = "PP-MAIN-002"
    exit = Exit.USAGE
    todo = "Start ppdesk on the machine that has the screen, or use the command line: ppdesk --help"


def _start() -> None:
    harden()
    guard.install()
    from multiprocessing import freeze_support

    freeze_support()


def main() -> int:
    """The command line. Returns the exit code."""
    _start()
    from ppdesk.cli.main import run

    return run(sys.argv[1:], window=_window)


def gui_main() -> int:
    """The window. Returns the exit code."""
    _start()
    try:
        return _window(sys.argv[1:])
    except (NoDisplayError, RemoteDisplayError) as error:
        sys.stderr.write(f"{error.code}: {error.message}\n{error.advice}\n")
        return int(error.exit_code)


def _window(arguments: list[str]) -> int:
    """Open the window, unless there is no display: then Qt would abort without a word."""
    import os

    need_display(sys.platform, os.environ)
    from ppdesk.gui.app import main as show

    return show(arguments)


def need_display(system: str, environment: Mapping[str, str]) -> None:
    """NoDisplayError or RemoteDisplayError where no window can be shown."""
    if system != "linux" or environment.get("QT_QPA_PLATFORM") or environment.get("WAYLAND_DISPLAY"):
        return
    display = environment.get("DISPLAY", "")
    if not display:
        raise NoDisplayError
    # `:0`, `unix:0` and paths are local sockets; `host:10`, as ssh -X sets it, is TCP
    if not display.startswith((":", "unix:", "/")):
        raise RemoteDisplayError(display=display)


if __name__ == "__main__":
    sys.exit(main())

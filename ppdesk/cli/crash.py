"""What is left of an error that nobody foresaw: kinds and places, never a value."""

import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path

from ppdesk import __version__
from ppdesk.cli.errors import UnexpectedError

_KEPT = 20  # files


def report(error: Exception, home: Path) -> UnexpectedError:
    """Writes a log under `home` and returns the error to show. The texts of exceptions are left out,
    because libraries put the value that they trip over into them."""
    folder = home / "logs"
    name = f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(_lines(error)) + "\n", encoding="utf-8")
        for old in sorted(folder.glob("crash-*.log"))[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        name = "(it could not be written)"
    return UnexpectedError(kind=type(error).__name__, log=str(folder / name))


def _lines(error: BaseException) -> list[str]:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    found = [f"ppdesk {__version__}, Python {platform.python_version()}, {system}"]
    cause: BaseException | None = error
    while cause is not None:
        found.append(type(cause).__qualname__)
        for frame in traceback.extract_tb(cause.__traceback__):
            found.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
        cause = cause.__cause__ or cause.__context__
    return found


def _short(filename: str) -> str:
    """The path from the package on: folders above it may carry a person's name."""
    parts = Path(filename).parts
    for root in ("ppdesk", "site-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) :])
    return parts[-1] if parts else filename

"""What is left of an error that nobody foresaw: kinds and places, never a value.

The texts of exceptions are left out, because libraries put the value that they trip over into them.
"""

import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path

from ppdesk import __version__

_KEPT = 20  # files


def crash_lines(error: BaseException) -> list[str]:
    """Version and system, then each error of the chain with its frames: file, line, function."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    found = [f"ppdesk {__version__}, Python {platform.python_version()}, {system}"]
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        found.append(type(cause).__qualname__)
        for frame in traceback.extract_tb(cause.__traceback__):
            found.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
        cause = cause.__cause__ or cause.__context__
    return found


def keep_crash(report: str, home: Path) -> Path | None:
    """Write `report` as a log under `home`, and let old ones go. None where it could not be written."""
    folder = home / "logs"
    file = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{report}\n", encoding="utf-8")
        for old in sorted(folder.glob("crash-*.log"))[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return file


def _short(filename: str) -> str:
    """The path from the package on: folders above it may carry a person's name."""
    parts = Path(filename).parts
    for root in ("ppdesk", "site-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) :])
    return parts[-1] if parts else filename

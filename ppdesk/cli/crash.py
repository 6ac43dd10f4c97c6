"""What is left of an error that nobody foresaw: a log of kinds and places, and an error that names it."""

from pathlib import Path

from ppdesk.cli.errors import UnexpectedError
from ppdesk.core.crashes import crash_lines, keep_crash


def report(error: Exception, home: Path) -> UnexpectedError:
    """Writes a log under `home` and returns the error to show."""
    log = keep_crash("\n".join(crash_lines(error)), home)
    return UnexpectedError(
        kind=type(error).__name__, log=str(log or home / "logs" / "(it could not be written)")
    )

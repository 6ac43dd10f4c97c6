"""Time as a value that is handed in, so that a test can fix it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where a room gets the time from."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class TestClock:
    """A clock for the test mode: starts at a fixed moment and moves one second at each reading."""

    __test__ = False  # not a pytest class

    start: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    _ticks: int = field(default=0, init=False)

    def now(self) -> datetime:
        moment = self.start + timedelta(seconds=self._ticks)
        self._ticks += 1
        return moment


def stamp(moment: datetime) -> str:
    """A UTC moment as the chain writes it: ``2026-01-31T12:00:00.000Z`` (milliseconds)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

"""What goes down to the worker and what comes back, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import Json
from ppdesk.core.clock import Clock, SystemClock, TestClock
from ppdesk.core.findings import Finding
from ppdesk.core.mode import Mode


@dataclass(frozen=True)
class Page:
    """A page of paper as a picture. Its size is in pt, 1/72 in; `number` 1 is the first."""

    number: int
    image: bytes  # PNG
    width: float
    height: float


@dataclass(frozen=True)
class Job:
    """One run of a step. `module` offers the step as ``STEP``; `params` name files without their folder."""

    module: str
    params: Mapping[str, Json]
    inputs: Sequence[Artifact] = ()
    key: str = ""  # the step's, for messages
    sources: Mapping[str, Path] = field(default_factory=dict)  # granted files by field (or field.key)
    test_seed: int | None = None
    purpose: str = ""  # which stream of the test mode's randomness is the run's own
    now: datetime | None = None  # where the test mode's clock stands

    def header(self) -> dict[str, Json]:
        """The job without its inputs, as JSON."""
        return {
            "type": "run",
            "module": self.module,
            "key": self.key,
            "params": self.params,
            "sources": {name: str(path) for name, path in self.sources.items()},
            "test_seed": self.test_seed,
            "purpose": self.purpose,
            "now": None if self.now is None else self.now.isoformat(),
        }

    @staticmethod
    def from_header(header: Mapping[str, Any], inputs: Sequence[Artifact]) -> "Job":
        """The job that the main process described."""
        return Job(
            module=header["module"],
            key=header["key"],
            params=header["params"],
            inputs=inputs,
            sources={name: Path(path) for name, path in header["sources"].items()},
            test_seed=header["test_seed"],
            purpose=header["purpose"],
            now=None if header["now"] is None else datetime.fromisoformat(header["now"]),
        )

    @property
    def mode(self) -> Mode:
        return Mode(self.test_seed)

    def clock(self) -> Clock:
        """The machine's clock, or the test mode's from where the project's stands."""
        return SystemClock() if self.now is None else TestClock(self.now)


@dataclass(frozen=True)
class Product:
    """What a run made. `facts` is checked against the step's own Facts by the runner."""

    facts: Mapping[str, Json]
    artifacts: tuple[Artifact, ...]
    findings: tuple[Finding, ...]
    sources: Mapping[str, str]  # sha256 of each granted file, as read

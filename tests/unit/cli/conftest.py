"""A step and a session that stand in for real ones, so that the command line is tested by itself."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from ppdesk.cli.console import Console
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import Finding
from ppdesk.core.params import Params, SourceFile, TargetFile, param
from ppdesk.core.section import Figures, KeyFigure, Section, Words
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours
from ppdesk.workbench.views import StepResult
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Facts, Outcome, PlainStep


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Spot(Params):
    x: int = param(label="X", help="Where.")


class PaintParams(Params):
    picture: SourceFile = param(label="Picture", help="What to paint on.")
    amount: int = param(5, label="Amount", help="How much.", unit="litres", ge=1, le=9)
    share: float = param(0.5, label="Share", help="How dense.", gt=0, lt=1)
    colour: Colour = param(Colour.RED, label="Colour", help="Which.")
    gloss: bool = param(True, label="Gloss", help="Shiny.")
    title: str | None = param(None, label="Title", help="Name.", free_text=True)
    columns: tuple[str, ...] = param((), label="Columns", help="Which parts.")
    hierarchies: dict[str, SourceFile] = param({}, label="Hierarchies", help="Files by column.")
    weights: dict[str, float] = param({}, label="Weights", help="By column.")
    spots: tuple[Spot, ...] = param((), label="Spots", help="Many.")
    to: TargetFile | None = param(None, label="To", help="Where to.")


class PaintFacts(Facts):
    picture: str
    stamp: str = ""


class Paint(PlainStep):
    """A step that paints."""

    key: ClassVar[str] = "paint"
    stage: ClassVar[Stage] = Stage.DATA
    title: ClassVar[str] = "Paint"
    purpose: ClassVar[str] = "Paint a picture."
    help: ClassVar[str] = "Choose a colour."
    needs: ClassVar[tuple[Kind, ...]] = (Kind.TABLE,)
    icon: ClassVar[str] = "type"
    Params: ClassVar[type[Any]] = PaintParams
    Facts: ClassVar[type[Any]] = PaintFacts

    def cost(self, params: Any, heads: Any) -> Any:
        raise AssertionError("the command line never asks a step directly")

    def run(self, params: PaintParams, inputs: Any, ctx: Any) -> Outcome[PaintFacts]:
        ctx.progress(1.0, "painted")
        return Outcome(PaintFacts(picture=ctx.sources["picture"].read_text(), stamp=ctx.stamp))

    def section(self, params: PaintParams, facts: PaintFacts) -> Section:
        return Section("Paint", [Words(f"Painted {facts.picture}.", "ok"), Figures([KeyFigure("Dots", "3")])])


class PaintAlone(Paint):
    """The same without any need of a project."""

    needs: ClassVar[tuple[Kind, ...]] = ()
    gives: ClassVar[tuple[Kind, ...]] = (Kind.VERDICT,)


@dataclass
class FakeSession:
    """Remembers what it was asked to run."""

    ran: list[tuple[str, dict[str, object], bool]] = field(default_factory=list)
    signer: object = None
    raises: BaseException | None = None
    during: Callable[[threading.Event], None] = lambda _wish: None
    findings: tuple[Finding, ...] = ()
    stamp: str = ""
    not_signed: None = None
    resumed: int | None = None

    def __enter__(self) -> "FakeSession":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def set_signer(self, signer: object) -> None:
        self.signer = signer

    def events(self) -> list[Any]:
        return []

    def info(self) -> dict[str, Any]:
        return {"stamp": self.stamp}

    def check_step(self, key: str, values: dict[str, object]) -> list[Finding]:
        return list(self.findings)

    def cost_of(self, key: str, values: dict[str, object]) -> DpEvent:
        return EpsilonDelta(0.5, 0.0, Neighbours.REPLACE_ONE)

    def run(
        self,
        key: str,
        values: dict[str, object],
        *,
        progress: Callable[[float, str], None],
        cancel: threading.Event,
        overwrite: bool,
        secret: str | None = None,
        resume: int | None = None,
        enough: threading.Event | None = None,
    ) -> StepResult:
        self.ran.append((key, values, overwrite))
        self.resumed = resume
        progress(0.5, "half")
        self.during(cancel)
        if self.raises:
            raise self.raises
        event: Any = SimpleNamespace(
            seq=7, hash="ab" * 32, time="2026-01-01T00:00:00.000Z", kind=key, outcome="ok",
            facts={"picture": "x"}, outputs={Kind.TABLE: "cd" * 32}, stamp=self.stamp,
        )  # fmt: skip
        section = Section("Paint", [Words("Painted.")])
        return StepResult(event=event, section=section, findings=self.findings, files=(Path("out.csv"),))


@dataclass(frozen=True)
class FakeInvocation(Invocation):
    """An invocation whose projects are a FakeSession."""

    session: FakeSession = field(default_factory=FakeSession)

    def open(self, access: Access) -> Any:
        return self.session

    def look(self, access: Access) -> Any:
        return self.session

    def signer(self, access: Access) -> Any:
        return f"signer {access.actor}"


@dataclass(frozen=True)
class Caught:
    """An invocation with the streams it writes to."""

    invocation: FakeInvocation
    out: io.StringIO
    err: io.StringIO


@pytest.fixture
def caught(tmp_path: Path) -> Callable[..., Caught]:
    def make(session: FakeSession | None = None, *, json: bool = False) -> Caught:
        out, err = io.StringIO(), io.StringIO()
        invocation = FakeInvocation(
            console=Console(json=json, out=out, err=err),
            home=tmp_path / "home",
            passphrases=Passphrases({}),
            window=lambda _arguments: 0,
            session=session or FakeSession(),
        )
        return Caught(invocation, out, err)

    return make


@pytest.fixture
def paint() -> Paint:
    return Paint()


@pytest.fixture
def paint_alone() -> PaintAlone:
    return PaintAlone()


@pytest.fixture
def fake_session() -> type[FakeSession]:
    return FakeSession

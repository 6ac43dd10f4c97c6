"""Steps that behave well, badly and not at all."""

import json
import os
import signal
import time
from typing import Any

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, SourceFile, TargetFile, param
from ppdesk.core.section import Section, Words
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours, NoEvent
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Facts, Heads, Inputs, Outcome, PlainStep


class TooBlueError(CodedError):
    """Column {column} is too blue."""

    code = "PP-FAKE-001"
    exit = Exit.BAD_INPUT
    todo = "Paint it red."


class FakeParams(Params):
    value: int = param(3, label="Value", help="A number.", ge=0, le=100)
    note: str = param("", label="Note", help="Words.", free_text=True)
    epsilon: float = param(0.0, label="Epsilon", help="What the run spends.", ge=0)
    behave: str = param("well", label="Behaviour", help="What the run does.")


class FakeFacts(Facts):
    doubled: int
    noise: str
    stamp: str
    pid: int


class FakeStep(PlainStep):
    """A step whose run does what its parameter says."""

    key = "fake"
    stage = Stage.DATA
    title = "Fake"
    purpose = "Stand in for a step."
    help = "Nothing to decide."
    icon = "play"
    gives = (Kind.OBJECTIVE,)
    Params = FakeParams
    Facts = FakeFacts

    def check(self, params: FakeParams, heads: Heads) -> list[Finding]:
        if params.behave == "blocked":
            return [Finding(Level.BLOCKING, "The sun is down", "0 of 1 suns", "value")]
        return []

    def cost(self, params: FakeParams, heads: Heads) -> DpEvent:
        if params.epsilon:
            return EpsilonDelta(params.epsilon, 0.0, Neighbours.ADD_REMOVE)
        return NoEvent()

    def run(self, params: FakeParams, inputs: Inputs, ctx: Context) -> Outcome[FakeFacts]:
        ctx.progress(0.5, "half way")
        getattr(self, f"_{params.behave}")(ctx)
        kind = Kind.MODEL if params.behave == "strays" else Kind.OBJECTIVE
        facts = FakeFacts(
            doubled=params.value * 2, noise=ctx.entropy.take(4).hex(), stamp=ctx.stamp, pid=os.getpid()
        )
        artifact = Artifact(kind, {"value": params.value}, (Part("text", b"abc"), Part("empty", b"")))
        return Outcome(facts, (artifact,), (Finding(Level.INFO, "It went well"),))

    def section(self, params: FakeParams, facts: FakeFacts) -> Section:
        return Section("Fake", (Words(f"{params.value} doubled is {facts.doubled}. {params.note}"),))

    def _well(self, ctx: Context) -> None:
        pass

    _blocked = _strays = _well

    def _refuses(self, ctx: Context) -> None:
        raise TooBlueError(column="sky")

    def _surprises(self, ctx: Context) -> None:
        raise ValueError("Jane Doe, 1 Main Street")

    def _dies(self, ctx: Context) -> None:
        os._exit(9)

    def _kills(self, ctx: Context) -> None:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)

    def _waits(self, ctx: Context) -> None:
        while not ctx.cancelled():
            time.sleep(0.01)
        raise CancelledRunError

    def _ends_early(self, ctx: Context) -> None:
        while not ctx.enough():
            if ctx.cancelled():
                raise CancelledRunError
            time.sleep(0.01)

    def _deaf(self, ctx: Context) -> None:
        time.sleep(60)


class CopyParams(Params):
    file: SourceFile = param(label="File", help="What to copy.")
    out: TargetFile = param(label="Copy", help="Where to.")


class CopyFacts(Facts):
    size: int


class CopyStep(PlainStep):
    """Reads a granted file, makes an artifact of it and delivers it."""

    key = "copy"
    stage = Stage.DEPLOYMENT
    title = "Copy"
    purpose = "Copy a file."
    help = "Nothing to decide."
    icon = "copy"
    needs = (Kind.OBJECTIVE,)
    gives = (Kind.EXPORT,)
    Params = CopyParams
    Facts = CopyFacts

    def cost(self, params: CopyParams, heads: Heads) -> DpEvent:
        return NoEvent()

    def run(self, params: CopyParams, inputs: Inputs, ctx: Context) -> Outcome[CopyFacts]:
        assert params.file.name == str(params.file)
        data = ctx.sources["file"].read_bytes()
        made = Artifact(Kind.EXPORT, {"rows": 1}, (Part("data", data), Part("manifest.json", b"{}")))
        return Outcome(CopyFacts(size=len(data)), (made,))

    def section(self, params: CopyParams, facts: CopyFacts) -> Section:
        return Section("Copy", (Words(f"{facts.size} bytes"),))

    def deliver(self, params: Any, artifacts: Any) -> Any:
        return (Delivery("out", artifacts[0].data("data")), Delivery("out", b"{}", ".manifest.json"))


class LimitParams(Params):
    epsilon: float = param(1.0, label="Epsilon", help="The most that may be spent.", gt=0)


class NoFacts(Facts):
    pass


class LimitStep(PlainStep):
    """Sets the limits, as the real standard does."""

    key = "standard"
    stage = Stage.OBJECTIVES
    title = "Standard"
    purpose = "Set limits."
    help = "Nothing to decide."
    icon = "scale"
    gives = (Kind.STANDARD,)
    Params = LimitParams
    Facts = NoFacts

    def cost(self, params: LimitParams, heads: Heads) -> DpEvent:
        return NoEvent()

    def run(self, params: LimitParams, inputs: Inputs, ctx: Context) -> Outcome[NoFacts]:
        head = {"epsilon_max": params.epsilon, "delta_max": 1e-5}
        return Outcome(NoFacts(), (Artifact(Kind.STANDARD, head),))

    def section(self, params: LimitParams, facts: NoFacts) -> Section:
        return Section("Limits")


class TellerParams(Params):
    pass


class TellerFacts(Facts):
    events: int
    last: str
    spent: float


class TellerStep(PlainStep):
    """Reads the history and seals what it makes of it."""

    key = "tell"
    stage = Stage.REPORTING
    title = "Tell"
    purpose = "Tell the history."
    help = "Nothing to decide."
    icon = "history"
    needs = (Kind.HISTORY,)
    gives = (Kind.REPORT,)
    seals = "manifest"
    Params = TellerParams
    Facts = TellerFacts

    def cost(self, params: TellerParams, heads: Heads) -> DpEvent:
        return NoEvent()

    def run(self, params: TellerParams, inputs: Inputs, ctx: Context) -> Outcome[TellerFacts]:
        history = inputs[Kind.HISTORY]
        told = json.loads(history.data("history"))
        facts = TellerFacts(
            events=len(told["events"]),
            last=told["events"][-1]["facts"].get("noise", ""),
            spent=told["budget"]["spent_epsilon"],
        )
        parts = (Part("manifest.json", b'{"a":1}'),)
        return Outcome(facts, (Artifact(Kind.REPORT, {"seq": history.head["head_seq"]}, parts),))

    def section(self, params: TellerParams, facts: TellerFacts) -> Section:
        return Section("Told", (Words(f"{facts.events} events"),))

"""The Step contract: from one definition come a page, a verb, a record and a report section.

Steps are plain: no Qt, no SQL, no path of their own choosing. `check` and `cost` see only heads
(schemas and declared values) and answer at once; `run` works in the worker process.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.clock import Clock
from ppdesk.core.entropy import Entropy
from ppdesk.core.findings import Finding
from ppdesk.core.params import Params
from ppdesk.core.section import Section
from ppdesk.privacy.events import DpEvent
from ppdesk.workflow.stages import Stage

Heads = Mapping[Kind, Head]
Inputs = Mapping[Kind, Artifact]


class Facts(BaseModel):
    """Base of what a step found out: plain values that the chain keeps, so that a report can be
    rebuilt from the file alone. Counts and statistics, never a person's row."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P_contra = TypeVar("P_contra", bound=Params, contravariant=True)
R = TypeVar("R", bound=Facts)


def never() -> bool:
    """Go on to the end."""
    return False


@dataclass(frozen=True)
class Context:
    """What a running step gets besides its inputs."""

    sources: Mapping[str, Path]  # field, or field.key for a dict field -> the file granted to it
    entropy: Entropy  # all noise and all random choices come from here
    clock: Clock
    progress: Callable[[float, str], None]  # share done in 0..1, what is being done
    cancelled: Callable[[], bool]  # ask between pieces of work; raise CancelledRunError when true
    stamp: str  # empty, or the "not private" stamp of the test mode, which every result must carry
    keep: Callable[[Artifact], None] | None = None  # takes states (CHECKPOINT) to go on from after a crash
    enough: Callable[[], bool] = never  # of a step that `keeps_results`: end with what there is


@dataclass(frozen=True)
class Delivery:
    """Bytes for a person: written to the target field's path (plus `suffix`) after the record stands."""

    field: str
    data: bytes
    suffix: str = ""


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """What `run` returns: facts for the record, artifacts for later steps, remarks for the person."""

    facts: R
    artifacts: Sequence[Artifact] = ()
    findings: Sequence[Finding] = field(default_factory=tuple)


class Previewer(Protocol):
    """Holds the inputs of a step in the worker, and says at once what a run would find."""

    def preview(self, params: Any, ctx: Context, part: str = "") -> BaseModel:
        """Counts and figures, never a person's row; no artifact. `part` asks for a part that takes longer, by
        its name. CancelledRunError; what `run` raises."""
        ...


class Step(Protocol[P_contra, R]):
    """One step of the workflow. Implementations are stateless."""

    key: ClassVar[str]  # CLI verb = page id = event kind = report section id
    stage: ClassVar[Stage]
    title: ClassVar[str]  # "Anonymize"
    purpose: ClassVar[str]  # one sentence for the page's head and the verb's help
    help: ClassVar[str]  # two or three short paragraphs: what to decide here and what it means
    needs: ClassVar[tuple[Kind, ...]]  # without these the step is blocked
    uses: ClassVar[tuple[Kind, ...]]  # taken where they exist
    gives: ClassVar[tuple[Kind, ...]]
    takes: ClassVar[Mapping[str, Kind]]  # parameter that may name an event -> the kind it reads from there
    seals: ClassVar[Literal["", "manifest", "pdf"]]  # what the workbench signs before it stores
    exports: ClassVar[Literal["", "copy"]]  # what it writes once the event stands: a copy for an auditor
    keeps_results: ClassVar[bool]  # whether it can end early with what it has found so far
    icon: ClassVar[str]  # a name from the icon set

    Params: ClassVar[type[Any]]
    Facts: ClassVar[type[Any]]
    Preview: ClassVar[type[BaseModel] | None]  # what a previewer answers; None where there is none

    def check(self, params: P_contra, heads: Heads) -> list[Finding]:
        """At once, from parameters and heads alone. A blocking finding refuses the run."""
        ...

    def cost(self, params: P_contra, heads: Heads) -> DpEvent:
        """What the run will spend, before it runs; never from private values."""
        ...

    def run(self, params: P_contra, inputs: Inputs, ctx: Context) -> Outcome[R]:
        """The work, in the worker process."""
        ...

    def section(self, params: P_contra, facts: R) -> Section:
        """Words, tables and figures for screen and report, from the record alone."""
        ...

    def signed(self, facts: R, artifacts: Sequence[Artifact], signer: str) -> R:
        """The facts, with what can only be known once the artifacts are signed (by the holder of the
        certificate with the fingerprint `signer`; empty where nobody signs)."""
        ...

    def deliver(self, params: P_contra, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:
        """What to write to the target files, from the stored (and signed) artifacts."""
        ...

    def previewer(self, inputs: Inputs) -> Previewer | None:
        """What answers while a person still chooses, in the worker process."""
        ...

    def pages(self, params: P_contra, inputs: Inputs, ctx: Context) -> Iterator[bytes]:
        """What a run would set on paper: PDFs of one page or more each, in order, as they are set. In the
        worker process; reads HISTORY alone."""
        ...


class PlainStep:
    """The defaults most steps share."""

    needs: ClassVar[tuple[Kind, ...]] = ()
    uses: ClassVar[tuple[Kind, ...]] = ()
    gives: ClassVar[tuple[Kind, ...]] = ()
    takes: ClassVar[Mapping[str, Kind]] = {}
    seals: ClassVar[Literal["", "manifest", "pdf"]] = ""
    exports: ClassVar[Literal["", "copy"]] = ""
    keeps_results: ClassVar[bool] = False
    Preview: ClassVar[type[BaseModel] | None] = None

    def check(self, params: Any, heads: Heads) -> list[Finding]:  # noqa: ARG002
        """Nothing to remark."""
        return []

    def signed(self, facts: Any, artifacts: Sequence[Artifact], signer: str) -> Any:  # noqa: ARG002
        """Nothing more to know."""
        return facts

    def deliver(self, params: Any, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:  # noqa: ARG002
        """No file of its own."""
        return ()

    def previewer(self, inputs: Inputs) -> Previewer | None:  # noqa: ARG002
        """Nothing before the run."""
        return None

    def pages(self, params: Any, inputs: Inputs, ctx: Context) -> Iterator[bytes]:  # noqa: ARG002
        """Nothing on paper."""
        return iter(())

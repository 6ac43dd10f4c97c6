"""What Audit found out, and what it sets beside it, as the chain keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from ppdesk.assess.attempts import Attempt
from ppdesk.core.section import KeyFigure
from ppdesk.workflow.evaluation.earlier import Earlier
from ppdesk.workflow.evaluation.membership import MembershipResult
from ppdesk.workflow.evaluation.one_run import OneRunResult
from ppdesk.workflow.evaluation.testing import MechanismTests
from ppdesk.workflow.evaluation.trying import NotRun
from ppdesk.workflow.step import Facts


@dataclass(frozen=True)
class Line:
    """A curve of the model's ROC, as Evaluate drew it."""

    name: str
    role: str
    fpr: tuple[float, ...]
    tpr: tuple[float, ...]


@dataclass(frozen=True)
class Worth:
    """What Evaluate found of the same model: its key figures in words, and its curves."""

    figures: tuple[KeyFigure, ...]
    lines: tuple[Line, ...]
    caption: str = ""


class AuditFacts(Facts):
    """None where a part was not asked for or could not be run, which `not_run` says. Epsilons in nats."""

    effort: str
    confidence: float  # of the whole audit
    minutes: float
    estimator: str  # of the model; empty without one
    epsilon: float | None  # what is claimed for the model
    delta: float | None
    neighbours: str
    one_run: OneRunResult | None
    mechanisms: MechanismTests | None
    attempts: tuple[Attempt, ...]  # this audit's own
    not_run: tuple[NotRun, ...]
    worth: Worth | None  # from Evaluate, of this very model
    attacks: tuple[Attempt, ...]  # from Attack, those on what holds now
    membership: MembershipResult | None
    beside: tuple[str, ...]  # what is not set beside it, and why
    untested: tuple[str, ...]  # what neither attacks nor audits looked at
    stamp: str
    subjects: Mapping[str, str] = Field(default_factory=dict)  # digests of what was audited, by kind
    earlier: tuple[Earlier, ...] = ()  # what audits before this one found of the same

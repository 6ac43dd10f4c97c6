"""What Audit will do, before it does: its parts, what each needs, and about how long it takes. Light."""

from collections.abc import Collection

from ppdesk.assess.effort import Effort
from ppdesk.core.artifacts import Kind
from ppdesk.workflow.evaluation.audit_params import AuditParams

ONE_RUN = "One run with canaries"
MECHANISMS = "Mechanisms"
_FIELDS = {"one_run": ONE_RUN, "mechanisms": MECHANISMS}
_SECONDS = {  # on one core, measured on the sample
    ONE_RUN: {Effort.QUICK: 5.0, Effort.STANDARD: 30.0, Effort.THOROUGH: 300.0},
    MECHANISMS: {Effort.QUICK: 10.0, Effort.STANDARD: 120.0, Effort.THOROUGH: 1800.0},
}


def asked(params: AuditParams) -> list[str]:
    """The parts that are on, in their order."""
    return [title for field, title in _FIELDS.items() if getattr(params, field)]


def missing(title: str, there: Collection[Kind]) -> str:
    """Why a part has nothing to work on, in words; empty where it has."""
    return "There is no model: run Train." if title == ONE_RUN and Kind.MODEL not in there else ""


def seconds(params: AuditParams) -> dict[str, float]:
    """About how long each part takes that is on, by its title."""
    return {title: _SECONDS[title][params.effort] for title in asked(params)}

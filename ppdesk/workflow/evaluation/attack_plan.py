"""What Attack will do, before it does: its parts, what each needs, and about how long it takes. Light."""

from ppdesk.assess.effort import Effort
from ppdesk.core.artifacts import Kind, column_names
from ppdesk.workflow import declared, same_table
from ppdesk.workflow.evaluation.attack_params import AttackParams
from ppdesk.workflow.step import Heads

RISK = "Risk of re-identification"
LINKAGE = "Linkage"
SINGLING = "Singling out, linkability, inference"
MEMBERSHIP = "Membership inference"
_FIELDS = {"risk": RISK, "linkage": LINKAGE, "singling": SINGLING, "membership": MEMBERSHIP}
_NEEDS: dict[str, tuple[tuple[Kind, ...], str]] = {
    LINKAGE: ((Kind.RELEASE,), "There is no anonymized table: run Anonymize."),
    SINGLING: (
        (Kind.RELEASE, Kind.SYNTHETIC),
        "There are neither an anonymized table nor synthetic records: run Anonymize or Synthesize.",
    ),
    MEMBERSHIP: ((Kind.MODEL,), "There is no model: run Train."),
}
# seconds on one core for 30,000 records, and how they grow with records, by effort; measured on the sample
_SECONDS = {
    RISK: {Effort.QUICK: 3.0, Effort.STANDARD: 5.0, Effort.THOROUGH: 30.0},
    LINKAGE: {Effort.QUICK: 6.0, Effort.STANDARD: 8.0, Effort.THOROUGH: 20.0},
    SINGLING: {Effort.QUICK: 4.0, Effort.STANDARD: 7.0, Effort.THOROUGH: 20.0},
    MEMBERSHIP: {Effort.QUICK: 20.0, Effort.STANDARD: 60.0, Effort.THOROUGH: 200.0},
}
_RECORDS = 30_000
_SET_UP = 0.3  # share of the time that does not grow with the records


def asked(params: AttackParams) -> list[str]:
    """The parts that are on, in their order."""
    return [title for field, title in _FIELDS.items() if getattr(params, field)]


def missing(title: str, heads: Heads) -> str:
    """Why a part has nothing to work on, in words; empty where it has."""
    needs, why = _NEEDS.get(title, ((), ""))
    if needs and not any(kind in heads for kind in needs):
        return why
    if title == MEMBERSHIP:
        return " ".join(f"{one.title} {one.detail}" for one in same_table.findings(heads))
    return ""


def seconds(params: AttackParams, heads: Heads) -> dict[str, float]:
    """About how long each part takes that is on and can be run, by its title; 0 where it cannot."""
    rows = declared.number(heads.get(Kind.TABLE, {}).get("rows")) or _RECORDS
    grown = _SET_UP + (1 - _SET_UP) * rows / _RECORDS
    return {
        title: 0.0 if missing(title, heads) else _SECONDS[title][params.effort] * grown
        for title in asked(params)
    }


def unknown_columns(params: AttackParams, heads: Heads) -> list[tuple[str, str]]:
    """(field, column) of each column that is named and that the table does not have."""
    known = column_names(heads.get(Kind.TABLE, {}))
    if known is None:
        return []
    named = [
        *(("columns", name) for name in params.columns),
        *(("secrets", name) for name in params.secrets),
        *(("attributes", name) for name in params.attributes),
        *((field, name) for field in ("weights", "person") if (name := getattr(params, field))),
    ]
    return [(field, name) for field, name in named if name not in known]

"""What Train can say before it runs, from parameters and declarations alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ppdesk.core.artifacts import Head, Kind, columns_of
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.train.encoding import Encoding
from ppdesk.train.errors import UndeclaredTargetError
from ppdesk.train.group_privacy import mechanism_epsilon
from ppdesk.train.regularization import least_regularization
from ppdesk.workflow import declared, guarantee
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.step import Heads
from ppdesk.workflow.unit import Unit

_FEW = 20  # records times epsilon per column of the matrix: below, noise outweighs most of the signal
_TWO = 2


@dataclass(frozen=True)
class Plan:
    """Target and encoding, as declared."""

    target: str
    positive: str
    negative: str
    encoding: Encoding


def plan(roles: Head, target: str | None, positive: str | None, features: Sequence[str]) -> Plan:
    """What to train, from a ROLES head and what overrides it. UndeclaredFeatureError or
    UndeclaredTargetError where it is not declared; the answer is never looked up in the data."""
    columns = columns_of(roles)
    name = target or str(roles.get("target") or "")
    entry = next((one for one in columns if one.get("name") == name), None)
    if not name or entry is None:
        raise UndeclaredTargetError(column=name or "(target)", reason="no such target is declared")
    found, other = _classes(name, entry, positive)
    chosen = list(features) or [
        str(one.get("name"))
        for one in columns
        if one.get("role") != "direct-identifier" and one.get("name") not in (name, Unit.of(roles).column)
    ]
    return Plan(name, found, other, Encoding.from_roles(roles, chosen, name))


def _classes(name: str, entry: Mapping[str, Any], positive: str | None) -> tuple[str, str]:
    categories = entry.get("categories")
    classes = [str(one) for one in categories] if isinstance(categories, list | tuple) else []
    if len(set(classes)) != _TWO:
        raise UndeclaredTargetError(column=name, reason="a target needs exactly two declared categories")
    wanted = positive or entry.get("positive")
    if wanted is None:
        raise UndeclaredTargetError(column=name, reason="it is not declared which of its values is positive")
    if wanted not in classes:
        raise UndeclaredTargetError(column=name, reason="its positive value is not one of its categories")
    return str(wanted), next(one for one in classes if one != wanted)


def findings(
    heads: Heads,
    *,
    epsilon: float,
    regularization: float | None,
    held_out: float,
    target: str | None,
    positive: str | None,
    features: Sequence[str],
) -> list[Finding]:
    """All remarks; see the functions below."""
    found = []
    if Kind.STANDARD in heads:
        found += _against_standard(heads[Kind.STANDARD], epsilon)
    roles, table = heads.get(Kind.ROLES, {}), heads.get(Kind.TABLE, {})
    found += guarantee.findings(roles, table)
    inner = mechanism_epsilon(epsilon, factor(roles, table) or 1)
    least = least_regularization(inner)
    if regularization is not None and regularization < least:
        found.append(
            Finding(
                Level.BLOCKING,
                "The regularization is too weak for this ε.",
                f"{regularization:.4g}, at least {least:.4g}. Leave it empty to use the rule.",
                "regularization",
                "PP-TRAIN-022",
            )
        )
    if held_out == 0:
        found.append(
            Finding(
                Level.CAUTION,
                "No record is held out.",
                "Nobody will be able to measure what the model is worth.",
                "held_out",
                "PP-TRAIN-023",
            )
        )
    if Kind.ROLES not in heads:
        return found
    try:
        asked = plan(roles, target, positive, features)
    except CodedError as error:
        field = "target" if isinstance(error, UndeclaredTargetError) else "features"
        return [*found, Finding(Level.BLOCKING, error.message, error.advice, field, "PP-TRAIN-024")]
    return [*found, *_size(heads.get(Kind.TABLE), asked.encoding.width, inner, held_out)]


def _against_standard(standard: Head, epsilon: float) -> list[Finding]:
    found = []
    for name, what in (("epsilon_model_max", "for one model"), ("epsilon_max", "for the whole project")):
        most = declared.number(standard.get(name))
        if most is not None and epsilon > most:
            found.append(
                Finding(
                    Level.BLOCKING,
                    f"ε is above the standard's limit {what}.",
                    f"ε {epsilon:g}, at most {most:g} ({declared.text(standard, 'title')}).",
                    "epsilon",
                    "PP-TRAIN-021",
                )
            )
            break
    return found


def _size(table: Head | None, width: int, epsilon: float, held_out: float) -> list[Finding]:
    rows = None if table is None else declared.number(table.get("rows"))
    if rows is None or rows * (1 - held_out) * epsilon >= _FEW * width:
        return []
    return [
        Finding(
            Level.CAUTION,
            "There are few records for so many columns at this ε.",
            f"{rows:,.0f} records, {width} columns after encoding. The noise may outweigh what is learnt: "
            "use fewer features or categories.",
            "features",
            "PP-TRAIN-025",
        )
    ]

"""Which configurations are worth weighing, and why: from roles, standard and privacy unit alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ppdesk.core.artifacts import Head
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.wording import percent
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_prepared import columns
from ppdesk.workflow.unit import Unit

_K = 5  # without a standard: the least cell size that most statistical offices publish
_SUPPRESSION = 0.05  # without a standard
_FACTORS = (2, 5, 10)  # of the required k, to see what more protection costs
_L = 2  # values that a class must have at least, so that being in it tells none for certain
_T = 0.2


@dataclass(frozen=True)
class Option:
    """One configuration. `required`: it asks for what standard and roles ask, and for no more."""

    name: str
    k: int
    limit: float  # share of records
    sensitive: tuple[str, ...] = ()
    required: bool = False

    def params(self) -> AnonymizeParams:
        """As Anonymize takes it; all other settings at their defaults."""
        return AnonymizeParams.model_validate(self.settings())

    def settings(self) -> dict[str, Any]:
        """The same as plain values, for a form or a recipe."""
        return {"k": self.k, "suppression_limit": self.limit, "sensitive": list(self.sensitive)}


@dataclass(frozen=True)
class Asked:
    """What must be kept at least, each with its reason."""

    k: int
    limit: float
    sensitive: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]  # (what is asked, why)


def asked(roles: Head, standard: Head) -> Asked:
    """From the declared roles and the standard's limits; heads only."""
    k, why_k = _least_k(standard)
    unit = Unit.of(roles)
    if unit.column is not None and unit.most_rows > 1:
        more = said(
            "A person may have {most:,} records, so {records:,} records are needed for {k:,} persons.",
            most=unit.most_rows,
            records=k * unit.most_rows,
            k=k,
        )
        why_k = said_all([why_k, more])
        k *= unit.most_rows
    limit = standard.get("suppression_max")
    why_limit = said("The standard's limit.")
    if not isinstance(limit, int | float):
        limit, why_limit = _SUPPRESSION, said("A common choice: no standard sets a limit.")
    protected = columns(roles, "sensitive")
    quasi = columns(roles, "quasi-identifier")
    reasons = (
        (f"k = {k:,}", why_k),
        (said("At most {limit} suppressed", limit=percent(float(limit), None)), why_limit),
        _why_sensitive(protected),
        (
            said_count("{count:,} column generalized", "{count:,} columns generalized", len(quasi)),
            said("Quasi-identifiers in Roles: {columns}.", columns=", ".join(quasi)),
        ),
    )
    return Asked(k, float(limit), tuple(protected), reasons)


def _least_k(standard: Head) -> tuple[int, str]:
    found: list[tuple[int, str]] = []
    k_min, risk_max = standard.get("k_min"), standard.get("risk_max")
    if isinstance(k_min, int):
        found.append(
            (k_min, said_all([said("The least that the standard allows."), _source(standard, "k_min")]))
        )
    if isinstance(risk_max, int | float) and risk_max > 0:
        words = said("The standard allows a highest risk of {risk}.", risk=percent(float(risk_max), None))
        found.append(
            (math.ceil(1 / float(risk_max) - 1e-9), said_all([words, _source(standard, "risk_max")]))
        )
    if not found:
        return _K, said("No standard asks for more, and smaller cells are seldom published.")
    k, why = max(found, key=lambda one: one[0])
    return max(2, k), why


def _source(standard: Head, limit: str) -> str:
    sources = standard.get("sources")
    listed = sources.get(limit) if isinstance(sources, Mapping) else None
    words = [listed] if isinstance(listed, str) else list(listed) if isinstance(listed, list | tuple) else []
    return str(words[0]) if words else ""


def _why_sensitive(protected: list[str]) -> tuple[str, str]:
    if not protected:
        return said("Classes judged by size"), said("No column is declared sensitive.")
    return (
        said("{values} values of {columns} in each class", values=_L, columns=", ".join(protected)),
        said("k alone does not keep a class from telling the one value that all its members share."),
    )


def options(wanted: Asked, records: int) -> tuple[Option, ...]:
    """The required configuration with several suppression limits, stricter ones, and one without protection
    of sensitive columns, to see what each costs."""
    diverse = tuple(f"{column}: distinct-l-diversity, l = {_L}" for column in wanted.sensitive)
    close = tuple(f"{column}: equal-t-closeness, t = {_T}" for column in wanted.sensitive)
    # also where there are fewer records than k: then nothing has a solution, and that is the answer
    base = Option("", wanted.k, wanted.limit, diverse, required=True)
    found = [replace(base, limit=limit) for limit in dict.fromkeys((wanted.limit, wanted.limit / 2, 0.0))]
    stricter = replace(base, required=False)
    found += [replace(stricter, k=factor * base.k) for factor in _FACTORS if factor * base.k <= records]
    if diverse:
        found += [replace(stricter, sensitive=close), replace(stricter, sensitive=())]
    return tuple(replace(one, name=_name(one, diverse)) for one in found)


def _name(option: Option, diverse: tuple[str, ...]) -> str:
    words = said("k = {k:,}, up to {limit} suppressed", k=option.k, limit=percent(option.limit, None))
    if not diverse or option.sensitive == diverse:
        return words
    if option.sensitive:
        return said("{configuration}, t-closeness", configuration=words)
    return said("{configuration}, sensitive columns not protected", configuration=words)

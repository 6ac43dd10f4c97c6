"""ARX's configuration as values of Anonymize."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from ppdesk.anonymize.quality_names import Quality
from ppdesk.data.arx.project import ArxProject
from ppdesk.workflow.arx import criteria

QUASI, SENSITIVE = "QUASI_IDENTIFYING_ATTRIBUTE", "SENSITIVE_ATTRIBUTE"
_LEAST_K = 2
# ARX's names; its monotonic variants have others
_QUALITY = {
    "Height": Quality.HEIGHT,
    "Non-monotonic precision": Quality.PRECISION,
    "Non-monotonic non-uniform entropy": Quality.ENTROPY,
    "Average equivalence class size": Quality.AECS,
    "Ambiguity": Quality.AMBIGUITY,
    "Non-monotonic discernability": Quality.DISCERNIBILITY,
}


def settings(
    project: ArxProject, highest: Mapping[str, int], trees: Collection[str]
) -> tuple[dict[str, Any], list[str]]:
    """(values of Anonymize, what could not be taken). `highest` are levels that must not be passed, by
    column, where they are not those of the file; `trees` the columns whose hierarchy was taken."""
    roles = {one.name: one.role for one in project.columns}
    quasi = [name for name, role in roles.items() if role == QUASI]
    models = criteria.taken(project.criteria)
    lost = list(models.lost)
    values: dict[str, Any] = {"k": max(models.k or 0, _LEAST_K), "suppression_limit": project.limit}
    if (models.k or 0) < _LEAST_K:
        lost.append(f"ARX asks for no k-anonymity: k of {_LEAST_K} stands here, the least that there is.")
    values |= _quality(project.metric, lost)
    values |= _weights(project, quasi, lost)
    values |= _levels(project, [name for name in quasi if name in trees], highest)
    sensitive = []
    for sentence in models.sensitive:
        named = sentence.rpartition(": ")[0]
        if roles.get(named) == SENSITIVE:
            sensitive.append(sentence)
        else:
            lost.append(f"{sentence}: the column is not sensitive.")
    values |= {"sensitive": sensitive} if sensitive else {}
    values |= {"population": models.population} if models.population else {}
    others = [one for one in project.suppressed if one != QUASI]
    if others:
        words = " and ".join(one.split("_", 1)[0].lower() for one in others)
        lost.append(f"Suppressed records keep their {words} values here; in ARX these become * as well.")
    if project.suppressed and QUASI not in project.suppressed:
        lost.append("Suppressed records show * in each quasi-identifier here; in ARX they keep the values.")
    if project.practical_monotonicity:
        lost.append(
            "ARX took every model for monotonic, which is quick and inexact. The search here is exact."
        )
    return values, lost


def _quality(metric: str, lost: list[str]) -> dict[str, Any]:
    """The quality model. Loss with ARX's own aggregate is the default."""
    loss = re.fullmatch(r"Loss \(([\d.E-]+)/[\d.E-]+/[\d.E-]+\)", metric)
    if loss is not None:
        lost.append(
            "By which function ARX makes one loss of the columns' losses stands in a Java object: its"
            " default, the geometric mean, stands here."
        )
        factor = float(loss[1])
        return {} if factor == 0.5 else {"gs_factor": factor}
    found = _QUALITY.get(metric)
    if found is None:
        lost.append(
            f"The quality model {metric or 'of the project'} is not one of those here: loss stands instead."
        )
        return {}
    return {"quality": found.value}


def _weights(project: ArxProject, quasi: list[str], lost: list[str]) -> dict[str, Any]:
    """ARX weighs each column 0.5 unless somebody changed that, and divides by the largest."""
    found = {name: project.weights.get(name, 0.5) for name in quasi}
    largest = max(found.values(), default=0.0)
    if largest == 0:
        if found:
            lost.append("All weights of ARX are 0: all columns are weighed alike here.")
        return {}
    scaled = {name: weight / largest for name, weight in found.items() if weight != largest}
    return {"weights": scaled} if scaled else {}


def _levels(project: ArxProject, quasi: list[str], highest: Mapping[str, int]) -> dict[str, Any]:
    """The least and the highest levels, where not all may be used."""
    lowest = {one.name: one.lowest for one in project.columns if one.name in quasi and one.lowest}
    limits = dict(highest)
    for one in project.columns:
        if one.name in quasi and one.highest is not None:
            limits[one.name] = min(one.highest, limits.get(one.name, one.highest))
    keep = [name for name, level in limits.items() if level == 0]
    limits = {name: level for name, level in limits.items() if level > 0}
    said = {"lowest_levels": lowest, "highest_levels": limits, "keep": keep}
    return {name: value for name, value in said.items() if value}

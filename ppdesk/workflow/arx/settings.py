"""ARX's configuration as values of Anonymize."""

import re
from collections.abc import Mapping
from typing import Any

from ppdesk.data.arx.project import ArxProject
from ppdesk.workflow.arx import criteria
from ppdesk.workflow.data.sensitive_models import read

QUASI, SENSITIVE = "QUASI_IDENTIFYING_ATTRIBUTE", "SENSITIVE_ATTRIBUTE"
_LEAST_K = 2
# ARX's names -> (Anonymize's, whether it is the monotone variant)
_QUALITY = {
    "Height": ("height", False),
    "Non-monotonic precision": ("precision", False),
    "Monotonic precision": ("precision", True),
    "Non-monotonic non-uniform entropy": ("non-uniform-entropy", False),
    "Non-uniform entropy": ("non-uniform-entropy", True),
    "Normalized non-uniform entropy": ("normalized-non-uniform-entropy", False),
    "Average equivalence class size": ("aecs", False),
    "Ambiguity": ("ambiguity", False),
    "Non-monotonic discernability": ("discernibility", False),
    "Monotonic discernability (DM*)": ("discernibility", True),
    "EntropyBasedInformationLoss": ("entropy-based-information-loss", False),
    "KL-Divergence": ("kl-divergence", False),
}
_CLASSIFICATION = "Classification accuracy"


def settings(
    project: ArxProject, highest: Mapping[str, int], trees: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """(values of Anonymize, what could not be taken). `highest` are levels that must not be passed, by
    column, where they are not those of the file; `trees` the files of the hierarchies that were
    taken."""
    roles = {one.name: one.role for one in project.columns}
    quasi = [name for name, role in roles.items() if role == QUASI]
    models = criteria.taken(project.criteria)
    lost = list(models.lost)
    values: dict[str, Any] = {"k": max(models.k or 0, _LEAST_K), "suppression_limit": project.limit}
    if (models.k or 0) < _LEAST_K:
        lost.append(f"ARX asks for no k-anonymity: k of {_LEAST_K} stands here, the least that there is.")
    responses = [one.name for one in project.columns if one.response and one.name not in quasi]
    values |= _quality(project.metric, responses[0] if responses else "", lost)
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
    by_tree = [one.column for one in map(read, sensitive) if one.model == "hierarchical-t-closeness"]
    files = {name: trees[name] for name in by_tree if name in trees}
    values |= {"sensitive_hierarchies": files} if files else {}
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


def _quality(metric: str, response: str, lost: list[str]) -> dict[str, Any]:
    """The quality model. Loss with ARX's own aggregate is the default. `response` is the response variable,
    where it is no quasi-identifier."""
    loss = re.fullmatch(r"Loss \(([\d.E-]+)/[\d.E-]+/[\d.E-]+\)", metric)
    if loss is not None:
        lost.append(
            "By which function ARX makes one loss of the columns' losses stands in a Java object: its"
            " default, the geometric mean, stands here."
        )
        factor = float(loss[1])
        return {} if factor == 0.5 else {"gs_factor": factor}
    told = "stands in a Java object: its default stands here."
    if metric == _CLASSIFICATION and response:
        lost.append(f"{metric}: the gs-factor {told}")
        return {"quality": "classification-accuracy", "response": response}
    if metric.startswith("PublisherBenefit (Prosecutor"):
        lost.append(f"{metric}: what else is gained and lost {told}")
        return {"quality": "publisher-payout"}
    if metric not in _QUALITY:
        lost.append(f"The quality model {metric or 'of the project'} cannot be taken: loss stands instead.")
        return {}
    name, monotone = _QUALITY[metric]
    if name in _WITH_SETTINGS:
        lost.append(f"{metric}: the gs-factor, or how columns become one, {told}")
    return {"quality": name, **({"monotone": True} if monotone else {})}


_WITH_SETTINGS = ("height", "precision", "non-uniform-entropy", "aecs", "entropy-based-information-loss")


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

"""ARX's privacy models, as its configuration writes them, in the words of Anonymize.

Source: ARX 3.9.2, the `toString` of each class of org.deidentifier.arx.criteria. That is all that config.xml
keeps of a model; what the words lack is in a serialized Java object, which is never read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ppdesk.workflow.data import population_models, sensitive_models

_N = r"(\d+(?:\.\d+)?(?:E-?\d+)?)"  # a number as Java writes it
_OF = r" for attribute '(?P<column>.*)'"
_COSTS = rf"\[benefit={_N}, loss={_N}, gain={_N}, cost={_N}\]"
_ROWS = "it rests on a selection of rows, which stands in a Java object that is not read"
_SIZE = "the size of the population stands in a Java object that is not read. Write it as: "
_TABLE = f"{_ROWS}. With a file of the population, write it as: "


@dataclass
class Models:
    """What Anonymize gets: `k` (None: none was asked for), sentences, and what could not be taken."""

    k: int | None = None
    sensitive: list[str] = field(default_factory=list)
    population: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def taken(criteria: Sequence[str]) -> Models:
    """All of them. A model whose words do not say all that it needs is among the lost ones."""
    found = Models()
    for one in criteria:
        _take(one, found)
    private = [one for one in found.population if one.startswith("differential-privacy")]
    if private and (found.sensitive or len(found.population) > 1):
        others = [*found.sensitive, *(one for one in found.population if one not in private)]
        found.lost += [f"{one}: differential privacy stands alone." for one in others]
        found.sensitive, found.population = [], private
    return found


def _take(said: str, found: Models) -> None:
    if plain := re.fullmatch(r"(\d+)-anonymity", said):
        found.k = max(found.k or 0, int(plain[1]))
        return
    if derived := re.fullmatch(r"\((\d+)\)-map estimated as \((\d+)\)-anonymity \((.*)\)", said):
        found.k = max(found.k or 0, int(derived[2]))
        estimator = derived[3].lower().replace(" ", "-")
        found.lost.append(
            f"{said}: ARX made {derived[2]}-anonymity of it, and so it stands here. The population and the"
            " significance that it was made from are in a Java object. To estimate anew:"
            f' "k-map, k = {derived[1]}, estimator = {estimator}, population = ...".'
        )
        return
    if private := re.fullmatch(rf"\({_N},{_N}\)-DP", said):
        wanted = {"model": "differential-privacy", "epsilon": private[1], "delta": private[2], "as_arx": True}
        _add(said, wanted, found)
        found.lost.append(
            f"{said}: which scheme of generalization ARX used stands in a Java object; medium stands here."
        )
        return
    for pattern, model, names in _SENSITIVE:
        if match := re.fullmatch(pattern + _OF, said):
            settings = dict(zip(names, match.groups(), strict=False))
            _add(said, {"column": match["column"], "model": model, **settings}, found)
            return
    for pattern, model, names in _OF_TABLE:
        if match := re.fullmatch(pattern, said):
            _add(said, {"model": model, **dict(zip(names, match.groups(), strict=True))}, found)
            return
    reason = next((why for pattern, why in _LOST if re.fullmatch(pattern, said)), "it is not known here")
    found.lost.append(f"{said}: {reason}.")


def _add(said: str, settings: Mapping[str, Any], found: Models) -> None:
    """A sentence where Anonymize takes the model with these settings."""
    try:
        if "column" in settings:
            found.sensitive.append(sensitive_models.sentence(sensitive_models.read(settings)))
        else:
            found.population.append(population_models.sentence(population_models.read(settings)))
    except ValueError as error:
        found.lost.append(f"{said}: {error}.")


_SENSITIVE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"distinct-(\d+)-diversity", "distinct-l-diversity", ("l",)),
    (rf"(?:shannon-)?entropy-{_N}-diversity", "entropy-l-diversity", ("l",)),
    (rf"recursive-\({_N},(\d+)\)-diversity", "recursive-(c,l)-diversity", ("c", "l")),
    (rf"{_N}-closeness with equal ground-distance", "equal-t-closeness", ("t",)),
    (rf"{_N}-closeness with hierarchical ground-distance", "hierarchical-t-closeness", ("t",)),
    (rf"{_N}-closeness with ordered distance", "ordered-t-closeness", ("t",)),
    (rf"{_N}-disclosure privacy", "delta-disclosure", ("delta",)),
    (rf"basic-{_N}-likeness", "basic-beta-likeness", ("beta",)),
    (rf"enhanced-{_N}-likeness", "enhanced-beta-likeness", ("beta",)),
    (rf"(grassberger)-entropy-{_N}-diversity", "entropy-l-diversity", ("estimator", "l")),
)
_GAME = ("benefit", "loss", "gain", "cost")
_OF_TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (rf"\({_N}\)-avg-reidentification-risk", "average-risk", ("average",)),
    (
        rf"\({_N}, (?:{_N[1:-1]}) \({_N}\), {_N}\)-avg-reidentification-risk", "strict-average-risk",
        ("average", "highest", "at_risk"),
    ),
    (rf"\({_N}\)-sample-uniqueness", "sample-uniqueness", ("most",)),
    (rf"profitability \(prosecutor\){_COSTS}", "profitability-prosecutor", _GAME),
    (rf"no-attack-profitability \(prosecutor\){_COSTS}", "profitability-prosecutor-no-attack", _GAME),
)  # fmt: skip
_LOST = (
    (rf"\({_N}\)-map", _TABLE + '"k-map, k = ..."'),
    (
        r"\(\d+\)-map estimated as .*",
        _SIZE + '"k-map, k = ..., estimator = poisson, population = ..."',
    ),
    (
        rf"\({_N}\)-population-uniqueness \(.*\)",
        _SIZE + '"population-uniqueness, most = ..., region = usa"',
    ),
    (rf"\({_N},{_N}\)-presence", _TABLE + '"delta-presence, lowest = ..., highest = ..."'),
    (r"Inclusion", f"{_ROWS}. Where all rows were selected it changes nothing"),
    (r"(no-attack-)?profitability \(journalist\).*", _TABLE + '"profitability-journalist"'),
    (r"(no-attack-)?profitability \(prosecutor\)", "its costs and benefits are not in its words"),
)

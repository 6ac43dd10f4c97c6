"""Privacy models on the population and the whole table as a person writes them: a sentence, or a table."""

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from ppdesk.anonymize.populations.regions import REGIONS
from ppdesk.core.params import Params, param
from ppdesk.workflow.data import model_sentences

if TYPE_CHECKING:
    from ppdesk.anonymize.populations import models

_MOST = 1_000_000
_LARGEST = 100_000_000_000  # people
_AMOUNT = 1e12
Region = Literal[
    "africa", "australia", "brasil", "canada", "china", "europe", "european-union", "france", "germany",
    "india", "north-america", "south-america", "uk", "usa",
]  # fmt: skip


class _OfPopulation(Params):
    """A model that goes by the population's size: a number of people, or a region's."""

    population: int | None = param(
        None, label="Population", ge=1, le=_LARGEST, help="How many people live there."
    )
    region: Region | None = param(None, label="Region", help="Instead of a number: where the people live.")

    def people(self) -> int | None:
        """How many, or None where nothing is said."""
        return REGIONS[self.region] if self.region else self.population


class KMap(_OfPopulation):
    """Every class has at least k people in the population."""

    model: Literal["k-map"]
    k: int = param(label="k", ge=1, le=_MOST, help="So many people of the population in each class.")
    estimator: Literal["table", "poisson", "zero-truncated-poisson"] = param(
        "table", label="Estimator", help="table counts in the population's table, the others estimate."
    )
    significance: float = param(
        0.05, label="Significance", gt=0, lt=1, help="Chance of being wrong per class."
    )
    smallest: bool = param(
        False, label="Smallest", help="The least class size that the test allows; ARX: one more."
    )


class AverageRisk(Params):
    """The mean risk of the records is limited."""

    model: Literal["average-risk"]
    average: float = param(label="Average", ge=0, le=1, help="The largest mean risk: classes / records.")


class StrictAverageRisk(Params):
    """The mean risk is limited, and few records have a high one."""

    model: Literal["strict-average-risk"]
    average: float = param(label="Average", ge=0, le=1, help="The largest mean risk: classes / records.")
    highest: float = param(
        0.5, label="Highest", gt=0, le=1, help="A record whose risk is above this is at risk."
    )
    at_risk: float = param(0.0, label="At risk", ge=0, le=1, help="The largest share of records at risk.")


class SampleUniqueness(Params):
    """Few records are alone in their class."""

    model: Literal["sample-uniqueness"]
    most: float = param(label="Most", ge=0, le=1, help="The largest share of records alone in their class.")


class PopulationUniqueness(_OfPopulation):
    """Few people of the population are unique, by estimate."""

    model: Literal["population-uniqueness"]
    most: float = param(label="Most", ge=0, le=1, help="The largest share of people that are unique.")
    estimator: Literal["dankar", "dankar-arx", "pitman", "zayatz", "snb"] = param(
        "dankar", label="Estimator", help="dankar chooses among the others by the sampling fraction."
    )


class DeltaPresence(Params):
    """Nobody can tell who of the population is in the table."""

    model: Literal["delta-presence"]
    lowest: float = param(
        0.0, label="Lowest", ge=0, le=1, help="The least chance that somebody is in the table."
    )
    highest: float = param(label="Highest", ge=0, le=1, help="The largest chance that somebody is in it.")
    ignore_absent: bool = param(
        False,
        label="Ignore absent",
        help="As ARX with k-anonymity: classes without a record of the table may be.",
    )


class Inclusion(Params):
    """The table is a selection from the population; asks for nothing itself."""

    model: Literal["inclusion"]


class Profitability(Params):
    """Publishing pays although an attacker acts for profit."""

    model: Literal[
        "profitability-prosecutor", "profitability-prosecutor-no-attack", "profitability-journalist",
        "profitability-journalist-no-attack",
    ]  # fmt: skip
    benefit: float = param(
        1200.0, label="Benefit", ge=0, le=_AMOUNT, help="What an unchanged record is worth."
    )
    loss: float = param(300.0, label="Loss", ge=0, le=_AMOUNT, help="What a re-identified record costs.")
    gain: float = param(
        300.0, label="Gain", ge=0, le=_AMOUNT, help="What the attacker has of a re-identified one."
    )
    cost: float = param(4.0, label="Cost", ge=0, le=_AMOUNT, help="What trying a record costs the attacker.")


class DifferentialPrivacy(Params):
    """(epsilon, delta)-differential privacy by sampling and a fixed generalization (SafePub)."""

    model: Literal["differential-privacy"]
    epsilon: float = param(label="Epsilon", ge=0.001, le=8, help="Of one record, added or removed.")
    delta: float = param(label="Delta", ge=1e-15, le=0.01, help="Well below 1 / records.")
    generalization: Literal["none", "low", "low-medium", "medium", "medium-high", "high", "complete"] = param(
        "medium",
        label="Generalization",
        help="How far up the hierarchies; chosen without looking at the data.",
    )
    levels: dict[str, int] = param({}, label="Levels", help="A level for single columns instead.")
    as_arx: bool = param(False, label="As ARX", help="ARX's k, which is one more than needed.")


PopulationModel = Annotated[
    KMap | AverageRisk | StrictAverageRisk | SampleUniqueness | PopulationUniqueness | DeltaPresence
    | Inclusion | Profitability | DifferentialPrivacy,
    Field(discriminator="model"),
]  # fmt: skip
_ADAPTER: TypeAdapter[PopulationModel] = TypeAdapter(PopulationModel)
MODELS = (
    "k-map", "average-risk", "strict-average-risk", "sample-uniqueness", "population-uniqueness",
    "delta-presence", "inclusion", "profitability-prosecutor", "profitability-prosecutor-no-attack",
    "profitability-journalist", "profitability-journalist-no-attack", "differential-privacy",
)  # fmt: skip
_SETTING = re.compile(r"([a-z_-]+) *= *([^,= ]+)")
_SENTENCE = re.compile(
    rf"(?P<model>{'|'.join(sorted(MODELS, key=len, reverse=True))})(?P<rest>( *,? *[a-z_-]+ *= *[^,= ]+)*) *"
)


def read(untrusted: object) -> PopulationModel:
    """A sentence such as "k-map, k = 5", or a table (also as JSON text) with model and its parameters.

    ValueError says what is wrong.
    """

    def taken(found: re.Match[str]) -> dict[str, Any]:
        settings = {name.replace("-", "_"): value for name, value in _SETTING.findall(found["rest"])}
        return {"model": found["model"], **settings}

    form = f"model, parameter = value. Models: {', '.join(MODELS)}"
    model = model_sentences.read(untrusted, _SENTENCE, taken, _ADAPTER, kind="model", form=form)
    _complete(model)
    return model


def _complete(model: PopulationModel) -> None:
    """What goes by the population's size has one, and only one. ValueError."""
    if isinstance(model, DeltaPresence) and model.lowest > model.highest:
        raise ValueError("lowest: must not be above highest")
    if not isinstance(model, _OfPopulation):
        return
    both = model.population is not None and model.region is not None
    needed = not (isinstance(model, KMap) and model.estimator == "table")
    if both or needed != (model.people() is not None):
        raise ValueError("population: give it, or a region, where the size of the population is asked for")


def asked(model: PopulationModel) -> str:
    """Its parameters: "k = 5"."""
    settings = model.model_dump(exclude={"model"}, exclude_defaults=True, exclude_none=True)
    words = []
    for name, value in settings.items():
        if isinstance(value, dict):
            continue
        said = str(value).lower() if isinstance(value, bool | str) else f"{value:.15g}"
        words.append(f"{name.replace('_', '-')} = {said}")
    return ", ".join(words)


def sentence(model: PopulationModel) -> str:
    """What `read` takes. Levels of columns need the form of a table."""
    if isinstance(model, DifferentialPrivacy) and model.levels:
        return json.dumps(model.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
    said = asked(model)
    return f"{model.model}, {said}" if said else model.model


def sentences(untrusted: Any) -> Any:
    """Each item as its sentence, once. ValueError."""
    return model_sentences.each_once(untrusted, lambda one: sentence(read(one)))


def engine(model: PopulationModel) -> "models.Model":  # noqa: PLR0911 - one per model
    """The model for the engine. CriterionError. Not for differential privacy, which is no model of a
    search."""
    from ppdesk.anonymize.populations import models

    if isinstance(model, KMap):
        people = model.people()
        if people is None:
            return models.KMap(model.k)
        cells = models.CellSizes(model.estimator)
        return models.EstimatedKMap(model.k, people, model.significance, cells, model.smallest)
    if isinstance(model, AverageRisk):
        return models.AverageRisk(model.average)
    if isinstance(model, StrictAverageRisk):
        return models.AverageRisk(model.average, model.highest, model.at_risk)
    if isinstance(model, SampleUniqueness):
        return models.SampleUniqueness(model.most)
    if isinstance(model, PopulationUniqueness):
        return models.PopulationUniqueness(model.most, model.people() or 0, models.Estimator(model.estimator))
    if isinstance(model, DeltaPresence):
        return models.DeltaPresence(model.lowest, model.highest, model.ignore_absent)
    if isinstance(model, Profitability):
        return models.Profitability(
            "journalist" in model.model, model.model.endswith("no-attack"),
            benefit=model.benefit, loss=model.loss, gain=model.gain, cost=model.cost,
        )  # fmt: skip
    return models.Inclusion()


def counts_people(model: PopulationModel) -> bool:
    """Whether the model needs a table of the population."""
    if isinstance(model, KMap):
        return model.estimator == "table"
    return isinstance(model, DeltaPresence | Inclusion) or "journalist" in model.model

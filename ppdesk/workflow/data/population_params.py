"""What Anonymize asks for about the population behind the table."""

from typing import Annotated

from pydantic import BeforeValidator

from ppdesk.core.params import Params, SourceFile, param
from ppdesk.workflow.data.population_models import DifferentialPrivacy, PopulationModel, read, sentences


class PopulationParams(Params):
    """Models on the population and on the table as a whole."""

    population: Annotated[tuple[str, ...], BeforeValidator(sentences)] = param(
        (), label="Protect against the population", more=True, empty="None", group="Population",
        help="Models that go beyond single classes, such as: k-map, k = 5. With the population's table: k-map"
        " (k), delta-presence (lowest, highest), inclusion, profitability-journalist,"
        " profitability-journalist-no-attack. With its size (population = 80000, or region = germany): k-map"
        " (k, estimator = poisson or zero-truncated-poisson, significance), population-uniqueness (most,"
        " estimator = dankar, dankar-arx, pitman, zayatz or snb). Of the table alone: average-risk (average),"
        " strict-average-risk (average, highest, at-risk), sample-uniqueness (most),"
        " profitability-prosecutor, profitability-prosecutor-no-attack (benefit, loss, gain, cost)."
        " differential-privacy (epsilon, delta, generalization = none, low, low-medium, medium, medium-high,"
        " high or complete) stands alone: it samples, takes fixed levels, searches nothing, and spends"
        " privacy budget.",
    )  # fmt: skip
    population_table: SourceFile | None = param(
        None, label="Table of the population", more=True, empty="None", group="Population",
        help="A file with the quasi-identifiers of everybody, the people of the table included, under the"
        " same names and with values as the hierarchies list them. It is read as the table was.",
    )  # fmt: skip

    def on_population(self) -> list[PopulationModel]:
        """`population` with its parameters."""
        return [read(one) for one in self.population]

    def differential_privacy(self) -> DifferentialPrivacy | None:
        """SafePub, where it is asked for."""
        return next((one for one in self.on_population() if isinstance(one, DifferentialPrivacy)), None)

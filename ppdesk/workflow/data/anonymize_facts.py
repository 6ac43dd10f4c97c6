"""What Anonymize found out."""

from typing import TYPE_CHECKING, Self

from ppdesk.workflow.data.local_facts import LocalFacts
from ppdesk.workflow.data.masking_facts import MaskingFacts
from ppdesk.workflow.data.population_facts import PopulationFacts, PrivateFacts
from ppdesk.workflow.data.release_quality_section import MeasureFact
from ppdesk.workflow.data.search_facts import SearchFacts
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from ppdesk.anonymize.risk import Risk


class ColumnLoss(Facts):
    """One quasi-identifier: its level of `levels` (None where it differs by class), and the share of its
    detail that is lost, 0..1."""

    name: str
    level: int | None
    levels: int
    loss: float
    level_name: str = ""  # where Roles names the levels


class RiskFacts(Facts):
    """Risk from class sizes; fields as in ppdesk.anonymize.risk."""

    records: int
    classes: int
    smallest: int
    largest: int
    uniques: int
    prosecutor: float
    marketer: float
    at_risk: float
    histogram: tuple[int, ...]

    @classmethod
    def of(cls, risk: "Risk") -> Self:
        return cls(**{name: getattr(risk, name) for name in cls.model_fields})


class SensitiveFact(Facts):
    """One model on a sensitive column: its parameters, and the worst that a class of the release has of the
    model's quantity, None where no class is left."""

    column: str
    model: str
    asked: str
    worst: float | None


class AnonymizeFacts(Facts):
    """What was found, its proof in counts, and the risk before and after."""

    k: int
    limit: int  # records that may be suppressed
    records: int
    suppressed: int
    score: float
    columns: tuple[ColumnLoss, ...]
    lattice_size: int | float  # transformations that were searched; a float is nearly exact
    checked: int
    suppress_too_much: int | float
    bounded: int | float
    before: RiskFacts
    after: RiskFacts
    bins: tuple[str, ...]
    unit_column: str | None = None  # the privacy unit; None: one record
    most_rows: int = 1
    sensitive: tuple[SensitiveFact, ...] = ()
    quality: str = "loss"  # the model that `score` is of
    masking: MaskingFacts | None = None
    populations: PopulationFacts | None = None
    private: PrivateFacts | None = None  # of differential privacy: then nothing above tells of the table
    local: LocalFacts | None = None  # where levels differ by class: nothing is searched and proved then
    search: SearchFacts = SearchFacts()
    measures: tuple[MeasureFact, ...] = ()  # of a global transformation's release, whatever was minimized

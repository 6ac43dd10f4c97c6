"""What Attack asks for."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import field_validator

from ppdesk.assess.effort import Effort
from ppdesk.core.params import Params, Reads, param
from ppdesk.data.readers.formats import SUFFIXES

_RISK, _LINK, _SINGLE, _MODEL = (
    "Limit and context",
    "Linkage",
    "Singling out, linkability, inference",
    "Membership",
)
_SUFFIXES = tuple(SUFFIXES)
AUXILIARY, CONTROL, POPULATION = "auxiliary", "control", "population_table"


class Limit(StrEnum):
    """Thresholds of others, and one's own; see assess.reidentification.limits."""

    EMA = "ema"
    PUBLIC_LOW = "public-low"
    PUBLIC_MEDIUM = "public-medium"
    PUBLIC_HIGH = "public-high"
    SHARED_LOW = "shared-low"
    SHARED_MEDIUM = "shared-medium"
    SHARED_HIGH = "shared-high"
    CELL_3 = "cell-3"
    CELL_5 = "cell-5"
    CELL_10 = "cell-10"
    CELL_11 = "cell-11"
    CELL_20 = "cell-20"
    OWN = "own"


class RiskOf(StrEnum):
    """Which risk a limit is held against."""

    HIGHEST = "highest"
    MEAN = "mean"


class Degree(StrEnum):
    """Low, medium or high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Controls(StrEnum):
    """How well whoever gets the data keeps it; public: anybody may have it."""

    PUBLIC = "public"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AttackParams(Params):
    """Which attacks, how hard, and what the attacker has."""

    effort: Effort = param(
        Effort.STANDARD,
        label="Effort",
        help="quick: a first look. standard: what a careful attacker tries. thorough: as much as one machine "
        "does in an hour or more. Each attack says how small a leak its effort would have found.",
    )
    risk: bool = param(
        True,
        label="Measure the risk of re-identification",
        help="Prosecutor, journalist and marketer risk, uniqueness, special uniques, before and after.",
    )
    linkage: bool = param(
        True,
        label="Link with what somebody knows",
        help="Looks for known people in the release: with the file below, or with records of the table.",
    )
    singling: bool = param(
        True,
        label="Single out, link, infer",
        help="The three risks that the Article 29 Working Party names, tried on the release and on the "
        "synthetic records, beside guessing and beside records that were never used.",
    )
    membership: bool = param(
        True,
        label="Tell who was in training",
        help="Attacks the model: by its loss, by a calibrated loss, and by shadow models.",
    )
    columns: tuple[str, ...] = param(
        (),
        label="Quasi-identifiers",
        help="The columns that an attacker knows of people.",
        empty="Those that Roles declares and the release keeps",
    )
    minutes: float = param(
        30.0,
        label="At most",
        unit="minutes",
        help="After so long no more is begun: what is done is kept, the rest is told as not run.",
        gt=0,
        le=10_080,
    )
    limit: Limit | None = param(
        None,
        label="Limit",
        empty="The standard's, else 0.09 (ema)",
        help="The risk of re-identification that is accepted. ema: 0.09, European Medicines Agency and"
        " Health Canada. public, shared: ISO/IEC 27559 as IHE prints it, by the harm that would be done."
        " cell: one in so many records (El Emam 2013). own: the value below.",
        group=_RISK,
    )
    own_limit: float | None = param(
        None, label="Own limit", help="With limit own: the share or chance that is accepted.", gt=0, le=1,
        group=_RISK, more=True,
    )  # fmt: skip
    limit_of: RiskOf | None = param(
        None, label="Limit is of", help="highest: the risk of each record. mean: the average over records.",
        empty="As the limit's source says", group=_RISK, more=True,
    )  # fmt: skip
    controls: Controls | None = param(
        None, label="Mitigating controls", group=_RISK, empty="Not stated: the context is not counted",
        help="How well whoever gets the data keeps it. With it the risk is that of the data times that of the"
        " context (El Emam 2013, ISO/IEC 27559). public: anybody may try, and the context is 1.",
    )  # fmt: skip
    motives: Degree = param(
        Degree.MEDIUM, label="Motives and capacity", group=_RISK, more=True,
        help="How much whoever gets the data might want and be able to find people in it.",
    )  # fmt: skip
    breach: float | None = param(
        None, label="Chance of a breach", group=_RISK, more=True, ge=0, le=1, empty="Not counted",
        help="The chance in a year that whoever gets the data loses it to others.",
    )  # fmt: skip
    prevalence: float | None = param(
        None, label="Share of people concerned", group=_RISK, more=True, gt=0, le=1,
        empty="No chance meeting counted",
        help="The share of all people who have what the table is about: with it the chance counts that"
        " somebody who works with the data knows one of them.",
    )  # fmt: skip
    known: float = param(
        150.0, label="People that somebody knows", group=_RISK, more=True, gt=0, le=100_000,
        help="For the chance meeting. 150 is Dunbar's number.",
    )  # fmt: skip
    people: int | None = param(
        None, label="People in the population", group=_RISK, ge=1,
        empty="Not stated: no uniqueness in the population",
        help="How many people the records were drawn from: with it the share of records that are unique among"
        " all people is estimated.",
    )  # fmt: skip
    fraction: float | None = param(
        None, label="Share of the population", group=_RISK, more=True, gt=0, le=1,
        empty="From the people in the population",
        help="In place of the number of people: which share of the population the records are.",
    )  # fmt: skip
    population_table: Annotated[Path, Reads(_SUFFIXES)] | None = param(
        None, label="Table of the population", group=_RISK, more=True,
        help="A file of the people of the population with the quasi-identifiers: with it the release is"
        " counted against them (k-map, journalist risk).",
    )  # fmt: skip
    weights: str | None = param(
        None, label="Survey weights", group=_RISK, more=True, empty="None",
        help="A column that says how many people each record stands for (Franconi and Polettini 2004).",
    )  # fmt: skip
    wildcards: bool = param(
        False, label="Missing values may be any value", group=_RISK, more=True,
        help="Counts a record with a missing value among all that it may be one of, as sdcMicro does.",
    )  # fmt: skip
    special: bool = param(
        True, label="Special uniques", group=_RISK, more=True,
        help="SUDA2: which records are unique already by a few columns, and which columns tell most.",
    )  # fmt: skip
    largest: int = param(
        0, label="Columns in a combination", group=_RISK, more=True, ge=0, le=12,
        help="Combinations of up to so many columns are looked at; 0 leaves it to the effort.",
    )  # fmt: skip
    auxiliary: Annotated[Path, Reads(_SUFFIXES)] | None = param(
        None, label="What the attacker knows", group=_LINK, empty="Records of the table itself",
        help="A file of people whom an attacker may know, with quasi-identifiers of the table.",
    )  # fmt: skip
    person: str | None = param(
        None, label="Column that names the person", group=_LINK, more=True, empty="None",
        help="A column of both the file and the table: with it a link can be checked. Without it successes"
        " are what is to be expected by chance.",
    )  # fmt: skip
    errors: float = param(
        0.1, label="Wrong values", group=_LINK, more=True, ge=0, le=0.9,
        help="Where no file is given: the share of what the attacker knows that is wrong.",
    )  # fmt: skip
    confidence: float = param(
        0.5, label="Links are claimed from", group=_LINK, more=True, ge=0, le=1,
        help="The chance to be right from which the attacker says who it is.",
    )  # fmt: skip
    control: Annotated[Path, Reads(_SUFFIXES)] | None = param(
        None, label="Records that were never used", group=_SINGLE,
        empty="None: what is general cannot be told from what leaked",
        help="A file with the table's columns and other people. What an attack gets on them is no leak.",
    )  # fmt: skip
    secrets: tuple[str, ...] = param(
        (), label="Columns to infer", group=_SINGLE, more=True, empty="The sensitive ones and the target",
        help="What the attacker wants to find out about people.",
    )  # fmt: skip
    predicate: int = param(
        3, label="Columns in a predicate", group=_SINGLE, more=True, ge=1, le=12,
        help="How many columns a sentence has that is to fit one person alone.",
    )  # fmt: skip
    neighbours: int = param(
        1, label="Closest records looked at", group=_SINGLE, more=True, ge=1, le=100,
        help="Two halves of a person are linked where they share one of so many closest records.",
    )  # fmt: skip
    attributes: tuple[str, ...] = param(
        (), label="Features to infer from the model", group=_MODEL, more=True, empty="None",
        help="Features whose values an attacker wants who has the model and knows all else of a record.",
    )  # fmt: skip
    twin: bool = param(
        True, label="Attack a twin without privacy too", group=_MODEL, more=True,
        help="A positive control: there the attacks must succeed. Where they do not, little follows from"
        " their finding nothing.",
    )  # fmt: skip

    @field_validator("columns", "secrets", "attributes", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

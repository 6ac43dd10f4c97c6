"""What Quality asks for."""

from pydantic import field_validator

from ppdesk.core.params import Params, SourceFile, TargetFile, param


class QualityParams(Params):
    """The checks, what the sample is held against, and from where on something is remarked upon."""

    checks: tuple[str, ...] = param(
        (),
        label="Checks",
        help="What must hold, one sentence each: age is between 0 and 120; id is unique; name is not missing;"
        " postcode matches [0-9]{5}; start <= end; postcode determines city; visit is at most 30 days old;"
        " sex is one of male; female. A name with spaces or commas stands in brackets, such as [date of"
        " birth] <= [visit]. Later batches must pass them too.",
        free_text=True,
    )
    declared: bool = param(
        True,
        label="Check what is declared",
        help="Makes a check of each type, bound and list of categories that Roles declared, and elsewhere of"
        " the type that Import found: an integer, a number, a date.",
    )
    margins: SourceFile | None = param(
        None,
        label="Reference margins",
        help="A CSV file with the columns column, value and share (or count): how the population is made up,"
        " for example from a census. The table is compared with it. A value may be a band: 18 to 24, under"
        " 18, 65 and over.",
    )
    label_errors: bool = param(
        True,
        label="Look for label errors",
        help="Fits a plain model inside the project and counts the records whose target contradicts it. It"
        " uses the target as it is, without noise.",
    )
    to: TargetFile | None = param(
        None,
        label="Checks as a schema",
        help="Where the checks are written as a pandera schema: .py holds all of them, .yaml those that"
        " pandera can write in YAML. Without it they stay in the project.",
    )
    show_values: bool = param(
        False,
        label="Show values",
        help="Names the values that fail a check most often. They may belong to people: they enter the"
        " record, and the record says that they were looked at.",
    )
    good: float = param(
        95.0, label="Good from", unit="score", ge=0, le=100, more=True,
        help="A column with this score or more needs no remark. A house rule.",
    )  # fmt: skip
    poor: float = param(
        80.0, label="Poor below", unit="score", ge=0, le=100, more=True,
        help="A column with a lower score is a finding. A house rule.",
    )  # fmt: skip
    weights: dict[str, float] = param(
        {}, label="Weights", more=True,
        help="How much completeness, validity, uniqueness, consistency and timeliness count in a score, 1"
        " where not named. 0 leaves one out.",
    )  # fmt: skip
    distance: float = param(
        0.05, label="Unlike the population from", unit="total variation", ge=0, le=1, more=True,
        help="The share of records that would have to be others for the column to be made up like the"
        " population. From here on it is a finding, where chance does not explain it. A house rule.",
    )  # fmt: skip
    imbalance: float = param(
        10.0, label="Imbalanced from", unit="times", ge=1, more=True,
        help="How many times as many records the largest class has as the smallest. A house rule.",
    )  # fmt: skip
    leakage: float = param(
        0.95, label="Leakage from", ge=0.5, le=1, more=True,
        help="A column that alone finds the target with this AUROC, or this share of what guessing leaves"
        " open, may have been made from it. A house rule.",
    )  # fmt: skip
    sample: int = param(
        20_000, label="Records for label errors", unit="records", ge=100, le=1_000_000, more=True,
        help="At most so many records, chosen at random, are searched for label errors.",
    )  # fmt: skip
    floor: int = param(
        5, label="Smallest count", unit="records", ge=2, le=1_000, more=True,
        help="Patterns of missing values that fewer records have are told together, as rare.",
    )  # fmt: skip

    @field_validator("checks", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

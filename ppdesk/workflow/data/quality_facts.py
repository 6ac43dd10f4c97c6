"""What Quality found out, in counts and shares."""

from typing import Literal

from ppdesk.workflow.step import Facts

# Roles declared it, Import found the column's type, or a person wrote it
Origin = Literal["roles", "import", "you"]


class ValueCount(Facts):
    """A value that fails a check, shown because a person asked for it."""

    value: str
    records: int


class CheckResult(Facts):
    """How one check met a table."""

    sentence: str
    dimension: str
    columns: tuple[str, ...]
    origin: Origin  # who says that it must hold
    failed: int | None  # records; None where it could not be held
    judged: int
    note: str = ""  # why it could not be held
    values: tuple[ValueCount, ...] = ()  # only where values were asked for


class PassShare(Facts):
    """One dimension of a column."""

    dimension: str
    failed: int
    judged: int


class ColumnQuality(Facts):
    """One column's score and why it is not more."""

    name: str
    score: float
    reason: str
    missing: int
    shares: tuple[PassShare, ...]


class MissingPattern(Facts):
    """Columns that are missing together."""

    columns: tuple[str, ...]
    records: int


class AgeRange(Facts):
    """How old the dates of a column are, days. The ends are those that `floor` records reach, so that no
    single record's date is told; None where fewer have a date."""

    column: str
    dates: int
    future: int
    newest: int | None
    oldest: int | None


class MarginCell(Facts):
    """One category of a reference margin. The value and its share are the reference's."""

    value: str
    records: int
    share: float
    low: float
    high: float
    expected: float


class MarginResult(Facts):
    """How one column compares with the population."""

    column: str
    records: int
    missing: int
    other: int
    distance: float
    chi_square: float
    freedom: int
    p: float
    v: float
    few: bool
    cells: tuple[MarginCell, ...]


class Raking(Facts):
    """Weights that make the table agree with all margins at once; None where there are none."""

    records: int  # with a value in every margin
    effective: float | None
    largest: float | None


class LabelPair(Facts):
    """Records given one class that are confidently of another. Names are declared ones."""

    given: str
    likely: str
    records: int


class LabelResult(Facts):
    """What confident learning found."""

    searched: int
    available: int
    suspects: int
    share: float  # estimated share of wrong labels
    folds: int
    features: int
    right: float  # share of records whose given class the model finds most likely
    guessed: float  # the same for always naming the largest class
    pairs: tuple[LabelPair, ...]


class ClassCount(Facts):
    """Records of one declared class."""

    name: str
    records: int


class BalanceResult(Facts):
    """The classes of the target."""

    target: str
    classes: tuple[ClassCount, ...]
    undeclared: int
    missing: int
    ratio: float
    evenness: float


class LeakResult(Facts):
    """What one column alone tells of the target."""

    column: str
    auroc: float | None
    explained: float
    information: float
    determines: bool
    alike: bool
    verdict: Literal["likely", "look", "none"]


class QualityFacts(Facts):
    """What Quality found."""

    rows: int
    overall: float
    columns: tuple[ColumnQuality, ...]
    complete: int
    patterns: tuple[MissingPattern, ...]
    rare: int
    other_patterns: int
    repeated: int
    checks: tuple[CheckResult, ...]
    ages: tuple[AgeRange, ...]
    today: str
    margins: tuple[MarginResult, ...]
    not_compared: tuple[str, ...]  # columns of the margins that the table has not
    raking: Raking | None  # of two margins or more
    population: str  # whom the table is about, as Objective says; empty where it does not
    balance: BalanceResult | None
    labels: LabelResult | None
    labels_note: str  # why they were not searched, or what was left out
    leaks: tuple[LeakResult, ...]
    target_note: str
    left_out: int  # checks that the schema's form cannot hold
    stamp: str = ""

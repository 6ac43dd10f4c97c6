"""What Monitor found out."""

from ppdesk.assess.results import Classification, ColumnDrift, Estimate, Fairness
from ppdesk.workflow.cleaning import CleaningFacts
from ppdesk.workflow.data.quality_facts import CheckResult
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Facts


class MonitorFacts(Facts):
    """What Monitor found."""

    file: str
    rows: int
    reference_rows: int
    watch: float
    limit: float
    drift: list[ColumnDrift]
    not_compared: list[str]  # columns of the table without a declared domain, or missing in the batch
    scores: ColumnDrift | None  # drift of the model's own output
    performance: Classification | None
    performance_note: str
    before: dict[str, float | None]
    auroc_before: Estimate | None
    auroc_change: Estimate | None
    fairness: list[Fairness]
    not_measured: list[str]
    floor: int
    from_bundle: bool  # scored with the sealed bundle, not with the model in the project
    current: bool  # the bundle was made from the current model
    stamp: str
    reading: Reading | None = None  # how the batch was read; None in records from before it was kept
    form: str = "csv"  # the format of the batch
    cleaned: CleaningFacts | None = None
    checks: tuple[CheckResult, ...] = ()  # those that Quality saved

"""What Evaluate asks and tells about tables. Light: no engine."""

from dataclasses import dataclass

from pydantic import Field

from ppdesk.assess.tables.results import TableKept
from ppdesk.workflow.data.release_quality_section import MeasureFact
from ppdesk.workflow.step import Facts


@dataclass(frozen=True)
class TablesSettings:
    """`target`: the column that models are trained for on the release; None: the one declared in Roles, and
    none where there is none declared."""

    target: str | None = None


class TablesFacts(Facts):
    """What release and synthetic records kept of the table. Exact figures of private records; no row and no
    value of a person."""

    release: TableKept | None = None
    synthetic: TableKept | None = None
    release_words: str = ""  # how the release was made: "k = 5, one level for each column"
    synthetic_words: str = ""
    quality: tuple[MeasureFact, ...] = Field(default_factory=tuple)  # ARX's measures of the release
    left_out: tuple[str, ...] = ()  # columns of the release that are not compared, as they hold codes
    why_no_release: str = ""  # where there is one and it could not be compared
    why_no_synthetic: str = ""

    @property
    def empty(self) -> bool:
        """Whether there was nothing to compare."""
        return not (self.release or self.synthetic or self.why_no_release or self.why_no_synthetic)

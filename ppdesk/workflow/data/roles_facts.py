"""What Roles leaves in the record: counts, and which columns look like which identifier."""

from ppdesk.workflow.step import Facts
from ppdesk.workflow.unit import Unit


class ColumnRole(Facts):
    """How one declared column met the table, in counts."""

    name: str
    role: str
    target: bool
    type: str
    levels: int  # of its hierarchy; 0 without one
    leaves: int
    missing: int
    outside: int  # records whose value is not declared


class HipaaFact(Facts):
    """The columns that the inspection took for one of the 18 identifiers."""

    number: int
    columns: tuple[str, ...]


class RolesFacts(Facts):
    """What was declared, beside what the table holds. The defaults are for records of before the privacy unit
    could be chosen."""

    columns: tuple[ColumnRole, ...]
    undeclared: tuple[str, ...]
    unit_column: str | None = None  # None: one record
    most_rows: int = 1
    persons: int = 0  # different ids; 0 where the unit is a record
    persons_over: int = 0  # of these, how many have more than most_rows records
    without_id: int = 0  # records whose id is missing
    unit_as_inspected: bool = False  # most_rows is the number that the inspection read off the data
    inspected: bool = False
    hipaa: tuple[HipaaFact, ...] = ()

    @property
    def unit(self) -> Unit:
        """Whose protection a guarantee counts."""
        return Unit(self.unit_column, self.most_rows)

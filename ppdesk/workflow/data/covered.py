"""What the two steps that release something under differential privacy share: which columns may be asked,
whose records are counted, what speaks against a run, and how the claim is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head, Kind, columns_of
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Words
from ppdesk.privacy.cells import Categories
from ppdesk.privacy.errors import ColumnGoneError
from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.statistics.plan import Bounds
from ppdesk.workflow import declared, guarantee
from ppdesk.workflow.reading import found_settings
from ppdesk.workflow.step import Facts, Heads
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.core.entropy import Entropy


class CoveredFacts(Facts):
    """Cost and unit of a release. Names as Train's: the report reads them of all three."""

    epsilon: float
    delta: float
    neighbours: str
    unit_column: str | None = None  # None: one record
    most_rows: int = 1
    stability: int = 1
    group: int = 1  # records that one unit can take out, and put in
    over_bound: int = 0  # records left out because their person had more than most_rows; without noise
    without_id: int = 0
    found_out: tuple[str, ...] = ()
    private: bool = True
    stamp: str = ""

    @property
    def unit(self) -> Unit:
        """Whose protection epsilon counts."""
        return Unit(self.unit_column, self.most_rows)

    def head(self) -> dict[str, Json]:
        """What the artifact's head says of it."""
        return {
            "epsilon": self.epsilon,
            "delta": self.delta,
            "neighbours": self.neighbours,
            "unit": self.unit.to_json(),
            "stability": self.stability,
            "private": self.private,
            "stamp": self.stamp,
        }


@dataclass(frozen=True)
class Used:
    """The records that are used, and what to say of the cost."""

    rows: "pa.Table"
    group: int
    over_bound: int
    without_id: int


def used(rows: "pa.Table", roles: Head, table: Head, entropy: "Entropy") -> Used:
    """At most the declared number of records of each person, and what one person can change in them.

    UnboundedCleaningError, MissingColumnError.
    """
    import pyarrow as pa

    from ppdesk.train.contribution import bound
    from ppdesk.train.errors import UnboundedCleaningError

    group, unit = guarantee.factor(roles, table), Unit.of(roles)
    if group is None:
        raise UnboundedCleaningError
    if unit.column is None:
        return Used(rows, group, 0, 0)
    bounded = bound(rows, unit.column, unit.most_rows, entropy)
    return Used(rows.filter(pa.array(bounded.kept)), group, bounded.over, bounded.without_id)


def present(rows: "pa.Table", column: str) -> None:
    """ColumnGoneError where the table has no such column."""
    if column not in rows.column_names:
        raise ColumnGoneError(column=column)


def of_unit(roles: Head, table: Head, found: Used) -> dict[str, object]:
    """The fields of CoveredFacts that unit, cleaning and reading give."""
    unit = Unit.of(roles)
    return {
        "neighbours": Neighbours.REPLACE_ONE.value,
        "unit_column": unit.column,
        "most_rows": unit.most_rows,
        "stability": stability(table) or 1,
        "group": found.group,
        "over_bound": found.over_bound,
        "without_id": found.without_id,
        "found_out": found_settings(table),
    }


def askable(roles: Head) -> dict[str, Categories | Bounds]:
    """The columns with declared bounds or categories, but for direct identifiers and the id of a person."""
    unit, found = Unit.of(roles), dict[str, Categories | Bounds]()
    for name, one in declared.columns(roles).items():
        if not one.declared or one.role == "direct-identifier" or name == unit.column:
            continue
        if one.numeric and one.low is not None and one.high is not None:
            found[name] = Bounds(name, one.low, one.high)
        elif one.categories:
            found[name] = Categories(name, tuple(dict.fromkeys(one.categories)))
    return found


def findings(heads: Heads, epsilon: float, columns: Sequence[str], code: str) -> Iterator[Finding]:
    """What speaks against or beside a run that asks `columns`. `code`: of the first of three remarks."""
    roles, table = heads.get(Kind.ROLES, {}), heads.get(Kind.TABLE, {})
    standard = heads.get(Kind.STANDARD, {})
    most = declared.number(standard.get("epsilon_max"))
    prefix, first = code.rsplit("-", 1)
    if most is not None and epsilon > most:
        yield Finding(
            Level.BLOCKING,
            said("ε is above the standard's limit for the whole project."),
            said(
                "ε {epsilon:g}, at most {most:g} ({standard}).",
                epsilon=epsilon,
                most=most,
                standard=declared.text(standard, "title"),
            ),
            "epsilon",
            code,
        )
    yield from guarantee.findings(roles, table)
    names = {str(one.get("name")) for one in columns_of(table)}
    gone = [name for name in columns if names and name not in names]
    if gone:
        yield Finding(
            Level.BLOCKING,
            said("The table has no column {columns}.", columns=", ".join(gone)),
            said("Run Roles again on the table that holds now."),
            code=f"{prefix}-{int(first) + 1:03}",
        )
    looked = _from_the_data(roles, columns)
    if looked:
        yield Finding(
            Level.CAUTION,
            said("Bounds or categories of {columns} were taken from the data.", columns=", ".join(looked)),
            said("The guarantee assumes that they are declared. For these columns it is weaker than stated."),
            code=f"{prefix}-{int(first) + 2:03}",
        )


def _from_the_data(roles: Head, columns: Sequence[str]) -> list[str]:
    origins: Mapping[str, str] = {
        str(one.get("name")): str(one.get("origin") or "") for one in columns_of(roles)
    }
    return [name for name in columns if origins.get(name) == "data"]


def stamped(facts: CoveredFacts) -> list[Words]:
    """The mark of the test mode."""
    if not facts.stamp:
        return []
    return [
        Words(facts.stamp, "risk"),
        Words(
            said(
                "In test mode the noise does not come from OpenDP but from a stream that repeats: OpenDP's "
                "own source takes no seed."
            ),
            "caution",
        ),
    ]

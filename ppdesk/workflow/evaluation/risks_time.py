"""How far the walk through all combinations of columns goes, and about how long the measures take. Light."""

from ppdesk.assess.effort import Effort
from ppdesk.assess.reidentification.sizes import combinations
from ppdesk.core.artifacts import Kind
from ppdesk.core.said import said
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.risks import RiskSettings
from ppdesk.workflow.step import Heads

ALWAYS = 2  # columns in a combination that is looked at whatever it costs
_MANY = {Effort.QUICK: 100_000, Effort.STANDARD: 500_000, Effort.THOROUGH: 4_000_000}  # combinations
_STEPS = {Effort.QUICK: 3e8, Effort.STANDARD: 2e9, Effort.THOROUGH: 2e10}  # combinations x records
_STEP_SECONDS, _EACH_SECONDS = 5e-8, 3e-5  # of one of them, and of a combination, at most
_COLUMNS = 8  # where nobody has declared quasi-identifiers yet
_START, _CELL_SECONDS = 0.5, 4e-7  # to start with, and of a cell that is coded


def largest_size(columns: int, records: int, effort: Effort, asked: int = 0) -> int:
    """How many columns a combination may have: as asked, or so many that the work stays within the effort."""
    if asked:
        return min(asked, columns)
    found = min(columns, ALWAYS)
    while found < columns:
        many = combinations(columns, found + 1)
        if many > _MANY[effort] or many * records > _STEPS[effort]:
            break
        found += 1
    return found


def cost_words(columns: int, records: int, effort: Effort, asked: int = 0) -> str:
    """What the special uniques will cost, before they are looked for; an upper limit."""
    largest = largest_size(columns, records, effort, asked)
    many = combinations(columns, largest)
    seconds = special_seconds(columns, records, effort, asked)
    if seconds < 1:
        took = said("under a second")
    elif seconds < 120:
        took = said("up to {seconds:,.0f} s", seconds=seconds)
    else:
        took = said("up to {minutes:,.0f} min", minutes=seconds / 60)
    return said(
        "{number:,} combinations of up to {largest} of {columns} columns: {time} for each table",
        number=many,
        largest=largest,
        columns=columns,
        time=took,
    )


def special_seconds(columns: int, records: int, effort: Effort, asked: int = 0) -> float:
    """Of the special uniques of one table, at most."""
    many = combinations(columns, largest_size(columns, records, effort, asked))
    return many * (records * _STEP_SECONDS + _EACH_SECONDS)


def expected_seconds(heads: Heads, settings: RiskSettings) -> float:
    """Of all measures, from the sizes alone; measured on a core of 2024, rounded up."""
    records = int(declared.number(heads.get(Kind.TABLE, {}).get("rows")) or 0)
    roles = declared.columns(heads.get(Kind.ROLES, {})).values()
    quasi = sum(one.role == "quasi-identifier" for one in roles)
    columns = len(settings.columns) or quasi or _COLUMNS
    each = _CELL_SECONDS * records * columns
    if settings.special:
        each += special_seconds(columns, records, settings.effort, settings.largest)
    return _START + each * (2 if Kind.RELEASE in heads else 1)

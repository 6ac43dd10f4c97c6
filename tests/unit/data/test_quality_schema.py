"""Checks as a pandera schema: pandera reads it, and takes and refuses the same tables as we do."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.quality.checks import Check, parse
from ppdesk.data.quality.held import Table, hold
from ppdesk.data.quality.schema import to_python, to_yaml

SENTENCES = (
    "id is unique", "site, patient are unique", "id is not missing", "age is between 0 and 120",
    'sex is one of m; f; "x; é😀"', "zip matches [0-9]{5}", "start <= end or end is missing",
    "zip determines city", "visit is at most 30000 days old", "visit is a date", "dose is an integer",
    "[sex at birth] in ('m', 'f') and not dose = 0", "code matches '^[A-Z]'", "dose is at least 1",
)  # fmt: skip
CHECKS = [parse(sentence) for sentence in SENTENCES]
HEADER = "id,site,patient,age,sex,zip,start,end,city,visit,dose,sex at birth,code\n"
GOOD = [
    "1,A,1,30,m,12345,1,2,X,2026-01-20,3,m,Ab",
    "2,A,2,,f,12345,10,,X,2020-02-29,1,f,Z",
    "3,B,1,0,,00001,b,c,Y,,,m,",
]
BAD = [
    ("4,B,2,121,m,1,1,2,X,2026-01-20,3,m,A", True), ("4,A,1,30,m,12345,1,2,X,2026-01-20,3,m,A", True),
    ("1,C,1,30,m,12345,1,2,X,2026-01-20,3,m,A", True), (",C,1,30,m,12345,1,2,X,2026-01-20,3,m,A", True),
    ("4,C,1,x,m,12345,1,2,X,2026-01-20,3,m,A", True), ("4,C,1,30,M,12345,1,2,X,2026-01-20,3,m,A", True),
    ("4,C,1,30,m,12345,10,9,X,2026-01-20,3,m,A", False), ("4,C,1,30,m,12345,1,2,Y,2026-01-20,3,m,A", False),
    ("4,C,1,30,m,12345,1,2,X,2023-02-29,3,m,A", False), ("4,C,1,30,m,12345,1,2,X,2126-01-20,3,m,A", False),
    ("4,C,1,30,m,12345,1,2,X,2026-01-20,3.5,m,A", False), ("4,C,1,30,m,12345,1,2,X,2026-01-20,3,x,A", False),
    ("4,C,1,30,m,12345,1,2,X,2026-01-20,3,m,a", False),
    ("4,C,1,30,m,12345\u0661,1,2,X,2026-01-20,3,m,A", True),
    ("4,C,1,30,m,12345,1,2,X,2026-01-20,0,m,A", True),
]  # fmt: skip
TODAY = datetime.now(UTC).date()


def ours(rows: pd.DataFrame, checks: list[Check], decimal: DecimalMark = DecimalMark.POINT) -> bool:
    columns = {name: pa.array(rows[name].tolist(), pa.string(), from_pandas=True) for name in rows.columns}
    table = Table(pa.table(columns), decimal, TODAY)
    return all(not hold(check, table).failed for check in checks)


def theirs(schema: Any, rows: pd.DataFrame) -> bool:
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors:
        return False
    return True


def read(*lines: str) -> pd.DataFrame:
    text = StringIO(HEADER + "\n".join(lines) + "\n")
    return pd.read_csv(text, dtype=str, keep_default_na=False, na_values=[""])


def module(checks: list[Check], decimal: DecimalMark = DecimalMark.POINT) -> Any:
    space: dict[str, Any] = {}
    exec(to_python(checks, decimal, ["", "NA"], "0"), space)  # noqa: S102  # what we have just written
    return space["SCHEMA"]


@pytest.fixture(scope="module")
def python() -> Any:
    return module(CHECKS)


@pytest.fixture(scope="module")
def yaml() -> Any:
    return pandera.DataFrameSchema.from_yaml(to_yaml(CHECKS, DecimalMark.POINT, "0")[0])


def test_a_good_table_passes_everywhere(python: Any, yaml: Any) -> None:
    rows = read(*GOOD)
    assert (ours(rows, CHECKS), theirs(python, rows), theirs(yaml, rows)) == (True, True, True)


@pytest.mark.parametrize(("line", "in_yaml"), BAD)
def test_a_bad_record_is_refused_where_the_form_holds_the_check(
    python: Any, yaml: Any, line: str, in_yaml: bool
) -> None:
    rows = read(*GOOD, line)
    held = [check for check in CHECKS if check not in to_yaml(CHECKS, DecimalMark.POINT, "0")[1]]
    assert (ours(rows, CHECKS), theirs(python, rows)) == (False, False)
    assert (ours(rows, held), theirs(yaml, rows)) == (not in_yaml, not in_yaml)


def test_yaml_names_what_it_cannot_hold() -> None:
    text, left = to_yaml(CHECKS, DecimalMark.POINT, "0")
    assert [check.words() for check in left] == [
        "start <= end or end is missing", "zip determines city", "visit is at most 30000 days old",
        "visit is a date", "dose is an integer", "[sex at birth] in ('m', 'f') and not dose = 0",
        "code matches '^[A-Z]'",
    ]  # fmt: skip
    assert text.count("# Not held here: ") == len(left)


def test_a_decimal_comma_is_kept_in_python_and_left_out_in_yaml() -> None:
    checks = [parse("age is between 0 and 1.5")]
    schema = module(checks, DecimalMark.COMMA)
    for value, right in (("1,5", True), ("1.5", False), ("1,6", False)):
        rows = pd.DataFrame({"age": [value]}, dtype=str)
        assert (ours(rows, checks, DecimalMark.COMMA), theirs(schema, rows)) == (right, right)
    assert to_yaml(checks, DecimalMark.COMMA, "0")[1] == checks


def test_an_empty_list_of_checks_is_a_schema_too() -> None:
    rows = read(*GOOD)
    assert theirs(module([]), rows)
    assert "columns:" in to_yaml([], DecimalMark.POINT, "0")[0]

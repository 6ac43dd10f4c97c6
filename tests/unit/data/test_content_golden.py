"""The fingerprint of a content never changes: budgets are found by it."""

import pyarrow as pa
import pytest

from ppdesk.data.content import content_fingerprint
from ppdesk.data.profile import profile, survey

ROWS = 70_000
TABLES = {
    "dd8dda186aed4b259c8eea9f2fff340202b72e5d4db61dd74902dc13fa57d2b5": {
        "a": ["x", " y ", None],
        "B ": ["1", "2", "é\u2003"],
    },
    "f57913b520a04aaccbb2b572dbf74013f37cf1f458268ef0edf47626da926520": {
        "id": [f"{row:06d}" for row in range(ROWS)],
        "t": [f" text {row % 1000} " + "é" * (row % 5) for row in range(ROWS)],
        "k": [None if row % 7 == 0 else str(row % 3) for row in range(ROWS)],
        "long": ["x" * (row % 97) + str(row) for row in range(ROWS)],
    },
    "e8e98d52f8d98a52bb85b39567523aa7cbac0ffda9cd586aea88bf626876b67c": {"a": pa.array([], pa.string())},
}


@pytest.mark.parametrize("expected", TABLES)
def test_golden(expected: str) -> None:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in TABLES[expected].items()})
    assert content_fingerprint(table) == expected
    surveyed = survey(table)
    assert surveyed.content == expected
    assert surveyed.columns == profile(table)


def test_counts_of_columns_that_hardly_repeat_and_of_those_that_do() -> None:
    many = [None, *(f"v{row}" for row in range(69_998)), "v0"]
    found = profile(pa.table({"many": many, "few": ["x", *["y"] * 69_998, None]}))
    told = [(one.distinct, one.missing, one.smallest, one.largest, one.rare) for one in found]
    assert told == [(69_998, 1, 1, 2, 69_997), (2, 1, 1, 69_998, 1)]

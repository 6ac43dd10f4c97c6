"""Names that look like values."""

import pyarrow as pa
import pytest

from ppdesk.data.column_types import column_type
from ppdesk.data.detection.names import names_look_like_values


@pytest.mark.parametrize(
    ("columns", "like_values"),
    [
        ({"34": ["51", "20"], "M": ["F", "M"], "1200": ["900", "10"]}, True),
        ({"1": ["2", "3"], "x": ["y", "z"]}, True),
        ({"2020-01-01": ["2021-01-01"], "Bonn": ["Ulm"]}, True),
        ({"age": ["51", "20"], "sex": ["F", "M"], "income": ["900", "10"]}, False),
        ({"id": ["2", "3"], "x": ["y", "z"]}, False),
        ({"name": ["Ada", None], "town": [None, None]}, False),
        ({"id": ["1", "2"], "unit": ["unit", "ward"]}, True),  # one for, one against: said, not decided
        ({"id": ["1", "2"], "age": ["30", "31"], "unit": ["unit", "ward"]}, False),
        ({"a": []}, False),
    ],
)
def test_a_first_record_among_the_names_is_seen(columns: dict[str, list[str]], like_values: bool) -> None:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    types = {name: column_type(table.column(name).combine_chunks()) for name in table.column_names}
    assert names_look_like_values(table, types) is like_values

"""The Adult sample as the engines take it."""

import pytest

from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import from_csv
from ppdesk.core.resources import resource


@pytest.fixture(scope="session")
def adult():
    """(table, hierarchies in column order)."""
    from pyarrow import csv

    folder = resource("samples", "adult")
    options = csv.ParseOptions(delimiter=";")
    table = csv.read_csv(folder / "adult.csv", parse_options=options)
    table = table.set_column(1, "age", table.column("age").cast("string"))
    names = table.column_names
    return table, [from_csv(name, (folder / "hierarchies" / f"{name}.csv").read_bytes()) for name in names]


@pytest.fixture(scope="session")
def adult_frequencies(adult):
    return frequency_set(*adult)

"""Facts of a treatment are for everybody who reads the record: no mean of a handful of values."""

import pyarrow as pa
import pytest

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import TestEntropy
from ppdesk.workflow.data import treatment_models, treatment_work


def moments(values: list[str | None]) -> tuple[float | None, float | None]:
    table = pa.table({"income": pa.array(values, pa.string())})
    bench = treatment_work.Bench(table, DecimalMark.POINT, TestEntropy(1), b"", "", lambda: False)
    asked = treatment_models.read("income: rounding, base = 10")
    (told,) = treatment_work.told(asked, bench, treatment_work.treated(asked, bench))
    return told.mean_before, told.mean_after


def test_the_mean_of_one_value_is_the_value_and_is_not_told() -> None:
    assert moments(["4242", *[None] * 30]) == (None, None)
    assert moments(["4242"] * 9) == (None, None)
    assert moments([str(one) for one in range(11)]) == (5.0, pytest.approx(50 / 11))

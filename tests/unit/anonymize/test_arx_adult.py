"""The numbers are ARX's: transformation, score and suppressed records on the Adult table."""

import json
from pathlib import Path

import numpy as np
import pytest

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.search import search
from ppdesk.core.entropy import TestEntropy

CASES = json.loads((Path(__file__).parents[2] / "data" / "arx_adult_loss.json").read_text())["cases"]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['k']}-{case['suppression_limit']}-{case['aggregate']}"
)
def test_the_optimum_is_that_of_arx(adult, adult_frequencies, case):
    table, hierarchies = adult
    names = table.column_names
    model = LossModel(Aggregate(case["aggregate"]))
    found = search(adult_frequencies, case["k"], case["suppression_limit"], model, names)
    assert dict(zip(names, found.levels, strict=True)) == case["transformation"]
    assert found.score == pytest.approx(float(case["score"]), rel=1e-9)
    assert found.suppressed == case["suppressed"]
    assert found.lattice_size == case["lattice_size"]
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    applied = apply(
        table, hierarchies, adult_frequencies, found.levels, case["k"], drop=[], entropy=TestEntropy(1)
    )
    assert len(applied.after) == case["classes"]["num"]
    assert int(np.min(applied.after)) == case["classes"]["min"]
    assert int(np.max(applied.after)) == case["classes"]["max"]

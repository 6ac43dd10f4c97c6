"""What ARX finds on other tables than Adult: odd values, odd hierarchies, few records, all models."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search
from ppdesk.core.entropy import TestEntropy

CASES = json.loads((Path(__file__).parents[2] / "data" / "arx_other_tables.json").read_text("utf-8"))["cases"]
MODELS = {
    "distinct-l-diversity": lambda one, _: models.DistinctLDiversity(one["l"]),
    "entropy-l-diversity": lambda one, _: models.EntropyLDiversity(one["l"]),
    "recursive-(c,l)-diversity": lambda one, _: models.RecursiveCLDiversity(one["c"], one["l"]),
    "equal-t-closeness": lambda one, _: models.EqualTCloseness(one["t"]),
    "hierarchical-t-closeness": lambda one, column: models.HierarchicalTCloseness(
        one["t"], validated(column, one["hierarchy"])
    ),
    "ordered-t-closeness": lambda one, _: models.OrderedTCloseness(
        one["t"], one.get("numeric", False), tuple(one.get("order", ()))
    ),
    "delta-disclosure": lambda one, _: models.DeltaDisclosure(one["delta"]),
    "basic-beta-likeness": lambda one, _: models.BasicBetaLikeness(one["beta"]),
    "enhanced-beta-likeness": lambda one, _: models.EnhancedBetaLikeness(one["beta"]),
}


def _quality(asked):
    if isinstance(asked, str):
        return Quality(asked), LossModel()
    settings = asked["loss"]
    return Quality.LOSS, LossModel(
        Aggregate(settings["aggregate"]), settings["gs_factor"], settings.get("weights", {})
    )


@pytest.mark.parametrize("case", CASES, ids=[str(place) for place in range(len(CASES))])
def test_the_optimum_is_that_of_arx(case):
    table = pa.table(dict(zip(case["columns"], map(list, zip(*case["rows"], strict=True)), strict=True)))
    names = [name for name in case["columns"] if name in case["hierarchies"]]
    trees = [validated(name, case["hierarchies"][name]) for name in names]
    frequencies = frequency_set(table, trees)
    wanted = [
        (column, MODELS[one["model"]](one, column))
        for column, each in case["sensitive"].items()
        for one in each
    ]
    needs = requirements(table, frequencies, wanted)
    quality, model = _quality(case["quality"])
    found = search(
        frequencies, case["k"], case["suppression_limit"], model, names, needs=needs, quality=quality
    )
    assert list(found.levels) == (case["tie"] or case["arx"]["levels"])
    assert found.score == pytest.approx(float(case["arx"]["score"]), rel=1e-9, abs=1e-12)
    applied = apply(
        table, trees, frequencies, found.levels, case["k"], drop=[], entropy=TestEntropy(1), needs=needs
    )
    assert applied.suppressed == found.suppressed
    if not case["tie"]:
        assert found.suppressed == case["arx"]["outliers"]

"""Models on sensitive attributes give ARX's numbers on the Adult table."""

import functools
import json
from pathlib import Path

import pytest

from ppdesk.anonymize.apply import apply
from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.search import search
from ppdesk.core.entropy import TestEntropy

CASES = json.loads((Path(__file__).parents[2] / "data" / "arx_adult_sensitive.json").read_text())["cases"]
MODELS = {
    "distinct-l-diversity": lambda case: models.DistinctLDiversity(case["l"]),
    "entropy-l-diversity": lambda case: models.EntropyLDiversity(case["l"]),
    "equal-t-closeness": lambda case: models.EqualTCloseness(case["t"]),
}


@pytest.fixture(scope="module")
def frequencies(adult):
    table, hierarchies = adult
    return functools.cache(
        lambda sensitive: frequency_set(table, [one for one in hierarchies if one.column != sensitive])
    )


def _words(case):
    return f"{case['sensitive']}-{case['model']}-{case.get('l', case.get('t'))}-{case['suppression_limit']}"


@pytest.mark.parametrize("case", CASES, ids=_words)
def test_the_optimum_is_that_of_arx(adult, frequencies, case):
    table, hierarchies = adult
    held = frequencies(case["sensitive"])
    used = [one for one in hierarchies if one.column != case["sensitive"]]
    names = [one.column for one in used]
    needs = requirements(table, held, [(case["sensitive"], MODELS[case["model"]](case))])
    found = search(held, case["k"], case["suppression_limit"], LossModel(), names, needs=needs)
    expected = case.get("tie", case["transformation"])
    assert dict(zip(names, found.levels, strict=True)) == expected
    assert found.score == pytest.approx(float(case["score"]), rel=1e-9)
    assert found.suppressed == case["suppressed"]
    assert found.lattice_size == case["lattice_size"]
    assert found.checked + found.suppress_too_much + found.bounded == found.lattice_size
    applied = apply(table, used, held, found.levels, case["k"], drop=[], entropy=TestEntropy(1), needs=needs)
    assert applied.suppressed == case["suppressed"]
    if "tie" not in case:
        assert len(applied.after) == case["classes"]["num"]
        assert int(applied.after.min()) == case["classes"]["min"]
        assert int(applied.after.max()) == case["classes"]["max"]
    worst = applied.worst[0]
    assert worst <= case["t"] if "t" in case else worst >= case["l"] * (1 - 1e-12)

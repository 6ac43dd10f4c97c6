"""Non-uniform entropy is rounded down per column, its bounds are not: ties still go to the lower levels."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.checkers import checker_of
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality
from ppdesk.anonymize.search import search


@pytest.mark.parametrize("seed", range(6))
def test_of_equal_scores_the_smaller_total_level_and_the_first_column_wins(seed):
    chance = np.random.default_rng(seed)
    # levels on which nothing changes make transformations with the same classes
    rows = [["1", "1", "a", "a", "*"], ["2", "2", "a", "a", "*"], ["3", "3", "b", "b", "*"]]
    trees = [validated(name, rows) for name in ("p", "q")]
    table = pa.table({name: [str(one) for one in chance.integers(1, 4, 11)] for name in ("p", "q")})
    frequencies = frequency_set(table, trees)
    limit = 0.1
    found = search(frequencies, 2, limit, LossModel(), ["p", "q"], quality=Quality.ENTROPY)
    checker = checker_of(
        frequencies, 2, int(limit * 11), LossModel(), ["p", "q"], quality=Quality.ENTROPY
    )  # fmt: skip
    every = []
    for levels in itertools.product(range(5), repeat=2):
        suppressed, _, value = checker.check(np.array(levels, np.int64))
        if suppressed <= checker.limit:
            every.append((value, sum(levels), levels))
    assert found.levels == min(every)[2]

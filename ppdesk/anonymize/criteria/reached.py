"""What the most general transformation has of a model, where that is less than asked.

Only l-diversity can be out of reach of the whole table as one class: there every value has its share of the
table, so that t-closeness, delta-disclosure and beta-likeness are met by it.
"""

import math

import numpy as np

from ppdesk.anonymize.criteria import models, rules
from ppdesk.anonymize.criteria.histograms import Histogram
from ppdesk.anonymize.criteria.judging import Judged, judge_sparse, measure_all
from ppdesk.anonymize.criteria.make import Requirement


def reached(need: Requirement) -> str:
    """In words, what the whole table has of the model's quantity; "" where it meets the model."""
    totals = need.rule.shares.totals
    whole = Histogram(np.array([0, len(totals)]), np.arange(len(totals), dtype=np.int32), totals)
    records = totals.sum(keepdims=True)
    judged = Judged(records, np.zeros(1, np.bool_), np.zeros(1, np.int64))
    judge_sparse(whole, judged, need.rule, 1, np.iinfo(np.int64).max)
    if not judged.hidden[0]:
        return ""
    has = float(measure_all(whole, records, np.zeros(1, np.bool_), need.rule)[0])
    if need.rule.kind == rules.RECURSIVE:
        if math.isinf(has):
            return f"{len(totals)} values of {need.column} (l is at most that)"
        return f"a most frequent value of {need.column} that needs c above {math.ceil(has * 1e3) / 1e3:g}"
    if isinstance(need.criterion, models.EntropyLDiversity):
        has = min(has, float(len(totals)))
    return f"l = {math.floor(has * 1e3 + 1e-6) / 1e3:g} of {need.column}"  # rounding is no shortage

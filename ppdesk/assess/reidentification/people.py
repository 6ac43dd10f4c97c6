"""Journalist risk and k-map: records held against a table of the population.

A record that is like F people is found with probability 1 / F by somebody who knows that a person is in the
population, not whether in the table (El Emam 2013). k-map holds where every record is like at least k people.
"""

import numpy as np

from ppdesk.assess.arrays import Counts
from ppdesk.assess.reidentification.classes import DIGITS, above
from ppdesk.assess.reidentification.coding import Codes, grouped
from ppdesk.assess.reidentification.results import JournalistRisk


def people_like(codes: Codes, sizes: tuple[int, ...], persons: Codes) -> Counts:
    """(tuples,) int64: how many `persons`, (columns, people) int32, have the values of each tuple, `codes`
    (columns, tuples) int32, coded alike with `sizes` values per column."""
    mine = codes.shape[1]
    groups, first = grouped(np.concatenate([codes, persons], axis=1), sizes)
    held = np.bincount(groups[mine:], minlength=len(first)).astype(np.int64)
    found: Counts = held[groups[:mine]]
    return found


def journalist(people: Counts, counts: Counts, limit: float, population: int) -> JournalistRisk:
    """`people` (tuples,) like each tuple, `counts` (tuples,) its records; `population` people in all.

    The table of the population is taken at its word: who is like nobody in it cannot be found with it. Where
    it lists fewer people than the table has records of some values, it is not complete, and the records are
    taken as so many people."""
    known = people > 0
    strangers = int(counts[~known].sum())
    if strangers == int(counts.sum()):
        return JournalistRisk(population, 0, 0.0, 0.0, 0.0, strangers)
    risks = np.zeros(len(counts))
    risks[known] = 1.0 / np.maximum(people, counts)[known]
    return JournalistRisk(
        people=population,
        k=0 if strangers else int(people.min()),
        highest=round(float(risks.max()), DIGITS),
        mean=round(float(risks @ counts) / int(counts.sum()), DIGITS),
        at_risk=above(risks, counts, limit),
        strangers=strangers,
    )

"""Compiled: weights of agreement, added up for every pair of a person and a distinct published record.

A pair is left as soon as it cannot come within a given factor of the best: instead of blocks, which leave out
pairs by a rule, a bound that leaves out none that counts.
"""

from typing import Any

import numpy as np

from ppdesk.core.compiling import compiled


@compiled
def agreeing(  # noqa: PLR0917 - a kernel
    values: Any, labels: Any, counts: Any, levels: Any, at: Any, wide: Any, found: Any
) -> None:
    """Add up in `found` (people,) the records that agree in all columns that are known of the person.

    values (people, columns), labels (distinct, columns): places in the tables of levels, which lie one after
    the other in `levels`, from `at` on with rows of `wide`. Levels: 0 differs, 1 near, 2 agrees, 3 not known.
    """
    people, columns = values.shape
    for t in range(people):
        total = 0
        for c in range(labels.shape[0]):
            fits = True
            for j in range(columns):
                if levels[at[j] + values[t, j] * wide[j] + labels[c, j]] < 2:
                    fits = False
                    break
            if fits:
                total += counts[c]
        found[t] = total


@compiled
def posterior(  # noqa: PLR0917 - a kernel
    values: Any, labels: Any, counts: Any, levels: Any, at: Any, wide: Any, match: Any, chance: Any,
    chance_at: Any, most: Any, nobody: float, far: float, best: Any, score: Any, total: Any, seen: Any,
) -> None:  # fmt: skip
    """Sum the odds of all pairs of each person.

    match (columns, 4): log of the chance of each level where both are the same person. chance: log of the
    chance of it where they are not, for each label, one column after the other from `chance_at` on, four rows
    each. most (columns,): the largest weight of a column. nobody: the odds that the person is nowhere.
    far: pairs whose odds are below e^-far of the best are left out.
    Fills best (people, m): the distinct records with the highest scores, score (people, m): their log odds,
    total (people,): the sum of the odds of all records; adds to seen (columns, 4) the expected levels of true
    pairs.
    """
    people, columns = values.shape
    kept = best.shape[1]
    rest = np.zeros(columns + 1)
    for j in range(columns - 1, -1, -1):
        rest[j] = rest[j + 1] + most[j]
    own = np.zeros((columns, 4))
    for t in range(people):
        own[:] = 0.0
        odds = 0.0
        top = np.log(nobody)
        best[t, :] = -1
        score[t, :] = -np.inf
        for c in range(labels.shape[0]):
            weight = 0.0
            for j in range(columns):
                label = labels[c, j]
                level = levels[at[j] + values[t, j] * wide[j] + label]
                if level < 3:
                    weight += match[j, level] - chance[chance_at[j] + level * wide[j] + label]
                if weight + rest[j + 1] < top - far:
                    weight = -np.inf
                    break
            if weight == -np.inf:
                continue
            top = max(top, weight)
            mass = counts[c] * np.exp(weight)
            odds += mass
            for j in range(columns):
                own[j, levels[at[j] + values[t, j] * wide[j] + labels[c, j]]] += mass
            if weight > score[t, kept - 1]:
                place = kept - 1
                while place > 0 and score[t, place - 1] < weight:
                    score[t, place] = score[t, place - 1]
                    best[t, place] = best[t, place - 1]
                    place -= 1
                score[t, place] = weight
                best[t, place] = c
        total[t] = odds
        seen += own / (nobody + odds)

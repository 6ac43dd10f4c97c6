"""Each published record is given to one target."""

import numpy as np

from ppdesk.assess.arrays import Counts, Floats


def assigned(best: Counts, chance: Floats, counts: Counts, least: float) -> Counts:
    """(people,) int64: the distinct record given to each target, -1 for none.

    best (people, m): distinct records, -1 for none; chance (people, m): of one record of them; counts: how
    many records each distinct one is. Only pairs with at least the chance `least`; no distinct record is
    given to more targets than it has records; the sum of the chances is as large as can be.
    """
    found = np.full(best.shape[0], -1, dtype=np.int64)
    person, place = np.nonzero((best >= 0) & (chance >= least))
    if not person.size:
        return found
    record, weight = best[person, place], chance[person, place]
    wanted = np.bincount(record, minlength=counts.size)
    alone = np.bincount(person, minlength=found.size) == 1
    simple = (wanted[record] <= counts[record]) & alone[person]
    found[person[simple]] = record[simple]
    left = ~simple
    if left.any():
        taken = np.bincount(record[simple], minlength=counts.size)
        _matched(found, person[left], record[left], weight[left], counts, taken)
    return found


def _matched(  # noqa: PLR0917 - a graph
    found: Counts, person: Counts, record: Counts, weight: Floats, counts: Counts, taken: Counts
) -> None:
    """A matching of the largest weight: every record in as many slots as it has room for, and a slot of its
    own for everybody who gets none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    people, row = np.unique(person, return_inverse=True)
    records, column = np.unique(record, return_inverse=True)
    room = np.minimum(counts[records] - taken[records], np.bincount(column))
    begin = np.concatenate([[0], np.cumsum(room)])
    times = room[column]
    rows = np.repeat(row, times)
    step = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    slots = np.repeat(begin[column], times) + step
    owner = np.repeat(records, room)
    # a cost is never zero, which would be no edge; nobody costs as much as a chance of nothing
    cost = np.concatenate([2.0 - np.repeat(weight, times), np.full(people.size, 2.0)])
    rows = np.concatenate([rows, np.arange(people.size)])
    slots = np.concatenate([slots, owner.size + np.arange(people.size)])
    graph = coo_array((cost, (rows, slots)), shape=(people.size, owner.size + people.size)).tocsr()
    chosen, given = min_weight_full_bipartite_matching(graph)
    real = given < owner.size
    found[people[chosen[real]]] = owner[given[real]]

"""Best-first search from the bottom, with dives.

Source: Prasser, Bild, Eicher, Spengler, Kohlmayer and Kuhn, Lightning: utility-driven anonymization of
high-dimensional data, Transactions on Data Privacy 9(2), 2016. Of all transformations seen and not expanded,
the one with the best objective is expanded: all that take one column one level up are checked. From time to
time it is followed up to the top, always by the best of them. What cannot beat the best is not expanded.

A transformation that suppresses too much has no objective; it takes part with the least that it would cost.
It begins at the levels that each column needs at least, where the paper begins at the bottom.
"""

import heapq
import math

from ppdesk.anonymize.heuristics.explorer import Explorer, Levels


def best_first(explorer: Explorer, low: Levels) -> None:
    """Search from `low` until nothing is left, which is a proof, or StopSearchError."""
    high = explorer.high
    stepping = max(1, sum(high) - sum(low))  # as in the paper: every so many steps a dive
    queue: list[tuple[float, int, Levels]] = []
    queued, expanded = {low}, set[Levels]()

    def promise(levels: Levels) -> tuple[float, int, Levels]:
        seen = explorer.look(levels)
        value = seen.value if math.isfinite(seen.value) else explorer.least(levels, seen.floor)
        return value, sum(levels), levels

    def expand(levels: Levels) -> Levels | None:
        """Check the successors; the best of those that may lead to a better one."""
        expanded.add(levels)
        found = []
        for column, top in enumerate(high):
            if levels[column] == top:
                continue
            above = (*levels[:column], levels[column] + 1, *levels[column + 1 :])
            if above in expanded or explorer.hopeless(explorer.least(above, 0), above):
                continue
            found.append(promise(above))
            if above not in queued:
                queued.add(above)
                heapq.heappush(queue, found[-1])
        return min(found)[2] if found else None

    heapq.heappush(queue, promise(low))
    step = 0
    while queue:
        _, _, levels = heapq.heappop(queue)
        explorer.pulse()
        if levels in expanded or explorer.hopeless(explorer.least(levels, 0), levels):
            continue
        step += 1
        following = expand(levels)
        while following is not None and step % stepping == 0:
            following = expand(following)

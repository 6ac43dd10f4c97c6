"""Improve the best by its neighbours: one column a level up or down, then one down and another up."""

from collections.abc import Iterable, Iterator

from ppdesk.anonymize.heuristics.explorer import Explorer, Levels

_PAIRS = 4  # pairs of columns that are tried in a round, times the columns


def improve(explorer: Explorer, low: Levels) -> None:
    """Check neighbours of the best until none is better. Local search; it proves nothing. StopSearchError."""
    while explorer.best:
        levels = explorer.best[0].levels
        if not _better(explorer, _single(explorer, low, levels)):
            pairs = ((explorer.least(one, 0), one) for one in _pairs(explorer, low, levels))
            likely = [one for _, one in sorted(pairs)[: _PAIRS * len(levels)]]
            if not _better(explorer, likely):
                return


def _better(explorer: Explorer, candidates: Iterable[Levels]) -> bool:
    before = explorer.best[0].levels
    for one in candidates:
        if not explorer.fails(one) and not explorer.hopeless(explorer.least(one, 0), one):
            explorer.look(one)
    return explorer.best[0].levels != before


def _single(explorer: Explorer, low: Levels, levels: Levels) -> Iterator[Levels]:
    for column, level in enumerate(levels):
        if level > low[column]:
            yield (*levels[:column], level - 1, *levels[column + 1 :])
        if level < explorer.high[column]:
            yield (*levels[:column], level + 1, *levels[column + 1 :])


def _pairs(explorer: Explorer, low: Levels, levels: Levels) -> Iterator[Levels]:
    for down, level in enumerate(levels):
        if level == low[down]:
            continue
        for up, other in enumerate(levels):
            if up != down and other < explorer.high[up]:
                moved = list(levels)
                moved[down], moved[up] = level - 1, other + 1
                yield tuple(moved)

"""Kills, full disks and failing drives at chosen write points of every operation."""

import random
from collections.abc import Mapping

from judge import Known, Tally, judge
from layer import Kind
from operations import Lost, table
from stage import Operation, Stage

Aim = tuple[Operation, Known, Kind, int]


def spread(
    operations: list[tuple[Operation, Known]],
    kinds: tuple[Kind, ...],
    wanted: int,
    chance: random.Random,
    *,
    thorough: bool,
) -> list[Aim]:
    """`wanted` attempts at random, as many on each operation. `thorough`: and every write point of the small
    operations, which count too."""
    aims: list[Aim] = []
    if thorough:
        aims = [
            (operation, told, kind, at)
            for operation, told in operations
            if operation.small
            for kind in kinds
            for at in range(1, told.points[kind] + 1)
        ]
        operations = [pair for pair in operations if not pair[0].small] or operations
    for number in range(max(0, wanted - len(aims))):
        operation, told = operations[number % len(operations)]
        kind = chance.choice(kinds)
        aims.append((operation, told, kind, chance.randint(1, max(1, told.points[kind]))))
    chance.shuffle(aims)
    return aims


def campaign(
    stage: Stage,
    everything: Mapping[str, Known],
    kinds: tuple[Kind, ...],
    wanted: int,
    seed: int,
    *,
    thorough: bool = False,
    share: tuple[int, int] = (0, 1),
) -> Tally:
    """Attack `wanted` times (more if the small operations have more write points). `share` (i, n): of the
    plan only every n-th attempt from the i-th, so that processes can divide it."""
    tally = Tally()
    operations = [(each, everything[each.name]) for each in table(stage.scenes)]
    for operation, told in operations:
        tally.points[operation.name] = told.points[kinds[0]]
    chance = random.Random(seed)  # noqa: S311 - it must repeat
    plan = spread(operations, kinds, wanted, chance, thorough=thorough)
    for operation, told, kind, at in plan[share[0] :: share[1]]:
        said = stage.attempt(operation, kind, at)
        tally.hit.setdefault(operation.name, set()).add((int(kind), at))
        try:
            outcome = judge(stage, operation, told, said, tally)
        except Lost as lost:
            tally.lost.append(f"{operation.name}, {kind.name} at {at}: {lost}")
            outcome = "LOST"
        if said.error:
            outcome = f"{said.error}, {outcome}"
        tally.count(operation.name, outcome)
    return tally

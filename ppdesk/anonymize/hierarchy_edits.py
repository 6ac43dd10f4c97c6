"""Changes of a hierarchy's tree. Each takes a sound tree and gives a sound tree, or refuses.

That every value has a path to the top, and that all paths are equally long, holds by construction: a name
moves to a parent of the same level as before, a group that is taken away leaves its members as they are on
that level, and a group without members is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.anonymize.hierarchies import TOP
from ppdesk.anonymize.hierarchy_intervals import MOST_LEVELS
from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit

MISSING_GROUP = "missing"  # what the empty value is called where it must have a name


class NameTakenError(CodedError):
    """There is a "{name}" on level {level} already."""

    code = "PP-ANON-060"
    exit = Exit.USAGE
    todo = "Choose another name, or move the members there."


class NoNameError(CodedError):
    """A group needs a name, and * is the top alone."""

    code = "PP-ANON-061"
    exit = Exit.USAGE
    todo = "Enter a name."


class OtherLevelError(CodedError):
    """A name of level {level} can only lie below a group of level {above}."""

    code = "PP-ANON-062"
    exit = Exit.USAGE
    todo = "Choose such a group, or make one."


class LevelsError(CodedError):
    """A hierarchy has its values, the top, and at most {most} levels between."""

    code = "PP-ANON-063"
    exit = Exit.USAGE
    todo = "Remove groups or levels between, not the values or the top."


Place = tuple[int, int]  # level, place


@dataclass
class _Work:
    """A tree while it is changed; `done` makes it sound again."""

    labels: list[list[str]]
    parents: list[list[int]]

    @classmethod
    def on(cls, tree: Tree) -> "_Work":
        return cls([list(one) for one in tree.labels], [list(one) for one in tree.parents])

    def find(self, level: int, name: str) -> int:
        """Where `name` is on `level`; -1 where it is not."""
        return next((at for at, one in enumerate(self.labels[level]) if one == name), -1)

    def add(self, level: int, name: str, parent: int) -> int:
        self.labels[level].append(name)
        self.parents[level].append(parent)
        return len(self.labels[level]) - 1

    def done(self) -> Tree:
        """Without groups that have no members."""
        for level in range(1, len(self.labels) - 1):
            used = sorted(set(self.parents[level - 1]))
            if len(used) == len(self.labels[level]):
                continue
            number = {old: new for new, old in enumerate(used)}
            self.parents[level - 1] = [number[one] for one in self.parents[level - 1]]
            self.labels[level] = [self.labels[level][one] for one in used]
            self.parents[level] = [self.parents[level][one] for one in used]
        return Tree(tuple(map(tuple, self.labels)), tuple(map(tuple, self.parents)))


def _named(name: str) -> str:
    name = name.strip()
    if name in ("", TOP):
        raise NoNameError
    return name


def _group(level: int, tree: Tree) -> None:
    if not 1 <= level < tree.top:
        raise LevelsError(most=MOST_LEVELS)


def renamed(tree: Tree, level: int, place: int, name: str) -> Tree:
    """With another name for a group or a value. NoNameError, NameTakenError."""
    name = _named(name)
    if level == tree.top:
        raise LevelsError(most=MOST_LEVELS)
    work = _Work.on(tree)
    if work.find(level, name) not in (-1, place):
        raise NameTakenError(name=name, level=level)
    work.labels[level][place] = name
    return work.done()


def moved(tree: Tree, nodes: Sequence[Place], target: Place) -> Tree:
    """With `nodes`, all of one level, below `target`, of the next. OtherLevelError."""
    work = _Work.on(tree)
    for level, place in nodes:
        if target[0] != level + 1:
            raise OtherLevelError(level=level, above=level + 1)
        work.parents[level][place] = target[1]
    return work.done()


def grouped(tree: Tree, nodes: Sequence[Place], name: str) -> Tree:
    """With a new group `name` of `nodes`, all of one level, where the first of them lay. Right below the top
    there is a new level for it. NoNameError, NameTakenError, OtherLevelError, LevelsError."""
    name = _named(name)
    level = nodes[0][0]
    if any(one != level for one, _ in nodes):
        raise OtherLevelError(level=level, above=level + 1)
    if level >= tree.top:
        raise LevelsError(most=MOST_LEVELS)
    above = tree.parents[level][nodes[0][1]]
    fresh = level + 1 == tree.top
    if fresh:
        tree = level_added(tree, level)
        above = tree.parents[level][nodes[0][1]]
    work = _Work.on(tree)
    held = work.find(level + 1, name)
    own = held >= 0 and all((level, one) in nodes for one in tree.below(level + 1, held))
    if held >= 0 and not own:
        raise NameTakenError(name=name, level=level + 1)
    group = held if own else work.add(level + 1, name, tree.parents[level + 1][above])
    for _, place in nodes:
        work.parents[level][place] = group
    return work.done()


def dissolved(tree: Tree, level: int, place: int) -> Tree:
    """Without a group: on its level its members stay as they are. LevelsError for a value or the top."""
    _group(level, tree)
    work = _Work.on(tree)
    for child in tree.below(level, place):
        name = work.labels[level - 1][child] or MISSING_GROUP
        at = work.find(level, name)
        if at < 0:
            at = work.add(level, name, tree.parents[level][place])
        work.parents[level - 1][child] = at
    return work.done()


def level_added(tree: Tree, below: int) -> Tree:
    """With a level between `below` and the next, on which every name is a group of its own. LevelsError."""
    if not 0 <= below < tree.top or tree.top > MOST_LEVELS:
        raise LevelsError(most=MOST_LEVELS)
    names = tuple(name or MISSING_GROUP for name in tree.labels[below])
    if len(set(names)) < len(names):
        raise NameTakenError(name=MISSING_GROUP, level=below)
    own = tuple(range(len(names)))
    labels = (*tree.labels[: below + 1], names, *tree.labels[below + 1 :])
    return Tree(labels, (*tree.parents[:below], own, *tree.parents[below:]))


def level_removed(tree: Tree, level: int) -> Tree:
    """Without a level between the values and the top: its groups' members lie below what is above it.
    LevelsError."""
    _group(level, tree)
    over = tree.parents[level]
    through = tuple(over[parent] for parent in tree.parents[level - 1])
    labels = (*tree.labels[:level], *tree.labels[level + 1 :])
    return Tree(labels, (*tree.parents[: level - 1], through, *tree.parents[level + 1 :]))


def values_added(tree: Tree, values: Sequence[str]) -> Tree:
    """With further values, each a group of its own on every level between. NameTakenError."""
    work = _Work.on(tree)
    held = set(tree.values)
    for value in dict.fromkeys(one.strip() for one in values):
        if value in held:
            raise NameTakenError(name=value, level=0)
        parent = 0
        for level in range(tree.top - 1, 0, -1):
            at = work.find(level, _named(value))
            parent = at if at >= 0 else work.add(level, _named(value), parent)
        work.add(0, value, parent)
    return work.done()


def values_removed(tree: Tree, places: Sequence[int]) -> Tree:
    """Without some values. LevelsError where none would be left."""
    gone = set(places)
    if len(gone) >= len(tree.values):
        raise LevelsError(most=MOST_LEVELS)
    work = _Work.on(tree)
    keep = [place for place in range(len(tree.values)) if place not in gone]
    work.labels[0] = [work.labels[0][place] for place in keep]
    work.parents[0] = [work.parents[0][place] for place in keep]
    return work.done()


def in_order(values: Sequence[str], sizes: Sequence[int]) -> Tree:
    """Values in an order, as of an education: groups of so many neighbours, and of so many such groups on
    each further level. A group is called after its first and last value. LevelsError."""
    if not sizes or len(sizes) > MOST_LEVELS or min(sizes) < 2:
        raise LevelsError(most=MOST_LEVELS)
    names = [tuple(dict.fromkeys(values))]
    parents: list[tuple[int, ...]] = []
    spans = [(at, at) for at in range(len(names[0]))]
    for size in sizes:
        parents.append(tuple(at // size for at in range(len(spans))))
        pieces = [spans[at : at + size] for at in range(0, len(spans), size)]
        spans = [(piece[0][0], piece[-1][1]) for piece in pieces]
        ends = [(names[0][low], names[0][high]) for low, high in spans]
        names.append(tuple(low if low == high else f"{low} to {high}" for low, high in ends))
    parents.append((0,) * len(names[-1]))
    return Tree((*names, (TOP,)), tuple(parents))

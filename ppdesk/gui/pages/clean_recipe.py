"""The recipe of a clean table as a person edits it: a list of operations with undo and redo. Without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ppdesk.data.clean.preflight import Unfit, mapped_names, preflight
from ppdesk.gui.language import tr, within
from ppdesk.gui.pages.clean_words import operation, said

Values = dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """Operations in their order, and which column of the file stands for which name."""

    operations: tuple[Values, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, operations: Sequence[Mapping[str, Any]], mapping: Mapping[str, str]) -> "Recipe":
        return cls(tuple(normal(one) for one in operations), dict(mapping))

    def unfit(self, columns: Sequence[str]) -> dict[int, Unfit]:
        """The operations that do not fit a table of `columns`, by their place."""
        known = [(at, operation(one)) for at, one in enumerate(self.operations)]
        sound = [(at, one) for at, one in known if one is not None]
        found = preflight([one for _, one in sound], columns, self.mapping)
        return {sound[one.index][0]: one for one in found}

    def columns_at(self, place: int, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns of the table before the operation at `place`."""
        names = mapped_names(columns, self.mapping)
        unfit = self.unfit(columns)
        for at, values in enumerate(self.operations[:place]):
            one = operation(values)
            if one is not None and at not in unfit:
                names = one.shape(names)
        return names


def normal(values: Mapping[str, Any]) -> Values:
    """With all settings, so that two that mean the same are the same."""
    found = operation(values)
    return dict(values) if found is None else found.model_dump(mode="json")


class Edits:
    """The recipe now, and the way back and forth."""

    def __init__(self) -> None:
        self.now = Recipe()
        self._back: list[tuple[str, Recipe]] = []
        self._forth: list[tuple[str, Recipe]] = []

    def start(self, recipe: Recipe) -> None:
        """Begin anew; there is nothing to undo."""
        self.now, self._back, self._forth = recipe, [], []

    @property
    def undoes(self) -> str:
        """What undo would take back, in words; empty for nothing."""
        return self._back[-1][0] if self._back else ""

    @property
    def redoes(self) -> str:
        return self._forth[-1][0] if self._forth else ""

    def undo(self) -> bool:
        return self._step(self._back, self._forth)

    def redo(self) -> bool:
        return self._step(self._forth, self._back)

    def _step(self, way: list[tuple[str, Recipe]], other: list[tuple[str, Recipe]]) -> bool:
        if not way:
            return False
        words, before = way.pop()
        other.append((words, self.now))
        self.now = before
        return True

    def _become(self, words: str, recipe: Recipe) -> None:
        if recipe != self.now:
            self._back.append((words, self.now))
            self._forth.clear()
            self.now = recipe

    def _put(self, words: str, operations: Sequence[Values]) -> None:
        self._become(words, replace(self.now, operations=tuple(operations)))

    def add(self, values: Mapping[str, Any]) -> None:
        """At the end."""
        self._put(tr("add {what}", what=within(said(values))), [*self.now.operations, normal(values)])

    def change(self, at: int, values: Mapping[str, Any]) -> None:
        changed = [*self.now.operations]
        changed[at] = normal(values)
        self._put(tr("change {what}", what=within(said(values))), changed)

    def remove(self, at: int) -> None:
        left = [*self.now.operations]
        gone = left.pop(at)
        self._put(tr("remove {what}", what=within(said(gone))), left)

    def move(self, at: int, by: int) -> int:
        """Where it is now; it stays where there is no further to go."""
        to = min(max(0, at + by), len(self.now.operations) - 1)
        moved = [*self.now.operations]
        moved.insert(to, moved.pop(at))
        self._put(tr("move {what}", what=within(said(self.now.operations[at]))), moved)
        return to

    def map(self, mapping: Mapping[str, str]) -> None:
        self._become(tr("choose columns"), replace(self.now, mapping=dict(mapping)))

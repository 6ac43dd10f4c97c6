"""Reading a plot's values at the edge, so that the charts work with checked numbers only."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ppdesk.core.canonical import Json
from ppdesk.report.errors import PlotValuesError
from ppdesk.report.tongue import Tongue
from ppdesk.report.typeface import printable


@dataclass(frozen=True)
class Values:
    """The values of one plot, and the language of its own words. Every method raises PlotValuesError for what
    is missing or not of its type."""

    name: str
    raw: Mapping[str, Json]
    say: Tongue = field(default_factory=Tongue)

    def number(self, key: str) -> float:
        """A finite number."""
        return self._number(key, self.raw.get(key))

    def maybe(self, key: str) -> float | None:
        """A finite number, or None where there is none."""
        return None if self.raw.get(key) is None else self.number(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; `default` where there is none."""
        value = self.raw.get(key, default)
        if not isinstance(value, str):
            raise PlotValuesError(name=self.name, reason=f"{key} is not a text")
        return printable(value)

    def numbers(self, key: str) -> list[float]:
        """A list of finite numbers, at least one."""
        return [self._number(key, item) for item in self._items(key)]

    def texts(self, key: str) -> list[str]:
        """A list of texts, at least one."""
        return [printable(str(item)) for item in self._items(key)]

    def groups(self, key: str) -> "list[Values]":
        """A list of objects, at least one."""
        found = []
        for item in self._items(key):
            if not isinstance(item, Mapping):
                raise PlotValuesError(name=self.name, reason=f"{key} does not hold objects")
            found.append(Values(self.name, item, self.say))
        return found

    def same_length(self, *keys: str) -> int:
        """The common length of the lists `keys`."""
        lengths = {len(self._items(key)) for key in keys}
        if len(lengths) != 1:
            raise PlotValuesError(name=self.name, reason=f"{' and '.join(keys)} differ in length")
        return lengths.pop()

    def _items(self, key: str) -> Sequence[Json]:
        value = self.raw.get(key)
        if not isinstance(value, list | tuple) or not value:
            raise PlotValuesError(name=self.name, reason=f"{key} is not a list with values")
        return value

    def _number(self, key: str, value: Json) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise PlotValuesError(name=self.name, reason=f"{key} is not a finite number")
        return float(value)

"""The curve of usefulness by ε that Model drew, with the ε that is chosen now."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.section import Plot
from ppdesk.gui.look import LOW_WINDOW, MARGIN
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.text import Flow
from ppdesk.gui.results import PlotView, Render

_SEEN = 0.0005  # what three digits show
_TALL = 232  # px: what a window of usual height has room for


def at(line: Mapping[str, Any], epsilon: float) -> tuple[float, float]:
    """(mean, standard deviation) of a line at `epsilon`, between its points along ln ε, its ends beyond."""
    points = list(zip(line["epsilons"], line["means"], line["sds"], strict=True))
    if epsilon <= points[0][0]:
        return points[0][1], points[0][2]
    for low, high in pairwise(points):
        if epsilon <= high[0]:
            share = math.log(epsilon / low[0]) / math.log(high[0] / low[0])
            return low[1] + share * (high[1] - low[1]), max(low[2], high[2])
    return points[-1][1], points[-1][2]


def told(values: Mapping[str, Any], epsilon: float, name: str) -> tuple[str, str]:
    """The choice in words, and what it means: usefulness at `epsilon`, and what no privacy would give."""
    line = next((one for one in values["lines"] if one["name"] == name), None)
    choice = f"Your choice: ε {epsilon:.2f}."
    if line is None:
        return choice, f"{name} is not on the curve: name it in Model to have it drawn."
    mean, deviation = at(line, epsilon)
    words = f"{values['measure']} about {mean:.3f} ± {deviation:.3f} with {name}"
    ceiling = values.get("ceiling")
    if isinstance(ceiling, int | float):
        less = ceiling - mean
        much = f"{abs(less):.3f} {'below' if less > 0 else 'above'}" if abs(less) >= _SEEN else "as much as"
        words += f", {much} no privacy"
    return choice, f"{words}."


class CurveCard(QWidget):
    """Folded in a low window, where the words alone stand."""

    def __init__(self, render: Render) -> None:
        super().__init__()
        self._render = render
        self._plot: Plot | None = None
        self._folded = self._chosen = False
        self.view: PlotView | None = None
        self.fold = IconButton("chevron-up", "Fold the curve away")
        self.fold.clicked.connect(lambda: self.turn(folded=not self._folded))
        self.card = Card("Privacy and usefulness", "Simulated: spends nothing", control=self.fold)
        self.words = Flow()
        self._place = QVBoxLayout()
        self.card.add(self.words)
        self.card.add(self._place)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, MARGIN, 0)
        around.addWidget(self.card)
        self.hide()

    @property
    def known(self) -> bool:
        """Whether there is a curve."""
        return self._plot is not None

    def take(self, plot: Plot | None) -> None:
        """The curve of Model's record; None for a record without one."""
        self._plot = plot
        if plot is None:
            return
        self.card.setToolTip(plot.caption)
        if self.view is None:
            self.view = PlotView(plot, self._render)
            self.view.setFixedHeight(_TALL)
            self._place.addWidget(self.view)
        self.turn(folded=self._folded if self._chosen else self.window().height() < LOW_WINDOW, chosen=False)

    def turn(self, *, folded: bool, chosen: bool = True) -> None:
        """Leave only the words, or show the figure again. `chosen`: a person asked for it."""
        self._folded, self._chosen = folded, self._chosen or chosen
        self.fold.put("chevron-down" if folded else "chevron-up")
        self.fold.say("Show the curve" if folded else "Fold the curve away")
        if self.view is not None:
            self.view.setVisible(not folded)

    def follow(self, epsilon: float, name: str) -> None:
        """The ε and the model that are chosen."""
        if self._plot is None or self.view is None:
            return
        choice, words = told(self._plot.values, epsilon, name)
        self.words.put(words, choice)
        self.view.put(replace(self._plot, values={**self._plot.values, "current": epsilon}))

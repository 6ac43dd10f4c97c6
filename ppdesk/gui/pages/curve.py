"""The curve of usefulness by ε that Model drew, with the ε that is chosen now."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.section import Plot
from ppdesk.gui.language import number, tr
from ppdesk.gui.language import told as say
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


def line_of(values: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The line of the model `name` (its English title); None for one that is not on the curve."""
    found: Mapping[str, Any] | None = next((one for one in values["lines"] if one["name"] == name), None)
    return found


def least(line: Mapping[str, Any], wanted: float) -> float | None:
    """The least epsilon at which `line` reaches `wanted`, rounded up; None where it does not."""
    from ppdesk.train.advice.curve import Line, Point
    from ppdesk.train.advice.inverse import epsilon_for

    points = zip(line["epsilons"], line["means"], line["sds"], strict=True)
    return epsilon_for(Line(line["name"], tuple(Point(*one, 0.0) for one in points)), wanted)


def top(values: Mapping[str, Any]) -> float:
    """What no privacy gives; where that was not tried, the best on the curve."""
    ceiling = values.get("ceiling")
    if isinstance(ceiling, int | float):
        return float(ceiling)
    return max(float(mean) for one in values["lines"] for mean in one["means"])


def told(values: Mapping[str, Any], epsilon: float, name: str) -> tuple[str, str]:
    """The choice in words, and what it means: usefulness at `epsilon`, and what no privacy would give."""
    line = line_of(values, name)
    choice = tr("Your choice: ε {epsilon:.2f}.", epsilon=epsilon)
    if line is None:
        return choice, tr("{model} is not on the curve: name it in Model to have it drawn.", model=say(name))
    mean, deviation = at(line, epsilon)
    said: dict[str, str] = {
        "measure": say(str(values["measure"])),
        "mean": number(mean, ".3f"),
        "deviation": number(deviation, ".3f"),
        "model": say(name),
    }
    ceiling = values.get("ceiling")
    if not isinstance(ceiling, int | float):
        return choice, tr("{measure} about {mean} ± {deviation} with {model}.", **said)
    less = ceiling - mean
    said["less"] = number(abs(less), ".3f")
    if abs(less) < _SEEN:
        words = tr("{measure} about {mean} ± {deviation} with {model}, as much as no privacy.", **said)
    elif less > 0:
        words = tr("{measure} about {mean} ± {deviation} with {model}, {less} below no privacy.", **said)
    else:
        words = tr("{measure} about {mean} ± {deviation} with {model}, {less} above no privacy.", **said)
    return choice, words


class CurveCard(QWidget):
    """Folded in a low window, where the words alone stand."""

    def __init__(self, render: Render) -> None:
        super().__init__()
        self._render = render
        self._plot: Plot | None = None
        self._folded = self._chosen = False
        self.view: PlotView | None = None
        self.fold = IconButton("chevron-up", tr("Fold the curve away"))
        self.fold.clicked.connect(lambda: self.turn(folded=not self._folded))
        self.card = Card(tr("Privacy and usefulness"), tr("Simulated: spends nothing"), control=self.fold)
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
        self.card.setToolTip(say(plot.caption))
        if self.view is None:
            self.view = PlotView(plot, self._render)
            self.view.setFixedHeight(_TALL)
            self._place.addWidget(self.view)
        self.turn(folded=self._folded if self._chosen else self.window().height() < LOW_WINDOW, chosen=False)

    @property
    def values(self) -> Mapping[str, Any] | None:
        """What the curve is drawn from; None where there is none."""
        return None if self._plot is None else self._plot.values

    def turn(self, *, folded: bool, chosen: bool = True) -> None:
        """Leave only the words, or show the figure again. `chosen`: a person asked for it."""
        self._folded, self._chosen = folded, self._chosen or chosen
        self.fold.put("chevron-down" if folded else "chevron-up")
        self.fold.say(tr("Show the curve") if folded else tr("Fold the curve away"))
        if self.view is not None:
            self.view.setVisible(not folded)

    def follow(self, epsilon: float, name: str) -> None:
        """The ε and the model that are chosen."""
        if self._plot is None or self.view is None:
            return
        choice, words = told(self._plot.values, epsilon, name)
        self.words.put(words, choice)
        self.view.put(replace(self._plot, values={**self._plot.values, "current": epsilon}))

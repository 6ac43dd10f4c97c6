"""Ways to write one thing: which groups are merged, and into what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr
from ppdesk.gui.parts.inputs import Check, LineField
from ppdesk.gui.parts.text import text
from ppdesk.gui.results import scrolled

Cluster = Sequence[tuple[str, int]]
_WIDE, _ABOVE = 560, 250  # px: the dialog, and what it needs beside the groups


class ClustersDialog(Dialog):
    """Calls `done` with the operation that merges what is ticked."""

    def __init__(
        self,
        parent: QWidget | None,
        operation: Mapping[str, Any],
        clusters: Sequence[Cluster],
        done: Callable[[dict[str, Any]], object],
    ) -> None:
        column = str(operation.get("column", ""))
        super().__init__(
            parent,
            tr("Merge values of {column}", column=column),
            tr(
                "Each line is one group of values that may mean the same, with how often each occurs. "
                "Untick what"
                " is not the same; write what the others become."
            ),
            verb=tr("Merge the ticked"),
            wide=_WIDE,
        )
        self._column_name, self._done, self._clusters = column, done, [list(one) for one in clusters]
        merged: Mapping[str, str] = operation.get("values") or {}
        self.ticks: list[Check] = []
        self.survivors: list[LineField] = []
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 10, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        for at, words in ((1, tr("Values")), (2, tr("Become"))):
            grid.addWidget(text(words, "head"), 0, at)
        for row, cluster in enumerate(self._clusters, start=1):
            target = next((merged[value] for value, _ in cluster if value in merged), cluster[0][0])
            said = ", ".join(f'"{value}" ({count:,})' for value, count in cluster)
            tick = Check("")
            tick.setChecked(True)
            tick.setAccessibleName(tr("Merge {said}", said=said))
            survivor = LineField(tr("What {said} become", said=said), small=True)
            survivor.setText(target)
            self.ticks.append(tick)
            self.survivors.append(survivor)
            grid.addWidget(tick, row, 0)
            grid.addWidget(text(said, wrap=True), row, 1)
            grid.addWidget(survivor, row, 2)
            tick.toggled.connect(survivor.setEnabled)
        grid.setRowStretch(len(self._clusters) + 1, 1)
        self._area = scrolled(inside, tr("Groups of values"))
        self._inside_grid = inside
        self.add(self._area)

    def fit(self) -> None:
        around: QWidget | None = self.parentWidget()
        room = (around.window().height() if around is not None else 720) - _ABOVE
        needed = max(self._inside_grid.heightForWidth(_WIDE - 48), self._inside_grid.sizeHint().height())
        self._area.setFixedHeight(max(80, min(room, needed + 4)))
        super().fit()

    def go(self) -> None:
        values: dict[str, str] = {}
        for tick, survivor, cluster in zip(self.ticks, self.survivors, self._clusters, strict=True):
            if not tick.isChecked():
                continue
            if not survivor.text().strip():
                self.say(tr("Write what each ticked group becomes."))
                survivor.mark(True)
                return
            target = survivor.text().strip()
            for value, _ in cluster:  # as it is, and as it is after an operation that trims spaces
                values |= {one: target for one in (value, " ".join(value.split())) if one and one != target}
        if not values:
            self.say(tr("Tick at least one group."))
            return
        self.accept()
        self._done({"op": "merge-values", "column": self._column_name, "values": values})

"""The page of Monitor: this batch beside those before it, and two ways out where it drifted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.artifacts import Kind
from ppdesk.core.section import Block, Plot, Words
from ppdesk.gui.language import number, tr, tr_count
from ppdesk.gui.look import MARGIN
from ppdesk.gui.pages.monitor_bins import Held, column_charts, held, held_back
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.deployment.monitor_bins import BINS
from ppdesk.workflow.navigation import Place, State

if TYPE_CHECKING:
    from ppdesk.store.events import Event

_BATCHES, _COLUMNS, _GROUPS = 12, 24, 5  # that a chart has room for
_FAIR = (0.8, 1.25)  # of the impact ratio, in both directions
Facts = Mapping[str, Any]


class MonitorStep(Pane):
    """The charts over time come from what each earlier comparison recorded: nothing is read again."""

    def above(self) -> QWidget:
        self._runs: list[Event] = []
        self._bins: Held = {}  # the counts of the comparison that is shown
        self._bins_of: int | None = None  # its event
        around = QWidget()
        self._column = QVBoxLayout(around)
        self._column.setContentsMargins(0, 0, MARGIN, 0)
        self._column.setSpacing(8)
        self._around = around
        around.hide()
        return around

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        good = [one for one in snapshot.events if one.kind == "monitor" and one.outcome == "ok"]
        self._runs = good[-_BATCHES:]
        emptied(self._column)
        self._ask_bins(self._runs[-1].seq if self._runs else None)
        last = self._runs[-1] if self._runs and place.state is State.DONE else None
        drifted = drifted_columns(last.facts) if last is not None else []
        ways = last is not None and bool(drifted) and not snapshot.read_only
        if last is not None and ways:
            self._column.addWidget(self._ways(last.seq, drifted))
        self._around.setVisible(ways)

    def _ask_bins(self, seq: int | None) -> None:
        if seq == self._bins_of:
            return
        self._bins, self._bins_of = {}, seq
        if seq is not None:
            self.project.told(seq, Kind.MONITORING, BINS, partial(self._take_bins, seq), lambda _error: None)

    def _take_bins(self, seq: int, data: bytes | None) -> None:
        if seq == self._bins_of and isValid(self):
            self._bins = held(data)
            self.filled.emit()

    @property
    def fills(self) -> bool:
        return bool(self._bins)

    def _ways(self, seq: int, drifted: Sequence[str]) -> QWidget:
        """What a person can do about it: accept it in words, or train again."""
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        banner = Banner(
            "decide",
            tr_count("{count} column has drifted.", "{count} columns have drifted.", len(drifted)),
            tr("Say why it may stand, or make a model for the data as it is now."),
        )
        row.addWidget(banner, 1)
        accept = Button(tr("Accept with a reason"), "secondary", icon="message-square-text")
        accept.setToolTip(tr("Feedback opens, about this comparison: your words become evidence"))
        accept.clicked.connect(lambda: self._accept(seq))
        again = Button(tr("Train again"), "secondary", icon="git-branch")
        again.setToolTip(tr("Train opens: nothing is spent until you say so there"))
        again.clicked.connect(lambda: self.go_asked.emit("train"))
        for button in (accept, again):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return both

    def _accept(self, seq: int) -> None:
        self.project.offer("feedback", {"about": str(seq), "decision": "accepted"})
        self.go_asked.emit("feedback")

    def arranged(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """The drift of this batch stands among that of those before it, in place of bars of its own."""
        if not self._runs:
            return blocks
        columns = self._columns()
        if len(self._runs) < 2:
            return [*blocks, *columns]  # bars tell one batch better
        names = batch_names(self._runs)
        told = [one.facts for one in self._runs]
        charts = [
            one for one in (drift_chart(names, told), quality_chart(names, told)) if one is not None
        ] + fairness_charts(names, told)
        bars = next(
            (at for at, one in enumerate(blocks) if isinstance(one, Plot) and one.name == "drift"), None
        )
        if bars is None:
            return [*blocks, *columns, *charts]
        return [*blocks[:bars], *charts[:1], *columns, *charts[1:], *blocks[bars + 1 :]]

    def _columns(self) -> list[Block]:
        facts = self._runs[-1].facts
        back = held_back(facts, self._bins)
        said: list[Block] = [*column_charts(facts, self._bins)]
        if back:
            words = tr(
                "Not shown beside training, since a cell holds fewer than {floor} records: {names}.",
                floor=int(self._bins["floor"]),
                names=", ".join(back),
            )
            said.append(Words(words, "info"))
        return said


def drifted_columns(facts: Facts) -> list[str]:
    """The columns whose index is over the limit."""
    return [str(one["column"]) for one in facts.get("drift", ()) if one["verdict"] == "drifted"]


def batch_names(runs: "Sequence[Event]") -> list[str]:
    """The name of each batch's file, with the event's number where a name stands twice."""
    stems = [PurePath(str(one.facts.get("file", ""))).stem or tr("batch") for one in runs]
    often = Counter(stems)
    return [stem if often[stem] == 1 else f"{one.seq}: {stem}" for stem, one in zip(stems, runs, strict=True)]


def drift_chart(names: Sequence[str], told: Sequence[Facts]) -> Plot | None:
    """The index of each column of the last batch, in all batches; the largest ones first to stay."""
    last = told[-1]
    columns = [str(one["column"]) for one in last.get("drift", ())]
    if not columns:
        return None
    found = [{str(one["column"]): one for one in facts.get("drift", ())} for facts in told]
    if len(columns) > _COLUMNS:
        kept = sorted(columns, key=lambda one: -max(float(b[one]["psi"]) for b in found if one in b))
        columns = [one for one in columns if one in kept[:_COLUMNS]]
    rows = [
        {
            "name": column,
            "psi": [float(one[column]["psi"]) if column in one else None for one in found],
            "verdict": [str(one[column]["verdict"]) if column in one else "none" for one in found],
        }
        for column in columns
    ]
    caption = tr(
        "Population stability index. Below {watch:.2f} steady, up to {limit:.2f} watch (open triangle), over "
        "{limit:.2f} drifted (filled triangle). A diamond: too few records to tell.",
        watch=float(last["watch"]),
        limit=float(last["limit"]),
    )
    values: dict[str, Any] = {"columns": columns, "batches": list(names), "rows": rows}
    return Plot(tr("Drift by column and batch"), "drift_over_time", values, caption)


def quality_chart(names: Sequence[str], told: Sequence[Facts]) -> Plot | None:
    """AUROC by batch, and its interval when the model was evaluated; None for fewer than two batches."""
    points = [
        (at, float(one["performance"]["auroc"]["value"]))
        for at, one in enumerate(told)
        if one.get("performance") and one["performance"].get("auroc")
    ]
    if len(points) < 2:
        return None
    values: dict[str, Any] = {
        "batches": list(names),
        "measure": "AUROC",
        "lines": [{"name": "AUROC", "at": [at for at, _ in points], "values": [one for _, one in points]}],
    }
    before = told[-1].get("auroc_before")
    caption = tr("Batches without outcomes have no point.")
    if before:
        low, high = float(before["low"]), float(before["high"])
        values |= {"low": low, "high": high}
        caption = tr(
            "The band is the 95 % interval at evaluation, {low} to {high}.",
            low=number(low, ".3f"),
            high=number(high, ".3f"),
        )
    return Plot(tr("AUROC by batch"), "by_batch", values, caption)


def fairness_charts(names: Sequence[str], told: Sequence[Facts]) -> list[Plot]:
    """For each column of groups: how often each group is selected, against the reference group, by batch."""
    made = []
    for column in [str(one["column"]) for one in told[-1].get("fairness", ())]:
        lines: dict[str, list[tuple[int, float]]] = {}
        reference = ""
        for at, facts in enumerate(told):
            for one in facts.get("fairness", ()):
                if one["column"] == column:
                    reference = str(one["reference"])
                    for group in one["groups"]:
                        if group["impact_ratio"] is not None and group["group"] != reference:
                            lines.setdefault(str(group["group"]), []).append((at, group["impact_ratio"]))
        shown = sorted(lines, key=lambda name: -len(lines[name]))[:_GROUPS]
        if len(told) < 2 or not shown:
            continue
        values: dict[str, Any] = {
            "batches": list(names),
            "measure": tr("Selected, against {group}", group=reference),
            "low": _FAIR[0],
            "high": _FAIR[1],
            "band": tr("fair in both directions"),
            "lines": [
                {
                    "name": name,
                    "at": [at for at, _ in lines[name]],
                    "values": [float(ratio) for _, ratio in lines[name]],
                }
                for name in shown
            ],
        }
        low, high = number(_FAIR[0], ".2f"), number(_FAIR[1], ".2f")
        caption = tr(
            "How often the model says yes in each group, over how often in {group}: fair from {low} to "
            "{high}.",
            group=reference,
            low=low,
            high=high,
        )
        made.append(Plot(tr("{column}, by batch", column=column), "by_batch", values, caption))
    return made

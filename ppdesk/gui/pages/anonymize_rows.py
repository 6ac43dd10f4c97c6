"""Rows for the page of Anonymize: looked at once they are asked for, compared, and let go of when left."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.language import told, tr
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.pages.anonymize_pairs import PairsView
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Sight, Snapshot
from ppdesk.workflow.data.before_after import Compared, compare
from ppdesk.workflow.navigation import Place

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.gui.trees.columns import HierarchyColumns


class RowsAsked(QObject):
    """Between the record and the two tables."""

    come = Signal()  # rows can be counted

    def __init__(self, project: Project, view: PairsView) -> None:
        super().__init__(view)
        self._project, self._view = project, view
        self._sight: Sight | None = None  # the table that is anonymized
        self._seq: int | None = None  # the event that made the hierarchies
        self._rows: pa.Table | None = None
        self._hierarchies: bytes | None = None
        self._shown: Shown | None = None
        self._why_not = ""
        view.look_asked.connect(self._look)
        view.left.connect(self._let_go)

    def follow(self, snapshot: Snapshot, place: Place) -> None:
        """The project changed."""
        table = _maker(snapshot, Kind.TABLE, place)
        sight = Sight(Kind.TABLE, table) if table is not None else None
        self._seq = _maker(snapshot, Kind.HIERARCHIES, place)
        if sight != self._sight:
            self._sight, self._rows, self._hierarchies = sight, None, None
        if snapshot.is_copy:
            self._why_not = tr("An auditor's copy holds the evidence and no row of the data.")
        elif snapshot.read_only:
            self._why_not = tr("The project is open for reading only, and a look must go on record.")
        else:
            self._why_not = "" if sight is not None else tr("There is no table yet.")
        if self._rows is None:
            self._view.ask(self._why_not)

    def show(self, shown: Shown) -> None:
        """Other figures are shown: the rows follow."""
        self._shown = shown
        if self._rows is not None:
            self._compare()
        elif not self._why_not and self._sight is not None and self._project.looked(self._sight):
            self._view.ask("")  # one click away: the look is on record already

    def _look(self) -> None:
        if self._sight is None:
            return

        def come(rows: "pa.Table") -> None:
            if isValid(self._view):
                self._rows = rows
                self._compare()
                self.come.emit()

        def failed(error: CodedError) -> None:
            if isValid(self._view):
                self._view.ask(f"{told(error.message)} {told(error.advice)}")

        self._project.look(self._sight, come, failed)

    def _let_go(self) -> None:
        """Rows do not stay in memory behind another page."""
        if self._rows is not None:
            self._rows = None
            self._view.ask(self._why_not)

    def _compare(self) -> None:
        shown, rows, seq = self._shown, self._rows, self._seq
        if shown is None or rows is None or seq is None:
            return
        if not shown.levels:
            self._view.ask(tr("Levels differ by class: look at the rows of the release instead."))
            return
        levels, k = shown.levels, shown.k

        def work(read: bytes | None) -> None:
            if read is None or not isValid(self._view):
                return
            self._hierarchies = read
            self._project.ask(lambda _session: compare(rows, read, levels, k), done)

        def done(found: Compared) -> None:
            if isValid(self._view) and self._rows is rows and self._shown is shown:
                self._put(found, shown)

        if self._hierarchies is not None:
            work(self._hierarchies)
        else:
            self._project.told(seq, Kind.HIERARCHIES, "hierarchies", work, lambda _error: None)

    def _put(self, found: Compared, shown: Shown) -> None:
        lost = {one.name: (one.loss, one.level) for one in shown.columns}
        ranks = [_rank(*lost[name]) for name in found.columns]
        before, after = shown.before, shown.after
        said = tr("{count:,} records, {unique:,} unique", count=before.records, unique=before.uniques)
        then = ""
        if after is not None:
            then = tr("{count:,} records, {unique:,} unique", count=after.records, unique=after.uniques)
        self._view.put(found, ranks, said, then, (self._recorded(), "" if shown.live else "rows"))

    def _recorded(self) -> str:
        """The event that says that somebody looked."""
        snapshot, sight = self._project.snapshot, self._sight
        if snapshot is None or sight is None:
            return ""
        made = snapshot.event(sight.seq)
        digest = made.outputs.get(sight.kind) if made is not None else None
        seqs = [
            one.seq for one in snapshot.events
            if one.kind == "look" and one.params.get("digest") == digest and one.params.get("part") == "rows"
        ]  # fmt: skip
        return tr("Values shown: view recorded as event {seq}", seq=seqs[-1]) if seqs else ""

    # trees

    def tree(self, columns: "HierarchyColumns", name: str) -> None:
        """Show the tree of the hierarchy of `name`, with counts where rows were looked at."""
        if self._seq is None:
            columns.say(name, tr("Roles has not declared it yet."))
            return

        def read(data: bytes | None) -> None:
            if not isValid(columns):
                return
            if data is None:
                columns.say(name, tr("It cannot be read here."))
                return
            from ppdesk.anonymize.hierarchies import Hierarchy
            from ppdesk.anonymize.hierarchy_tree import Tree

            self._hierarchies = data
            made = Tree.of(Hierarchy.of_rows(name, json.loads(data)[name]))
            columns.put_tree(name, made, self._counts(name))

        failed = tr("It cannot be read here.")
        self._project.told(
            self._seq, Kind.HIERARCHIES, "hierarchies", read, lambda _error: columns.say(name, failed)
        )

    def count(self, columns: "HierarchyColumns") -> None:
        """Rows were looked at: the tree that is looked at gets its counts."""
        if columns.current:
            self.tree(columns, columns.current)

    def _counts(self, name: str) -> Mapping[str, int] | None:
        if self._rows is None or name not in self._rows.column_names:
            return None
        import pyarrow.compute as pc

        found = pc.value_counts(pc.fill_null(self._rows[name], ""))
        return dict(zip(found.field(0).to_pylist(), found.field(1).to_pylist(), strict=True))


def _rank(loss: float, level: int | None) -> int:
    """Columns that changed and still say something first, those of which nothing is left last."""
    return 2 if loss >= 1 else 0 if level else 1


def _maker(snapshot: Snapshot, kind: Kind, place: Place) -> int | None:
    """The event that made what the last good run read of `kind`, or, without a run, what holds now."""
    event = snapshot.event(place.good)
    digest = event.inputs.get(kind) if event is not None else None
    made = [
        one.seq for one in snapshot.events if digest in (None, one.outputs.get(kind)) and kind in one.outputs
    ]
    return made[-1] if made else None

"""An open project file for an auditor: only read, whether its history holds or not.

A project whose chain, seal or anchor does not hold is opened all the same, since that is when somebody
looks; what it says before the first event that does not hold is told, and the rest is not. Nothing is
written: no event, no anchor, no register.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from ppdesk.core.errors import CodedError
from ppdesk.core.said import said
from ppdesk.workbench.auditing import judging, pages, summing
from ppdesk.workbench.auditing.views import Judged, Overview, Proof
from ppdesk.workbench.remaking import recheck
from ppdesk.workbench.remaking.views import Record, Remade
from ppdesk.workflow.catalog import CATALOG

if TYPE_CHECKING:
    from ppdesk.core.section import Plot, Section
    from ppdesk.report.verdict import Verdict
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.upkeep import Checked
    from ppdesk.workbench.views import HistoryVerdict
    from ppdesk.workbench.worker.worker import Worker


class ProjectReading:
    """A project or an auditor's copy. `close` it; one of a session is closed with the session."""

    def __init__(self, project: "ProjectFile", anchors: "AnchorBook", home: Path, *, own: bool) -> None:
        """`own`: whether the file was opened for this, and is closed with it."""
        self._project, self._anchors, self._home, self._own = project, anchors, home, own
        self._worker: Worker | None = None
        self._record: Record | None = None

    @classmethod
    def open(cls, path: Path, passphrase: str, *, home: Path) -> Self:
        """The file at `path`, for reading only. Raises what ProjectFile.open raises: a file that does not
        open at all has no history to look at."""
        from ppdesk.store.anchor import AnchorBook
        from ppdesk.store.project import ProjectFile

        project = ProjectFile.open(path, passphrase, read_only=True)
        return cls(project, AnchorBook(home / "anchors"), home, own=True)

    def close(self) -> None:
        """Give the file back. May be called twice."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._own:
            self._project.close()

    def overview(self) -> Overview:
        """Every link, every signature and every sum, checked anew."""
        from ppdesk.workbench.evidence.verdict import verify

        began = time.perf_counter()
        verdict = verify(self._project, self._anchors, self._home)
        events = self._sound(verdict)
        self._record = self._recorded(events)
        titles = {entry.key: entry.load().title for entry in CATALOG}
        budget, seal = summing.added_up(events, titles), self._project.seal
        stamp = next((event.stamp for event in events if event.stamp), "")
        judged = (
            *judging.history(verdict, self._reported(events)),
            *judging.copy(seal),
            *judging.signatures(verdict),
            *judging.budget(budget, verdict.broken_at),
            *judging.findings(events),
            *judging.looks(events),
            *judging.closed(events),
            *judging.test_mode(stamp),
        )
        lists = {**pages.of(events, verdict), "budget": pages.budget(budget)}
        offers = tuple(recheck.offers(self._record))
        notes = {name: str(rows) for name, one in lists.items() if (rows := pages.rows_of(one))}
        notes |= {
            "timeline": f"{len(events):,}",
            "budget": said("ε {epsilon:.2f}", epsilon=budget.epsilon),
            "again": f"{len(offers)}",
        }
        valid = sum(head.counts for head in verdict.heads)
        notes["signatures"] = said("{count} valid", count=valid) if valid else ""
        return Overview(
            "project" if seal is None else "copy",
            self._project.path.stem,
            self._project.path,
            self._project.project_id,
            _worst_first(judged),
            tuple(events),
            budget,
            lists,
            notes,
            offers,
            verdict,
            signer="" if seal is None else seal.signer,
            made="" if seal is None else seal.made,
            fingerprint="" if seal is None else seal.fingerprint,
            stamp=stamp,
            head=events[-1].hash if events else "",
            seconds=time.perf_counter() - began,
        )

    def _sound(self, verdict: "HistoryVerdict") -> "list[Event]":
        events, _ = self._project.sound_events()
        at = verdict.broken_at
        return events if at is None else [event for event in events if event.seq < at]

    def _recorded(self, events: "list[Event]") -> Record:
        genesis = self._project.hash_at(0)
        by_seq = {event.seq: event for event in events}
        return Record(self._project.project_id, genesis, events, _Parts(self._project), by_seq)

    def _reported(self, events: "list[Event]") -> int | None:
        """The last report whose head stands in the chain; None where there is none."""
        hashes = {event.seq: event.hash for event in events}
        for event in reversed(events):
            seq = event.facts.get("head_seq") if event.kind == "report" and event.outcome == "ok" else None
            if isinstance(seq, int) and hashes.get(seq) == event.facts.get("head_hash"):
                return event.seq
        return None

    def proof(self) -> Proof:
        """What an accountant proves of the sum. Slow the first time: see `summing.proved`."""
        record = self.record
        limits = summing.limits_on_record(record.events)
        delta = None if limits is None else limits.get("delta_max")
        return summing.proved(record.events, float(delta) if isinstance(delta, int | float) else None)

    @property
    def record(self) -> Record:
        """What findings are made again from."""
        if self._record is None:
            from ppdesk.workbench.evidence.verdict import verify

            self._record = self._recorded(self._sound(verify(self._project, self._anchors, self._home)))
        return self._record

    def recheck(self, seq: int, what: str = "") -> Remade:
        """A finding made again. Errors as `recheck.remake`."""
        return recheck.remake(self.record, seq, what)

    def every(self) -> Iterator[Remade]:
        """Each finding that can be made again."""
        return recheck.every(self.record)

    def check(self) -> "Checked":
        """Every byte of the file. Takes as long as reading it."""
        from ppdesk.workbench.upkeep import check

        return check(self._project, self._anchors)

    def section(self, seq: int) -> "Section":
        """What event `seq` shows. NoSuchEventError."""
        from ppdesk.workbench.showing import section

        return section(self.record.events, {entry.key: entry for entry in CATALOG}, seq)

    def render(
        self,
        plot: "Plot",
        palette: Literal["light", "dark", "contrast"],
        width: int,
        height: int,
        scale: float = 1.0,
        *,
        language: str = "en",
    ) -> bytes:
        """A figure as PNG, its own words in `language`, drawn in a worker of its own."""
        from ppdesk.workbench.worker.worker import Worker

        self._worker = self._worker or Worker()
        return self._worker.render(plot, palette, width, height, scale, language=language)


class _Parts:
    """Parts of a project file that tell of no person."""

    def __init__(self, project: "ProjectFile") -> None:
        self._project = project

    def part(self, event: "Event", name: str) -> bytes | None:
        for digest_ in event.outputs.values():
            try:
                found = self._project.part(digest_, name)
            except CodedError:  # withheld from this copy, or damaged: there is nothing to make it again from
                continue
            if found is not None and not found.personal and isinstance(found.content, bytes):
                return found.content
        return None


class ReportReading:
    """A signed report: its evidence is all there is."""

    def __init__(self, path: Path, pdf: bytes) -> None:
        """Of the PDF at `path`."""
        self._path, self._pdf = path, pdf
        self._record: Record | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """The report at `path`. NotAReportError, DamagedReportError, MissingFileError."""
        from ppdesk.store.errors import MissingFileError

        try:
            made = cls(path, path.read_bytes())
        except OSError:
            raise MissingFileError(file=path.name) from None
        made.overview()
        return made

    def close(self) -> None:
        """There is nothing to give back."""

    def overview(self) -> Overview:
        """What the report's checks say, and what its evidence tells of the history and the budget."""
        from ppdesk.report.verification import verify_pdf
        from ppdesk.workbench.auditing import paper

        began = time.perf_counter()
        verdict: Verdict = verify_pdf(self._pdf)
        made = paper.overview(self._path, verdict, time.perf_counter() - began)
        by_seq = {event.seq: event for event in made.events}
        self._record = Record(made.project_id, "", made.events, _Nothing(), by_seq)
        self._made = made
        return made

    def proof(self) -> Proof:
        """The evidence names sums, not mechanisms."""
        return Proof(None, 0.0, said("a report names no mechanism to compose"), 0)

    def recheck(self, seq: int, what: str = "") -> Remade:
        """The budget that the report tells, from its own rows. NothingToRemakeError."""
        from ppdesk.workbench.auditing import paper

        return paper.recheck(self._made, seq, what)

    def every(self) -> Iterator[Remade]:
        """Each finding that can be made again."""
        return (self.recheck(one.event, one.what) for one in self._made.offers)


class _Nothing:
    def part(self, event: "Event", name: str) -> bytes | None:  # noqa: ARG002  # as Shelf has it
        return None


Reading = ProjectReading | ReportReading


def open_reading(path: Path, passphrase: str, *, home: Path) -> Reading:
    """The file at `path` for an auditor: a PDF as a report, all else as a project."""
    if path.suffix.lower() == ".pdf":
        return ReportReading.open(path)
    return ProjectReading.open(path, passphrase, home=home)


def _worst_first(judged: "tuple[Judged, ...]") -> "tuple[Judged, ...]":
    """What is wrong before all else; the rest keeps its order, as the pages have theirs."""
    return tuple(sorted(judged, key=lambda one: one.judgement.value != "wrong"))

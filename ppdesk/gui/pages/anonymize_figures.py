"""What the page of Anonymize shows of a release, of a run's record or live, without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.parts.shares import share
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, ColumnLoss, RiskFacts

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_preview import AnonymizePreview


@dataclass(frozen=True)
class Shown:
    """Figures of one release. `columns` have no level where it differs by class, and are empty without a
    solution, as `after` is None then; `found` says in a sentence how the search ended."""

    k: int
    records: int
    limit: int
    before: RiskFacts
    after: RiskFacts | None
    bins: Sequence[str]
    columns: Sequence[ColumnLoss] = ()
    score: float | None = None
    suppressed: int | None = None
    journalist: float | None = None  # highest risk, where the population's table is known
    kept: Mapping[str, float] | None = None  # share of each column's detail that is kept (granularity)
    found: str = ""
    refusal: str = ""
    live: bool = False
    chosen: bool = False  # the levels are a person's

    @property
    def levels(self) -> dict[str, int]:
        """Level of each column; empty where there is none for all records."""
        told = {one.name: one.level for one in self.columns if one.level is not None}
        return told if len(told) == len(self.columns) else {}

    def summary(self) -> str:
        """Loss, suppressed records and classes in a sentence."""
        said = self._said()
        return tr("Levels chosen by a person. {said}", said=said) if self.chosen else said

    def _said(self) -> str:
        if self.after is None or self.score is None or self.suppressed is None:
            return told(self.refusal)
        return tr(
            "Loss {score:,.4g}. {suppressed:,} of at most {limit:,} records suppressed ({part})."
            " {classes:,} classes, smallest {smallest:,}.",
            score=self.score, suppressed=self.suppressed, limit=self.limit,
            part=share(self.suppressed / self.records) if self.records else "",
            classes=self.after.classes, smallest=self.after.smallest,
        )  # fmt: skip


def of_record(facts: Mapping[str, Any]) -> Shown | None:
    """The figures of a run; None where nothing of the table is told, as of a release with differential
    privacy."""
    if not facts or facts.get("private") is not None or "before" not in facts:
        return None
    one = AnonymizeFacts.model_validate(dict(facts))
    people = one.populations.after if one.populations is not None else None
    kept = next((each.columns for each in one.measures if each.name == "granularity"), None)
    return Shown(
        one.k, one.records, one.limit, one.before, one.after, one.bins, one.columns,
        one.score, one.suppressed,
        journalist=people.highest if people is not None else None,
        kept=dict(kept) if isinstance(kept, Mapping) else None,
        found=_found(one), chosen=one.search.algorithm == "chosen",
    )  # fmt: skip


def of_preview(found: "AnonymizePreview", *, chosen: bool) -> Shown:
    """The figures that were counted for settings of which there is no run."""
    return Shown(
        found.k, found.records, found.limit, found.before, found.after, found.bins, found.columns or (),
        found.score, found.suppressed, refusal=found.refusal, live=True, chosen=chosen,
    )  # fmt: skip


def _found(one: AnonymizeFacts) -> str:
    if one.local is not None:
        return tr("Levels differ by class: there is no lattice to search.")
    if one.search.algorithm == "chosen":
        return tr("Levels chosen by a person, not searched for.")
    of = tr_count(
        "{checked:,} of {count:,} transformation checked",
        "{checked:,} of {count:,} transformations checked",
        round(one.lattice_size), checked=one.checked,
    )  # fmt: skip
    return tr("{of}, optimum proved", of=of) if one.search.optimal else tr("{of}, not proved", of=of)

"""What Anonymize would find, while a person still chooses: risks before and after, levels and loss.

The same search on the same frequency set as a run, without the table that a run writes. The figures are
exact counts of people's data, not covered by any differential privacy.
"""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.said import said
from ppdesk.workflow.data.anonymize_facts import ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_local import transformed, without_columns
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_prepared import Prepared
from ppdesk.workflow.data.anonymize_space import Space, space
from ppdesk.workflow.data.masking_params import MissingRule
from ppdesk.workflow.step import Context

if TYPE_CHECKING:
    from ppdesk.anonymize.criteria.make import Requirements

_SECONDS = 10.0  # that a preview may search
OTHER, SPACE = "other", "space"  # parts of the answer, asked for one by one after the rest
_RECORDS = 50_000  # that a preview transforms locally: some seconds


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WithOtherK(_Answer):
    """The optimum at another k; None where there is no solution."""

    k: int
    score: float | None
    suppressed: int | None


class AnonymizePreview(_Answer):
    """Without a solution, `columns`, `score`, `suppressed` and `after` are None, and `refusal` says why.
    `limit` and `suppressed` count records; `bins` name the bars of the risks' histograms. `columns` are None
    where levels differ by class, which `granularity` (1: nothing is lost) is told of instead."""

    records: int
    k: int
    limit: int
    before: RiskFacts
    bins: tuple[str, ...]
    columns: tuple[ColumnLoss, ...] | None = None
    score: float | None = None
    suppressed: int | None = None
    after: RiskFacts | None = None
    granularity: float | None = None
    refusal: str = ""
    other: WithOtherK | None = None
    space: Space | None = None


def _quick(params: AnonymizeParams) -> AnonymizeParams:
    """Without alternatives, and for a few seconds at most."""
    seconds = min(_SECONDS, params.time_limit or _SECONDS)
    return params.model_copy(update={"alternatives": 0, "time_limit": seconds})


def _refused(params: AnonymizeParams, records: int) -> str:
    """Why nothing is said of such settings before a run; empty where something is."""
    if params.sample < 1 or params.missing is not MissingRule.OWN_CATEGORY:
        return said(
            "Not previewed with a random sample, or another rule for missing values than own-category."
        )
    if params.local and records > _RECORDS:
        return said(
            "A local transformation, or one with suppressed cells, of so many records is not previewed. Run"
            " the step."
        )
    if params.population:
        return said("Not previewed with models on the population, or with differential privacy.")
    return ""


class AnonymizePreviewer:
    """Holds the frequency set between two answers."""

    def __init__(self, data: Prepared) -> None:
        self._data = data

    def preview(self, params: AnonymizeParams, ctx: Context, part: str = "") -> AnonymizePreview:
        """The optimum for `params`; the `part` "other" is the one for twice its k, "space" what there is to
        choose from."""
        from ppdesk.anonymize.apply import classes
        from ppdesk.anonymize.risk import LABELS, risk

        data, frequencies = self._data, self._data.frequencies
        needs = data.needs(params, ctx)
        start = AnonymizePreview(
            records=frequencies.records,
            k=params.k,
            limit=int(params.suppression_limit * frequencies.records),
            bins=LABELS,
            before=RiskFacts.of(risk(frequencies.counts, params.k)),
        )
        if refusal := _refused(params, frequencies.records):
            return start.model_copy(update={"refusal": refusal})
        if params.local:
            return start if part else self._locally(params, needs, ctx, start)
        if part:
            return self._part(part, params, needs, ctx, start)
        try:
            found = data.solve(_quick(without_columns(params, data)), needs, ctx)
        except CancelledRunError:
            raise
        except CodedError as error:
            return start.model_copy(update={"refusal": error.message})
        made = classes(frequencies, found.levels, params.k, needs)
        return start.model_copy(
            update={
                "limit": found.limit,
                "columns": tuple(
                    ColumnLoss(name=one.column, level=level, levels=one.levels, loss=loss)
                    for one, level, loss in zip(data.hierarchies, found.levels, found.losses, strict=True)
                ),
                "score": found.score,
                "suppressed": found.suppressed,
                "after": RiskFacts.of(risk(made.sizes[~made.hidden], params.k)),
            }
        )

    def _part(
        self,
        part: str,
        params: AnonymizeParams,
        needs: "Requirements",
        ctx: Context,
        start: AnonymizePreview,
    ) -> AnonymizePreview:
        if part == OTHER:
            return start.model_copy(update={"other": self._other(params, ctx)})
        try:
            found = space(without_columns(params, self._data), self._data, needs, ctx)
        except CancelledRunError:
            raise
        except CodedError as error:
            return start.model_copy(update={"refusal": error.message})
        return start.model_copy(update={"space": found})

    def _locally(
        self, params: AnonymizeParams, needs: "Requirements", ctx: Context, start: AnonymizePreview
    ) -> AnonymizePreview:
        """A local transformation, or a global one with suppressed cells."""
        from ppdesk.anonymize.risk import risk

        wanted = without_columns(_quick(params), self._data)
        try:
            found = transformed(wanted, self._data, needs, ctx)
        except CancelledRunError:
            raise
        except CodedError as error:
            return start.model_copy(update={"refusal": error.message})
        local = found.local
        return start.model_copy(
            update={
                "limit": found.task.limit,
                "score": found.score,
                "suppressed": local.suppressed,
                "after": RiskFacts.of(risk(local.sizes, params.k)),
                "granularity": local.granularity,
            }
        )

    def _other(self, params: AnonymizeParams, ctx: Context) -> WithOtherK:
        wanted = params.model_copy(update={"k": 2 * params.k})
        try:
            quick = _quick(without_columns(wanted, self._data))
            found = self._data.solve(quick, self._data.needs(wanted, ctx), ctx)
        except CancelledRunError:
            raise
        except CodedError:
            return WithOtherK(k=wanted.k, score=None, suppressed=None)
        return WithOtherK(k=wanted.k, score=found.score, suppressed=found.suppressed)

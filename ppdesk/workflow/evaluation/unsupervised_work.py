"""The work of Evaluate for models without a target: groups, components, densities."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np

from ppdesk.assess import cells, unsupervised
from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.results import Measured
from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.core.generators import generator
from ppdesk.core.said import said
from ppdesk.train.clusters.model import ClustersModel
from ppdesk.train.components.model import ComponentsModel
from ppdesk.train.errors import TwinError
from ppdesk.train.histogram.model import HistogramModel
from ppdesk.train.records import Records
from ppdesk.workflow.evaluation.evaluate_work import Data, TestedMany, no_twin
from ppdesk.workflow.evaluation.refit import refit
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.models import Model, twin_of
from ppdesk.workflow.step import Context, Inputs

if TYPE_CHECKING:
    from ppdesk.train.moments.coding import Coding

MOST = 50_000  # records that are measured, and from which the trivial baseline is made
AGAIN = 3  # other runs for the stability


def measure(
    data: Data, inputs: Inputs, *, baseline: bool, ctx: Context, tick: Callable[[], None]
) -> TestedMany | None:
    """Measures of the model, of its twin without privacy and of one that learnt nothing; None for a model
    that none of them fits. The trivial ones: one group in the middle of the training records, no component,
    all cells alike."""
    source = generator(ctx.entropy)
    test, train = _some(data.test, source), _some(data.train, source)
    records = _records(data, data.model, test)
    if not isinstance(data.model.fitted, ClustersModel | ComponentsModel | HistogramModel):
        return None
    if records.rows == 0 or not train.any():
        return None
    again = _again(data, inputs, records, ctx, tick) if baseline else []
    labels = _labels(data, inputs, test)

    def of(model: Model) -> Measured:
        return _of(
            model, records, source, labels=labels, again=again if model is data.model else [], tick=tick
        )

    ours, trivial = of(data.model), _trivial(data, records, train, source)
    if not baseline:
        return TestedMany(ours, trivial, None)
    tick()
    ctx.progress(0.4, said("Training the baseline without privacy"))
    try:
        twin = twin_of(
            data.part(data.train),
            data.model,
            {},
            data.model.features,
            data.decimal,
            entropy=ctx.entropy,
            **_settings(data.model),
        )
    except TwinError:
        return TestedMany(ours, trivial, None, no_twin(data.model))
    return TestedMany(ours, trivial, of(twin))


def _of(
    model: Model,
    records: Records,
    source: np.random.Generator,
    *,
    labels: Counts | None,
    again: list[Counts],
    tick: Callable[[], None],
) -> Measured:
    fitted = model.fitted
    if isinstance(fitted, ClustersModel):
        apart = fitted.distances(records)
        return unsupervised.clusters(
            _points(fitted.coding, records, fitted.grid),
            apart.argmin(axis=1).astype(np.int64),
            np.asarray(apart.min(axis=1)),
            source,
            count=len(fitted.centres),
            labels=labels,
            again=again,
            tick=tick,
        )
    if isinstance(fitted, ComponentsModel):
        points = _points(fitted.coding, records, fitted.grid)
        return unsupervised.components(points, np.array(fitted.mean), np.array(fitted.components))
    density = cast(HistogramModel, fitted)
    scores = density.predict(records)
    return unsupervised.density(density.log_density(records), scores, density.threshold, density.share)


def _trivial(data: Data, records: Records, train: Bools, source: np.random.Generator) -> Measured:
    fitted = data.model.fitted
    if isinstance(fitted, HistogramModel):
        even = np.full(records.rows, float(np.log(np.array(fitted.cells.widths)).sum()))
        # in the columns' units, so that models with other bins can be compared
        logarithms = fitted.log_density(records) + fitted.predict(records) - even
        return unsupervised.density(logarithms, even, np.inf, fitted.share)
    model = cast("ClustersModel | ComponentsModel", fitted)
    points = _points(model.coding, records, model.grid)
    middle = _points(model.coding, _records(data, data.model, train), model.grid).mean(axis=0)
    if isinstance(model, ComponentsModel):
        return unsupervised.components(points, middle, np.zeros((1, middle.size)))
    apart = np.sqrt(((points - middle) ** 2).sum(axis=1))
    return unsupervised.clusters(points, np.zeros(records.rows, dtype=np.int64), apart, source, count=1)


def _again(
    data: Data, inputs: Inputs, records: Records, ctx: Context, tick: Callable[[], None]
) -> list[Counts]:
    """The groups that models give which were trained with the same guarantee on other draws of the training
    records, with replacement; measured and thrown away, as the baseline is."""
    if not isinstance(data.model.fitted, ClustersModel):
        return []
    import pyarrow as pa

    source, found = generator(ctx.entropy), []
    places, rows = np.flatnonzero(data.train), inputs[Kind.TABLE].table("rows")
    group = factor(inputs[Kind.ROLES].head, inputs[Kind.TABLE].head) or 1
    for place in range(AGAIN):
        tick()
        ctx.progress(0.1 + 0.1 * place, said("Training again, for the stability"))
        some = source.choice(places, places.size)
        try:
            model = refit(
                rows.take(pa.array(some)),
                data.model,
                inputs[Kind.MODEL].head,
                data.decimal,
                group=group,
                entropy=ctx.entropy,
                tick=tick,
            )
        except CodedError:  # a model of another version may ask for settings that are not recorded
            tick()
            return []
        found.append(model.fitted.predict(records).astype(np.int64))
    return found


def _settings(model: Model) -> dict[str, int]:
    fitted = model.fitted
    if isinstance(fitted, ClustersModel):
        return {"n_clusters": len(fitted.centres)}
    return {"n_components": len(fitted.components)} if isinstance(fitted, ComponentsModel) else {}


def _labels(data: Data, inputs: Inputs, test: Bools) -> Counts | None:
    """The declared target's cells, where Roles declares one that groups can be held against."""
    name = str(inputs[Kind.ROLES].head.get("target") or "")
    column = data.columns.get(name)
    if column is None or not column.declared or name not in data.rows.column_names:
        return None
    return cells.codes(data.part(test).column(name), column.domain(), data.decimal)


def _records(data: Data, model: Model, mask: Bools) -> Records:
    return Records.read(data.part(mask), model.fitted.schema, data.decimal)


def _points(coding: "Coding", records: Records, grid: int) -> Floats:
    return np.asarray(coding.rows(records) / grid)


def _some(mask: Bools, source: np.random.Generator) -> Bools:
    """At most MOST of them."""
    places = np.flatnonzero(mask)
    found = np.zeros(mask.size, dtype=np.bool_)
    found[places if places.size <= MOST else source.permutation(places)[:MOST]] = True
    return found

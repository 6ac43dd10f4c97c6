"""The model's training over again, with the settings that were recorded, on other records."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.offers import offer
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.recorded import settings_of
from ppdesk.workflow.model.train_plan import Plan
from ppdesk.workflow.model.train_work import options
from ppdesk.workflow.models import Model, values

if TYPE_CHECKING:
    import pyarrow as pa


def refit(
    rows: "pa.Table",
    model: Model,
    head: Head,
    decimal: DecimalMark,
    *,
    group: int,
    entropy: Entropy,
    tick: Callable[[], None] = lambda: None,
) -> Model:
    """A model of the same estimator, columns, target, guarantee and settings as that of MODEL `head`.

    `group`: how many records one unit can change. About how many records there are is not said: these are
    others. Models that do not tell their settings are made with the usual ones. UnsuitableGuaranteeError
    where the head claims none, and what the estimator raises.
    """
    epsilon, delta = declared.number(head.get("epsilon")), declared.number(head.get("delta"))
    chosen = offer(model.fitted.estimator)
    if epsilon is None or delta is None:
        raise UnsuitableGuaranteeError(estimator=chosen.title, reason="the model claims none")
    target, schema = model.fitted.target, model.fitted.schema
    params = settings_of(head)
    made = chosen.load(model.task)(
        schema=schema,
        target=target,
        epsilon=epsilon,
        delta=delta,
        neighbours=Neighbours(str(head.get("neighbours") or Neighbours.REPLACE_ONE)).value,
        group=group,
        entropy=entropy,
        tick=tick,
        **({} if params is None else options(params, Plan(chosen, schema, target, None))),
    )
    return Model(made.fit(values(rows, schema, target, decimal)).fitted_)

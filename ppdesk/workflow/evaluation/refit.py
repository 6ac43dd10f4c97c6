"""The model's training over again, with the settings that were recorded, on other records."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.offers import offer
from ppdesk.workflow import declared
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

    `group`: how many records one unit can change. Models from before settings were recorded are made with
    the usual ones. UnsuitableGuaranteeError where the head claims none, and what the estimator raises.
    """
    epsilon, delta = declared.number(head.get("epsilon")), declared.number(head.get("delta"))
    chosen = offer(model.fitted.estimator)
    if epsilon is None or delta is None:
        raise UnsuitableGuaranteeError(estimator=chosen.title, reason="the model claims none")
    target, schema = model.fitted.target, model.fitted.schema
    recorded = head.get("settings")
    made = chosen.load(model.task)(
        schema=schema,
        target=target,
        epsilon=epsilon,
        delta=delta,
        neighbours=Neighbours(str(head.get("neighbours") or Neighbours.REPLACE_ONE)).value,
        group=group,
        entropy=entropy,
        tick=tick,
        **(dict(recorded) if isinstance(recorded, Mapping) else {}),
    )
    return Model(made.fit(values(rows, schema, target, decimal)).fitted_)

"""What Train will have spent after each noisy step, from parameters and declarations alone.

It loads libraries and takes a second or two: never for the window's own thread.
"""

from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Kind
from ppdesk.train.offers import offer
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.model.train_params import TrainParams
from ppdesk.workflow.model.train_plan import asked, plan
from ppdesk.workflow.step import Heads
from ppdesk.workflow.unit import Unit, stability

if TYPE_CHECKING:
    from ppdesk.train.sgd.by_step import BySteps

_ROOM = "sgd.estimator"


def in_steps(params: TrainParams) -> bool:
    """Whether the model is trained in noisy steps that are accounted for one by one. Light."""
    return offer(params.estimator.value).module == _ROOM


def by_step(params: TrainParams, heads: Heads) -> "BySteps | None":
    """None where the number of records is not declared, or nothing bounds what one of them changes. The
    errors of `plan`, `asked` and of the noise."""
    from ppdesk.train.sgd import by_step as counted
    from ppdesk.train.sgd.options import Options
    from ppdesk.workflow.model.train_work import options

    roles, table = heads[Kind.ROLES], heads.get(Kind.TABLE, {})
    group, found = factor(roles, table), plan(roles, params)
    if group is None or found.target is None:
        return None
    return counted.by_step(
        asked(params, {Kind.TABLE: table}, group),
        found.schema,
        found.target,
        Options(rows=params.rows, **options(params, found)),
        key=found.offer.key,
        by_person=Unit.of(roles).column is not None and stability(table) == 1,
    )

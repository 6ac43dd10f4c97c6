"""The learner of decisions, on made-up logs of a few decisions."""

from typing import Any

import numpy as np

from ppdesk.assess.auditing.auditable import Auditable, Released, one_by_one
from ppdesk.assess.auditing.space import Floats, Space
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Neighbours, Stated
from ppdesk.train.schema import Classes, Numeric, Quantity, Schema
from ppdesk.workflow.evaluation.auditables.claims import Wanted, plain, with_curve
from ppdesk.workflow.evaluation.auditables.released import flat, of_model

_SCHEMA = Schema((Numeric("number", 0.0, 1.0),))
_ACTIONS = Classes("action", ("wait", "treat"))


def policy(wanted: Wanted) -> Auditable:
    """Actions taken at random with chance one half, a reward from 0 to 1."""
    from ppdesk.train.policy.estimator import PolicyLearner
    from ppdesk.train.records import Records

    probe = Records(_SCHEMA, (np.array([0.0, 0.5, 1.0]),))

    def fitted(rows: Floats, entropy: Entropy) -> Any:
        made = PolicyLearner(
            schema=_SCHEMA, target=_ACTIONS, reward=Quantity("reward", 0.0, 1.0), chances=0.5,
            epsilon=wanted.epsilon, delta=wanted.delta, neighbours=wanted.neighbours.value,
            group=wanted.group, rows=8, entropy=entropy,
        )  # fmt: skip
        actions = np.array(_ACTIONS.values)[rows[:, 1].astype(int)]
        return made.fit({"number": rows[:, 0], "action": actions.astype(object), "reward": rows[:, 2]})

    def run(rows: Any, entropy: Entropy) -> Released:
        made = fitted(rows, entropy)
        found = of_model(_Kept(made.fitted_, made.notes_), probe)
        found.update(flat("worth", made.values_))
        return found

    space = Space(
        ((0.0, 1.0, 0.5), (0.0, 1.0), (0.0, 1.0)),
        replace=wanted.neighbours is Neighbours.REPLACE_ONE,
        group=wanted.group,
    )
    from ppdesk.core.entropy import SystemEntropy

    event: DpEvent = fitted(space.pairs()[0].second, SystemEntropy()).event_
    exact = event.event if isinstance(event, Stated) else event
    claim = plain(wanted) if isinstance(exact, EpsilonDelta) else with_curve(wanted, event)
    return Auditable(
        f"policy-{wanted.name}", "Policy from logged decisions", claim, space.pairs(), one_by_one(run),
        cost=24.0, propose=space.propose, move=space.move, note=f"At {wanted.words}.",
    )  # fmt: skip


class _Kept:
    """Looks like a Trained to `of_model`."""

    def __init__(self, model: Any, notes: Any) -> None:
        self.model, self.notes = model, notes

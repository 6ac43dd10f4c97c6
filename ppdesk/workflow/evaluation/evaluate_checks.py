"""What Evaluate refuses or remarks before it runs, for the kind of model."""

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.train.offers import Task
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation import cross_cost
from ppdesk.workflow.evaluation.evaluate_params import Cross, EvaluateParams
from ppdesk.workflow.evaluation.recorded import settings_of
from ppdesk.workflow.guarantee import factor
from ppdesk.workflow.step import Heads

NOT_TOLD = {
    Task.NONE: said(
        "This model predicts nothing that a record could be held against, so Evaluate has no measure "
        "of it: look at what Train shows, and at the records that it scores."
    ),
    Task.POLICY: said(
        "What a policy is worth cannot be read off the records held out, which say what was done "
        "and not what would have been: Train tells its value by off-policy evaluation."
    ),
}


def of_task(params: EvaluateParams, heads: Heads) -> list[Finding]:
    """What cannot be asked of such a model."""
    head = heads.get(Kind.MODEL, {})
    task = str(head.get("task") or Task.BINARY.value)
    found = []
    if task == Task.POLICY.value:
        found.append(
            Finding(
                Level.INFO,
                said("What a policy is worth cannot be measured here."),
                NOT_TOLD[Task.POLICY],
                code="PP-EVALUATE-007",
            )
        )
    two, target = task == Task.BINARY.value, task not in (Task.NONE.value, Task.POLICY.value)
    if Kind.MODEL not in heads and params.cross_validation is not Cross.OFF:
        detail = said("Train a model, or switch cross-validation off.")
        found.append(
            _refused(said("There is no model to train again."), detail, "cross_validation", "PP-EVALUATE-008")
        )
    asked = (
        ("threshold", params.threshold is not None, two),
        ("cost_false_alarm", params.cost_false_alarm is not None, two),
        ("cost_miss", params.cost_miss is not None, two),
        ("groups", bool(params.groups), target),
        ("cross_validation", params.cross_validation is not Cross.OFF, target),
    )
    for field, given, fits in asked:
        if given and not fits:
            title = EvaluateParams.model_fields[field].title or field
            found.append(
                _refused(
                    said("{title} is for models of two classes.", title=title)
                    if fits is two
                    else said("{title} is for models with a target.", title=title),
                    said("Leave it empty here."),
                    field,
                    "PP-EVALUATE-008",
                )
            )
    if (params.cost_false_alarm is None) != (params.cost_miss is None):
        field = "cost_miss" if params.cost_miss is None else "cost_false_alarm"
        detail = said("The cheapest threshold rests on what both cost.")
        found.append(
            _refused(said("One of the two costs is not declared."), detail, field, "PP-EVALUATE-010")
        )
    elif params.cost_miss == 0 and params.cost_false_alarm == 0:
        detail = said("At least one of them costs something.")
        found.append(_refused(said("Both costs are nought."), detail, "cost_miss", "PP-EVALUATE-010"))
    if params.cross_validation is not Cross.OFF and target and Kind.MODEL in heads:
        found += _of_cross(params, heads)
    return found


def _of_cross(params: EvaluateParams, heads: Heads) -> list[Finding]:
    """What training again and again needs, and costs."""
    field, head = "cross_validation", heads[Kind.MODEL]
    if cross_cost.charged(head, params.folds, params.score_epsilon) is None:
        detail = said("Cross-validation trains with the guarantee of the model, and it claims none.")
        return [_refused(said("This model cannot be trained again."), detail, field, "PP-EVALUATE-011")]
    if Kind.ROLES in heads and factor(heads[Kind.ROLES], heads.get(Kind.TABLE, {})) is None:
        detail = said("Nothing bounds how many records of the cleaned table one person can change.")
        return [_refused(said("Cross-validation has no guarantee here."), detail, field, "PP-EVALUATE-012")]
    found = []
    if settings_of(head) is None:
        found.append(
            Finding(
                Level.CAUTION,
                said("The model does not tell the settings it was trained with."),
                said("Cross-validation uses the usual ones. Train again to have them recorded."),
                field,
                "PP-EVALUATE-013",
            )
        )
    if params.cross_validation is Cross.PAID:
        epsilon = declared.number(head.get("epsilon")) or 0.0
        total = params.folds * epsilon + params.score_epsilon
        found.append(
            Finding(
                Level.CAUTION,
                said("Paid cross-validation spends up to ε {total:g}.", total=total),
                said(
                    "{folds} models at ε {epsilon:g} each, and {score_epsilon:g} for the score. On "
                    "held-out records it costs nothing, outside the claim.",
                    folds=params.folds,
                    epsilon=epsilon,
                    score_epsilon=params.score_epsilon,
                ),
                field,
                "PP-EVALUATE-014",
            )
        )
    return found


def _refused(title: str, detail: str, field: str, code: str) -> Finding:
    return Finding(Level.BLOCKING, title, detail, field, code)

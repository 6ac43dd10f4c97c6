"""What Evaluate asks for."""

from enum import StrEnum

from ppdesk.core.params import Params, param
from ppdesk.workflow import by_group

_COSTS, _CROSS = "Costs", "Cross-validation"


class Cross(StrEnum):
    """On which records models are trained again and again."""

    OFF = "off"
    HELD_OUT = "held-out"
    PAID = "paid"


class EvaluateParams(Params):
    """What Evaluate asks for."""

    threshold: float | None = param(
        None,
        label="Threshold",
        help="From this probability on a record counts as positive. Empty: the model's own.",
        ge=0,
        le=1,
        empty="The model's own",
    )
    baseline: bool = param(
        True,
        label="Compare with no privacy",
        help="Train the same classifier without privacy on the same records, for comparison only. "
        "The baseline is measured and thrown away; it is outside the privacy claim.",
    )
    groups: tuple[str, ...] = by_group.groups_field()
    floor: int = by_group.floor_field("held-out records")
    pairs: bool = param(
        False,
        label="Pairs of groups too",
        help="Compare each pair of the columns under Groups as well, such as women under 30.",
        more=True,
    )
    cost_false_alarm: float | None = param(
        None,
        label="Cost of a false alarm",
        help="What it costs to act on a record that is not positive, in any unit. With the cost of a miss it "
        "gives the cheapest threshold and what each threshold costs.",
        ge=0,
        le=1e9,
        group=_COSTS,
        more=True,
    )
    cost_miss: float | None = param(
        None,
        label="Cost of a miss",
        help="What it costs not to act on a positive record, in the same unit.",
        ge=0,
        le=1e9,
        group=_COSTS,
        more=True,
    )
    tables_target: str = param(
        "",
        label="Target on the release",
        help="The column that a model is trained for on the release and on synthetic records, and tested for "
        "on original ones. Empty: the target declared in Roles.",
        empty="The declared target",
        more=True,
    )
    cross_validation: Cross = param(
        Cross.OFF,
        label="Cross-validation",
        help="Train the model again on all folds but one, test it on that one, in turn. held-out: on the "
        "records kept from training, which the claim does not cover; nothing is charged and nothing is "
        "released but figures outside the claim. paid: on the records that were trained on, with a noisy "
        "score; every model and the score are charged, so the figure is inside the claim.",
        group=_CROSS,
        more=True,
    )
    folds: int = param(
        5,
        label="Folds",
        help="How many. Paid: the cost grows with them.",
        ge=2,
        le=20,
        group=_CROSS,
        more=True,
    )
    score_epsilon: float = param(
        0.1,
        label="ε of the score",
        help="Of paid cross-validation: what the noisy score costs beside the models.",
        ge=0.001,
        le=10,
        group=_CROSS,
        more=True,
    )

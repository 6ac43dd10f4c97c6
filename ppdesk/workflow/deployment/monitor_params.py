"""What Monitor asks for."""

from ppdesk.core.params import param
from ppdesk.workflow import by_group
from ppdesk.workflow.batches import BatchParams


class MonitorParams(BatchParams):
    """What Monitor asks for."""

    groups: tuple[str, ...] = by_group.groups_field()
    watch: float = param(
        0.10, label="Watch from", help="A stability index over this is worth a look.", gt=0, le=10, more=True
    )
    limit: float = param(
        0.25, label="Drifted from", help="A stability index over this is a finding.", gt=0, le=10, more=True
    )
    floor: int = by_group.floor_field("records")

"""Which last runs no longer stand for the project, since something that they read has changed."""

from ppdesk.core.section import Words
from ppdesk.report.cited import Cited
from ppdesk.report.tongue import Tongue
from ppdesk.workflow import catalog
from ppdesk.workflow.navigation import State, places
from ppdesk.workflow.reporting.told import Told
from ppdesk.workflow.stages import Stage


def words(told: Told, say: Tongue) -> tuple[Words, ...]:
    """A remark that names the steps; nothing where all stand."""
    found = places(list(catalog.steps()), told.runs())
    names = [
        Cited(entry.title)
        for entry in (catalog.step(place.key) for place in found if place.state is State.STALE)
        if entry.stage is not Stage.REPORTING  # another report than this one
    ]
    if not names:
        return ()
    said = say(
        "Out of date, since something that they read has changed since their last run: {steps}. What this "
        "document tells of them is what those runs found.",
        steps=say.joined(names),
    )
    return (Words(said, "caution"),)

"""Which steps have more than a form: key -> Pane. All others are made from their Params alone.

Names are here; a page's code is loaded when the page is first asked for, so that the window need not wait for
all of them (`gui.warming` loads them beside the start screen).
"""

from importlib import import_module
from typing import Any

from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.project import Project
from ppdesk.workflow.step import Step

_ROOM = "ppdesk.gui.pages"
PANES: dict[str, tuple[str, str]] = {  # key -> module of this room, class
    "standard": ("standard_step", "StandardStep"),
    "import": ("import_pane", "ImportStep"),
    "clean": ("clean", "CleanStep"),
    "roles": ("roles_step", "RolesStep"),
    "quality": ("quality", "QualityStep"),
    "anonymize": ("anonymize", "AnonymizeStep"),
    "opendp": ("released", "StatisticsStep"),
    "synthesize": ("released", "SynthesizeStep"),
    "model": ("model", "ModelStep"),
    "train": ("train", "TrainStep"),
    "tune": ("model", "ModelStep"),
    "evaluate": ("assessed", "AssessStep"),
    "attack": ("assessed", "AttackStep"),
    "audit": ("assessed", "AssessStep"),
    "monitor": ("monitor", "MonitorStep"),
    "feedback": ("comments", "FeedbackStep"),
    "statements": ("statements", "StatementsStep"),
    "draft": ("report", "ReportStep"),
    "report": ("report", "ReportStep"),
}
MODULES = tuple(dict.fromkeys(f"{_ROOM}.{module}" for module, _ in PANES.values()))


def pane_class(key: str) -> type[Pane]:
    """The class of the pane of the step `key`, loaded."""
    if key not in PANES:
        return Pane
    module, name = PANES[key]
    found: type[Pane] = getattr(import_module(f"{_ROOM}.{module}"), name)
    return found


def pane_for(key: str, step: Step[Any, Any], project: Project) -> Pane:
    """The pane of the step `key`."""
    return pane_class(key)(step, project)

"""A run that has been understood, before anything of it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Finding
from ppdesk.core.params import Params, fields_of
from ppdesk.privacy.events import DpEvent
from ppdesk.workbench.files import Files
from ppdesk.workflow.step import Step


@dataclass(frozen=True)
class Plan:
    """Step, parameters as recorded, files, and the inputs' heads."""

    step: Step[Any, Any]
    module: str
    params: Params  # with bare file names
    recorded: Mapping[str, Json]
    files: Files
    heads: Mapping[Kind, Head]
    inputs: Mapping[Kind, str]  # digests of the stored artifacts it reads
    overwrite: bool

    @property
    def free(self) -> list[str]:
        """The parameters that enter the record as commitments."""
        return [spec.name for spec in fields_of(type(self.params)) if spec.free_text]

    def check(self) -> list[Finding]:
        return list(self.step.check(self.params, self.heads))

    def cost(self) -> DpEvent:
        return self.step.cost(self.params, self.heads)

"""All steps in the order of the workflow. Names are here; a step's code is loaded when asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.workflow.stages import Stage

if TYPE_CHECKING:  # the contract brings pydantic along, which a list of names does not need
    from ppdesk.workflow.step import Step


class UnknownStepError(CodedError):
    """There is no step named {key}."""

    code = "PP-WORKFLOW-001"
    exit = Exit.USAGE
    todo = "See `ppdesk --help` for the steps of this version."


@dataclass(frozen=True)
class Entry:
    """Where a step lives: ``ppdesk.workflow.<module>``, which offers it as ``STEP``."""

    key: str
    stage: Stage
    module: str
    summary: str  # for lists that must not load the step

    @property
    def path(self) -> str:
        """The full name of the module, as the worker imports it."""
        return f"ppdesk.workflow.{self.module}"

    def load(self) -> "Step[Any, Any]":
        step: Step[Any, Any] = import_module(self.path).STEP
        return step


CATALOG: tuple[Entry, ...] = (
    Entry("objective", Stage.OBJECTIVES, "objectives.objective", "Say what the data is for"),
    Entry("standard", Stage.OBJECTIVES, "objectives.standard", "Choose the limits to keep"),
    Entry("import", Stage.DATA, "data.import_table", "Bring in a table with its provenance"),
    Entry("clean", Stage.DATA, "data.clean", "Correct the table by operations"),
    Entry("inspect", Stage.DATA, "data.inspect_table", "Find personal data, get roles proposed"),
    Entry("roles", Stage.DATA, "data.roles", "Say what each column is"),
    Entry("quality", Stage.DATA, "data.quality", "Judge the table and save checks for later batches"),
    Entry("configure", Stage.DATA, "data.configure", "Get settings for Anonymize proposed"),
    Entry("anonymize", Stage.DATA, "data.anonymize", "Make people look like enough others"),
    Entry("opendp", Stage.DATA, "data.opendp", "Release statistics with differential privacy"),
    Entry("synthesize", Stage.DATA, "data.synthesize", "Draw synthetic records"),
    Entry("model", Stage.MODEL, "model.model", "Choose what to train, from what is declared"),
    Entry("train", Stage.MODEL, "model.train", "Train with differential privacy"),
    Entry("tune", Stage.MODEL, "model.tune", "Find settings without an unpaid look at the data"),
    Entry("evaluate", Stage.EVALUATION, "evaluation.evaluate", "Measure what was kept"),
    Entry("attack", Stage.EVALUATION, "evaluation.attack", "Try what an attacker would"),
    Entry("audit", Stage.EVALUATION, "evaluation.audit", "Set the claim beside what was measured"),
    Entry("export", Stage.DEPLOYMENT, "deployment.export", "Write the anonymized table"),
    Entry("deploy", Stage.DEPLOYMENT, "deployment.deploy", "Sign the model as a bundle"),
    Entry("score", Stage.DEPLOYMENT, "deployment.score", "Apply the bundle to new records"),
    Entry("monitor", Stage.DEPLOYMENT, "deployment.monitor", "Compare new records with the old"),
    Entry("feedback", Stage.FEEDBACK, "feedback.feedback", "Record a comment and its answer"),
    Entry("statements", Stage.REPORTING, "reporting.statements", "Answer what only a person can say"),
    Entry("draft", Stage.REPORTING, "reporting.draft", "Write a report for others to endorse"),
    Entry("report", Stage.REPORTING, "reporting.report", "Write and sign the report"),
    Entry("handover", Stage.REPORTING, "reporting.handover", "Give an auditor a copy without the data"),
    Entry("verify", Stage.REPORTING, "reporting.verify", "Check a signed report"),
)


def entry(key: str) -> Entry:
    """The entry of the step `key`. UnknownStepError if there is none."""
    for found in CATALOG:
        if found.key == key:
            return found
    raise UnknownStepError(key=key)


def step(key: str) -> "Step[Any, Any]":
    """The step `key`, loaded."""
    return entry(key).load()


def steps() -> "Iterator[Step[Any, Any]]":
    """All steps, loaded, in order."""
    return (found.load() for found in CATALOG)

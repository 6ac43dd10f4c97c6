"""Evaluate where there is no model: a person who only anonymizes a table measures the tables alone."""

from typing import Any

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.evaluation.tables_facts import TablesFacts
from ppdesk.workflow.step import Heads

TASK = "tables"  # what EvaluateFacts.task says where no model was measured
_SUBJECTS = (Kind.MODEL, Kind.RELEASE, Kind.SYNTHETIC)


def check(heads: Heads, target: str) -> list[Finding]:
    """A blocking finding where a table has nothing to be compared with, or `target` is no column of it."""
    found = []
    if Kind.TABLE in heads and not any(kind in heads for kind in _SUBJECTS):
        found.append(
            Finding(
                Level.BLOCKING,
                said("There is nothing to evaluate."),
                said("Anonymize the table, make synthetic records or train a model."),
                code="PP-EVALUATE-020",
            )
        )
    subjects = [heads[kind] for kind in _SUBJECTS[1:] if kind in heads]
    names = [name for head in subjects for name in _names(head.get("columns"))]
    if target and subjects and target not in names:
        found.append(
            Finding(
                Level.BLOCKING,
                said("Neither release nor synthetic records have a column {target}.", target=target),
                said("Name one of: {names}.", names=", ".join(dict.fromkeys(names))),
                "tables_target",
                "PP-EVALUATE-021",
            )
        )
    return found


def _names(columns: Any) -> list[str]:
    return [str(one) for one in columns] if isinstance(columns, list | tuple) else []


def facts(tables: TablesFacts, floor: int, stamp: str) -> EvaluateFacts:
    """Those of an evaluation without a model."""
    return EvaluateFacts(
        target="",
        positive="",
        epsilon=None,
        delta=None,
        private=False,
        model_sha256="",
        trained=0,
        ours=None,
        trivial=None,
        baseline=None,
        gap=None,
        fairness=[],
        not_measured=[],
        floor=floor,
        release=None,
        levels={},
        k=None,
        downstream=None,
        downstream_note="",
        stamp=stamp,
        task=TASK,
        tables=tables,
    )

"""Which documents there are, and where each is composed. Names are here; code is loaded when asked for."""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ppdesk.report.document import Attachment, Part
    from ppdesk.workflow.reporting.documents.brief import Brief

    Compose = Callable[[Brief], tuple[Part, ...]]
    Attach = Callable[[Brief], tuple[Attachment, ...]]


class DocumentKind(StrEnum):
    """What a report is, by the rule or the custom that it answers."""

    AUDIT = "audit"
    SUMMARY = "summary"
    DPIA = "dpia"
    SAFE_HARBOR = "hipaa-safe-harbor"
    EXPERT = "hipaa-expert"
    CCPA = "ccpa"
    EMA = "ema"
    AI_ACT = "ai-act"
    MODEL_CARD = "model-card"
    DATASHEET = "datasheet"
    DP_STATEMENT = "dp-statement"


@dataclass(frozen=True)
class Skeleton:
    """A document's name (a message in English), the rule it answers, the module that composes it.

    The module offers ``compose(brief) -> tuple[Part, ...]`` and, where it has files to attach beside the
    evidence, ``attachments(brief) -> tuple[Attachment, ...]``. Questions that only a person can answer
    stand in ``resources/questions/<kind>.toml``.
    """

    kind: DocumentKind
    title: str
    clause: str
    module: str
    summary: str

    def compose(self) -> "Compose":
        """The function that composes the document's parts."""
        found: Compose = import_module(f"{__package__}.{self.module}").compose
        return found

    def attach(self) -> "Attach | None":
        """The function that makes the files attached beside the evidence; None where there are none."""
        return getattr(import_module(f"{__package__}.{self.module}"), "attachments", None)


SKELETONS: tuple[Skeleton, ...] = (
    Skeleton(
        DocumentKind.AUDIT, "Full audit trail", "every event", "audit_trail", "All steps and all events"
    ),
    Skeleton(
        DocumentKind.SUMMARY,
        "Management summary",
        "two pages",
        "management",
        "What was done, found and left open",
    ),
    Skeleton(
        DocumentKind.DPIA,
        "Data protection impact assessment",
        "GDPR Art. 35(7)",
        "dpia",
        "Necessity, risks to people, measures",
    ),
    Skeleton(
        DocumentKind.SAFE_HARBOR,
        "HIPAA Safe Harbor",
        "45 CFR 164.514(b)(2)",
        "safe_harbor",
        "Eighteen identifiers, one by one",
    ),
    Skeleton(
        DocumentKind.EXPERT,
        "HIPAA expert determination file",
        "45 CFR 164.514(b)(1)",
        "expert",
        "Methods and results for the expert, who determines",
    ),
    Skeleton(
        DocumentKind.CCPA,
        "California deidentification statement",
        "Cal. Civ. Code 1798.140(m)",
        "ccpa",
        "Deidentified under CCPA and CPRA",
    ),
    Skeleton(
        DocumentKind.EMA,
        "Anonymization report",
        "EMA Policy 0070",
        "ema",
        "Methodology, risk and utility of a release",
    ),
    Skeleton(
        DocumentKind.AI_ACT,
        "Technical documentation",
        "EU AI Act, Annex IV",
        "ai_act",
        "The model, its data, tests and limits",
    ),
    Skeleton(
        DocumentKind.MODEL_CARD,
        "Model card",
        "Mitchell and others, 2019",
        "model_card",
        "For people who use the model",
    ),
    Skeleton(
        DocumentKind.DATASHEET,
        "Datasheet",
        "Gebru and others, 2021",
        "datasheet",
        "For people who use the data",
    ),
    Skeleton(
        DocumentKind.DP_STATEMENT,
        "Differential privacy statement",
        "NIST SP 800-226",
        "dp_statement",
        "Claim, accountant, hazards, registry record",
    ),
)


def skeleton(kind: DocumentKind) -> Skeleton:
    """The skeleton of `kind`."""
    return next(one for one in SKELETONS if one.kind is kind)

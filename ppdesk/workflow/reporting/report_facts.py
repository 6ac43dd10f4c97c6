"""What a report is made of."""

from ppdesk.report.document import Edition
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.step import Facts


class ReportFacts(Facts):
    """What the report is made of."""

    title: str
    pages: int
    chapters: int
    tables: int
    figures: int
    head_seq: int  # the state of the history that it tells
    head_hash: str
    evidence_sha256: str
    blanks: list[str]
    stamp: str
    document: DocumentKind = DocumentKind.AUDIT
    edition: Edition = Edition.INTERNAL
    language: Language = Language.ENGLISH
    valid_until: str = ""

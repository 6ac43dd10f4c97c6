"""What a report is made of."""

from ppdesk.report.document import Edition
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind
from ppdesk.workflow.step import Facts


class DocumentFacts(Facts):
    """What a document is made of, be it a draft or signed."""

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


class ReportFacts(DocumentFacts):
    """What the report is made of. `sha256` is that of the signed file, as it was handed out; `signer` the
    fingerprint of the certificate."""

    draft: int | None = None  # the event of the draft that it certifies
    endorsements: int = 0  # signed statements of others about that draft, inside the report
    sha256: str = ""
    signer: str = ""
    html_sha256: str = ""  # of the accessible edition, empty where none was asked for


class DraftFacts(DocumentFacts):
    """What the draft is made of. `content` is the SHA-256 of what the report that certifies it will say."""

    content: str
    made: str  # the moment that it carries, and the report will carry too

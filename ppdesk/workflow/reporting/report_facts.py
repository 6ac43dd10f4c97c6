"""What a report is made of."""

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

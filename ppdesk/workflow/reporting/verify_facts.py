"""What Verify found out."""

from typing import Literal

from ppdesk.workflow.step import Facts


class CheckFact(Facts):
    """One thing that was looked at."""

    name: str
    judgement: Literal["good", "look", "wrong"]
    words: str


class VerifyFacts(Facts):
    """What was found out about a report that holds."""

    verdict: Literal["good", "look"]
    sentence: str
    title: str
    signer: str
    fingerprint: str
    signed_at: str
    sha256: str
    project_id: str
    head_seq: int
    compared: bool  # with this project's history
    checks: list[CheckFact]
    standing: Literal["", "trusted", "unknown", "withdrawn"] = ""  # by the list; empty where none was asked
    trust_list: str = ""  # hash of the first entry of the list
    trust_entries: int = 0
    trust_head: str = ""  # hash of its last entry
    stamp: str  # of the report: whether it was made in the test mode

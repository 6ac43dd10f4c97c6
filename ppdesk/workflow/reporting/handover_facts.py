"""What an auditor's copy holds and what it does not."""

from ppdesk.workflow.step import Facts


class CopyKind(Facts):
    """One kind of artifact in the copy, in counts."""

    kind: str
    included: int  # parts
    microdata: int  # parts that stay out because they are rows about people
    redacted: int  # whole artifacts that stay out because they repeat what is redacted
    missing: int  # parts that the project itself has lost


class HandoverFacts(Facts):
    """What the sealed manifest says, and what opens its commitments to recipient and purpose."""

    head_seq: int  # the last event before the handover
    head_hash: str
    kinds: tuple[CopyKind, ...]
    withheld_bytes: int
    redacted: tuple[str, ...]  # SEQ:FIELD
    asked: tuple[str, ...]  # of these, what was asked for; the others repeat its words
    manifest_sha256: str
    recipient_salt: str
    purpose_salt: str
    stamp: str

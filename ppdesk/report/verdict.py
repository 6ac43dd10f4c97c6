"""What checking a report found: a word, a sentence, and every single check behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ppdesk.core.canonical import Json


class Judgement(StrEnum):
    """The three words. LOOK means: nothing is wrong, and a person has to compare something."""

    GOOD = "good"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `words` say what was found, in a sentence."""

    name: str
    judgement: Judgement
    words: str


@dataclass(frozen=True)
class Verdict:
    """A checked report. `signed_at` is the signer's own claim; `evidence` is None where it cannot be read."""

    checks: tuple[Check, ...]
    sha256: str  # of the whole file
    signer: str = ""
    fingerprint: str = ""  # of the signer's certificate, SHA-256 in groups of four
    signed_at: str = ""  # UTC, as the chain writes moments
    evidence: Mapping[str, Json] | None = None
    certificate_pem: bytes = b""  # the signer's own, as the file has it

    @property
    def verdict(self) -> Judgement:
        """The worst of the checks."""
        found = {check.judgement for check in self.checks}
        return next((word for word in (Judgement.WRONG, Judgement.LOOK) if word in found), Judgement.GOOD)

    @property
    def sentence(self) -> str:
        """The verdict in words, with the first check that decides it."""
        decisive = next((check for check in self.checks if check.judgement is self.verdict), None)
        if self.verdict is Judgement.GOOD or decisive is None:
            return f"Signed by {self.signer}, whole and unchanged since."
        if self.verdict is Judgement.LOOK:
            return f"Whole and unchanged since it was signed. {decisive.words}"
        return f"Don't rely on this file. {decisive.words}"

    def to_json(self) -> dict[str, Json]:
        """Plain values for ``--json``; the evidence is left out."""
        return {
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "signer": self.signer,
            "fingerprint": self.fingerprint,
            "signed_at": self.signed_at,
            "sha256": self.sha256,
            "checks": [
                {"name": check.name, "judgement": check.judgement.value, "words": check.words}
                for check in self.checks
            ],
        }


def good(name: str, words: str) -> Check:
    """A check that holds."""
    return Check(name, Judgement.GOOD, words)


def wrong(name: str, words: str) -> Check:
    """A check that does not hold."""
    return Check(name, Judgement.WRONG, words)


def judged(name: str, holds: bool, yes: str, no: str) -> Check:
    """A check that holds or does not, with the words for each."""
    return good(name, yes) if holds else wrong(name, no)

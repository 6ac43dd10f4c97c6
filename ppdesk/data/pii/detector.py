"""What a detector of values is, and how much its hits prove.

A detector is a form (a regular expression of RE2 over the whole, trimmed text) and mostly a check that few
texts of that form pass by accident (a checksum). `chance` is that accident: 1/10 for Luhn, 1/97 for ISO 7064
mod 97-10. A column of unrelated numbers passes at about that rate, one of real identifiers nearly always, so
what counts is the measured rate beside `chance`, not that some values pass.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

CAP = 0.99  # no detector is surer than this
_DIRT = (0.98, 0.9, 0.7, 0.5)  # shares of real identifiers in a column that holds some dirt, equally likely
_NOISE = 0.25  # the least chance that counts where a column has few values: they are seldom independent


@dataclass(frozen=True)
class Detector:
    """One kind of identifier, found by its values."""

    key: str
    title: str  # "a payment card number": it follows "look like"
    form: str  # RE2, the whole of a trimmed cell; the same text is searched in running text
    source: str  # where form and check come from
    hipaa: tuple[int, ...]
    check: Callable[[str], bool] | None = None  # of a text of that form
    chance: float = 1.0  # share of texts of that form that pass the check by accident
    prior: float = 0.05  # how likely a column of that form is this kind, before name and check
    country: str = ""  # ISO 3166 of a national number, else ""
    form_proves: bool = False  # seldom anything else has this form, though no digit checks it
    embedded: bool = False  # also searched inside running text, where `form` stands between non-word signs

    @cached_property
    def whole(self) -> str:
        """For match_substring_regex over trimmed cells."""
        return rf"^(?:{self.form})$"

    @property
    def checked(self) -> bool:
        """Whether a hit is validated, so that an accident is rare."""
        return self.check is not None and self.chance <= 0.2

    @property
    def proves(self) -> bool:
        """Whether enough hits leave no doubt: by a check, or by a form that is seldom anything else."""
        return self.checked or self.form_proves

    def passes(self, text: str) -> bool:
        """Whether a text of the form is valid."""
        return self.check is None or self.check(text)


def guarded(check: Callable[[str], Any]) -> Callable[[str], bool]:
    """A library's check as a plain yes or no. Whatever it raises on a strange text means no."""

    def asked(text: str) -> bool:
        try:
            return bool(check(text))
        except Exception:  # noqa: BLE001 - a check of foreign text must not stop a scan
            return False

    return asked


def belief(candidates: int, passed: int, chance: float, prior: float) -> float:
    """How likely a column is of a kind: Bayes' rule over `candidates` distinct values of its form, `passed`
    of which are valid, against unrelated values that pass at rate `chance`.

    Real columns are taken to hold 98, 90, 70 or 50 % real identifiers, equally likely, so that dirt does not
    hide a column. `chance` 1 (no check): the prior stays. 0..CAP.
    """
    if candidates == 0:
        return 0.0
    if chance > 0.99:
        return min(prior, CAP)
    low = max(chance, min(_NOISE, 1 / candidates))
    failed = candidates - passed
    against = passed * math.log(low) + failed * math.log1p(-low)
    rates = [share + (1 - share) * low for share in _DIRT]
    worded = [passed * math.log(rate) + failed * math.log1p(-rate) for rate in rates]
    top = max(worded)
    favour = top + math.log(sum(math.exp(one - top) for one in worded) / len(worded))
    odds = math.log(prior / (1 - prior)) + favour - against
    return min(CAP, 1 / (1 + math.exp(-max(-60.0, min(60.0, odds)))))

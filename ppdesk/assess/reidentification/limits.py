"""Limits for the re-identification risk that others have set, each with its source.

A cell size of k stands for a risk of 1 / k for each record.
"""

from dataclasses import dataclass
from typing import Literal

LimitOf = Literal["highest", "mean"]


@dataclass(frozen=True)
class Threshold:
    """`limit` 0..1 of the `highest` risk of a record, or of the `mean` risk; `never` a limit that no single
    record may pass where the mean is what counts ("strict average")."""

    key: str
    title: str
    limit: float
    limit_of: LimitOf
    source: str
    never: float | None = None


_EMA = (
    "European Medicines Agency, External guidance on the implementation of Policy 0070, EMA/90915/2016,"
    " chapter 3, 2016: a conservative 0.09, as the highest risk over all records. Health Canada, Public"
    " Release of Clinical Information: guidance document, 2019: the same."
)
_CELLS = (
    'El Emam, Guide to the De-Identification of Personal Health Information, CRC Press, 2013, chapter "Cell'
    ' size precedents"'
)
_IHE = (
    'IHE IT Infrastructure, De-Identification Handbook, "Define acceptable risk thresholds", 2025, table'
    " adapted from ISO/IEC 27559:2022"
)
_STRICT = (
    " With the mean, no record is to have a risk above 0.5: Information and Privacy Commissioner of Ontario,"
    " De-identification Guidelines for Structured Data, step 4, 2016."
)
_IPC = (
    "Information and Privacy Commissioner of Ontario, De-identification Guidelines for Structured Data, step"
    " 3, 2016, after El Emam 2013"
)


def _cell(size: int, why: str) -> Threshold:
    return Threshold(f"cell-{size}", f"Cell size {size}", 1 / size, "highest", f"{_CELLS}: {why}")


def _public(impact: str, limit: float) -> Threshold:
    return Threshold(
        f"public-{impact}", f"Public release, {impact} impact", limit, "highest",
        f"{_IHE}: public, high possibility of attack, {impact} impact, highest risk.",
    )  # fmt: skip


def _shared(impact: str, limit: float, said: str) -> Threshold:
    return Threshold(
        f"shared-{impact}", f"Shared by agreement, {impact} impact", limit, "mean",
        f"{_IHE}: non-public, {said}, average risk.{_STRICT}", 0.5,
    )  # fmt: skip


_ALL = (
    Threshold("ema", "EMA and Health Canada", 0.09, "highest", _EMA),
    _public("low", 0.1),
    _public("medium", 0.075),
    _public("high", 0.05),
    _shared("low", 0.1, "low to medium possibility of attack, low to medium impact"),
    _shared("medium", 0.075, "medium possibility of attack, medium impact"),
    _shared("high", 0.05, "medium to high possibility of attack, medium to high impact"),
    _cell(3, "a size that some custodians use."),
    _cell(5, "the size used most for a long time, first for counts in tables."),
    Threshold("cell-10", "Cell size 10", 0.1, "highest", f"{_IPC}: low invasion of privacy."),
    _cell(11, "used for public releases in the United States."),
    _cell(20, "used for public patient data in Canada and the United States."),
)
THRESHOLDS = {one.key: one for one in _ALL}
DEFAULT = "ema"
OWN = "own"

"""Limits for the re-identification risk that others have set, each with its source.

A cell size of k stands for a risk of 1 / k for each record.
"""

from dataclasses import dataclass
from typing import Literal

from ppdesk.core.said import said

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


_EMA = said(
    "European Medicines Agency, External guidance on the implementation of Policy 0070, EMA/90915/2016,"
    " chapter 3, 2016: a conservative 0.09, as the highest risk over all records. Health Canada, Public"
    " Release of Clinical Information: guidance document, 2019: the same."
)


def _cell(size: int, why: str) -> Threshold:
    source = said(
        "El Emam, Guide to the De-Identification of Personal Health Information, CRC Press, 2013, chapter"
        ' "Cell size precedents": {why}',
        why=why,
    )
    return Threshold(f"cell-{size}", said("Cell size {size}", size=size), 1 / size, "highest", source)


def _public(impact: str, limit: float) -> Threshold:
    source = said(
        'IHE IT Infrastructure, De-Identification Handbook, "Define acceptable risk thresholds", 2025, table'
        " adapted from ISO/IEC 27559:2022: public, high possibility of attack, {impact} impact, highest"
        " risk.",
        impact=impact,
    )
    title = said("Public release, {impact} impact", impact=impact)
    return Threshold(f"public-{impact}", title, limit, "highest", source)


def _shared(impact: str, limit: float, context: str) -> Threshold:
    source = said(
        'IHE IT Infrastructure, De-Identification Handbook, "Define acceptable risk thresholds", 2025, table'
        " adapted from ISO/IEC 27559:2022: non-public, {context}, average risk. With the mean, no record is"
        " to have a risk above 0.5: Information and Privacy Commissioner of Ontario, De-identification"
        " Guidelines for Structured Data, step 4, 2016.",
        context=context,
    )
    title = said("Shared by agreement, {impact} impact", impact=impact)
    return Threshold(f"shared-{impact}", title, limit, "mean", source, 0.5)


_ALL = (
    Threshold("ema", said("EMA and Health Canada"), 0.09, "highest", _EMA),
    _public(said("low"), 0.1),
    _public(said("medium"), 0.075),
    _public(said("high"), 0.05),
    _shared(said("low"), 0.1, said("low to medium possibility of attack, low to medium impact")),
    _shared(said("medium"), 0.075, said("medium possibility of attack, medium impact")),
    _shared(said("high"), 0.05, said("medium to high possibility of attack, medium to high impact")),
    _cell(3, said("a size that some custodians use.")),
    _cell(5, said("the size used most for a long time, first for counts in tables.")),
    Threshold(
        "cell-10",
        said("Cell size {size}", size=10),
        0.1,
        "highest",
        said(
            "Information and Privacy Commissioner of Ontario, De-identification Guidelines for Structured"
            " Data, step 3, 2016, after El Emam 2013: low invasion of privacy."
        ),
    ),
    _cell(11, said("used for public releases in the United States.")),
    _cell(20, said("used for public patient data in Canada and the United States.")),
)
THRESHOLDS = {one.key: one for one in _ALL}
DEFAULT = "ema"
OWN = "own"

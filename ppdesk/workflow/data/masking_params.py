"""What Anonymize asks for besides classes: treatments of columns, a sample, missing quasi-identifiers."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from ppdesk.core.params import Params, SourceFile, param
from ppdesk.workflow.data.treatment_models import Treatment, read, sentences

_GROUP = "Treatments of columns"


class MissingRule(StrEnum):
    """What a missing quasi-identifier is like."""

    OWN_CATEGORY = "own-category"
    CONSERVATIVE = "conservative"
    WILDCARD = "wildcard"


class MaskingParams(Params):
    """A base of AnonymizeParams."""

    treat: Annotated[tuple[str, ...], BeforeValidator(sentences)] = param(
        (), label="Treat columns", more=True, group=_GROUP, empty="kept as they are",
        help="What is done to columns of the release that are no quasi-identifiers, such as"
        " income: microaggregate, group = 5. Treatments: top-bottom-coding (bottom, top, shown), rounding"
        " (base), categorize (bounds), mask (first, last, sign, length), suppress, microaggregate (group, by,"
        " also), rank-swap (window), pram (stay, to), noise (share, also), date-shift (within, per, domain),"
        " pseudonym (length, domain), format-preserving (alphabet, domain); of a quasi-identifier"
        " class-aggregate (by). Direct identifiers stay out unless pseudonym, format-preserving, date-shift"
        " or suppress is named.",
    )  # fmt: skip
    release_name: str = param(
        "", label="Name of the release", more=True, group=_GROUP,
        help="Pseudonyms and shifts of dates of another name have nothing in common with these, also under"
        " the same key.",
    )  # fmt: skip
    pseudonym_key: SourceFile | None = param(
        None, label="Key of pseudonyms", more=True, group=_GROUP, empty="drawn anew in each run",
        help="A file with 64 hexadecimal digits (openssl rand -hex 32). Tables that are released under one"
        " name with one key get the same pseudonyms. It is read, not kept in the project.",
    )  # fmt: skip
    sample: float = param(
        1.0, label="Random sample", unit="share of records", gt=0, le=1, more=True, group=_GROUP,
        help="Only a simple random sample of the records is anonymized and released. k counts records of the"
        " sample.",
    )  # fmt: skip
    missing: MissingRule = param(
        MissingRule.OWN_CATEGORY, label="Missing quasi-identifiers", more=True, group=_GROUP,
        help="own-category: missing is a value like others, as in ARX. conservative: a record that lacks a"
        " quasi-identifier is suppressed and hides nobody. wildcard (it matches every value, as in sdcMicro)"
        " makes no classes and is refused; what meets k by own-category meets it so, too.",
    )  # fmt: skip

    def treatments(self) -> list[Treatment]:
        """`treat` with its settings."""
        return [read(one) for one in self.treat]

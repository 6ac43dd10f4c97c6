"""The families of de-identification techniques of ISO/IEC 20889:2018, and which of them a technique is."""

from enum import StrEnum

from ppdesk.core.said import said


class Family(StrEnum):
    """As the standard's clause 8 names them."""

    STATISTICAL = "statistical tools"
    CRYPTOGRAPHIC = "cryptographic tools"
    SUPPRESSION = "suppression"
    PSEUDONYMIZATION = "pseudonymization"
    GENERALIZATION = "generalization"
    RANDOMIZATION = "randomization"


# technique -> (family, what the standard calls it, or says nothing of)
FAMILIES: dict[str, tuple[Family, str]] = {
    "generalization": (Family.GENERALIZATION, said("full-domain generalization")),
    "record suppression": (Family.SUPPRESSION, said("record suppression")),
    "direct identifiers left out": (Family.SUPPRESSION, said("masking: direct identifiers removed")),
    "sample": (Family.STATISTICAL, said("sampling")),
    "top-bottom-coding": (Family.GENERALIZATION, said("top and bottom coding")),
    "rounding": (Family.GENERALIZATION, said("rounding")),
    "categorize": (Family.GENERALIZATION, said("generalization to declared intervals")),
    "mask": (Family.SUPPRESSION, said("masking of signs")),
    "suppress": (Family.SUPPRESSION, said("attribute suppression")),
    "microaggregate": (Family.RANDOMIZATION, said("microaggregation")),
    "class-aggregate": (Family.RANDOMIZATION, said("microaggregation within equivalence classes")),
    "rank-swap": (Family.RANDOMIZATION, said("permutation: rank swapping")),
    "pram": (Family.RANDOMIZATION, said("post-randomization (PRAM); not named by the standard")),
    "noise": (Family.RANDOMIZATION, said("noise addition")),
    "date-shift": (Family.RANDOMIZATION, said("noise addition, the same for all dates of a person")),
    "pseudonym": (Family.PSEUDONYMIZATION, said("keyed pseudonyms (HMAC)")),
    "format-preserving": (
        Family.PSEUDONYMIZATION,
        said("pseudonyms by format-preserving encryption (FF1, a cryptographic tool)"),
    ),
}

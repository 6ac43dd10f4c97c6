"""The families of de-identification techniques of ISO/IEC 20889:2018, and which of them a technique is."""

from enum import StrEnum


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
    "generalization": (Family.GENERALIZATION, "full-domain generalization"),
    "record suppression": (Family.SUPPRESSION, "record suppression"),
    "direct identifiers left out": (Family.SUPPRESSION, "masking: direct identifiers removed"),
    "sample": (Family.STATISTICAL, "sampling"),
    "top-bottom-coding": (Family.GENERALIZATION, "top and bottom coding"),
    "rounding": (Family.GENERALIZATION, "rounding"),
    "categorize": (Family.GENERALIZATION, "generalization to declared intervals"),
    "mask": (Family.SUPPRESSION, "masking of signs"),
    "suppress": (Family.SUPPRESSION, "attribute suppression"),
    "microaggregate": (Family.RANDOMIZATION, "microaggregation"),
    "class-aggregate": (Family.RANDOMIZATION, "microaggregation within equivalence classes"),
    "rank-swap": (Family.RANDOMIZATION, "permutation: rank swapping"),
    "pram": (Family.RANDOMIZATION, "post-randomization (PRAM); not named by the standard"),
    "noise": (Family.RANDOMIZATION, "noise addition"),
    "date-shift": (Family.RANDOMIZATION, "noise addition, the same for all dates of a person"),
    "pseudonym": (Family.PSEUDONYMIZATION, "keyed pseudonyms (HMAC)"),
    "format-preserving": (
        Family.PSEUDONYMIZATION,
        "pseudonyms by format-preserving encryption (FF1, a cryptographic tool)",
    ),
}

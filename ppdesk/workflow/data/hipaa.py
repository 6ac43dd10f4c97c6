"""The 18 identifiers whose removal is HIPAA's safe harbor: 45 CFR 164.514(b)(2)(i), (A) to (R)."""

from collections.abc import Mapping

IDENTIFIERS: Mapping[int, str] = {
    1: "Names",
    2: "Places smaller than a state (of postcodes the first three digits may stay, where many live)",
    3: "Dates of a person but the year, ages over 89",
    4: "Telephone numbers",
    5: "Fax numbers",
    6: "E-mail addresses",
    7: "Social security numbers",
    8: "Medical record numbers",
    9: "Health plan beneficiary numbers",
    10: "Account numbers",
    11: "Certificate and license numbers",
    12: "Vehicle identifiers, license plates",
    13: "Device identifiers and serial numbers",
    14: "Web addresses (URLs)",
    15: "IP addresses",
    16: "Biometric identifiers",
    17: "Full-face photographs and the like",
    18: "Any other unique number, characteristic or code",
}

"""The eighteen identifiers of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i), (A) to (R), in short words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identifier:
    """One of the eighteen. `action` is what Safe Harbor asks for, in the words of this program's roles."""

    number: int
    letter: str
    title: str
    action: str


_DROP = "Direct identifier: drop"
_PLACES = (
    "Addresses: drop. Postcodes: first three digits where more than 20,000 people live, else 000; other"
    " places: generalize to the state"
)

HIPAA: tuple[Identifier, ...] = tuple(
    Identifier(number, "ABCDEFGHIJKLMNOPQR"[number - 1], title, action)
    for number, (title, action) in enumerate(
        (
            ("Names", _DROP),
            (
                "Places smaller than a state, postcodes",
                _PLACES,
            ),
            (
                "Dates of a person, ages over 89",
                "Keep the year alone; ages over 89, and dates that tell them, become 90 or over",
            ),
            ("Telephone numbers", _DROP),
            ("Fax numbers", _DROP),
            ("E-mail addresses", _DROP),
            ("Social security numbers", _DROP),
            ("Medical record numbers", _DROP),
            ("Health plan beneficiary numbers", _DROP),
            ("Account numbers", _DROP),
            ("Certificate and licence numbers", _DROP),
            ("Vehicle numbers, licence plates", _DROP),
            ("Device identifiers and serial numbers", _DROP),
            ("Web addresses", _DROP),
            ("IP addresses", _DROP),
            ("Biometric identifiers", _DROP),
            ("Full-face photographs", _DROP),
            ("Any other unique number or code", "Drop, or replace by a code that cannot be computed back"),
        ),
        start=1,
    )
)

# known by the name of a column alone: their values look like any number, or are no text
KNOWN_BY_NAME = frozenset({5, 9, 11, 16, 17})

"""Texts of law that documents quote, word for word, in the language of the law.

Sources: 45 CFR 164.514(a) to (c) as in the Code of Federal Regulations (https://www.ecfr.gov); California
Civil Code sections 1798.140(m) and 1798.148 (https://leginfo.legislature.ca.gov).
"""

EXPERT_PERSON = (
    "A person with appropriate knowledge of and experience with generally accepted statistical and "
    "scientific principles and methods for rendering information not individually identifiable:"
)
EXPERT_RISK = (
    "(i) Applying such principles and methods, determines that the risk is very small that the information "
    "could be used, alone or in combination with other reasonably available information, by an anticipated "
    "recipient to identify an individual who is a subject of the information; and"
)
EXPERT_DOCUMENTS = "(ii) Documents the methods and results of the analysis that justify such determination"
REMOVED = (
    "The following identifiers of the individual or of relatives, employers, or household members of the "
    "individual, are removed:"
)
_PLACES = (
    "All geographic subdivisions smaller than a State, including street address, city, county, precinct, "
    "zip code, and their equivalent geocodes, except for the initial three digits of a zip code if, "
    "according to the current publicly available data from the Bureau of the Census: (1) The geographic "
    "unit formed by combining all zip codes with the same three initial digits contains more than 20,000 "
    "people; and (2) The initial three digits of a zip code for all such geographic units containing "
    "20,000 or fewer people is changed to 000."
)
_DATES = (
    "All elements of dates (except year) for dates directly related to an individual, including birth "
    "date, admission date, discharge date, date of death; and all ages over 89 and all elements of "
    "dates (including year) indicative of such age, except that such ages and elements may be "
    "aggregated into a single category of age 90 or older;"
)
_OTHER = (
    "Any other unique identifying number, characteristic, or code, except as permitted by paragraph (c) "
    "of this section; and"
)
IDENTIFIERS: tuple[tuple[str, str], ...] = (
    ("A", "Names;"),
    ("B", _PLACES),
    ("C", _DATES),
    ("D", "Telephone numbers;"),
    ("E", "Fax numbers;"),
    ("F", "Electronic mail addresses;"),
    ("G", "Social security numbers;"),
    ("H", "Medical record numbers;"),
    ("I", "Health plan beneficiary numbers;"),
    ("J", "Account numbers;"),
    ("K", "Certificate/license numbers;"),
    ("L", "Vehicle identifiers and serial numbers, including license plate numbers;"),
    ("M", "Device identifiers and serial numbers;"),
    ("N", "Web Universal Resource Locators (URLs);"),
    ("O", "Internet Protocol (IP) address numbers;"),
    ("P", "Biometric identifiers, including finger and voice prints;"),
    ("Q", "Full face photographic images and any comparable images; and"),
    ("R", _OTHER),
)
ACTUAL_KNOWLEDGE = (
    "The covered entity does not have actual knowledge that the information could be used alone or in "
    "combination with other information to identify an individual who is a subject of the information."
)
DEIDENTIFIED = (
    "“Deidentified” means information that cannot reasonably be used to infer information about, or "
    "otherwise be linked to, a particular consumer provided that the business that possesses the information:"
)
MEASURES = (
    "(1) Takes reasonable measures to ensure that the information cannot be associated with a consumer or "
    "household."
)
COMMITMENT = (
    "(2) Publicly commits to maintain and use the information in deidentified form and not to attempt to "
    "reidentify the information, except that the business may attempt to reidentify the information solely "
    "for the purpose of determining whether its deidentification processes satisfy the requirements of this "
    "subdivision."
)
CONTRACTS = (
    "(3) Contractually obligates any recipients of the information to comply with all provisions of this "
    "subdivision."
)
NO_REIDENTIFICATION = (
    "A business or other person shall not reidentify, or attempt to reidentify, information that has met the "
    "requirements of paragraph (4) of subdivision (a) of Section 1798.146, except for one or more of the "
    "following purposes:"
)
_SAYS_SO = (
    "(1) A statement that the deidentified information being sold or licensed includes deidentified patient "
    "information."
)
_PROHIBITS = (
    "(2) A statement that reidentification, and attempted reidentification, of the deidentified information "
    "by the purchaser or licensee of the information is prohibited pursuant to this section."
)
_PASSES_ON = (
    "(3) A requirement that, unless otherwise required by law, the purchaser or licensee of the deidentified "
    "information may not further disclose the deidentified information to any third party unless the third "
    "party is contractually bound by the same or stricter restrictions and conditions."
)
PROVISIONS = (_SAYS_SO, _PROHIBITS, _PASSES_ON)

"""Texts that are widely used for a missing value. Public: naming one of them discloses nothing.

From R (NA), pandas' and SQL's readers, spreadsheets' errors and survey practice.
"""

WORDS = (
    "N/A", "n/a", "N.A.", "n.a.", "NA", "na", "#N/A", "#NA", "<NA>", "#NULL!", "#VALUE!", "#DIV/0!", "NULL",
    "Null", "null", "None", "none", "NONE", "NaN", "nan", "NAN", "-nan", "nil", "Nil", "-", "--", "---", "?",
    "??", ".", "..", "...", "*", "missing", "Missing", "MISSING", "(missing)", "unknown", "Unknown",
    "UNKNOWN",
    "unk", "UNK", "not available", "Not available", "not applicable", "Not applicable", "k.A.", "k. A.",
    "k.a.",
    "keine Angabe", "unbekannt", "Unbekannt", "n. a.", "s/d", "nd", "ND", "N/D", "n/d",
)  # fmt: skip
NOTHING = ("None", "none", "NONE", "nil", "Nil")
"""Those of them that in a column of words are mostly an answer: no other debtor, no allergy."""
NUMBERS = ("-1", "-9", "-99", "-999", "-9999", "-99999", "99", "999", "9999", "99999", "-999.0", "-9999.0")
"""Numbers that stand for nothing where all others lie far from them."""

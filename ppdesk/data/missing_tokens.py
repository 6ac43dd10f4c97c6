"""Texts that are widely used for a missing value. Public: naming one of them discloses nothing.

From R (NA), SAS, SPSS and Stata, pandas' and SQL's readers, spreadsheets' errors and survey practice.
Detection looks for those that programs and codebooks write; Clean, which asks about each, also for words.
"""

CLEAR = (
    "N/A", "n/a", "#N/A", "#NA", "<NA>", "NULL", "null", "Null", "NaN", "nan", "(null)", "\\N", "#NULL!",
)  # fmt: skip
"""No answer in any column."""
SHORT = ("NA", "na", "None", "none", "?", "-", "--", ".", "..", "missing", "Missing", "unknown", "Unknown")
"""In a column of words these may be an answer."""
CODES = ("-9", "-99", "-999", "-9999", "-99999")
"""Numbers below all others."""
LIKELY_REAL = ("99", "999", "9999", "99999")
"""Numbers that are often meant."""
WORDS = (
    *CLEAR, *SHORT,
    "N.A.", "n.a.", "n. a.", "#VALUE!", "#DIV/0!", "NONE", "NAN", "-nan", "nil", "Nil", "---", "??", "...",
    "*", "MISSING", "(missing)", "UNKNOWN", "unk", "UNK", "not available", "Not available",
    "not applicable", "Not applicable", "k.A.", "k. A.", "k.a.", "keine Angabe", "unbekannt", "Unbekannt",
    "s/d", "nd", "ND", "N/D", "n/d",
)  # fmt: skip
NOTHING = ("None", "none", "NONE", "nil", "Nil")
"""Those of them that in a column of words are mostly an answer: no other debtor, no allergy."""
NUMBERS = ("-1", *CODES, *LIKELY_REAL, "-999.0", "-9999.0")
"""Numbers that stand for nothing where all others lie far from them."""

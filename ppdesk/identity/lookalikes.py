"""Names that look alike: a key's name is whatever its holder wrote, in any alphabet. The idea is that of
Unicode Technical Standard 39, of its tables the letters of Greek and Cyrillic that look as Latin ones do."""

import unicodedata

_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
_LATIN = str.maketrans(
    "авеԍһіјкмнорԛѕтѵхуԝԁɡɩ" + "αβεζηικμνορτυχ" + "ı0135",
    "abeghijkmhopqstvxywdgi" + "abeznikmnoptux" + "ioies",
)


def skeleton(name: str) -> str:
    """The same for names that look the same: without accents, unseen signs, spaces, capitals."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    seen = (one for one in plain if unicodedata.category(one) not in ("Mn", "Cf", "Cc", "Zs"))
    return "".join(seen).translate(_LATIN).replace("l", "i")


def oddity(name: str) -> str:
    """What is strange in the writing of a name, in words; empty where nothing is."""
    if any(unicodedata.category(one) in ("Cf", "Cc", "Co", "Cn", "Zl", "Zp") for one in name):
        return "The signer's name has signs in it that cannot be seen."
    for word in name.split():
        if len({found for one in word if (found := _alphabet(one))}) > 1:
            return "The signer's name mixes letters of several alphabets that look alike."
    return ""


def _alphabet(letter: str) -> str:
    named = unicodedata.name(letter, "") if letter.isalpha() else ""
    return next((one for one in _ALPHABETS if named.startswith(one)), "")

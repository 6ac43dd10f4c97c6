"""Shapes of numbers: ``99.99.99-999.99`` says it better than its regular expression.

In a shape 9 stands for a digit, A for a letter, X for either, any other sign for itself.
"""

import random
import re

_SIGNS = {"9": "[0-9]", "A": "[A-Za-z]", "X": "[0-9A-Za-z]"}
_RUN = re.compile(r"(.)\1*", re.DOTALL)


def form_of(*shapes: str) -> str:
    """The regular expression (RE2 and Python's) of any of the shapes."""
    return "|".join("".join(_piece(run) for run in _RUN.finditer(shape)) for shape in shapes)


def _piece(run: "re.Match[str]") -> str:
    sign, count = run.group(1), len(run.group(0))
    return _SIGNS.get(sign, re.escape(sign)) + (f"{{{count}}}" if count > 1 else "")


def text_of(shape: str, chooser: random.Random) -> str:
    """A random text of the shape, every digit and letter equally likely: what a check is measured against."""
    digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    choices = {"9": digits, "A": letters, "X": digits + letters}
    return "".join(chooser.choice(choices[sign]) if sign in choices else sign for sign in shape)

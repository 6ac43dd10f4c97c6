"""Building HTML that cannot be broken by what it shows: whatever is no markup yet is escaped."""

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

_VOID = frozenset({"br", "col", "hr", "link", "meta"})
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the direction of what follows
_HASH = re.compile(
    r"\b[0-9a-f]{32,}\b|\b(?:[0-9A-F]{4} ){3,}[0-9A-F]{4}\b|\b(?:[0-9a-f]{4} ){2}[0-9a-f]{4}\b"
)


class Markup(str):
    """Markup that is ready to be written."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[str | None] | None"


def text(words: str) -> Markup:
    """Words as markup. Signs that no HTML may hold become U+FFFD, marks that would turn the direction of what
    follows are left out."""
    return Markup(html.escape(_TURNS.sub("", _NO_TEXT.sub("\ufffd", words)), quote=True))


def tag(name: str, /, *children: Child, **attributes: "str | float | bool | None") -> Markup:
    """An element. Attributes of None or False are left out, of True stand without a value; an underscore at
    the end is dropped, others become hyphens: ``class_``, ``aria_label``."""
    written = "".join(
        f" {_attribute(key)}" if value is True else f' {_attribute(key)}="{text(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Children one after the other."""
    return Markup("".join(_all(children)))


def worded(words: str) -> Markup:
    """Words with hashes and fingerprints marked as code, for a face in which 0 and O differ."""
    parts: list[str] = []
    end = 0
    for found in _HASH.finditer(words):
        parts += [text(words[end : found.start()]), tag("code", found.group(0))]
        end = found.end()
    return joined([*parts, text(words[end:])])


def _all(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            yield child if isinstance(child, Markup) else text(child)
        else:
            yield from _all(child)


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")

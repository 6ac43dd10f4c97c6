"""What a copy for an auditor holds: no microdata, and nothing that repeats what a person asked to redact.

A redacted field loses value and salt; its commitment stays, so the chain still verifies. The same words can
stand elsewhere: in another opening (closed too), in an artifact (withheld), in a signed PDF (withheld as soon
as anything is redacted, because it prints the record; with it, whatever names a hash of its parts, from which
the words could be guessed), or in the clear, in the chain itself or in a
certificate. What stands in the clear cannot be taken out; it is named, so that nobody takes it for redacted.

Only words are looked for: the whole value, and of what a person typed also each piece of two words or more
between its marks. A redacted number or a yes or no may well stand elsewhere, and so may a single word of a
redacted sentence, or the same words spelled otherwise. Of operations on a table the values that they name are
looked for, not the columns and settings; and of these values none that stands in the clear anyway, as
declared categories do.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import parse
from ppdesk.store import chain
from ppdesk.store.commitments import Opening
from ppdesk.store.schema import ARTIFACT, CHUNK, PART

MICRODATA, REDACTED, MISSING = "microdata", "redacted", "missing"  # why something is not in a copy

_NAME = re.compile(
    r"(?P<place>\d+|\*|[a-z][a-z0-9-]*)[:.](?P<field>(?:params|facts|sources|findings)(?:\..+)?)"
)
# fields that keep a hash of typed words from being guessed, a hash that stands elsewhere: of a request for
# approval, of an earlier handover. Closed with the first redaction, or its words could be tried
_SALTS = frozenset({"params.nonce", "facts.recipient_salt", "facts.purpose_salt"})
_WHY, _SALT = "params.why", "params.salt"
_OPERATIONS = "params.operations"
# what of an operation names values of cells, beside columns, settings and its name
_NAMING = ("holds", "pattern", "replacement", "tokens", "unit", "value", "values", "where")
_NO_WORDS = ("yes", "no")  # settings have them in the clear
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")  # texts in a rule or filter
_MARKS = re.compile(r"[.,;:()\[\]/|\n]+")
_SHORT = 4  # characters; a shorter value counts only where it stands as a word of its own
_PRINTS_THE_RECORD = (Kind.REPORT.value, Kind.DRAFT.value)
_PEM = re.compile(rb"-----BEGIN [A-Z ]+-----([A-Za-z0-9+/=\s]+)-----END")


class Held(NamedTuple):
    """One part of an artifact and, where it stays out of the copy, why. `part` empty: the whole artifact."""

    artifact: str  # digest
    kind: str
    part: str
    sha256: str
    bytes: int
    why: str = ""


@dataclass(frozen=True)
class Survey:
    """What a copy would hold. Fields are written ``SEQ:FIELD``, as in ``3:params.people``."""

    parts: tuple[Held, ...]  # of every artifact that an event made, in the order of the events
    redacted: tuple[str, ...]  # every field that is closed in the copy, and why it may be empty: see `asked`
    asked: tuple[str, ...]  # of these, what was asked for
    unknown: tuple[str, ...] = ()  # what was asked for and is no committed field
    clear: tuple[str, ...] = ()  # where words to be redacted stand in the clear
    wordless: tuple[str, ...] = ()  # asked for, but with no words: not looked for elsewhere

    @property
    def withheld(self) -> tuple[Held, ...]:
        """What stays out of the copy."""
        return tuple(each for each in self.parts if each.why)


def survey(connection: Connection, redact: Sequence[str], clear: Mapping[str, str] | None = None) -> Survey:
    """What a copy of the whole file would hold when `redact` is left closed.

    `redact` names fields as ``EVENT:FIELD``, ``KIND.FIELD`` or ``*.FIELD``; a FIELD that is a group
    (``facts``) means all of it. `clear` is what else will stand in the copy in the clear, by where.
    """
    links, openings = chain.rows(connection)
    events = [(link.seq, _content(link)) for link in links]
    asked, unknown = _resolved(redact, events, openings)
    words: list[str] = []
    wordless = []
    in_clear = _folded("\0".join(text for _, text in _clear_texts(events, clear or {})))
    for seq, field in sorted(asked):
        found = list(_words(openings.get(seq, ()), field))
        if field == _OPERATIONS:
            found = [word for word in found if not Search([word]).in_folded(in_clear)]
        words += found
        if not found:
            wordless.append(f"{seq}:{field}")
    search, parts = _search(connection, events, words, redacting=bool(asked))
    closed = set(asked)
    closed |= {(s, o.field) for s, own in openings.items() for o in own if search.in_json(o.text)}
    if asked:
        closed |= {(s, o.field) for s, own in openings.items() for o in own if o.field in _SALTS}
    # the words of a decision could be tried against its signed digest, which stands in the clear
    closed |= {
        (s, _SALT)
        for s, field in closed
        if field == _WHY and any(o.field == _SALT for o in openings.get(s, ()))
    }
    for seq, told in events:  # already closed in this file: a salvaged one
        closed |= {(seq, name) for name in told["commitments"]} - {
            (seq, o.field) for o in openings.get(seq, ())
        }
    return Survey(
        parts=parts,
        redacted=tuple(f"{seq}:{field}" for seq, field in sorted(closed)),
        asked=tuple(f"{seq}:{field}" for seq, field in sorted(asked)),
        unknown=tuple(unknown),
        clear=tuple(_standing_clear(events, clear or {}, Search(words))),
        wordless=tuple(wordless),
    )


class Search:
    """Looks for words in texts, JSON and bytes: without regard to case, to spaces and to how letters are
    composed."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({_folded(word) for word in words if word.strip()})
        self._short = [re.compile(rf"(?<!\w){re.escape(w)}(?!\w)") for w in self._words if len(w) < _SHORT]
        self._long = [word for word in self._words if len(word) >= _SHORT]

    def in_text(self, text: str) -> bool:
        """Whether one of the words stands in `text`."""
        return bool(self._words) and self.in_folded(_folded(text))

    def in_folded(self, folded: str) -> bool:
        """The same for a text that is folded already."""
        return any(word in folded for word in self._long) or any(one.search(folded) for one in self._short)

    def in_json(self, text: str) -> bool:
        """Whether one stands in a text or a name of the JSON `text`."""
        if not self._words:
            return False
        try:
            return any(self.in_text(leaf) for leaf in leaves(parse(text), names=True))
        except ValueError:
            return self.in_text(text)

    def in_bytes(self, data: bytes) -> bool:
        """Whether one stands in `data`: JSON, a certificate, or anything else as UTF-8 or UTF-16."""
        if not self._words:
            return False
        texts = [data.decode("utf-8", "replace"), data.decode("utf-16-le", "replace")]
        texts.append(data[1:].decode("utf-16-le", "replace"))
        texts += [_der(found) for found in _PEM.findall(data)]
        return self.in_json(texts[0]) or any(self.in_text(text) for text in texts)


def leaves(value: Any, *, names: bool) -> Iterator[str]:
    """The texts in a JSON value, with `names` the keys of its objects too. What is inside of a PEM block
    comes as text of its own."""
    if isinstance(value, str):
        yield value
        if "-----BEGIN" in value:
            yield from (_der(found) for found in _PEM.findall(value.encode()))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if names:
                yield key
            yield from leaves(item, names=names)
    elif isinstance(value, Sequence):
        for item in value:
            yield from leaves(item, names=names)


def made_by(content: Mapping[str, Any]) -> Iterator[str]:
    """The digests of what an event made. HISTORY is never in the file."""
    return (digest for kind, digest in sorted(content["outputs"].items()) if kind != Kind.HISTORY.value)


def chunked(connection: Connection) -> set[tuple[str, int]]:
    """(artifact, position) of every part that has its bytes in the file."""
    rows = connection.execute(select(CHUNK.c.artifact, CHUNK.c.part).distinct())
    return {(row.artifact, row.part) for row in rows}


def parts_of(connection: Connection, digest: str) -> list[Row[Any]]:
    """The rows of an artifact's parts, in their order."""
    return list(connection.execute(select(PART).where(PART.c.artifact == digest).order_by(PART.c.position)))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _der(block: bytes) -> str:
    try:
        return base64.b64decode(b"".join(block.split())).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _content(link: chain.Link) -> dict[str, Any]:
    return chain.parsed(link)


def _resolved(
    redact: Sequence[str],
    events: Sequence[tuple[int, Mapping[str, Any]]],
    openings: Mapping[int, Sequence[Opening]],
) -> tuple[set[tuple[int, str]], list[str]]:
    found: set[tuple[int, str]] = set()
    unknown = []
    for name in redact:
        meant = set()
        match = _NAME.fullmatch(name.strip())
        if match is not None:
            place, field = match["place"], match["field"]
            for seq, told in events:
                if place in ("*", str(seq), told["kind"]):
                    fields = [
                        one for one in told["commitments"] if one == field or one.startswith(f"{field}.")
                    ]
                    meant |= {(seq, one) for one in fields}
        if not meant:
            unknown.append(name)
        found |= meant
    return found & {(seq, one.field) for seq, own in openings.items() for one in own}, unknown


def _words(openings: Iterable[Opening], field: str) -> Iterator[str]:
    for opening in openings:
        if opening.field == field:
            value = opening.value
            if field == "findings":  # level, code and field are the program's own words
                value = [[one.get("title", ""), one.get("detail", "")] for one in value]
            if field.startswith("sources."):  # its name is a parameter, and stands in the clear by design
                value = value.get("sha256", "")
            if field == _OPERATIONS:
                yield from (one for one in _named_values(value) if one.strip())
                return
            for leaf in leaves(value, names=False):
                if leaf.strip() and _folded(leaf) not in _NO_WORDS:
                    yield leaf
                    if field.startswith("params."):
                        yield from _pieces(leaf)


def _named_values(operations: Any) -> Iterator[str]:
    """The values that operations on a table name, also as names of an object: what is replaced by what."""
    for one in operations if isinstance(operations, Sequence) else ():
        for name in _NAMING if isinstance(one, Mapping) else ():
            for leaf in leaves(one.get(name), names=True):
                yield leaf
                if name in ("holds", "where"):
                    yield from (first or second for first, second in _QUOTED.findall(leaf))


def _pieces(text: str) -> Iterator[str]:
    """What stands between the marks of a sentence or list, if it is two words or more: a name in a list of
    names, a clause of a sentence."""
    return (piece.strip() for piece in _MARKS.split(text) if len(piece.split()) > 1)


def _standing_clear(
    events: Sequence[tuple[int, Mapping[str, Any]]], clear: Mapping[str, str], search: Search
) -> Iterator[str]:
    met = (where for where, text in _clear_texts(events, clear) if search.in_text(text))
    yield from dict.fromkeys(met)


def _clear_texts(
    events: Sequence[tuple[int, Mapping[str, Any]]], clear: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(where, text) of all that stands in the copy in the clear."""
    for seq, told in events:
        yield f"the name of who made event {seq}", told["actor"]
        for name, value in told["params"].items():
            yield from ((f"{name} of event {seq}", leaf) for leaf in (name, *leaves(value, names=True)))
        cost = leaves(told["cost"] or {}, names=True)
        yield from ((f"the cost of event {seq}", leaf) for leaf in cost)
    yield from clear.items()


def _search(
    connection: Connection,
    events: Sequence[tuple[int, Mapping[str, Any]]],
    words: Sequence[str],
    *,
    redacting: bool,
) -> tuple["Search", tuple[Held, ...]]:
    """(what to look for, what stays out): `words` and the hashes of what is withheld for them. An artifact
    that names such a hash, as the manifest of an earlier handover does, is withheld as well, and so on."""
    wanted = set(words)
    while True:
        search = Search(wanted)
        parts = tuple(_parts(connection, events, search, redacting=redacting))
        digests = {part.artifact for part in parts if part.why == REDACTED}
        hashes = {
            row.sha256 for digest in digests for row in parts_of(connection, digest) if not row.personal
        }
        if hashes <= wanted:
            return search, parts
        wanted |= hashes


def _parts(
    connection: Connection,
    events: Sequence[tuple[int, Mapping[str, Any]]],
    search: Search,
    *,
    redacting: bool,
) -> Iterator[Held]:
    present = chunked(connection)
    heads = {row.digest: row for row in connection.execute(select(ARTIFACT))}
    kinds = {digest: kind for _, told in events for kind, digest in told["outputs"].items()}
    for digest in dict.fromkeys(digest for _, told in events for digest in made_by(told)):
        row = heads.get(digest)
        if row is None:
            yield Held(digest, kinds[digest], "", "", 0, MISSING)
            continue
        parts = parts_of(connection, digest)
        if redacting and (
            row.kind in _PRINTS_THE_RECORD
            or search.in_json(row.head)
            or any(search.in_bytes(content_of(connection, part)) for part in parts if not part.personal)
        ):
            yield Held(digest, row.kind, "", "", 0, REDACTED)  # whole: a part's own hash has no salt
            continue
        for part in parts:
            why = ""
            if part.personal:
                why = MICRODATA
            elif part.bytes and (digest, part.position) not in present:
                why = MISSING
            yield Held(digest, row.kind, part.name, part.sha256, part.bytes, why)


def content_of(connection: Connection, part: Row[Any]) -> bytes:
    """The bytes of a part, as they lie in the file."""
    wanted = select(CHUNK.c.data).where(CHUNK.c.artifact == part.artifact, CHUNK.c.part == part.position)
    return b"".join(row.data for row in connection.execute(wanted.order_by(CHUNK.c.number)))

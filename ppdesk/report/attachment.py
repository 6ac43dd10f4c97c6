"""Taking the evidence and the files beside it out of a PDF, and checking that they fit. The file may be
hostile."""

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ppdesk.core.canonical import Json, canonical, digest
from ppdesk.report.document import Attachment
from ppdesk.report.evidence import FORMAT, FORMER, NAME, attachment_json, report_json
from ppdesk.report.figures_csv import NAME as FIGURES
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.items import items_json
from ppdesk.report.plain_values import NotThisTypeError
from ppdesk.report.rebuild import document_of
from ppdesk.report.verdict import Check, good, wrong

_CHECK = "Evidence"
MOST_BYTES = 64 * 1024 * 1024  # unpacked, of all files together
_MOST_FILES = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]*\.(csv|json|txt|md|toml|yaml)")


@dataclass(frozen=True)
class Enclosed:
    """What is inside a report: the evidence, read and as it is, and the files beside it."""

    evidence: Mapping[str, Json]
    data: bytes
    files: tuple[Attachment, ...] = ()


def read_evidence(reader: Any) -> tuple[Enclosed | None, Check]:
    """(what is inside, what checking it found). None where it is missing or cannot be read."""
    try:
        files = _attached(reader)
        own = next((one for one in files if one.name == NAME), None)
        if own is None:
            raise _MissingError("It is missing.")
        evidence = json.loads(own.data)
        exact = isinstance(evidence, dict) and canonical(evidence) == own.data
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error, RecursionError) as error:
        reason = str(error) if isinstance(error, _MissingError) else "It cannot be read."
        return None, wrong(_CHECK, f"evidence.json: {reason}")
    if not exact or evidence.get("format") not in (FORMAT, FORMER):
        return None, wrong(_CHECK, "evidence.json: It is not in the form that ppdesk writes.")
    inside = Enclosed(evidence, own.data, tuple(one for one in files if one is not own))
    broken = first_broken(evidence)
    if broken:
        return inside, wrong(_CHECK, f"evidence.json: {broken} does not fit its own SHA-256.")
    odd = _odd_file(inside)
    if odd:
        return inside, wrong(_CHECK, odd)
    return inside, good(_CHECK, "evidence.json is inside, under the signature, and fits itself.")


def first_broken(evidence: Mapping[str, Json]) -> str:
    """The first table or figure (or section) whose hash is not that of its content, "the document" where
    what stands beside it says otherwise; empty if there is none."""
    if evidence.get("format") == FORMER:
        return _first_broken_section(evidence)
    try:
        document = document_of(evidence)
    except NotThisTypeError:
        return "the document"
    hashes = {event.get("seq"): str(event.get("hash")) for event in _items(evidence.get("events"))}
    told, made = _items(evidence.get("items")), items_json(document, hashes, None)
    for one, other in zip(told, made, strict=False):
        if _bare(one) != other:
            return str(one.get("label") or "an item")
    head = {"seq": document.head_seq, "hash": document.head_hash}
    fits = (
        len(told) == len(made)
        and evidence.get("report") == report_json(document)
        and evidence.get("head") == head
        and evidence.get("project") == {"id": document.project_id}
    )
    return "" if fits else "the document"


def _bare(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """An item without the values, which only the project can vouch for."""
    sources: list[Json] = [
        {name: value for name, value in one.items() if name not in ("value", "sha256", "withheld")}
        for one in _items(item.get("sources"))
    ]
    return {**item, "sources": sources}


def _first_broken_section(evidence: Mapping[str, Json]) -> str:
    for section in _items(evidence.get("sections")):
        content = section.get("content")
        title = content.get("title") if isinstance(content, Mapping) else ""
        if digest(content) != section.get("sha256"):
            return f"section {title}"
        blocks = _items(content.get("blocks")) if isinstance(content, Mapping) else []
        hashes = {digest(block) for block in blocks}
        for item in _items(section.get("items")):
            if item.get("sha256") not in hashes:
                return str(item.get("label"))
    return ""


def _odd_file(inside: Enclosed) -> str:
    """What is wrong with the files beside the evidence; empty if nothing is."""
    listed = _items(inside.evidence.get("attachments"))
    named = {str(one.get("name")): one for one in listed}
    if len(named) != len(listed) or set(named) != {one.name for one in inside.files}:
        return "The files inside are not those that evidence.json names."
    for one in inside.files:
        if not _NAME.fullmatch(one.name):
            return "A file inside is not of a kind that ppdesk attaches."
        if dict(named[one.name]) != attachment_json(one):
            return f"{one.name}, inside, is not the file that evidence.json names."
        if one.name == FIGURES and one.data != figures_csv(document_of(inside.evidence)).data:
            return f"{FIGURES}, inside, has other numbers than the report."
    return ""


class _MissingError(ValueError):
    """There is no such attachment, in words."""


def _attached(reader: Any) -> list[Attachment]:
    """The attached files, each of which must be named as associated file of the document too."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    named = reader.root["/AF"]
    if not 0 < len(names) <= 2 * _MOST_FILES or len(names) % 2 or len(named) * 2 != len(names):
        raise _MissingError("It is missing, or something else is attached beside it.")
    found: list[Attachment] = []
    room = MOST_BYTES
    for at in range(0, len(names), 2):
        if named.raw_get(at // 2) != names.raw_get(at + 1):
            raise _MissingError("The document does not name it as its own.")
        spec = names[at + 1]
        name = str(names[at])
        if {str(spec["/F"]), str(spec["/UF"])} != {name} or set(spec["/EF"]) - {"/F", "/UF"}:
            raise _MissingError("A file inside has two names.")
        stream = spec["/EF"]["/F"]
        if "/UF" in spec["/EF"] and spec["/EF"].raw_get("/UF") != spec["/EF"].raw_get("/F"):
            raise _MissingError("A file inside has two contents.")
        data = _unpacked(stream, room)
        room -= len(data)
        mime = str(stream.get("/Subtype", ""))[1:]
        found.append(Attachment(name, mime, data, str(spec.get("/Desc", ""))))
    if len({one.name for one in found}) < len(found):
        raise _MissingError("Two files inside have the same name.")
    return found


def _unpacked(stream: Any, most: int) -> bytes:
    packed = bytes(stream.encoded_data)
    if stream.get("/Filter") is None:
        return packed
    if stream["/Filter"] != "/FlateDecode":
        raise _MissingError("It is packed in a way that ppdesk does not use.")
    opened = zlib.decompressobj()
    data = opened.decompress(packed, max(most, 1))
    if opened.unconsumed_tail or not opened.eof:
        raise _MissingError("It is larger than any evidence, or cut off.")
    return data


def _items(value: Json) -> Sequence[Mapping[str, Json]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []

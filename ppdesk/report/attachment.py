"""Taking evidence.json out of a PDF and checking that it fits itself. The file may be hostile."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.core.canonical import Json, canonical, digest
from ppdesk.report.evidence import FORMAT, NAME
from ppdesk.report.verdict import Check, good, wrong

_CHECK = "Evidence"
MOST_BYTES = 64 * 1024 * 1024  # unpacked


def read_evidence(reader: Any) -> tuple[Mapping[str, Json] | None, Check]:
    """(the evidence, what checking it found). None where it is missing, damaged or not what it should be."""
    try:
        data = _attached(reader)
        evidence = json.loads(data)
        exact = isinstance(evidence, dict) and canonical(evidence) == data
    except (ValueError, KeyError, TypeError, zlib.error, RecursionError) as error:
        reason = str(error) if isinstance(error, _MissingError) else "It cannot be read."
        return None, wrong(_CHECK, f"evidence.json: {reason}")
    if not exact or evidence.get("format") != FORMAT:
        return None, wrong(_CHECK, "evidence.json: It is not in the form that ppdesk writes.")
    broken = first_broken(evidence)
    if broken:
        return evidence, wrong(_CHECK, f"evidence.json: {broken} does not fit its own SHA-256.")
    return evidence, good(_CHECK, "evidence.json is inside, under the signature, and fits itself.")


def first_broken(evidence: Mapping[str, Json]) -> str:
    """The first section, table or figure whose hash is not that of its content; empty if there is none."""
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


class _MissingError(ValueError):
    """There is no such attachment, in words."""


def _attached(reader: Any) -> bytes:
    """The one attachment, which must be named as associated file of the document too."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    if len(names) != 2 or str(names[0]) != NAME:
        raise _MissingError("It is missing, or something else is attached beside it.")
    if len(reader.root["/AF"]) != 1 or reader.root["/AF"].raw_get(0) != names.raw_get(1):
        raise _MissingError("The document does not name it as its own.")
    stream = names[1]["/EF"]["/F"]
    packed = bytes(stream.encoded_data)
    if stream.get("/Filter") is None:
        return packed
    if stream["/Filter"] != "/FlateDecode":
        raise _MissingError("It is packed in a way that ppdesk does not use.")
    opened = zlib.decompressobj()
    data = opened.decompress(packed, MOST_BYTES)
    if opened.unconsumed_tail or not opened.eof:
        raise _MissingError("It is larger than any evidence, or cut off.")
    return data


def _items(value: Json) -> Sequence[Mapping[str, Json]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []

"""Which release, records and model an attack or an audit looked at, so that later steps know whether it is
of the one that they hand out. Light: heads only."""

from collections.abc import Mapping

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.canonical import Json, digest
from ppdesk.workflow.step import Heads, Inputs

KINDS = (Kind.MODEL, Kind.RELEASE, Kind.SYNTHETIC, Kind.STATISTICS)
_KEY = "subjects"


def of_inputs(inputs: Inputs) -> dict[str, Json]:
    """What a head keeps: the digest of the head of each subject there is."""
    return {_KEY: {**digests(inputs)}}


def digests(inputs: Inputs) -> dict[str, str]:
    """The digest of the head of each subject there is, by its kind."""
    return {kind.value: digest(dict(inputs[kind].head)) for kind in KINDS if kind in inputs}


def is_of(head: Head, kind: Kind, heads: Heads) -> bool:
    """Whether the attack or audit with this `head` looked at the artifact of `kind` that holds now."""
    said = head.get(_KEY)
    if not isinstance(said, Mapping) or kind not in heads:
        return False
    return bool(said.get(kind.value) == digest(dict(heads[kind])))


def told(head: Head) -> list[Kind]:
    """Which kinds an attack or audit with this `head` looked at."""
    said = head.get(_KEY)
    return [kind for kind in KINDS if kind.value in said] if isinstance(said, Mapping) else []

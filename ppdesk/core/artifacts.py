"""What steps hand to each other: typed, named parts with a head that is safe to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ppdesk.core.canonical import Json

if TYPE_CHECKING:
    import pyarrow as pa


class Kind(StrEnum):
    """The kinds of artifact. Order is the order in which the workflow makes them."""

    OBJECTIVE = "objective"
    STANDARD = "standard"
    TABLE = "table"
    INSPECTION = "inspection"  # what in the table looks personal
    ROLES = "roles"
    HIERARCHIES = "hierarchies"
    QUALITY = "quality"  # scores, and the checks that later batches must pass
    CONFIGURATION = "configuration"  # settings for the release, with what others would cost
    RELEASE = "release"
    STATISTICS = "statistics"  # figures with differential privacy
    SYNTHETIC = "synthetic"  # records drawn from a model that was fitted with differential privacy
    CHOICE = "choice"  # settings for training that were recommended
    MODEL = "model"
    EVALUATION = "evaluation"
    ATTACK = "attack"  # what attacks on the release and on the model got
    AUDIT = "audit"  # the claim beside the privacy loss that was measured
    EXPORT = "export"
    BUNDLE = "bundle"
    SCORES = "scores"
    MONITORING = "monitoring"
    FEEDBACK = "feedback"
    STATEMENTS = "statements"  # what persons answered for a document
    DRAFT = "draft"  # a report for others to endorse before somebody certifies it
    REPORT = "report"
    HANDOVER = "handover"  # the sealed list of what an auditor's copy holds and what it withholds
    VERDICT = "verdict"
    HISTORY = "history"  # the workbench makes it from the chain for those who need it
    POLICY = "policy"  # a head only: what IT has set for this machine
    CHECKPOINT = "checkpoint"  # a state of a run that may be broken off, see workbench.resuming
    TRUST = "trust"  # whose keys the person knows, see workbench.evidence.acquaintance


# laid beside the others by the workbench, never stored
VIRTUAL = frozenset({Kind.HISTORY, Kind.POLICY, Kind.TRUST})


STATE, RECORDS = "state", "records"  # parts of a CHECKPOINT: noisy values; which records the run was given

# what a TABLE head says of whose data it is; a table made from another one says the same
IDENTITY = ("file", "sha256", "content", "contents", "dataset")

Head = Mapping[str, Json]


def columns_of(head: Head) -> list[Mapping[str, Any]]:
    """What a TABLE or ROLES head says of each column, in their order; empty where it says nothing."""
    listed = head.get("columns")
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list | tuple) else []


def column_names(head: Head) -> tuple[str, ...] | None:
    """The names of those columns; None where the head lists none at all."""
    if not isinstance(head.get("columns"), list | tuple):
        return None
    return tuple(str(one["name"]) for one in columns_of(head))


@dataclass(frozen=True)
class Part:
    """One named piece of an artifact: a table or bytes.

    `personal` marks microdata: rows about people, transformed or not. Such parts never leave the
    project file except through an export, and are left out of an auditor's copy.
    """

    name: str
    content: "pa.Table | bytes"
    personal: bool = False


@dataclass(frozen=True)
class Artifact:
    """`head` holds schema, declared values and settings: what checks may read without looking at data."""

    kind: Kind
    head: Head
    parts: tuple[Part, ...] = field(default_factory=tuple)

    def table(self, name: str) -> "pa.Table":
        """The part `name`, which must be a table. KeyError if there is none."""
        content = self._content(name)
        if isinstance(content, bytes):
            raise TypeError(f"part {name} of {self.kind} is bytes, not a table")
        return content

    def data(self, name: str) -> bytes:
        """The part `name`, which must be bytes. KeyError if there is none."""
        content = self._content(name)
        if not isinstance(content, bytes):
            raise TypeError(f"part {name} of {self.kind} is a table, not bytes")
        return content

    def _content(self, name: str) -> "pa.Table | bytes":
        for part in self.parts:
            if part.name == name:
                return part.content
        raise KeyError(name)

"""What `inspect` proposes, as the INSPECTION head keeps it. Light: heads only, no value of the table.

Everything here is a proposal for a person to confirm. Counts and shares come from the data, so whoever
decides by them has looked at it.
"""

from typing import Literal

from pydantic import Field

from ppdesk.core.artifacts import Head
from ppdesk.core.canonical import Json
from ppdesk.workflow.data.roles_params import Role, Scale
from ppdesk.workflow.step import Facts


class ColumnProposal(Facts):
    """What one column seems to be, and why."""

    name: str
    role: Role
    target: bool = False  # a model may be meant to predict it; beside `role`, as in ROLES
    confidence: float = Field(ge=0.0, le=1.0)  # in `role`
    reasons: tuple[str, ...]  # whole sentences, the weightiest first; shares and counts, never a value
    kind: str = ""  # what its values or its name are: a detector's id such as "email"; "" for nothing known
    share: float = Field(0.0, ge=0.0, le=1.0)  # of the non-missing cells that the detector took for its kind
    hipaa: tuple[int, ...] = ()  # numbers 1 to 18 of 45 CFR 164.514(b)(2)(i), (A) to (R)
    scale: Scale = Scale.CATEGORICAL
    person_id: bool = False  # the same text seems to mean the same person
    distinct: int = 0
    missing: int = 0


class UnitProposal(Facts):
    """Whose protection a guarantee may have to count: a record, or all records of one id."""

    kind: Literal["record", "column"] = "record"
    column: str = ""  # the id; "" for a record
    most_rows: int = (
        1  # a power of two that no id exceeds in this table; read off the data, so only a proposal
    )
    reason: str = ""


class QuasiSet(Facts):
    """A set of attributes that tells people apart (Motwani and Xu 2007)."""

    columns: tuple[str, ...]
    distinction: float  # distinct tuples per record, 0..1
    separation: float  # share of the pairs of records that differ in it, 0..1


class Inspection(Facts):
    """The whole proposal."""

    rows: int
    columns: tuple[ColumnProposal, ...]
    unit: UnitProposal = UnitProposal()
    quasi: tuple[QuasiSet, ...] = ()
    quasi_rows: int = 0  # records that the sets were measured on: all of them, or a random sample

    def head(self) -> dict[str, Json]:
        """As the artifact INSPECTION carries it."""
        made: dict[str, Json] = self.model_dump(mode="json")
        return made

    @classmethod
    def of(cls, head: Head) -> "Inspection":
        """From the head of an INSPECTION artifact. Fields that this version does not know are passed over."""
        return cls.model_validate({name: head[name] for name in cls.model_fields if name in head})

    def column(self, name: str) -> ColumnProposal | None:
        """The proposal for one column, None where the table that was inspected had none of that name."""
        return next((one for one in self.columns if one.name == name), None)

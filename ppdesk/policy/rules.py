"""What a policy may say: the form of the file, read strictly.

resources/docs/policy.md explains each key to administrators.
"""

import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ppdesk.policy import keys
from ppdesk.policy.limits import RULES, Limit, range_of
from ppdesk.policy.standard import SetLimit

FORMAT: Literal["ppdesk-policy-1"] = "ppdesk-policy-1"
_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

Role = Literal["analyst", "reviewer", "auditor"]
SignerKind = Literal["file", "pkcs12", "pkcs11"]


def _step(key: str, info: ValidationInfo) -> str:
    """Known steps come with the call, since this room does not know the workflow. Without them none is."""
    if key not in (info.context or {}).get("steps", ()):
        raise ValueError("there is no step of this name")
    return key


def _line(text: str) -> str:
    """One line that shows as it is: no breaks, no signs that steer a terminal or turn the reading order."""
    if not all(sign.isprintable() or unicodedata.category(sign) == "Zs" for sign in text):
        raise ValueError("it has signs that do not show")
    return text


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return _line(text)


def _folder(path: str) -> str:
    if not Path(path).is_absolute():
        raise ValueError("it must be a full path of this system")
    return _line(path)


class Approvals(BaseModel):
    """Steps that a second person must agree to before they run, and the roles who may."""

    model_config = _STRICT

    steps: list[Annotated[str, AfterValidator(_step)]] = Field(default_factory=list, max_length=100)
    roles: list[Role] = Field(["reviewer"], min_length=1, max_length=3)


class StepRules(BaseModel):
    """Steps that nobody runs on this computer, and steps whose last run needs a reason on record."""

    model_config = _STRICT

    off: list[Annotated[str, AfterValidator(_step)]] = Field(default_factory=list, max_length=100)
    reasons: list[Annotated[str, AfterValidator(_step)]] = Field(default_factory=list, max_length=100)


class ReportRules(BaseModel):
    """How many others must have endorsed the draft of a report before somebody certifies it, and the roles
    whose endorsement counts."""

    model_config = _STRICT

    endorsements: int = Field(0, ge=0, le=20)
    roles: list[Role] = Field(["reviewer"], min_length=1, max_length=3)


class PassphraseRules(BaseModel):
    """What a new passphrase must have, and whether the system's keyring may keep one."""

    model_config = _STRICT

    least_characters: int = Field(1, ge=1, le=100)
    least_score: int = Field(0, ge=0, le=4)  # zxcvbn: 0 guessed at once .. 4 very strong
    keyring: bool = True


class Desktop(BaseModel):
    """How the window behaves here: after how many minutes without input it locks at the latest."""

    model_config = _STRICT

    lock_minutes: int | None = Field(None, ge=1, le=24 * 60)


class Escrow(BaseModel):
    """Where a project's key is laid down, sealed for IT."""

    model_config = _STRICT

    public_key: Annotated[str, AfterValidator(keys.escrow_key)]
    folder: Annotated[str, AfterValidator(_folder)]
    required: bool = True


class PersonEntry(BaseModel):
    """Somebody whose key the policy vouches for."""

    model_config = _STRICT

    name: Annotated[str, AfterValidator(_words)] = Field(min_length=1, max_length=200)
    fingerprint: Annotated[str, AfterValidator(keys.fingerprint)]
    roles: list[Role] = Field(min_length=1, max_length=3)


class Signers(BaseModel):
    """Whose signatures count, and which kinds of key."""

    model_config = _STRICT

    required: bool = False
    only_trusted: bool = False
    kinds: list[SignerKind] = Field(["file", "pkcs12", "pkcs11"], min_length=1, max_length=3)
    certificates: list[Annotated[str, AfterValidator(keys.certificate)]] = Field(
        default_factory=list, max_length=500
    )
    people: list[PersonEntry] = Field(default_factory=list, max_length=5000)

    @field_validator("people")
    @classmethod
    def _each_once(cls, people: list[PersonEntry]) -> list[PersonEntry]:
        if len({one.fingerprint for one in people}) != len(people):
            raise ValueError("a fingerprint stands there twice")
        return people

    @model_validator(mode="after")
    def _somebody(self) -> "Signers":
        if self.only_trusted and not (self.certificates or self.people):
            raise ValueError("only_trusted needs certificates or people: nobody could sign")
        return self


class MachinePolicy(BaseModel):
    """A policy as written. Validate with ``context={"steps": known step keys}``."""

    model_config = _STRICT

    format: Literal["ppdesk-policy-1"]
    title: Annotated[str, AfterValidator(_words)] = Field(min_length=2, max_length=200)
    contact: Annotated[str, AfterValidator(_line)] = Field("", max_length=200)
    limits: dict[str, SetLimit] = Field(default_factory=dict)
    approvals: Approvals = Field(default_factory=Approvals)
    steps: StepRules = Field(default_factory=StepRules)
    report: ReportRules = Field(default_factory=ReportRules)
    passphrases: PassphraseRules = Field(default_factory=PassphraseRules)
    desktop: Desktop = Field(default_factory=Desktop)
    escrow: Escrow | None = None
    signers: Signers = Field(default_factory=Signers)

    @field_validator("limits")
    @classmethod
    def _possible(cls, limits: dict[str, SetLimit]) -> dict[str, SetLimit]:
        known = {limit.value for limit in Limit}
        wrong = [f"there is no limit named {name[:40]}" for name in limits if name not in known]
        wrong += [
            f"{limit.value} must be {range_of(limit)}"
            for limit in Limit
            if limit.value in limits and not RULES[limit].allows(limits[limit.value].value)
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return limits

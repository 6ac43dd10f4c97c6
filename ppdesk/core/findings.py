"""What a check has to say to a person."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How serious a finding is; a blocking one refuses the run."""

    INFO = "info"
    CAUTION = "caution"
    BLOCKING = "blocking"


@dataclass(frozen=True)
class Finding:
    """One remark: a bold sentence, the measured number beside its limit, the field it is about."""

    level: Level
    title: str
    detail: str = ""
    field: str = ""
    code: str = ""

    def to_json(self) -> dict[str, str]:
        return {
            "level": self.level.value,
            "title": self.title,
            "detail": self.detail,
            "field": self.field,
            "code": self.code,
        }


def blocking(findings: list[Finding]) -> list[Finding]:
    """Those that refuse the run."""
    return [finding for finding in findings if finding.level is Level.BLOCKING]

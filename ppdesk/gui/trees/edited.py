"""What comes of an edited hierarchy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Edited:
    """What is to be declared: a rule, or a file that is used as it is; `from_data`: values that were looked
    at in the table became part of it."""

    rule: Mapping[str, Any] | None
    file: str = ""
    from_data: bool = False

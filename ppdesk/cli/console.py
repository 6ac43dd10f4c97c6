"""What a person or a script gets to read: words on a screen, or one JSON object."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError

# signs that reorder or hide text on a screen; what a stored text says must be what is seen
_HIDING = frozenset([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def plain(text: str) -> str:
    """`text` without power over the terminal: control and hiding signs are shown as escapes."""
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    number = ord(sign)
    control = number < 0x20 or 0x7F <= number < 0xA0 or number in _HIDING or 0xD800 <= number < 0xE000
    if not control:
        return sign
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


@dataclass(frozen=True)
class Console:
    """Results go to `out`, everything about the way there to `err`."""

    json: bool
    out: TextIO
    err: TextIO

    def result(self, value: Mapping[str, Json], lines: Iterable[str]) -> None:
        """The verb's answer: `value` for a script or `lines` for a person, never both.

        A `stamp` in `value` (the test mode's "not private") is the last line for a person too.
        """
        if self.json:
            # ASCII only, so that no terminal and no code page can change it
            self.out.write(json.dumps(value, ensure_ascii=True, allow_nan=False) + "\n")
        else:
            stamp = [str(value["stamp"])] if value.get("stamp") else []
            self.out.writelines(f"{plain(line)}\n" for line in [*lines, *stamp])
        self.out.flush()

    def note(self, text: str) -> None:
        """A remark that is not the answer."""
        self.err.write(f"{plain(text)}\n")
        self.err.flush()

    def failure(self, error: CodedError) -> None:
        """An error: as the one JSON object, or in words with its code and what to do."""
        if self.json:
            self.result({"error": error.to_json()}, ())
        else:
            self.note(f"{error.error_code}: {error.message}")
            self.note(error.advice)

    @property
    def lively(self) -> bool:
        """Whether a progress bar can be drawn."""
        return self.err.isatty()


def from_streams(*, json: bool) -> Console:
    """The process's own streams. Signs that the code page lacks are written as escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    return Console(json=json, out=sys.stdout, err=sys.stderr)

"""What a report was set with: two reports set with the same have the same pages for the same evidence."""

import sys
import zlib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import ppdesk
from ppdesk.core.resources import resource

_LIBRARIES = ("reportlab", "matplotlib", "pyhanko", "babel")
_ROOMS = ("core", "report", "workflow", "privacy")  # of the program: whose words and pages a report has
_TEXTS = ("translations", "questions", "standards", "fonts", "report")


def made_with() -> dict[str, str]:
    """Name -> version, of this program and of the libraries that draw and set. ``build`` tells two builds of
    one version apart: the first digits of a SHA-256 over the program's own files."""
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"ppdesk": ppdesk.__version__, "build": build(), "zlib": zlib.ZLIB_RUNTIME_VERSION, **libraries}


def same(told: Mapping[str, object]) -> bool:
    """Whether this program, as it is here, is what `told` names."""
    return dict(told) == made_with()


@cache
def build() -> str:
    """16 hexadecimal digits, over the files that compose and set: code, words, fonts."""
    package, texts = Path(ppdesk.__file__).parent, resource()
    files = {
        path.relative_to(package).as_posix(): path
        for room in _ROOMS
        for path in (package / room).rglob("*.py")
    }
    if not files:
        files = {"program": Path(sys.executable)}  # when packaged, the code is inside it
    for name in _TEXTS:
        found = (path for path in (texts / name).rglob("*") if path.is_file())
        files |= {f"resources/{path.relative_to(texts).as_posix()}": path for path in found}
    told = sha256()
    for name in sorted(files):
        told.update(f"{name}\0{sha256(files[name].read_bytes()).hexdigest()}\n".encode())
    return told.hexdigest()[:16]

"""Compile kernels with numba, and keep the result so that nobody waits for the compiler twice.

The compiled code is kept under the user's cache folder, because the program's own folder may be
read-only. Where that folder cannot be written, kernels are compiled in each process; nothing else
changes. The cache holds machine code of this package, never data.

numba compares a kernel with the file it stands in, but not with the files of the kernels that it calls. So
each module has a folder named by a digest over its own source and those of all modules of ppdesk that it
imports; folders of earlier sources are removed after a day.
"""

import hashlib
import re
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.ccallback import CFunc
from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = "ppdesk"
_ROOT = Path(__file__).parents[1]
_IMPORT = re.compile(rf"^ *from {_PACKAGE}([\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_KEPT_SECONDS = 24 * 3600.0  # another process may still run the earlier sources


def cache_folder() -> Path | None:
    """Where compiled kernels are kept; None where that place cannot be written."""
    folder = user_cache_path("ppdesk", appauthor=False) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder


@cache
def _source(module: str) -> tuple[str, tuple[str, ...]]:
    """(source, modules of ppdesk that it imports)."""
    path = _ROOT.joinpath(*module.split("."))
    try:
        text = path.with_suffix(".py").read_text("utf-8")
    except OSError:
        return "", ()
    found = []
    for package, names in _IMPORT.findall(text):
        inner = package.strip(".")
        found.append(inner)
        found += [f"{inner}.{name}".strip(".") for name in re.findall(r"\w+", names)]
    return text, tuple(found)


def digest(module: str) -> str:
    """Of the sources of a module of ppdesk, by its name, and of all that it imports from there."""
    short = module.removeprefix(_PACKAGE).strip(".")
    seen: dict[str, str] = {}
    waiting = [short]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen[one], more = _source(one)
            waiting += more
    text = "\0".join(f"{name}\0{seen[name]}" for name in sorted(seen) if seen[name])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _tidy(folder: Path, name: str, current: Path) -> None:
    """Remove what earlier sources of a module left."""
    for old in folder.glob(f"{name}-*"):
        try:
            if old != current and old.stat().st_mtime < time.time() - _KEPT_SECONDS:
                shutil.rmtree(old)
        except OSError:
            continue  # another process is at it


@cache
def _module_folder(folder: Path, module: str) -> Path:
    name = module.removeprefix(_PACKAGE).strip(".") or "own"
    found = folder / f"{name}-{digest(module)}"
    if not found.exists():
        _tidy(folder, name, found)
    return found


def _kept(kernel: Any, module: str) -> None:
    """Let a kernel of `module` be taken from the cache, where there is one."""
    folder = cache_folder()
    if folder is None:
        return
    settings: Any = numba.config  # filled at run time, from NUMBA_* variables
    before = settings.CACHE_DIR
    # read only while the cache of this function is set up
    settings.CACHE_DIR = str(_module_folder(folder, module))
    try:
        kernel.enable_caching()
    except RuntimeError:  # numba's word for: no place to write, or no source file to compare with
        return
    finally:
        settings.CACHE_DIR = before


def compiled(function: F, *, fastmath: frozenset[str] = frozenset()) -> F:
    """`function`, compiled at its first call (or taken from the cache), without the interpreter lock.

    fastmath: what LLVM may do with floats in it ("reassoc", "contract", "nsz", ...); nothing: IEEE arithmetic
    as written. Functions that it calls keep their own."""
    dispatcher = numba.njit(nogil=True, fastmath=set(fastmath))(function)
    _kept(dispatcher, function.__module__)
    return cast(F, dispatcher)


def inlined(function: F) -> F:
    """`function`, for calls from compiled ones only: it becomes a part of them. For short functions that are
    called per class: handing arrays over costs more there than the work."""
    return cast(F, numba.njit(inline="always")(function))


def callback(function: F, result: Any, *arguments: Any) -> Any:
    """`function` compiled now (or taken from the cache) for these numba types, as a value that kernels take
    and call by its address. What it calls is then not compiled anew with each of them, as with `compiled`."""
    found = CFunc(function, (arguments, result), locals={}, options={})
    _kept(found, function.__module__)
    found.compile()
    return found

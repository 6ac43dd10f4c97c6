"""Compile kernels with numba, and keep the result so that nobody waits for the compiler twice.

The compiled code is kept under the user's cache folder, because the program's own folder may be
read-only. Where that folder cannot be written, kernels are compiled in each process; nothing else
changes. The cache holds machine code of this package, never data.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., Any])


def cache_folder() -> Path | None:
    """Where compiled kernels are kept; None where that place cannot be written."""
    folder = user_cache_path("ppdesk", appauthor=False) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder


def compiled(function: F) -> F:
    """`function`, compiled at its first call (or taken from the cache), without the interpreter lock."""
    dispatcher = numba.njit(nogil=True)(function)
    folder = cache_folder()
    if folder is not None:
        settings: Any = numba.config  # filled at run time, from NUMBA_* variables
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(folder)  # read only while the cache of this function is set up
        try:
            dispatcher.enable_caching()
        except RuntimeError:  # numba's word for: no place to write, or no source file to compare with
            return cast(F, dispatcher)
        finally:
            settings.CACHE_DIR = before
    return cast(F, dispatcher)

"""The first lines of the worker process. Imports nothing heavy: the guard must stand before anything else.

The worker has no key, no database handle and no project: it gets values, data and granted files by pipe.
"""

import os
import signal
import sys
from typing import TYPE_CHECKING

from ppdesk import guard
from ppdesk.hardening import harden

if TYPE_CHECKING:
    from ppdesk.workbench.worker.protocol import Pipe

_THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def serve(down: "Pipe", up: "Pipe", control: "Pipe", parent: int, threads: int) -> None:
    """Answer jobs until the parent says so or is gone.

    `down` brings jobs, `up` takes answers back, `control` brings cancels and, by closing, the end.
    `parent` is the process id of the main process; `threads` is for the numeric libraries.
    """
    harden()
    guard.install()
    _die_with(parent)
    _keep_nothing()
    for name in _THREAD_LIMITS:
        os.environ[name] = str(threads)
    from ppdesk.workbench.worker.work import Desk

    Desk(down, up, control).serve()


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with the one that started it (Linux). Elsewhere, and as a
    second belt here, the closed control pipe does it."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel knew
        os._exit(0)


def _keep_nothing() -> None:
    """No output of libraries in a terminal or log, no Ctrl-C but through the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)

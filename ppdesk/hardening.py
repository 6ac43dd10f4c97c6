"""Keeps the memory of this process out of files and of other programs of the same user.

A core dump would hold the project's key and people's rows. Linux and macOS: no core dump (RLIMIT_CORE 0).
Linux also: not "dumpable" (prctl(2)). RLIMIT_CORE does not bind a dump that the system pipes to a program
such as systemd-coredump (core(5)), this does; and it keeps other programs of the same user from attaching
to this one and from reading its memory through /proc, unless they may trace all (CAP_SYS_PTRACE).
Windows: nothing; its error reports write a dump only where somebody has asked for one.

A new program starts without the second, so the worker calls this too. Only the standard library: it runs
before all else.
"""

import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def harden() -> None:
    """Closes what this system can close, for this process; core dumps also for what it starts. A debugger
    cannot attach afterwards."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        call = ctypes.CDLL(None).prctl
        call.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
        call(_PR_SET_DUMPABLE, 0, 0, 0, 0)

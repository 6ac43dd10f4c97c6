"""The network guard: ppdesk opens no connection, and says how surely.

Two rings. Everywhere, an audit hook (PEP 578) refuses Python's own network calls with a coded error;
it does not see what native libraries do. On Linux a seccomp filter makes the kernel refuse every
socket that is not local, for native code, for all threads and for every program started from here;
it cannot be taken off again. What neither stops: another program on this machine that passes on what
it reads, and a socket that was already open when ppdesk was started.

Only the standard library and two light modules of core, because this is loaded before all else.
Nothing is remembered: whether a ring is closed is asked of the interpreter and of the kernel.
"""

import ctypes
import errno
import platform
import struct
import sys
from dataclasses import dataclass
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit


class NetworkRefusedError(CodedError, PermissionError):
    """Something asked for the network ({event}). ppdesk never opens a connection."""

    code = "PP-GUARD-001"
    exit = Exit.FAILED
    todo = "Report it with the code: no part of ppdesk should ask for it."


class _HookAnswers(Exception):  # noqa: N818  # not an error: the hook's answer to _PROBE_EVENT
    """The hook is there."""


_PROBE_EVENT = "ppdesk.guard.probe"
_AF_UNIX = 1  # the same number wherever there are local sockets
_FAMILY_UNKNOWN = -1  # socket(fileno=...): whatever it is, it is refused when it is used
_LOOKUPS = frozenset(
    f"socket.{name}"
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo")
)
_USES = frozenset(f"socket.{name}" for name in ("connect", "bind", "sendto", "sendmsg"))


def _hook(event: str, args: tuple[Any, ...]) -> None:
    """Refuses look-ups of names, and every socket that is not local. Audit hooks see each event of the
    interpreter, so the first comparison decides nearly all of them."""
    if not event.startswith("socket."):
        if event == _PROBE_EVENT:
            raise _HookAnswers
        return
    if event in _LOOKUPS:
        raise NetworkRefusedError(event=event)
    if event in _USES and int(args[0].family) != _AF_UNIX:
        raise NetworkRefusedError(event=event)
    if event == "socket.__new__" and int(args[1]) not in (_AF_UNIX, _FAMILY_UNKNOWN):
        raise NetworkRefusedError(event=event)


# linux/filter.h, linux/seccomp.h, linux/audit.h, linux/prctl.h, asm/unistd.h
_LOAD_WORD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000  # | the errno that the caller sees
_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_FIRST_ARGUMENT = 0, 4, 16  # in struct seccomp_data
_X32_BIT = 0x40000000  # the x32 calls of an x86-64 kernel: a second door to the same calls
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_MODE_FILTER = 2
_PROBE_OPTION = 0x70706467  # no prctl has this number: unfiltered it is EINVAL, filtered EACCES


@dataclass(frozen=True)
class _Machine:
    """One processor's AUDIT_ARCH and the numbers of the calls that matter."""

    arch: int
    socket: int
    socketpair: int
    prctl: int
    io_uring_setup: int = 425


_MACHINES = {
    "x86_64": _Machine(arch=0xC000003E, socket=41, socketpair=53, prctl=157),
    "aarch64": _Machine(arch=0xC00000B7, socket=198, socketpair=199, prctl=167),
}


def _program(machine: _Machine) -> list[tuple[int, int, int, int]]:
    """The filter as (code, jump if true, jump if false, operand).

    Calls of another processor's numbering (32-bit, x32) are refused as a whole, because sockets can be
    made through them too. io_uring can make sockets without a call that a filter sees: it is
    reported as absent, which its users know how to handle.
    """
    refuse, absent = _ERRNO | errno.EACCES, _ERRNO | errno.ENOSYS
    return [
        (_LOAD_WORD, 0, 0, _OFFSET_ARCH),
        (_JUMP_EQUAL, 1, 0, machine.arch),
        (_RETURN, 0, 0, refuse),
        (_LOAD_WORD, 0, 0, _OFFSET_NUMBER),
        (_JUMP_AT_LEAST, 8, 0, _X32_BIT),  # -> refuse
        (_JUMP_EQUAL, 8, 0, machine.io_uring_setup),  # -> absent
        (_JUMP_EQUAL, 4, 0, machine.prctl),  # -> the probe
        (_JUMP_EQUAL, 1, 0, machine.socket),
        (_JUMP_EQUAL, 0, 6, machine.socketpair),  # else -> allow
        (_LOAD_WORD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        (_JUMP_EQUAL, 4, 2, _AF_UNIX),  # -> allow, else refuse
        (_LOAD_WORD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        (_JUMP_EQUAL, 0, 2, _PROBE_OPTION),  # refuse, else -> allow
        (_RETURN, 0, 0, refuse),
        (_RETURN, 0, 0, absent),
        (_RETURN, 0, 0, _ALLOW),
    ]


class _FilterProgram(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _prctl(option: int, first: int = 0, second: int = 0) -> int:
    """0, or the errno."""
    call = ctypes.CDLL(None, use_errno=True).prctl
    call.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    return 0 if call(option, first, second, 0, 0) == 0 else ctypes.get_errno()


def _close_kernel_ring() -> None:
    """Hands the filter to the kernel. Fails silently: `state` asks the kernel what holds."""
    steps = _program(_MACHINES[platform.machine()])
    packed = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    program = _FilterProgram(len(steps), ctypes.addressof(buffer))
    # without this the kernel takes a filter only from root; it also makes set-uid programs harmless
    if _prctl(_PR_SET_NO_NEW_PRIVS, 1) == 0:
        _prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program))


def _kernel_can() -> bool:
    return sys.platform == "linux" and platform.machine() in _MACHINES and sys.maxsize > 2**32


STATES = (
    "Offline: no connection is possible",
    "Offline: Python's network calls are refused",
    "Network guard is off",
)


@dataclass(frozen=True)
class GuardState:
    """Which rings are closed, and what that means in words."""

    hook: bool
    kernel: bool
    system: str

    @property
    def short(self) -> str:
        """For the status bar."""
        return STATES[0 if self.kernel and self.hook else 1 if self.hook else 2]

    @property
    def words(self) -> str:
        """For `ppdesk info`: what is stopped, and honestly what is not."""
        if self.kernel and self.hook:
            return (
                "The kernel refuses every network connection of ppdesk and of all it starts, and Python's "
                "own network calls are refused before they get there. Local sockets work."
            )
        if self.kernel:
            return "The kernel refuses every network connection of ppdesk and of all it starts."
        if self.hook:
            return (
                f"Python's network calls are refused. On {self.system} nothing here stops a native library "
                "that would call the system itself; let the firewall block ppdesk as well."
            )
        return "The network guard is not installed in this process."


def state() -> GuardState:
    """What holds in this process now, asked of the interpreter and of the kernel."""
    try:
        sys.audit(_PROBE_EVENT)
        hook = False
    except _HookAnswers:
        hook = True
    kernel = _kernel_can() and _prctl(_PROBE_OPTION) == errno.EACCES
    return GuardState(hook=hook, kernel=kernel, system=f"{platform.system()} ({platform.machine()})")


def install() -> GuardState:
    """Closes the rings that this system has and that are still open. For good: there is no way back.

    The kernel's filter binds the calling thread and what it starts from now on, so this is called
    before any other thread exists.
    """
    before = state()
    if not before.hook:
        sys.addaudithook(_hook)
    if not before.kernel and _kernel_can():
        _close_kernel_ring()
    return state()

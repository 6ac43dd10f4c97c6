"""On what kind of place a project file lies: a drive of this computer, or a share that others have too.

Linux says it in /proc/self/mountinfo (proc(5)), Windows by GetDriveTypeW, macOS by statfs(2). Locks on a
share may hold on this computer alone; how it was mounted tells, not a trial from one computer.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from ppdesk.core.findings import Finding, Level

_SHARES = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "glusterfs", "ncpfs", "davfs"),
    *("fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.glusterfs", "fuse.s3fs", "fuse.curlftpfs"),
    *("vboxsf", "fuse.vmhgfs-fuse", "prl_fs"),
}
_LOCKLESS = {
    *("davfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.s3fs", "fuse.curlftpfs"),
    *("vboxsf", "fuse.vmhgfs-fuse", "prl_fs"),
}
_LOCAL_LOCKS = {"nolock", "nobrl", "local_lock=all", "local_lock=posix"}  # nfs(5), mount.cifs(8)
_DRIVE_REMOTE = 4  # winbase.h
_MNT_LOCAL, _FLAGS_AT, _STATFS_BYTES = 0x1000, 64, 4096  # sys/mount.h of macOS, 64-bit inodes

SHARED = "PP-STORE-105"


@dataclass(frozen=True)
class Place:
    """`share`: other computers may have it too. `locks`: what is locked here is locked for them."""

    system: str  # the file system's own name; empty where it is not known
    share: bool = False
    locks: bool = True

    def findings(self) -> list[Finding]:
        """What a person is to know before working there."""
        if not self.share:
            return []
        named = f" ({self.system})" if self.system else ""
        detail = (
            "Locks keep other windows from writing at the same time, and nobody can prove from here that the "
            "share passes them on to other computers. Work on the project from one computer at a time, or "
            "copy it to a drive of this computer."
        )
        return [Finding(Level.CAUTION, f"The project lies on a network share{named}", detail, "file", SHARED)]


def place_of(path: Path) -> Place:
    """The place of the file or folder at `path`, which exists."""
    if sys.platform == "win32":
        return _on_windows(path)
    if sys.platform == "darwin":
        return _on_macos(path)
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return Place("")
    return from_mounts(mounts, path.resolve())


def from_mounts(mounts: str, path: Path) -> Place:
    """The place of `path` (resolved) as the lines of mountinfo tell it. Of several mounts on one folder the
    last is the one that is seen."""
    longest, found = -1, Place("")
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, told = before.split(" "), after.split(" ")
        if len(fields) < 6 or len(told) < 3:  # proc(5) names at least so many
            continue
        point = Path(_unescaped(fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= longest:
            longest, found = (
                len(point.parts),
                _described(told[0], {*fields[5].split(","), *told[2].split(",")}),
            )
    return found


def _described(system: str, options: set[str]) -> Place:
    share = system in _SHARES
    return Place(system, share, not share or (system not in _LOCKLESS and not options & _LOCAL_LOCKS))


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def _on_windows(path: Path) -> Place:
    if sys.platform == "win32":
        import ctypes

        anchor = path.resolve().anchor
        if anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(anchor) == _DRIVE_REMOTE:
            return Place("", share=True)
    return Place("")


def _on_macos(path: Path) -> Place:
    if sys.platform == "darwin":
        import ctypes
        import os
        import struct

        told = ctypes.create_string_buffer(_STATFS_BYTES)
        system = ctypes.CDLL(None)
        statfs = getattr(system, "statfs$INODE64", None) or system.statfs
        if statfs(os.fsencode(path), told) == 0:
            (flags,) = struct.unpack_from("I", told, _FLAGS_AT)
            return Place("", share=not flags & _MNT_LOCAL)
    return Place("")

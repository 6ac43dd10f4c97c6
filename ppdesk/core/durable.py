"""Files that are whole or not there at all, durable, and readable by their owner only."""

import os
from pathlib import Path


def write_private(place: Path, data: bytes) -> None:
    """`data` at `place`, in place of what was there: after a crash it is the old file or the new one.

    Mode 0600 where the system has modes; on Windows the access list of the profile keeps others out. OSError.
    """
    fresh = place.with_name(f"{place.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place)
    sync_folder(place.parent)


def make_folder(folder: Path) -> None:
    """`folder` and those above it, durably: else a power cut could take a folder with all that was synced
    in it. OSError."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in reversed(missing):
        sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable. Windows has no such call and needs none: NTFS journals the rename."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

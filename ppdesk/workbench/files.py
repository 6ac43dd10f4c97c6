"""Files of a run: which may be read, which will be written, and how writing is done without surprises.

Paths stay in the main process. The record and the worker's parameters hold bare names; the worker is
granted the source files one by one.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.core.durable import sync_folder
from ppdesk.core.entropy import SystemEntropy
from ppdesk.core.params import FieldSpec, Params, fields_of
from ppdesk.workbench.errors import (
    DeliveryError,
    MissingSourceError,
    TargetExistsError,
    TargetFolderError,
)
from ppdesk.workflow.step import Delivery


@dataclass(frozen=True)
class Files:
    """Absolute paths by field; a file in a dict or tuple field is called ``field.key``."""

    sources: Mapping[str, Path]
    targets: Mapping[str, Path]


def split(params: Params, folder: Path) -> tuple[dict[str, Json], Files]:
    """(parameters with bare file names, the files). Relative paths are taken from `folder`."""
    recorded: dict[str, Json] = params.model_dump(mode="json")
    sources: dict[str, Path] = {}
    targets: dict[str, Path] = {}
    for spec in fields_of(type(params)):
        if spec.reads is None and spec.writes is None:
            continue
        value = getattr(params, spec.name)
        found = sources if spec.reads is not None else targets
        found.update({name: folder / path for name, path in _paths(spec, value)})
        recorded[spec.name] = _bare(value)
    return recorded, Files(sources, targets)


def _paths(spec: FieldSpec, value: Any) -> Iterator[tuple[str, Path]]:
    if isinstance(value, Path):
        yield spec.name, value
    elif isinstance(value, Mapping):
        yield from ((f"{spec.name}.{key}", path) for key, path in value.items())
    elif isinstance(value, tuple):
        yield from ((f"{spec.name}.{number}", path) for number, path in enumerate(value))


def _bare(value: Any) -> Json:
    if isinstance(value, Mapping):
        return {str(key): path.name for key, path in value.items()}
    if isinstance(value, tuple):
        return [path.name for path in value]
    return None if value is None else str(value.name)


def require(files: Files, *, overwrite: bool) -> None:
    """Refuse what cannot work, before anything runs.

    MissingSourceError, TargetFolderError, and TargetExistsError unless `overwrite`.
    """
    for path in files.sources.values():
        if not (path.is_file() and os.access(path, os.R_OK)):
            raise MissingSourceError(name=path.name)
    for path in files.targets.values():
        if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
            raise TargetFolderError(name=path.name)
        if path.is_dir() or (path.exists() and not overwrite):
            raise TargetExistsError(name=path.name)


def placed(files: Files, deliveries: Sequence[Delivery], *, overwrite: bool) -> dict[Path, bytes]:
    """Where each delivery goes. TargetExistsError for a file that is there, unless `overwrite`."""
    found = {_place(files, item): item.data for item in deliveries if item.field in files.targets}
    for place in found:
        if place.is_dir() or (place.exists() and not overwrite):
            raise TargetExistsError(name=place.name)
    return found


def write(placed: Mapping[Path, bytes], *, overwrite: bool) -> list[Path]:
    """Write each file whole or not at all. Returns the paths. TargetExistsError, DeliveryError."""
    for place, data in placed.items():
        try:
            _write(place, data, overwrite=overwrite)
        except FileExistsError:  # somebody was quicker
            raise TargetExistsError(name=place.name) from None
        except OSError as error:
            raise DeliveryError(name=place.name, reason=error.strerror or "unknown") from None
    return list(placed)


def _place(files: Files, item: Delivery) -> Path:
    target = files.targets[item.field]
    return target.with_name(target.name + item.suffix)


def _write(place: Path, data: bytes, *, overwrite: bool) -> None:
    """Beside its place under another name, synced, then moved there in one motion."""
    sweep(place)
    fresh = place.with_name(f".{place.name}.{SystemEntropy().take(4).hex()}.part")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            fresh.replace(place)
        else:
            _move_into_the_free(fresh, place)
        sync_folder(place.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):  # it has been moved
            fresh.unlink()


def sweep(place: Path) -> None:
    """Remove what a kill in the middle of an earlier delivery of this file left: people's data, maybe."""
    shape = re.compile(re.escape(f".{place.name}.") + r"[0-9a-f]{8}\.part(-journal)?")
    for other in place.parent.iterdir():
        if shape.fullmatch(other.name):
            other.unlink(missing_ok=True)


def _move_into_the_free(fresh: Path, place: Path) -> None:
    """Move, but never over a file that is there: FileExistsError."""
    if os.name == "nt":
        fresh.rename(place)  # refuses by itself on Windows
        return
    try:
        os.link(fresh, place)
    except FileExistsError:
        raise
    except OSError:  # a drive without hard links (FAT): look, then move
        if place.exists():
            raise FileExistsError from None
        fresh.rename(place)

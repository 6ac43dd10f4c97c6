"""The model bundle: one file that carries a model, what is claimed for it, and the seal over both.

A bundle is a ZIP archive with exactly four stored (not compressed) members in a fixed order and with fixed
dates, so the same parts give the same bytes on every machine. Reading turns that round: an archive is a
bundle only if packing its members again gives the same bytes. Extra members, doubled or foreign names,
comments, prefixes, compression (and with it every ZIP bomb) are refused at once.
"""

import io
import zipfile
from collections.abc import Mapping

from ppdesk.release.errors import BundleTooLargeError, NotABundleError

# name -> most bytes that are read
MEMBERS: Mapping[str, int] = {
    "manifest.json": 4 << 20,
    "model.onnx": 64 << 20,
    "manifest.sig": 1 << 12,
    "certificate.pem": 1 << 16,
}
_LIMIT = sum(MEMBERS.values()) + (1 << 16)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The bundle's bytes. parts: the four MEMBERS; NotABundleError where one is missing or too many."""
    if set(parts) != set(MEMBERS):
        raise NotABundleError(reason="its members are not manifest, model, signature and certificate")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in MEMBERS:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3  # the same on every platform
            info.external_attr = 0o100644 << 16
            archive.writestr(info, parts[name])
    return target.getvalue()


def unpack(untrusted: bytes) -> dict[str, bytes]:
    """The four parts of a bundle from somewhere else; nothing is unpacked to disk.

    Raises BundleTooLargeError or NotABundleError. The seal is not looked at here.
    """
    if len(untrusted) > _LIMIT:
        raise BundleTooLargeError(what="file", size=len(untrusted), limit=_LIMIT)
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted)) as archive:
            infos = archive.infolist()
            if [info.filename for info in infos] != list(MEMBERS):
                raise NotABundleError(reason="its members are not manifest, model, signature and certificate")
            parts = {}
            for info in infos:
                limit = MEMBERS[info.filename]
                if info.file_size > limit or info.compress_size > limit:
                    raise BundleTooLargeError(what=info.filename, size=info.file_size, limit=limit)
                if info.compress_type != zipfile.ZIP_STORED or info.flag_bits:
                    raise NotABundleError(reason="a member is compressed or encrypted")
                parts[info.filename] = archive.read(info)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OverflowError) as error:
        raise NotABundleError(reason="it is not a whole archive") from error
    if pack(parts) != untrusted:
        raise NotABundleError(reason="the archive holds more than its members")
    return parts

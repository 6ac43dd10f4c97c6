"""The bundle's archive: one form only, and nothing else is read."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.errors import CodedError
from ppdesk.release.bundle import MEMBERS, pack, unpack
from ppdesk.release.errors import BundleTooLargeError, NotABundleError

PARTS = {"manifest.json": b"{}", "model.onnx": b"model", "manifest.sig": b"sig", "certificate.pem": b"pem"}


def archive(members, *, compression=zipfile.ZIP_STORED, comment=b""):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as made:
        for name, data in members:
            made.writestr(zipfile.ZipInfo(name), data, compress_type=compression)
        made.comment = comment
    return target.getvalue()


def test_what_is_packed_is_unpacked():
    assert unpack(pack(PARTS)) == PARTS


def test_the_same_parts_give_the_same_bytes_in_any_order():
    assert pack(dict(reversed(PARTS.items()))) == pack(PARTS)


def test_a_missing_or_extra_part_is_not_packed():
    with pytest.raises(NotABundleError):
        pack({**PARTS, "extra.txt": b""})
    with pytest.raises(NotABundleError):
        pack({name: data for name, data in PARTS.items() if name != "manifest.sig"})


@pytest.mark.parametrize(
    "members",
    [
        [*PARTS.items(), ("extra.txt", b"x")],
        [*PARTS.items(), ("model.onnx", b"second")],
        [("../manifest.json", b"{}"), *list(PARTS.items())[1:]],
        [("/manifest.json", b"{}"), *list(PARTS.items())[1:]],
        list(PARTS.items())[:3],
        [],
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")  # zipfile remarks on the archive we forge
def test_other_members_are_refused(members):
    with pytest.raises(NotABundleError):
        unpack(archive(members))


def test_compression_is_refused_before_anything_is_inflated():
    bomb = archive(
        [("manifest.json", b"0" * 1_000_000), *list(PARTS.items())[1:]], compression=zipfile.ZIP_DEFLATED
    )
    with pytest.raises(NotABundleError, match="compressed"):
        unpack(bomb)


def test_a_large_member_is_refused():
    with pytest.raises(BundleTooLargeError, match=r"manifest\.sig"):
        unpack(pack({**PARTS, "manifest.sig": b"x" * (MEMBERS["manifest.sig"] + 1)}))


@pytest.mark.parametrize(
    "change", [lambda d: b"MZ" + d, lambda d: d + b"x", lambda d: d[:-3], lambda _: b"", lambda _: b"PK"]
)
def test_bytes_around_or_missing_are_refused(change):
    with pytest.raises(NotABundleError):
        unpack(change(pack(PARTS)))


def test_other_metadata_is_refused():
    with pytest.raises(NotABundleError, match="more than its members"):
        unpack(archive(PARTS.items(), comment=b"hello"))


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_any_changed_byte_ends_in_a_coded_error_or_changed_parts(place, value):
    data = bytearray(pack(PARTS))
    place %= len(data)
    before, data[place] = data[place], value
    try:
        found = unpack(bytes(data))
    except CodedError:
        return
    assert before == value or found != PARTS

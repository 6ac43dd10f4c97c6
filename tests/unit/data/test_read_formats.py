"""Every format ends in the same texts, and is found by what it is."""

import dataclasses
import hashlib
import time

import pytest

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.content import content_fingerprint
from ppdesk.data.errors import (
    EmptyFileError,
    FileUnreadableError,
    NotThatFormatError,
    ProtectedFileError,
    UnsupportedFormatError,
)
from ppdesk.data.readers.formats import SUFFIXES, WORDS, FileFormat, find_format
from ppdesk.data.readers.read_table import ReadOptions, read_table


def test_the_same_table_has_the_same_texts_and_the_same_fingerprint(
    tmp_path, ending, write_as, options, texts
):
    found = read_table(write_as(tmp_path / f"t{ending}"), options(ending))
    assert found.table.to_pydict() == texts
    assert found.form is SUFFIXES.get(ending)
    assert found.notes == ()
    plain = read_table(write_as(tmp_path / "again.csv"), ReadOptions())
    assert content_fingerprint(found.table) == content_fingerprint(plain.table)


def test_the_file_is_hashed_and_measured(tmp_path, ending, write_as, options):
    path = write_as(tmp_path / f"t{ending}")
    found = read_table(path, options(ending))
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.size == path.stat().st_size


def test_content_counts_before_the_name_and_that_is_said(tmp_path, ending, write_as, options, texts):
    path = write_as(tmp_path / f"t{ending}").rename(tmp_path / "t.txt")
    found = read_table(path, options(ending))
    assert found.table.to_pydict() == texts
    assert found.form is SUFFIXES.get(ending)
    assert bool(found.notes) is (ending != ".csv")


@pytest.mark.parametrize(
    "ending", sorted(end for end, form in SUFFIXES.items() if form not in ("csv", "fixed"))
)
def test_text_under_another_formats_name_is_refused(tmp_path, ending):
    path = tmp_path / f"t{ending}"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NotThatFormatError):
        read_table(path, ReadOptions())
    assert read_table(path, ReadOptions(form=FileFormat.CSV)).table.num_rows == 1


@pytest.mark.parametrize("form", [one for one in FileFormat if one not in ("csv", "fixed")])
def test_a_declared_format_is_held_to(tmp_path, form):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NotThatFormatError) as caught:
        read_table(path, ReadOptions(form=form))
    assert WORDS[form] in caught.value.message


@pytest.mark.parametrize(
    ("head", "error"),
    [
        (b"\x1f\x8b\x08\x00rest", UnsupportedFormatError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnsupportedFormatError),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            ProtectedFileError,
        ),
        (b"FEA1" + bytes(20), UnsupportedFormatError),
        (b"PARE" + bytes(20), UnsupportedFormatError),
        (b"%PDF-1.7\n", UnsupportedFormatError),
    ],
)
def test_what_is_not_read_is_told_by_name(tmp_path, head, error):
    path = tmp_path / "t.csv"
    path.write_bytes(head)
    with pytest.raises(error):
        read_table(path, ReadOptions())


@pytest.mark.parametrize("first", ["PARE", "BZh", "ORCs", "FEA1", "rest"])
def test_a_column_name_is_no_magic_number(tmp_path, first):
    path = tmp_path / "t.csv"
    path.write_text(f"{first},b\n1,2\n")
    assert read_table(path, ReadOptions()).table.column_names == [first, "b"]


def test_sas_and_old_stata_are_known_by_their_first_bytes(tmp_path):
    path = tmp_path / "t"
    path.write_bytes(bytes(12) + b"\xc2\xea\x81\x60" + bytes(50))
    assert find_format(path) is FileFormat.SAS
    path.write_bytes(b"\x72\x02\x01\x00" + bytes(50))
    assert find_format(path) is FileFormat.STATA


def test_an_empty_file_and_a_missing_one(tmp_path):
    path = tmp_path / "t.parquet"
    with pytest.raises(FileUnreadableError):
        read_table(path, ReadOptions())
    path.write_bytes(b"")
    with pytest.raises(EmptyFileError):
        read_table(path, ReadOptions())


def test_missing_values_look_like_declared_in_every_format(tmp_path, ending, write_as, options):
    given = options(ending)
    form = dataclasses.replace(given.text, null_tokens=("007", ""))
    found = read_table(write_as(tmp_path / f"t{ending}"), dataclasses.replace(given, text=form))
    assert found.table.column("id").null_count == 1


def test_reading_stops_when_asked(tmp_path, ending, write_as, options):
    path = write_as(tmp_path / f"t{ending}")
    with pytest.raises(CancelledRunError):
        read_table(path, options(ending), cancelled=lambda: True)


def test_reading_a_large_file_stops_in_its_midst(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": pa.array(range(1_000_000)).cast(pa.float64())}), path)
    asked = iter(range(1000))
    began = time.perf_counter()
    with pytest.raises(CancelledRunError):
        read_table(path, ReadOptions(), cancelled=lambda: next(asked) > 3)
    assert time.perf_counter() - began < 2

"""Kernels are kept under the user's cache folder, and run without one."""

import os
import time
from pathlib import Path

import numba

from ppdesk.core import compiling


def _double(x: int) -> int:
    return 2 * x


def test_compiled_code_is_kept_in_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    before = numba.config.CACHE_DIR
    assert compiling.compiled(_double)(21) == 42
    assert list((tmp_path / "cache" / "kernels").rglob("*.nbi"))
    assert before == numba.config.CACHE_DIR


def test_without_a_place_to_write_it_still_runs(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path / "file")
    assert compiling.cache_folder() is None
    assert compiling.compiled(_double)(4) == 8
    assert not list(Path(__file__).parent.rglob("*.nbi"))


def test_sums_keep_their_order_unless_flags_say_otherwise():
    assert not compiling.compiled(_double).targetoptions["fastmath"]
    loose = compiling.compiled(_double, fastmath=frozenset({"reassoc"}))
    assert loose(2) == 4
    assert loose.targetoptions["fastmath"] == {"reassoc"}


def test_a_kernels_folder_is_named_by_the_sources_of_all_that_it_calls(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "_ROOT", tmp_path)
    room = tmp_path / "anonymize"
    room.mkdir()
    (room / "caller.py").write_text("from ppdesk.anonymize.called import f\n")
    (room / "called.py").write_text("from ppdesk.anonymize import deeper as d\n")
    (room / "deeper.py").write_text("x = 1\n")
    found = []
    for text in ("x = 1\n", "x = 2\n", "x = 1\n"):
        (room / "deeper.py").write_text(text)
        compiling._source.cache_clear()
        found.append(
            [compiling.digest(f"ppdesk.anonymize.{name}") for name in ("caller", "called", "deeper")]
        )
    compiling._source.cache_clear()
    assert found[0] == found[2]
    assert all(before != after for before, after in zip(found[0], found[1], strict=True))


def test_folders_of_earlier_sources_go_after_a_day(tmp_path):
    old, new, other = (tmp_path / name for name in ("tables-1", "tables-2", "pricing-1"))
    for one in (old, new, other):
        one.mkdir()
    for one in (old, other):
        os.utime(one, (time.time() - 2 * 24 * 3600,) * 2)
    compiling._tidy(tmp_path, "tables", tmp_path / "tables-3")
    assert not old.exists()
    assert new.exists()
    assert other.exists()

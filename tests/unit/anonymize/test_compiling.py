"""Kernels are kept under the user's cache folder, and run without one."""

from pathlib import Path

import numba

from ppdesk.anonymize import compiling


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

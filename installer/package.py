"""Freeze the program into one folder and wrap it as a .deb. Run by `make package`."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
MAINTAINER = "The ppdesk authors <ppdesk@localhost>"


def version() -> str:
    """The version that ppdesk says of itself."""
    scope: dict[str, str] = {}
    exec((ROOT / "ppdesk" / "__init__.py").read_text(encoding="utf-8"), scope)  # noqa: S102  # our own file
    return scope["__version__"]


def epoch() -> str:
    """The last commit's time: what makes two builds of one commit the same."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def freeze(env: dict[str, str]) -> Path:
    """dist/ppdesk, a folder that runs from anywhere, read-only places included."""
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
         "--distpath", str(DIST), "--workpath", str(ROOT / "build"), str(ROOT / "installer" / "ppdesk.spec")],
        check=True, cwd=ROOT, env=env,
    )  # fmt: skip
    return DIST / "ppdesk"


def deb(folder: Path, env: dict[str, str]) -> Path:
    """A package that puts the folder under /opt, two commands on the path, and a menu entry."""
    number = version()
    stage = ROOT / "build" / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(folder, stage / "opt" / "ppdesk", symlinks=True)
    for name in ("ppdesk", "ppdesk-gui"):
        link = stage / "usr" / "bin" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"/opt/ppdesk/{name}")
    menu = stage / "usr" / "share" / "applications"
    menu.mkdir(parents=True)
    shutil.copy(ROOT / "installer" / "ppdesk.desktop", menu)
    icon = stage / "usr" / "share" / "icons" / "hicolor" / "scalable" / "apps"
    icon.mkdir(parents=True)
    shutil.copy(ROOT / "installer" / "ppdesk.svg", icon)
    docs = stage / "usr" / "share" / "doc" / "ppdesk"
    docs.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", docs / "copyright")
    (docs / "changelog.gz").write_bytes(gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0))
    size_kib = sum(p.stat().st_size for p in stage.rglob("*") if p.is_file() and not p.is_symlink()) // 1024
    control = stage / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(
        f"Package: ppdesk\nVersion: {number}\nArchitecture: amd64\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size_kib}\nSection: science\nPriority: optional\n"
        "Depends: libc6, libegl1, libgl1, libxkbcommon0, libfontconfig1, libfreetype6, "
        "libglib2.0-0 | libglib2.0-0t64, libx11-6, libdbus-1-3, libxcb-cursor0, libxcb-icccm4, "
        "libxcb-keysyms1, libxcb-image0, libxcb-randr0, libxcb-render-util0, libxkbcommon-x11-0\n"
        "Description: privacy-preserving AI workbench\n"
        " Anonymize tables, train models with differential privacy, and prove it with signed reports.\n"
        " Works without a network.\n",
        encoding="utf-8",
    )
    target = DIST / f"ppdesk_{number}_amd64.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(stage), str(target)],
        check=True, env=env,
    )  # fmt: skip
    return target


if __name__ == "__main__":
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch(), "PYTHONHASHSEED": "0"}
    frozen = freeze(environment)
    package = deb(frozen, environment)
    sys.stdout.write(f"{frozen}\n{package}\n")

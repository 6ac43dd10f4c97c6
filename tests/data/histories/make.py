"""Makes the frozen histories: both samples run in test mode, read back as what reports are made of.

python tests/data/histories/make.py FOLDER  (FOLDER: where the projects may be written)

A history is a record of the program as it was when it was made: documents must still be composed from it by
later versions. Make it anew only while no version has been released.
"""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SEED = 7


def made(name: str, folder: Path) -> bytes:
    """The history of the sample `name` as canonical text."""
    from ppdesk.core.mode import Mode
    from ppdesk.workbench.session import Session

    home = folder / "home"
    home.mkdir(parents=True, mode=0o700)
    project, words = folder / f"{name}.ppdesk", folder / "words.txt"
    words.write_text("test-only-Kx83jj-words", encoding="utf-8")
    words.chmod(0o600)
    secrets = ("--passphrase-file", "--signer-passphrase-file")
    subprocess.run(
        [
            *(sys.executable, "-m", "ppdesk", "run", str(ROOT / "resources/samples" / name / "recipe.toml")),
            *("--project", str(project), "--signer", "Maria Weber", "--test-mode", str(SEED)),
            *(part for option in secrets for part in (option, str(words))),
            *("--copy-passphrase-file", _other(words)),
        ],
        check=True,
        env={**os.environ, "PPDESK_HOME": str(home)},
    )
    secret = words.read_text(encoding="utf-8")
    with Session.open(
        project, secret, mode=Mode(SEED), home=home, actor="Maria Weber", read_only=True
    ) as opened:
        told = opened.history()
    whole = {"head": dict(told.head), "history": json.loads(told.data("history"))}
    return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()


def _other(words: Path) -> str:
    other = words.with_name("copy.txt")
    other.write_text("test-only-copy-Kx83jj", encoding="utf-8")
    other.chmod(0o600)
    return str(other)


if __name__ == "__main__":
    for sample in ("adult", "bank"):
        data = made(sample, Path(sys.argv[1]) / sample)
        (HERE / f"{sample}.json.gz").write_bytes(gzip.compress(data, 9, mtime=0))

"""Makes the project file of the schema that this version of the program writes, for tests to open for ever:

    python tests/data/projects/make.py

writes ``schema-NNNN.ppdesk`` and ``schema-NNNN.json`` (passphrase, head, hashes) beside this script. A file
that is there is kept: once its schema is released it must never change. Made in test mode from public data.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ppdesk.store.project import ProjectFile
from ppdesk.store.schema import NEWEST

HERE = Path(__file__).parent
RECIPE = HERE.parent / "small" / "recipe.toml"
PASSPHRASE = "a project of schema"
WORDS = {
    "PPDESK_PASSPHRASE": PASSPHRASE,
    "PPDESK_SIGNER_PASSPHRASE": "the signer of schemas",
    "PPDESK_COPY_PASSPHRASE": "an auditor of schemas",
}
AS = ("--test-mode", "1", "--signer", "Fixture analyst")
CALLS = (  # the whole recipe, then what is no step
    ("run", str(RECIPE), *AS),
    ("sign", *AS),
    ("compact", *AS),
)


def told(project: ProjectFile) -> dict[str, object]:
    """What a later version must still find in it."""
    seq, hash_ = project.head()
    events = project.events()
    return {
        "passphrase": PASSPHRASE,
        "schema": f"{project.schema_version:04}",
        "project_id": project.project_id,
        "created": project.created,
        "head": {"seq": seq, "hash": hash_},
        "events": [
            {
                "seq": event.seq,
                "kind": event.kind,
                "outcome": event.outcome,
                "hash": event.hash,
                "outputs": {kind.value: digest for kind, digest in event.outputs.items()},
            }
            for event in events
        ],
    }


def main() -> None:
    target = HERE / f"schema-{NEWEST}.ppdesk"
    if target.exists():
        sys.exit(f"{target.name} is there and is kept.")
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / target.name
        environment = {**os.environ, **WORDS, "PPDESK_HOME": str(Path(name) / "home")}
        for call in CALLS:
            command = [sys.executable, "-m", "ppdesk", *call, "--project", str(made)]
            subprocess.run(command, env=environment, check=True)
        with ProjectFile.open(made, PASSPHRASE, read_only=True) as project:
            facts = told(project)
        shutil.copy(made, target)
    text = json.dumps(facts, indent=1, ensure_ascii=True) + "\n"
    target.with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

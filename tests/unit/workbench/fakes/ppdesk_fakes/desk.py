"""A short workflow with a real import, a limit and a step that spends. Also in a process of its own:
``python -m ppdesk_fakes.desk PROJECT HOME SEED STEP VALUES-AS-JSON``."""

import json
import sys
from pathlib import Path

from ppdesk.core.errors import CodedError
from ppdesk.core.mode import Mode
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.stages import Stage
from ppdesk_fakes.catalog import FakeEntry

DESK = (
    FakeEntry("standard", Stage.OBJECTIVES, "standard", "Set limits"),
    *(entry for entry in CATALOG if entry.key == "import"),
    FakeEntry("fake", Stage.DATA, "fake", "Stand in"),
    FakeEntry("query", Stage.MODEL, "query", "Ask"),
)
PASSPHRASE = "correct horse"


def desk(project: Path, home: Path, seed: int | None = None) -> Session:
    """The project at `project`, made where there is none."""
    make = Session.open if project.exists() else Session.create
    return make(project, PASSPHRASE, mode=Mode(seed), home=home, actor="Ada", catalog=DESK)


def main(project: str, home: str, seed: str, step: str, values: str) -> int:
    with desk(Path(project), Path(home), int(seed) if seed else None) as session:
        print("ready", flush=True)  # noqa: T201  the test waits for it
        sys.stdin.readline()
        try:
            session.run(step, json.loads(values))
        except CodedError as error:
            print(error.error_code)  # noqa: T201
            return int(error.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

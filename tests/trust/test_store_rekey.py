"""A kill at any moment of a change of passphrase: the file opens with the old or the new one, whole."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Campaign = Callable[[str, Path, int, int], list[object]]
KILLS = 30

# Forks a process that changes the passphrase again and again, kills it after a while, and opens what is
# left with the last passphrase that was acknowledged or the one after it.
SCRIPT = """
import json, os, random, signal, sys, time
from pathlib import Path
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.store.access import sibling
from ppdesk.store.errors import WrongPassphraseError
from ppdesk.store.events import EventDraft
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.project import ProjectFile
path, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
with ProjectFile.create(
    path, "p0", project_id="id", created="now", entropy=TestEntropy(1), kdf=KdfProfile.TEST
) as made:
    for number in range(4):
        part = Part("b", SystemEntropy().take(400_000))
        draft = EventDraft(time="t", actor="a", kind="k", code="c", outcome="ok", facts={"n": 1})
        made.append(draft, [Artifact(Kind.TABLE, {}, (part,))], entropy=SystemEntropy())
    head = made.head()

def change(out, last):
    with ProjectFile.open(path, f"p{last}") as project:
        os.write(out, b"!\\n")
        while True:
            entropy = TestEntropy(chance.randrange(1 << 40))
            project.change_passphrase(f"p{last}", f"p{last + 1}", entropy=entropy)
            last += 1
            os.write(out, f"{last}\\n".encode())

last, unfinished, went_on, remarks = 0, 0, 0, []
for number in range(rounds):
    inlet, outlet = os.pipe()
    child = os.fork()
    if not child:
        chance.seed((seed, number).__repr__())
        change(outlet, last)
    os.close(outlet)
    reader = os.fdopen(inlet)
    reader.readline()
    said = [reader.readline()] if number % 3 else []
    time.sleep(0.15 * chance.random())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = [int(line) for line in said + reader.readlines() if line.strip("!\\n")]
    last = said[-1] if said else last
    unfinished += sibling(path).exists()
    try:
        project = ProjectFile.open(path, f"p{last}")
    except WrongPassphraseError:  # the change was durable, the kill came before its acknowledgement
        last += 1
        went_on += 1
        project = ProjectFile.open(path, f"p{last}")
    with project:
        if project.head() != head:
            remarks.append("another head")
        remarks += [finding.title for finding in project.check()]
beside = [place.name for place in path.parent.iterdir()]
print(json.dumps([last, unfinished, went_on, remarks, beside]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the campaign forks; Windows has no fork")
def test_a_kill_leaves_the_old_passphrase_or_the_new_one(tmp_path: Path, campaign: Campaign) -> None:
    changes, unfinished, _, remarks, beside = campaign(SCRIPT, tmp_path / "p", KILLS, 1)
    assert isinstance(changes, int)
    assert isinstance(unfinished, int)
    assert changes > 0, "no change was ever finished"
    assert unfinished > 0, "no kill hit a change: the test tests nothing"
    assert (remarks, beside) == ([], ["p"])


@pytest.mark.campaign
@pytest.mark.skipif(sys.platform == "win32", reason="the campaign forks; Windows has no fork")
@pytest.mark.timeout(1200)
def test_the_long_form(tmp_path: Path, campaign: Campaign) -> None:
    for seed in range(20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        assert campaign(SCRIPT, folder / "p", 100, seed)[3:] == [[], ["p"]]

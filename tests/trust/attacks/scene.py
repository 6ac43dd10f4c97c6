"""Where an attack begins: projects in known states, made once by really running the small recipe.

The worker's answers are kept while the recipe runs. An attempt then hands out the same answer at once, so
that all that writes (reservation, sealing, record, anchor, delivery) is the program's own and runs in the
process that is killed, and an attempt takes milliseconds.
"""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ppdesk.core.mode import Mode
from ppdesk.identity.signer import Signer, create_signer, load_signer
from ppdesk.workbench.home import signer_entropy, signers_folder
from ppdesk.workbench.session import Session
from ppdesk.workbench.worker.jobs import Job, Product
from ppdesk.workbench.worker.worker import Progress, Worker
from ppdesk.workflow.catalog import step
from ppdesk.workflow.recipe import load_recipe

ROOT = Path(__file__).resolve().parents[3]
RECIPE = ROOT / "tests" / "data" / "small" / "recipe.toml"
PASSPHRASE, COPY_PASSPHRASE = "correct horse battery", "for the auditor alone"
SIGNER, SIGNER_PASSPHRASE = "Ada Attacked", "staple of another kind"
MODE = Mode(1)
EMPTY, END = "empty", "end"


class Recorder(Worker):
    """The real worker; what it answers is kept by step."""

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[str, Product] = {}

    def run(self, job: Job, **more: Any) -> Product:
        self.products[job.key] = super().run(job, **more)
        return self.products[job.key]


class Rehearsed(Worker):
    """A worker without a process, which answers what the real one answered."""

    def __init__(self, products: dict[str, Product]) -> None:
        super().__init__()
        self._products = products

    def run(
        self,
        job: Job,
        *,
        progress: Progress,
        cancel: object = None,
        handed_over: Callable[[], None] = lambda: None,
        keep: object = None,
        enough: object = None,
    ) -> Product:
        handed_over()
        progress(0.5, "as recorded")
        return self._products[job.key]


def secret_of(key: str) -> str | None:
    """The passphrase of the file that a step writes, where it writes one with a passphrase."""
    return COPY_PASSPHRASE if step(key).exports else None


def project_in(folder: Path) -> Path:
    return folder / "work" / "p.ppdesk"


def home_in(folder: Path) -> Path:
    return folder / "home"


class Scenes:
    """The prepared states under `folder`: one per step of the recipe (as it was before that step), `end`
    after the last, and `empty`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps = [(key, dict(values)) for key, values in load_recipe(RECIPE).steps]
        self.products: dict[str, Product] = {}
        kept = folder / "products"
        self._signer: Signer | None = None
        if kept.exists():
            self.products = pickle.loads(kept.read_bytes())  # noqa: S301 - written below, by ourselves

    def place(self, name: str) -> Path:
        return self.folder / name

    def values(self, key: str) -> dict[str, Any]:
        return next(dict(values) for found, values in self.steps if found == key)

    def prepare(self) -> None:
        """Run the recipe once, keeping the folder as it was before each step."""
        at = self.folder / "recording"
        at.joinpath("work").mkdir(parents=True)
        signers = signers_folder(home_in(at), MODE)
        create_signer(
            signers, SIGNER, SIGNER_PASSPHRASE, entropy=signer_entropy(MODE, SIGNER), clock=MODE.clock()
        )
        shutil.copytree(at, self.place(EMPTY))
        recorder = Recorder()
        with self._session(recorder)(Session.create, at) as session:
            pass
        for key, values in self.steps:
            shutil.copytree(at, self.place(key))
            with self._session(recorder)(Session.open, at) as session:
                session.run(key, values, secret=secret_of(key))
        shutil.copytree(at, self.place(END))
        self.folder.joinpath("products").write_bytes(pickle.dumps(recorder.products))
        self.products = recorder.products

    @property
    def signer(self) -> Signer:
        """Who seals. Unlocked once: its key takes longer to open than all the rest of an attempt."""
        if self._signer is None:
            folder = signers_folder(home_in(self.place(EMPTY)), MODE)
            self._signer = load_signer(folder, SIGNER, SIGNER_PASSPHRASE, clock=MODE.clock())
        return self._signer

    def create(self, at: Path, **more: Any) -> Session:
        return self._session(Rehearsed(self.products))(Session.create, at, **more)

    def open(self, at: Path, passphrase: str = PASSPHRASE, **more: Any) -> Session:
        """The project in the folder `at`, opened as the program does, with the rehearsed worker."""
        return self._session(Rehearsed(self.products))(Session.open, at, passphrase, **more)

    def _session(self, worker: Worker) -> Callable[..., Session]:
        class Attacked(Session):
            def __init__(self, *arguments: Any, **more: Any) -> None:
                super().__init__(*arguments, **{**more, "worker": worker})

        def made(make: Any, at: Path, passphrase: str = PASSPHRASE, **more: Any) -> Session:
            session: Session = make.__func__(
                Attacked, project_in(at), passphrase, mode=MODE, home=home_in(at), actor="Ada", **more
            )
            session.set_signer(self.signer)
            return session

        return made

"""The catalog of the fake steps."""

from dataclasses import dataclass

from ppdesk.workflow.catalog import Entry
from ppdesk.workflow.stages import Stage


@dataclass(frozen=True)
class FakeEntry(Entry):
    """A step outside of ppdesk."""

    @property
    def path(self) -> str:
        return f"ppdesk_fakes.{self.module}"


FAKES = (
    FakeEntry("standard", Stage.OBJECTIVES, "standard", "Set limits"),
    FakeEntry("fake", Stage.DATA, "fake", "Stand in"),
    FakeEntry("copy", Stage.DEPLOYMENT, "copy", "Copy"),
    FakeEntry("tell", Stage.REPORTING, "tell", "Tell"),
)

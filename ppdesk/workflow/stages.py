"""The seven stages of the privacy-preserving AI workflow."""

from enum import IntEnum


class Stage(IntEnum):
    """A stage by its number; `title` is its name on the rail."""

    OBJECTIVES = 1
    DATA = 2
    MODEL = 3
    EVALUATION = 4
    DEPLOYMENT = 5
    FEEDBACK = 6
    REPORTING = 7

    @property
    def title(self) -> str:
        return self.name.capitalize()

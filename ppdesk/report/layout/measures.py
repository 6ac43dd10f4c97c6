"""Measures of the page, for each size of paper. All lengths in pt, from the lower left corner."""

from dataclasses import dataclass

from ppdesk.report.document import Paper

Box = tuple[float, float, float, float]  # left, low, right, high

_SIZES = {Paper.A4: (595.2756, 841.8898), Paper.LETTER: (612.0, 792.0)}
_SIDE, _TOP, _BOTTOM = 62.0, 82.0, 64.0
_COMPACT_SIDE, _COMPACT_TOP, _COMPACT_BOTTOM = 54.0, 70.0, 58.0
SIGNATURE_HEIGHT = 118.0
_COMPACT_SIGNATURE = 104.0


@dataclass(frozen=True)
class Measures:
    """A page and its margins."""

    page: tuple[float, float]
    left: float
    top: float
    bottom: float
    signature: float  # height of the place for the signature

    @property
    def right(self) -> float:
        """The right edge of what is printed."""
        return self.page[0] - self.left

    @property
    def width(self) -> float:
        return self.page[0] - 2 * self.left

    @property
    def height(self) -> float:
        return self.page[1] - self.top - self.bottom

    @property
    def signature_box(self) -> Box:
        """The reserved place of the signature, at the foot of the last page."""
        low = self.bottom + 6
        return (self.left, low, self.right, low + self.signature)


def measures(paper: str = "a4", *, compact: bool = False) -> Measures:
    """The measures of a page on `paper`. Text that must fit on few pages gets smaller margins."""
    page = _SIZES[Paper(paper)]
    if compact:
        return Measures(page, _COMPACT_SIDE, _COMPACT_TOP, _COMPACT_BOTTOM, _COMPACT_SIGNATURE)
    return Measures(page, _SIDE, _TOP, _BOTTOM, SIGNATURE_HEIGHT)


def signature_box(paper: str = "a4", *, compact: bool = False) -> Box:
    """Where the signature goes on the last page of a document on `paper`."""
    return measures(paper, compact=compact).signature_box


SIGNATURE_BOX = signature_box()  # on A4

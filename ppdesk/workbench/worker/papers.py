"""Pages of a document as pictures, in the worker: PDFium draws what was set there, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Papers:
    """The pages that were set last, kept so that a page can be drawn again at another scale."""

    _pieces: list[tuple[bytes, int]] = field(default_factory=list)  # a PDF and the index of the page in it

    def take(self, pieces: Iterable[bytes]) -> Iterator[int]:
        """Keep `pieces`, PDFs in order, in place of what was kept; says each page's number as it comes, from
        1 on."""
        import pypdfium2

        self._pieces = []
        for piece in pieces:
            with pypdfium2.PdfDocument(piece) as document:
                count = len(document)
            for index in range(count):
                self._pieces.append((piece, index))
                yield len(self._pieces)

    def forget(self) -> None:
        """Keep nothing."""
        self._pieces = []

    def draw(self, number: int, scale: float) -> tuple[bytes, tuple[float, float]]:
        """(PNG, size in pt) of page `number`, 1 being the first, with `scale` pixels a point. IndexError."""
        from io import BytesIO

        import pypdfium2

        if not 1 <= number <= len(self._pieces):
            raise IndexError(number)
        piece, index = self._pieces[number - 1]
        with pypdfium2.PdfDocument(piece) as document:
            page = document[index]
            size = page.get_size()
            out = BytesIO()
            page.render(scale=scale).to_pil().save(out, format="PNG", compress_level=1)
        return out.getvalue(), size

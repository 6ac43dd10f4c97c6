"""How much a file may hold. Bounds against files made to exhaust the machine, far above honest tables.

Checked on what a file says of itself before anything is unpacked, and again on what comes out.
"""

from ppdesk.data.errors import PackedTooTightError, TooLargeError

MOST_COLUMNS = 16_384  # as many as a spreadsheet has (ECMA-376)
MOST_CELLS = 1_000_000_000  # of columnar files: 10,000,000 rows of 100 columns
MOST_OBJECTS = 200_000_000  # cells of readers that make one Python object per cell
MOST_TEXT = 8 << 30  # bytes of all values as text
MOST_UNPACKED = 4 << 30  # bytes of a zip archive's parts together
MOST_RATIO = 250  # unpacked to packed bytes; sheets of equal rows reach about 100
FREE_TEXT = 1 << 30  # bytes of text of a columnar file below which the ratio does not matter
FREE_UNPACKED = 64 << 20  # below this the ratio does not matter


def check_size(rows: int, columns: int, *, most_cells: int = MOST_CELLS) -> None:
    """TooLargeError where a table of `rows` and `columns` is too large."""
    if columns > MOST_COLUMNS:
        raise TooLargeError(what=f"{columns:,} columns", most=f"{MOST_COLUMNS:,}")
    if rows * columns > most_cells:
        raise TooLargeError(what=f"{rows:,} rows of {columns:,} columns", most=f"{most_cells:,} cells")


def check_text(size: int) -> None:
    """TooLargeError where the values take more than `size` bytes as text."""
    if size > MOST_TEXT:
        raise TooLargeError(what=f"{size >> 20:,} MiB of text", most=f"{MOST_TEXT >> 20:,} MiB")


def check_expansion(size: int, file_size: int) -> None:
    """PackedTooTightError where `size` bytes of text come out of a file that is far smaller."""
    if size > FREE_TEXT and size > MOST_RATIO * file_size:
        raise PackedTooTightError(ratio=size // max(file_size, 1))

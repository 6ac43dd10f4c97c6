"""Calendar dates as numbers, without a loop over the rows."""

from typing import TYPE_CHECKING, Any

from ppdesk.data.month_lengths import last_days

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

# ISO 8601 calendar date, alone or before a time of day
_DATE = r"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ][0-9]{2}:[0-9]{2}.*)?\z"


def days(values: "pa.Array") -> "NDArray[np.float64]":
    """Days since 1970-01-01 of strings such as 2024-02-29 (a time of day after it is passed over),
    (n,) float64; NaN for what is no date of the calendar and for a missing value."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    text = values.cast(pa.string())
    plain = pc.fill_null(pc.match_substring_regex(text, _DATE), False)
    chosen = pc.if_else(plain, text, "1970-01-01")

    def piece(start: int, stop: int) -> Any:
        return pc.utf8_slice_codeunits(chosen, start, stop).cast(pa.int64()).to_numpy(zero_copy_only=False)

    year, month, day = piece(0, 4), piece(5, 7), piece(8, 10)
    there = (day <= last_days(year, month)) & plain.to_numpy(zero_copy_only=False)
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    since = first.astype("datetime64[D]").astype(np.int64) + (day - 1)
    return np.where(there, since, np.nan)

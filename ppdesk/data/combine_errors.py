"""Why several files do not become one table. Names of files and columns and counts; no value of a key."""

from ppdesk.data.errors import ReadError


class OtherColumnsError(ReadError):
    """{file} has other columns than the first file: missing {missing}; not in the first {surplus}."""

    code = "PP-COMBINE-001"
    todo = "Give the files the same column names (their order does not matter), or join them by a key."


class NoSuchKeyError(ReadError):
    """{file} has no key column {names}."""

    code = "PP-COMBINE-002"
    todo = "Name columns that both tables have. Names count with their case and spaces."


class SameNamesError(ReadError):
    """{file} and the tables before it both have the columns {names}, which are no keys."""

    code = "PP-COMBINE-003"
    todo = "Rename the columns in one of the files, or leave them out there."


class ManyToManyError(ReadError):
    """The key repeats on both sides: in {left} rows so far and in {right} rows of {file}."""

    code = "PP-COMBINE-004"
    todo = "Add a key column, or make the key unique in one of the files: rows would be multiplied."


class NothingMatchesError(ReadError):
    """Not one row has its key in {file}."""

    code = "PP-COMBINE-005"
    todo = "Compare how the two files write the key: spaces, leading zeros and case count."

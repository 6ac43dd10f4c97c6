"""Exit codes of the command line. Documented in resources/docs/cli.md; a test holds the two together."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller. Distinct, so that a script can branch without reading text."""

    OK = 0
    FAILED = 1  # a defect of ppdesk, or a step that failed while computing
    USAGE = 2  # the command line itself is wrong
    REFUSED = 3  # a check or a limit (standard, budget) refused the run
    INTEGRITY = 4  # history, file or signature does not hold
    WRONG_KEY = 5  # passphrase or key does not open it
    BAD_INPUT = 6  # a file or value given by the user cannot be used
    STORAGE = 7  # disk full, read-only place, locked or missing file
    NEWER = 8  # written by a newer ppdesk
    CANCELLED = 9  # stopped by a person

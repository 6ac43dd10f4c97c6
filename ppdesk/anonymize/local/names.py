"""The names of the transformations. Light, for forms."""

from enum import StrEnum


class Method(StrEnum):
    """How records are generalized: one level per column for all, or class by class."""

    GLOBAL = "global"
    MULTI_PASS = "multi-pass"  # noqa: S105 - no password
    MONDRIAN = "mondrian"
    CLUSTERING = "clustering"


class Rare(StrEnum):
    """What becomes of records that a global transformation leaves too rare."""

    RECORDS = "records"
    CELLS = "cells"

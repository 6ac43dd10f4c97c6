"""What treatments of columns did, in counts and statistics."""

from ppdesk.workflow.step import Facts


class TreatedColumn(Facts):
    """One column under one treatment. `family` and `described` are of ISO/IEC 20889. Means and standard
    deviations (of all values) only where numbers stay numbers."""

    column: str
    technique: str
    family: str
    described: str
    asked: str
    cells: int
    changed: int
    missing: int
    mean_before: float | None = None
    mean_after: float | None = None
    spread_before: float | None = None
    spread_after: float | None = None


class MaskingFacts(Facts):
    """What was done besides generalization and suppression of quasi-identifiers. `sampled_of`: the records
    that the sample was drawn from. `incomplete`: records that lack a quasi-identifier; `incomplete_hidden`:
    those of them that the conservative rule suppressed."""

    treated: tuple[TreatedColumn, ...] = ()
    sampled_of: int | None = None
    missing: str = "own-category"
    incomplete: int = 0
    incomplete_hidden: int = 0
    left_out: tuple[str, ...] = ()  # columns that are not released
    key: str = ""  # where the key of pseudonyms came from: "drawn", "file", or nothing

"""What a RELEASE head says of treatments of its columns, as later steps need it. Light: heads only."""

from collections.abc import Mapping

from ppdesk.core.artifacts import Head

_CODES = ("pseudonym", "format-preserving")


def treated_columns(release: Head) -> dict[str, str]:
    """column -> the treatment that changed its values."""
    said = release.get("treated")
    return {name: str(one) for name, one in said.items()} if isinstance(said, Mapping) else {}


def coded_columns(release: Head) -> list[str]:
    """The columns that hold keyed pseudonyms."""
    return [name for name, treatment in treated_columns(release).items() if treatment in _CODES]


def treatment_words(release: Head) -> str:
    """Why records cannot be found again by their values; empty where they can."""
    if "sample" in release or "differential_privacy" in release:
        return "it is a sample of the records"
    if "missing" in release:
        return "records were suppressed by rule"
    treated = treated_columns(release)
    return f"values of {', '.join(treated)} were changed" if treated else ""

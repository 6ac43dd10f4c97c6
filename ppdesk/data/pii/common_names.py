"""Common names of people: resources/personal-data/given-names.txt and family-names.txt.

They tell a column of names from other words by the share of its values that they know, and say nothing about
one value. They are short, and poor in names of Africa and Asia: there a column is found by its header alone.
"""

from functools import cache

from ppdesk.core.resources import resource


@cache
def common_names() -> frozenset[str]:
    """Given and family names, lower case, without accents."""
    found: set[str] = set()
    for file in ("given-names.txt", "family-names.txt"):
        for line in resource("personal-data", file).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                found.update(line.split())
    return frozenset(found)

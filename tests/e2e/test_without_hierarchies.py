"""A table of one's own, and no hierarchy file: from import to a release with the proposed dictionary."""

import csv
from typing import Any

FIRST = """
title = "A table of one's own"
[[steps]]
step = "import"
table = "people.csv"
source = "made up"
legal_basis = "consent"
[[steps]]
step = "inspect"
"""
THEN = """
title = "As proposed"
[[steps]]
step = "roles"
dictionary = "dictionary.toml"
[[steps]]
step = "anonymize"
k = 3
suppression_limit = 0.1
"""


def rows() -> list[tuple[str, ...]]:
    """160 made-up persons."""
    return [
        (
            f"p{n}@example.org", str(20 + n % 40), f"{10110 + n % 20}",
            f"{1960 + n % 40}-{1 + n % 12:02d}-11", ("teacher", "smith", "")[n % 3], ("flu", "cold")[n % 2],
        )
        for n in range(160)
    ]  # fmt: skip


def test_from_import_to_a_release_without_a_hierarchy_file(place: Any) -> None:
    table = place.folder / "people.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(["email", "age", "zip", "birth_date", "job", "diagnosis"])
        csv.writer(file).writerows(rows())
    first, then = place.folder / "first.toml", place.folder / "then.toml"
    first.write_text(FIRST)
    then.write_text(THEN)
    place.run(first)
    told = place.on("propose", place.folder / "dictionary.toml")
    kinds = {rule["column"]: rule["kind"] for rule in told["generalize"]}
    assert (kinds["age"], kinds["zip"], kinds["birth_date"]) == ("intervals", "redaction", "dates")
    assert [step["event"]["outcome"] for step in place.run(then)["steps"]] == ["ok", "ok"]
    trees = place.folder / "trees"
    trees.mkdir()
    written = place.on("hierarchies", trees)
    assert set(written["hierarchies"]) == {"age"}
    assert set(written["withheld"]) == set(kinds) - {"age"}
    assert "25;25 to 29;20 to 29;20 to 39;*" in (trees / "age.csv").read_text().splitlines()
    shown = place.on("look", "release", "--rows", "160", "--signer", "Ada Test")
    columns = shown["columns"]
    assert "email" not in columns
    at = [columns.index(name) for name in kinds]
    classes: dict[tuple[str, ...], int] = {}
    for row in shown["rows"]:
        values = tuple(row[place] for place in at)
        classes[values] = classes.get(values, 0) + 1
    assert min(count for values, count in classes.items() if set(values) != {"*"}) >= 3

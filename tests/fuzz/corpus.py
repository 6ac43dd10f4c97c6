"""The corpus: file number n of a seed is always the same file. Nothing is kept on disk."""

import random
from itertools import zip_longest

import columnar_files
import database_files
import stat_files
import text_files
import workbook_files
from cases import Made

DAMAGES: dict[str, dict[str, text_files.Damage]] = {
    "CSV": text_files.FORMS,
    "fixed width": text_files.FIXED,
    "Excel": workbook_files.EXCEL,
    "Parquet": columnar_files.PARQUET,
    "Arrow": columnar_files.ARROW,
    "SPSS .sav": stat_files.SPSS,
    "SPSS .zsav": stat_files.SPSS_PACKED,
    "SPSS .por": stat_files.SPSS_PORTABLE,
    "Stata": stat_files.STATA,
    "SAS .xpt": stat_files.XPORT,
    "SQLite": database_files.SQLITE,
    "DuckDB": database_files.DUCKDB,
}


def _plan() -> list[tuple[str, str]]:
    """Every damage of every format once, the formats taking turns."""
    lanes = [[(form, name) for name in some] for form, some in DAMAGES.items()]
    return [one for some in zip_longest(*lanes) for one in some if one is not None]


PLAN = _plan()


def make(seed: int, number: int) -> tuple[str, str, Made]:
    """(format, name of the damage, file)."""
    form, name = PLAN[number % len(PLAN)]
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  # which damage is done
    return form, name, DAMAGES[form][name](chance)

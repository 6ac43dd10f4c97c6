"""`ppdesk detect`: what Import would find out about files."""

from pathlib import Path

import click

from ppdesk.cli.cancel import stoppable
from ppdesk.cli.console import plain
from ppdesk.cli.import_line import import_line
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import verb
from ppdesk.cli.progress import bar
from ppdesk.core.exits import Exit


@verb(
    "detect",
    click.Argument(["files"], type=click.Path(path_type=Path), metavar="FILE...", nargs=-1, required=True),
    click.Option(
        ["--sheet"], metavar="NAME", help="Which sheet of a workbook, or which table of a database."
    ),
    click.Option(
        ["--width", "widths"],
        multiple=True,
        metavar="NAME:CHARACTERS",
        help="For text of fixed width: one for each column, in the order of the line.",
    ),
    summary="Show what Import would find out about files",
)
def VERB(
    invocation: Invocation,
    _access: Access,
    *,
    files: tuple[Path, ...],
    sheet: str | None,
    widths: tuple[str, ...],
) -> int:
    """Show what Import would find out about each FILE: format, encoding, what separates columns, whether the
    first row holds names, decimal mark, marks for missing values, and the columns with their types. Over
    all rows, without a project; no record is shown. The last line is the import that
    would use it. Exit 6 where a file cannot be read so far."""
    from ppdesk.workbench.detecting import detect
    from ppdesk.workbench.worker.worker import Worker

    main, *more = [str(path.absolute()) for path in files]
    values = {"table": main, "more_files": more, "sheet": sheet, "widths": list(widths)}
    worker = Worker()
    try:
        with stoppable() as wish, bar(invocation.console, "Detect") as drawn:
            said = {name: value for name, value in values.items() if value}
            found = detect(worker, said, Path.cwd(), progress=drawn, cancel=wish)
    finally:
        worker.close()
    paths = [str(path) for path in files]
    line = import_line(found, paths, {"sheet": sheet, "widths": list(widths)})
    lines = [*found.lines(), *(["", f"To import it so: {line}"] if line else [])]
    invocation.console.result(
        {**found.model_dump(mode="json"), "import": line}, [plain(line) for line in lines]
    )
    return Exit.BAD_INPUT if any(one.error for one in found.files) else Exit.OK

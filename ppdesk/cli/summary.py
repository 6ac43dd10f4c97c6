"""What a whole recipe did, in a page: steps, privacy spent, utility kept, files written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ppdesk.cli import sections
from ppdesk.cli.meaning import budget_json, budget_words
from ppdesk.cli.results import finding_lines, step_json
from ppdesk.core.canonical import Json
from ppdesk.core.findings import Level
from ppdesk.core.section import Figures, Section, Words
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.workbench.views import BudgetView, StepResult

_SHOWN = {  # heading -> the steps whose key figures stand under it
    "Anonymized table: risk and utility": ("anonymize",),
    "Utility kept": ("evaluate",),
    "Report": ("verify",),
}


def summary_json(
    title: str, done: "Sequence[StepResult]", budget: "BudgetView", info: Mapping[str, Json]
) -> dict[str, Json]:
    """The whole run as one object."""
    return {
        "recipe": title,
        "project": info,
        "steps": [step_json(result) for result in done],
        "budget": budget_json(budget),
        "files": [str(path) for result in done for path in result.files],
        "stamp": info["stamp"],
    }


def summary_lines(
    title: str,
    done: "Sequence[StepResult]",
    budget: "BudgetView",
    info: Mapping[str, Json],
    seconds: float,
) -> Iterator[str]:
    """The whole run in words."""
    yield ""
    yield f"{title}: {len(done)} steps in {seconds:.0f} s"
    yield ""
    yield "What was done"
    yield from (f"  {line}" for line in sections.columns(_steps(done), right=(0,)))
    yield ""
    yield "Privacy budget"
    yield from (f"  {line}" for line in budget_words(budget))
    yield ""
    for heading, kinds in _SHOWN.items():
        figures = [line for result in done if result.event.kind in kinds for line in _figures(result.section)]
        if figures:
            yield heading
            yield from (f"  {line}" for line in figures)
            yield ""
    remarks = [(r.event.kind, [f for f in r.findings if f.level is not Level.INFO]) for r in done]
    if any(found for _, found in remarks):
        yield "Remarks"
        for key, found in remarks:
            yield from (f"  {line}" for line in finding_lines(found, of=key))
        yield ""
    yield "Files written"
    yield f"  {info['path']}"
    yield from (f"  {path}" for result in done for path in result.files)


def _steps(done: "Sequence[StepResult]") -> list[list[str]]:
    rows = [["event", "step", "what"]]
    for result in done:
        rows.append([str(result.event.seq), result.event.kind, _short(result.section, result.event.kind)])
    return rows


def _short(section: Section, key: str) -> str:
    """One line about a step: its first key figures, or how its section begins, or what the catalog says
    it does."""
    for block in section.blocks:
        if isinstance(block, Figures):
            return ", ".join(f"{item.label} {item.value}" for item in block.items[:3])[:90]
    first = next(iter(section.blocks), None)
    if isinstance(first, Words) and first.tone == "plain":
        return first.text.split(". ")[0].rstrip(".")[:90]
    return entry(key).summary


def _figures(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Figures):
            yield from sections.figures(block)

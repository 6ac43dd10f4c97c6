"""A batch held against the checks that Quality saved. Shared by Score and Monitor; light until it runs."""

from collections.abc import Sequence

from ppdesk.core.artifacts import Kind
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.core.section import Block
from ppdesk.workflow.batches import Batch
from ppdesk.workflow.data.quality_facts import CheckResult
from ppdesk.workflow.step import Context, Inputs


def held(inputs: Inputs, batch: Batch, ctx: Context) -> tuple[CheckResult, ...]:
    """How the batch meets each check; nothing where there is no QUALITY. Counts only. A check of a column
    that the batch has not is told as not held."""
    if Kind.QUALITY not in inputs:
        return ()
    from ppdesk.data.quality.held import Table
    from ppdesk.workflow.data.quality_checks import of_head
    from ppdesk.workflow.data.quality_work import hold_all

    table = Table(batch.table, batch.reading.decimal, ctx.clock.now().date())
    checks = of_head(inputs[Kind.QUALITY].head)
    return hold_all(checks, table, show_values=False, cancelled=ctx.cancelled).results


def findings(results: Sequence[CheckResult], code: str) -> list[Finding]:
    """One remark for each check that records of the batch fail."""
    return [
        Finding(
            Level.CAUTION,
            said("{failed:,} records of the batch fail a check.", failed=one.failed),
            f"{one.sentence}.",
            code=code,
        )
        for one in results
        if one.failed
    ]


def blocks(results: Sequence[CheckResult]) -> list[Block]:
    """The table of checks; nothing without any."""
    from ppdesk.workflow.data.quality_section import check_table

    return [check_table(tuple(results), said("Checks of Quality"))] if results else []

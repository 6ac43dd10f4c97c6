"""What was not tested: steps that did not run, and what no step of this version tests."""

from ppdesk.core.section import Block, Section, Table, Words
from ppdesk.workflow import catalog
from ppdesk.workflow.reporting.told import Told
from ppdesk.workflow.stages import Stage

_NEVER = (
    (
        "Membership and attribute inference",
        "No attack was run against the model. The bound on such attacks is the claimed ε alone.",
    ),
    (
        "Linkage with outside tables",
        "Risks are computed from class sizes alone. No population table and no outside table was linked.",
    ),
    (
        "Attribute disclosure",
        "k-anonymity does not limit what is learnt where a class shares a sensitive value; models on it do.",
    ),
    (
        "Noise of floating-point arithmetic",
        "The mechanism's noise is drawn in floating point. Leaks through its low bits were not searched for.",
    ),
    ("Timing and memory", "How long a run takes may depend on the data. Nobody outside should watch it."),
    (
        "Truth of what persons stated",
        "Purpose, source, legal basis, roles and answers are printed as they were given, and not checked.",
    ),
    (
        "Truth of the data",
        "Quality tells what breaks a check. Whether a value that passes is the right one was not looked up.",
    ),
)


def section(told: Told) -> Section:
    """Two tables."""
    missing = [
        (step.title, step.purpose)
        for step in catalog.steps()
        if step.stage is not Stage.REPORTING and told.last_good(step.key) is None
    ]
    blocks: list[Block] = []
    if missing:
        blocks.append(Table("Steps without a finished run", ("Step", "What it would have shown"), missing))
    else:
        blocks.append(Words("Every step of the workflow has a finished run.", "ok"))
    blocks.append(Table("Not tested by any step of this version", ("What", "What that means"), _NEVER))
    return Section("Limits of this report", tuple(blocks))

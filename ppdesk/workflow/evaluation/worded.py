"""Estimates in words, as the sections of an evaluation tell them."""

from collections.abc import Sequence

from ppdesk.assess.model_results import FoldMeasure
from ppdesk.assess.results import Estimate, Measure, Measured
from ppdesk.core.said import said, said_all, said_count

NONE = "-"  # there is no such number here
UNDEFINED = said("not defined")
LEFT_OUT = said("left out")


def words(estimate: Estimate | None) -> str:
    """``0.874`` or that there is no such number."""
    return UNDEFINED if estimate is None else number(estimate.value)


def number(value: float) -> str:
    """Three decimals; of large numbers fewer, so that they can be read."""
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3f}"


def decimal(value: float | None) -> str:
    """Six digits, and none of those that say nothing."""
    return NONE if value is None else f"{value:,.6g}"


def interval(estimate: Estimate | None) -> str:
    """``0.866 to 0.881``, empty where there is none."""
    return (
        ""
        if estimate is None
        else said("{low} to {high}", low=number(estimate.low), high=number(estimate.high))
    )


def with_interval(estimate: Estimate | None) -> str:
    """``0.874 (0.866 to 0.881)``"""
    if estimate is None:
        return UNDEFINED
    return said("{value} ({interval})", value=words(estimate), interval=interval(estimate))


_WITHIN = {  # measures as they stand within a sentence
    "accuracy": said("accuracy"),
    "rmse": said("root mean squared error"),
    "inertia": said("mean squared distance to the centre"),
    "variance_kept": said("share of the variance kept"),
    "log_likelihood": said("mean log likelihood of a record"),
}


def within(measure: Measure) -> str:
    """Its label within a sentence."""
    return _WITHIN.get(measure.name, measure.label.lower())


def graded(measure: Measure | FoldMeasure) -> str:
    """Its label, marked where less of it is better."""
    return said("{label} (lower is better)", label=measure.label) if measure.lower else measure.label


def reference(group: str) -> str:
    """The group that the others are held against."""
    return said("{group} (reference)", group=group)


def withheld(estimate: Estimate | None) -> str:
    """As `words`, of what may be kept back."""
    return said("withheld") if estimate is None else words(estimate)


def few_pooled(groups: int) -> str:
    """That small groups stand together; empty where none do."""
    if not groups:
        return ""
    return said_count("{count} small groups were pooled.", "{count} small groups were pooled.", groups)


def joined(parts: Sequence[str]) -> str:
    """One after the other, as notes to a figure stand."""
    return said_all(parts, by="; ")


def signed(estimate: Estimate | None) -> str:
    """``+0.031 (+0.010 to +0.052)``, empty where there is none."""
    if estimate is None:
        return ""
    low, value, high = (
        f"{'+' if one >= 0 else '-'}{number(abs(one))}"
        for one in (estimate.low, estimate.value, estimate.high)
    )
    return said("{value} ({low} to {high})", value=value, low=low, high=high)


def of(measured: Measured | None, name: str) -> Estimate | None:
    """The measure of that name; None where there is none."""
    return None if measured is None else among(measured.measures, name)


def among(measures: Sequence[Measure], name: str) -> Estimate | None:
    """The same of a list."""
    return next((one.estimate for one in measures if one.name == name), None)

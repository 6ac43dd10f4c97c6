"""Estimates in words, as the sections of an evaluation tell them."""

from collections.abc import Sequence

from ppdesk.assess.results import Estimate, Measure, Measured

UNDEFINED = "not defined"


def words(estimate: Estimate | None) -> str:
    """``0.874`` or that there is no such number."""
    return UNDEFINED if estimate is None else number(estimate.value)


def number(value: float) -> str:
    """Three decimals; of large numbers fewer, so that they can be read."""
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3f}"


def interval(estimate: Estimate | None) -> str:
    """``0.866 to 0.881``, empty where there is none."""
    return "" if estimate is None else f"{number(estimate.low)} to {number(estimate.high)}"


def with_interval(estimate: Estimate | None) -> str:
    """``0.874 (0.866 to 0.881)``"""
    return words(estimate) if estimate is None else f"{words(estimate)} ({interval(estimate)})"


def signed(estimate: Estimate | None) -> str:
    """``+0.031 (+0.010 to +0.052)``, empty where there is none."""
    if estimate is None:
        return ""
    low, value, high = (
        f"{'+' if one >= 0 else '-'}{number(abs(one))}"
        for one in (estimate.low, estimate.value, estimate.high)
    )
    return f"{value} ({low} to {high})"


def of(measured: Measured | None, name: str) -> Estimate | None:
    """The measure of that name; None where there is none."""
    return None if measured is None else among(measured.measures, name)


def among(measures: Sequence[Measure], name: str) -> Estimate | None:
    """The same of a list."""
    return next((one.estimate for one in measures if one.name == name), None)

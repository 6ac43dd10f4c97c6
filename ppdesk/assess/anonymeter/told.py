"""Counts of successes as a Risk."""

from ppdesk.assess.anonymeter.results import Risk
from ppdesk.assess.anonymeter.risk import residual, smallest_residual, success_rate


def risk_of(
    key: str,
    column: str,
    attacks: tuple[int, int, int],
    *,
    main: float,
    naive: float,
    control: float | None,
    made: int | None = None,
) -> Risk:
    """attacks: on the records that were used, by guessing, on the control. The others: successes of each;
    `control` None where there is none. `made`: predicates that singled out one published record."""
    size, guesses, controls = attacks
    rate, guessed = success_rate(size, main), success_rate(max(1, guesses), naive)
    beside = None if control is None else success_rate(controls, min(control, controls))
    found = rate if beside is None else residual(rate, beside)
    plain = naive / max(1, guesses) if control is None else min(1.0, control / controls)
    power = smallest_residual(size, plain, None if beside is None else controls)
    if made is not None and size and plain + power * (1 - plain) > made / size:
        power = 1.0  # more than all predicates that were found would have to succeed
    return Risk(
        key=key,
        column=column,
        attacks=size,
        successes=round(main),
        main=rate.bound(),
        naive=guessed.bound(),
        control=None if beside is None else beside.bound(),
        risk=found.bound(),
        residual=beside is not None,
        power=power,
        made=size if made is None else made,
        trusted=rate.value > guessed.value,
    )

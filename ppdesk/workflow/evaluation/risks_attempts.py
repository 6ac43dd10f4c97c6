"""The re-identification risk as rows beside other attacks."""

from dataclasses import dataclass

from ppdesk.assess.attempts import Attempt, Verdict
from ppdesk.assess.reidentification.results import Risk, Side
from ppdesk.assess.results import Estimate
from ppdesk.core.said import said, said_count
from ppdesk.core.wording import percent

_EXACT = said("Every record is counted: nothing of this kind is missed")
_HIGHEST, _MEAN = said("Highest risk of a record"), said("Expected share found")
_INSIDER = said("Knows that the person is in the table, and the quasi-identifiers")
_REGISTER = said("Has a register of the population")


@dataclass(frozen=True)
class _Attacker:
    """`measure` is what the value at `where` of a Side is called."""

    key: str
    title: str
    has: str
    measure: str
    where: str
    allowed: float | None
    note: str = ""


def attempts(result: Risk) -> list[Attempt]:
    """One row per attacker. Where there is no release, the table itself is what is attacked."""
    found = [_attempt(result, one) for one in _attackers(result)]
    if result.told.special is not None:
        found.append(_special(result, result.told))
    if result.overall is not None:
        found.append(_in_context(result, result.told))
    return found


def _attackers(result: Risk) -> list[_Attacker]:
    told, limit = result.told, result.data_limit
    highest = result.limit_of == "highest"
    measure, what = (_HIGHEST, "highest") if highest else (_MEAN, "mean")
    at_risk = said(
        "{share} of the records are over {limit}.",
        share=percent(told.own.at_risk, 2),
        limit=percent(limit, None),
    )
    found = [
        _Attacker(
            "prosecutor", said("Prosecutor"), _INSIDER, _HIGHEST, "own.highest",
            limit if highest else result.never, at_risk,
        ),
        _Attacker(
            "marketer", said("Marketer"), said("Tries every record"), _MEAN, "own.mean",
            None if highest else limit,
        ),
    ]  # fmt: skip
    if told.wildcard is not None:
        title = said("Prosecutor, missing values may be any value")
        found.append(_Attacker("wildcards", title, _INSIDER, measure, f"wildcard.{what}", limit))
    if told.journalist is not None:
        found.append(
            _Attacker(
                "journalist", said("Journalist"), said("Has a table of the population"), measure,
                f"journalist.{what}", limit, said("The table of the population is taken at its word."),
            )
        )  # fmt: skip
    if told.weighted is not None:
        title = said("Individual risk with survey weights")
        found.append(_Attacker("survey", title, _REGISTER, measure, f"weighted.{what}", limit))
    if told.uniqueness is not None and told.uniqueness.dankar is not None:
        note = said(
            "Of {people:,} people, by Dankar's rule; an estimate without interval.",
            people=told.uniqueness.people,
        )
        found.append(
            _Attacker(
                "population-uniques", said("Unique in the population"), _REGISTER,
                said("Estimated share of unique people"), "uniqueness.dankar", None, note,
            )
        )  # fmt: skip
    return found


def _attempt(result: Risk, one: _Attacker) -> Attempt:
    told = result.told
    value = _value(told, one.where)
    beside = None if result.after is None else _value(result.before, one.where)
    estimated = one.key == "population-uniques"
    return Attempt(
        key=f"risk-{one.key}",
        title=one.title,
        against="table" if result.after is None else "release",
        attacker=one.has,
        effort=result.effort,
        size=said_count(
            "{records:,} records, {count:,} quasi-identifier",
            "{records:,} records, {count:,} quasi-identifiers",
            len(told.columns),
            records=told.own.records,
        ),
        measure=one.measure,
        found=_exact(value),
        beside=_exact(beside),
        beside_words="" if beside is None else said("the same on the original table"),
        allowed=one.allowed,
        power=None,
        power_words=said("As good as the model fits: see the other estimators") if estimated else _EXACT,
        verdict=_verdict(value, one.allowed),
        note=one.note,
    )


def _exact(value: float | None) -> Estimate | None:
    """A count has no interval."""
    return None if value is None else Estimate(value, value, value)


def _value(side: Side, where: str) -> float | None:
    part, name = where.split(".")
    held = getattr(side, part)
    return None if held is None else getattr(held, name)


def _verdict(value: float | None, allowed: float | None) -> Verdict:
    if value is None:
        return Verdict.NOT_RUN
    if allowed is not None and value > allowed * (1 + 1e-9):
        return Verdict.OVER
    return Verdict.IN_LINE if value > 0 else Verdict.NOTHING


def _special(result: Risk, told: Side) -> Attempt:
    found = told.special
    share = 0.0 if found is None else round(found.records / told.own.records, 6)
    before = result.before.special
    beside = None
    if result.after is not None and before is not None:
        value = round(before.records / result.before.own.records, 6)
        beside = Estimate(value, value, value)
    largest = 0 if found is None else found.largest
    return Attempt(
        key="risk-special-uniques",
        title=said("Special uniques (SUDA2)"),
        against="table" if result.after is None else "release",
        attacker=said("Knows a few of the quasi-identifiers"),
        effort=result.effort,
        size=said("{looked_at:,} combinations of columns", looked_at=told.looked_at),
        measure=said("Share of records unique by a combination"),
        found=Estimate(share, share, share),
        beside=beside,
        beside_words="" if beside is None else said("the same on the original table"),
        allowed=None,
        power=None,
        power_words=said_count(
            "Every combination of up to {count:,} column is looked at",
            "Every combination of up to {count:,} columns is looked at",
            largest,
        ),
        verdict=_verdict(share, None),
        note="" if found is None else said("Highest DIS-SUDA score {highest:.3g}.", highest=found.highest),
    )


def _in_context(result: Risk, told: Side) -> Attempt:
    worst = max(result.context, key=lambda one: one.overall)
    return Attempt(
        key="risk-in-context",
        title=said("Risk of the data times risk of the context"),
        against="table" if result.after is None else "release",
        attacker=worst.attack,
        effort=result.effort,
        size=said_count(
            "{records:,} records, {count:,} kind of attack",
            "{records:,} records, {count:,} kinds of attack",
            len(result.context),
            records=told.own.records,
        ),
        measure=said("R = R data x R context"),
        found=Estimate(worst.overall, worst.overall, worst.overall),
        beside=None,
        beside_words="",
        allowed=result.limit,
        power=None,
        power_words=said("The chances of the context are stated, not measured"),
        verdict=_verdict(worst.overall, result.limit),
        note=said("Chance {chance:.3g}: {why}.", chance=worst.chance, why=worst.why),
    )

"""The re-identification risk in words, tables and figures."""

from collections.abc import Sequence

from ppdesk.assess.reidentification.context import SOURCE
from ppdesk.assess.reidentification.results import EDGES, SIZE_WORDS, Risk, Side, Uniqueness
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.core.wording import percent

_MOST_COLUMNS = 12  # of the tables on special uniques


def blocks(result: Risk) -> list[Block]:
    """For screen and report."""
    told = result.told
    over = _held(told, result) > result.data_limit * (1 + 1e-9)
    never = result.never is not None and told.own.highest > result.never * (1 + 1e-9)
    held = [_against_limit(result)]
    if never and result.never is not None:
        held.append(said("and a record has a risk above {share}", share=percent(result.never, None)))
    verdict = (said_all(held, by="; "), " (", result.limit_title, "). ", result.limit_source)
    found: list[Block] = [
        Words(said_all(verdict, by=""), "risk" if over or never else "ok"),
        Figures(
            [
                KeyFigure(said("Highest risk"), percent(told.own.highest, 2), _was(result, "highest")),
                KeyFigure(said("Mean risk"), percent(told.own.mean, 2), _was(result, "mean")),
                KeyFigure(
                    said("Records over the limit"), percent(told.own.at_risk, 2), _was(result, "at_risk")
                ),
                KeyFigure(said("Unique records"), f"{told.own.uniques:,}", _uniques(result)),
            ]
        ),
        _classes(result),
        *_sizes(result),
        *_population(result), *_weighted(result), *_specials(told), *_telling(told), *_context(result),
    ]  # fmt: skip
    notes = dict.fromkeys((*result.notes, *result.before.notes, *told.notes))
    found += [Words(note, "info") for note in notes]
    found.append(
        Words(
            said(
                "These figures are of the quasi-identifiers {columns}: somebody who knows more finds more.",
                columns=", ".join(told.columns),
            )
        )
    )
    return found


def _against_limit(result: Risk) -> str:
    risk, limit = percent(_held(result.told, result), 2), percent(result.limit, None)
    highest = result.limit_of == "highest"
    if result.overall is None:
        return (
            said("The highest risk of a record is {risk}, the limit {limit}", risk=risk, limit=limit)
            if highest
            else said("The mean risk of the records is {risk}, the limit {limit}", risk=risk, limit=limit)
        )
    overall = percent(result.overall, 2)
    return (
        said(
            "The highest risk of a record is {risk}, the limit {limit} for it times the chance of an attack, "
            "{overall} here",
            risk=risk,
            limit=limit,
            overall=overall,
        )
        if highest
        else said(
            "The mean risk of the records is {risk}, the limit {limit} for it times the chance of an attack, "
            "{overall} here",
            risk=risk,
            limit=limit,
            overall=overall,
        )
    )


def _sizes(result: Risk) -> list[Block]:
    if result.after is None:
        return []
    return [
        Plot(
            said("Records by how many they cannot be told from"), "class_sizes",
            {
                "before": list(result.before.own.histogram),
                "after": list(result.after.own.histogram),
                "labels": list(SIZE_WORDS),
            },
            said("Before and after; suppressed records left out."),
        )
    ]  # fmt: skip


def _held(side: Side, result: Risk) -> float:
    return side.own.highest if result.limit_of == "highest" else side.own.mean


def _was(result: Risk, name: str) -> str:
    if result.after is None:
        return ""
    return said("{share} before", share=percent(getattr(result.before.own, name), 2))


def _uniques(result: Risk) -> str:
    return "" if result.after is None else said("{count:,} before", count=result.before.own.uniques)


def _sides(result: Risk) -> list[Side]:
    return [result.before] if result.after is None else [result.before, result.after]


def _compared(title: str, sides: Sequence[Side], rows: Sequence[tuple[str, ...]], caption: str) -> Table:
    right = tuple(range(1, len(sides) + 1))
    return Table(title, (said("Measure"), *(one.title for one in sides)), rows, right=right, caption=caption)


def _classes(result: Risk) -> Table:
    sides = _sides(result)
    own = [one.own for one in sides]
    rows: list[tuple[str, ...]] = [
        (said("Records"), *(f"{one.records:,}" for one in own)),
        (said("Suppressed records, left out"), *(f"{one.left_out:,}" for one in own)),
        (said("Equivalence classes"), *(f"{one.classes:,}" for one in own)),
        (said("Smallest class"), *(f"{one.smallest:,}" for one in own)),
        (said("Unique in the sample"), *(percent(one.uniques / one.records, 2) for one in own)),
        (said("Prosecutor risk, highest"), *(percent(one.highest, 2) for one in own)),
        (said("Marketer risk, mean"), *(percent(one.mean, 2) for one in own)),
    ]
    for place, edge in enumerate(EDGES):
        above = said("Records with a risk above {share}", share=percent(edge, None))
        rows.append((above, *(percent(one.above[place], 2) for one in own)))
    wild = [one.wildcard for one in sides]
    if any(one is not None for one in wild):
        rows += [
            (what, *(_shown(one, name) for one in wild))
            for what, name in (
                (said("With missing values as any value: highest"), "highest"),
                (said("With missing values as any value: mean"), "mean"),
                (said("With missing values as any value: over the limit"), "at_risk"),
            )
        ]
    return _compared(
        said("Re-identification risk"), sides, rows,
        said(
            "Prosecutor: knows that a person is in the table. Marketer: tries everybody. Without a table of"
            " the population the journalist's risk is taken to be the prosecutor's."
        ),
    )  # fmt: skip


def _shown(held: object, name: str) -> str:
    value = None if held is None else getattr(held, name)
    return said("not told") if value is None else percent(value, 2)


def _population(result: Risk) -> list[Block]:
    sides = _sides(result)
    found: list[Block] = []
    if any(one.journalist is not None for one in sides):
        held = [one.journalist for one in sides]
        rows = [
            (said("People in the table of the population"), *(_count(one, "people") for one in held)),
            (said("Fewest people like a record (k-map)"), *(_count(one, "k") for one in held)),
            (said("Records like nobody there"), *(_count(one, "strangers") for one in held)),
            (said("Journalist risk, highest"), *(_shown(one, "highest") for one in held)),
            (said("Journalist risk, mean"), *(_shown(one, "mean") for one in held)),
            (said("Records over the limit"), *(_shown(one, "at_risk") for one in held)),
        ]
        found.append(
            _compared(
                said("Against the table of the population"), sides, rows,
                said("Knows that a person is in the population, not whether in the table."),
            )
        )  # fmt: skip
    first = next((one.uniqueness for one in sides if one.uniqueness is not None), None)
    if first is not None:
        estimates = [one.uniqueness for one in sides]
        rows = [
            (words, *(_estimate(one, name) for one in estimates))
            for words, name in (
                (said("Dankar's rule"), "dankar"), ("Pitman", "pitman"), ("Zayatz", "zayatz"),
                (said("Slide negative binomial"), "snb"),
                (said("The same by ARX's equations (0: no solution)"), "snb_arx"),
            )
        ]  # fmt: skip
        found.append(
            _compared(
                said("Estimated share of unique people among {people:,}", people=first.people), sides, rows,
                said(
                    "Hoshino 2001; Zayatz 1991; Chen and Keller-McNulty 1998; Dankar et al. 2012 choose"
                    " among them by the sampling fraction. Estimates of models, without interval."
                ),
            )
        )  # fmt: skip
    return found


def _count(held: object, name: str) -> str:
    return said("not told") if held is None else f"{getattr(held, name):,}"


def _estimate(held: Uniqueness | None, name: str) -> str:
    value = None if held is None else getattr(held, name)
    return said("no estimate") if value is None else percent(value, 4)


def _weighted(result: Risk) -> list[Block]:
    sides = _sides(result)
    held = [one.weighted for one in sides]
    if all(one is None for one in held):
        return []
    rows = [
        (said("Records with a weight"), *(_count(one, "records") for one in held)),
        (said("Records without one, left out"), *(_count(one, "unweighable") for one in held)),
        (said("People that they stand for"), *(_count(one, "people") for one in held)),
        (said("Expected number found"), *(_count(one, "expected") for one in held)),
        (said("Individual risk, highest"), *(_shown(one, "highest") for one in held)),
        (said("Individual risk, mean"), *(_shown(one, "mean") for one in held)),
        (said("Records over the limit"), *(_shown(one, "at_risk") for one in held)),
    ]
    return [
        _compared(
            said("Individual risk with survey weights"), sides, rows,
            said(
                "Expected 1 / people like a record, given the weights (Benedetti and Franconi 1998; Franconi"
                " and Polettini 2004), as mu-Argus and sdcMicro."
            ),
        )
    ]  # fmt: skip


def _specials(told: Side) -> list[Block]:
    held = told.special
    if held is None:
        return []
    if not held.records:
        return [
            Words(
                said(
                    "No record of the {table} is unique by a combination of up to {columns} (SUDA2): there "
                    "are no special uniques.",
                    table=_small(told),
                    columns=_columns(held.largest),
                ),
                "ok",
            )
        ]
    rows = [
        (str(size), f"{found:,}", f"{records:,}")
        for size, (found, records) in enumerate(zip(held.by_size, held.smallest, strict=True), 1)
        if found
    ]
    columns = [
        (one.column, percent(one.share, 1), f"{one.minimal:,}") for one in held.columns[:_MOST_COLUMNS]
    ]
    return [
        Table(
            said("Special uniques: {table}", table=_small(told)),
            (
                said("Columns"),
                said("Minimal sample uniques"),
                said("Records whose smallest has so many"),
            ),
            rows, right=(0, 1, 2),
            caption=said(
                "Combinations by which nobody else is like a record, and no part of which does it (SUDA2),"
                " of up to {columns}. {records:,} records have one. A unique match is right with probability"
                " {dis:.3g} at a sampling fraction of {fraction} (data intrusion simulation); highest"
                " DIS-SUDA score {highest:.3g}.",
                columns=_columns(held.largest),
                records=held.records,
                dis=held.dis,
                fraction=percent(held.fraction, None),
                highest=held.highest,
            ),
        ),
        Table(
            said("Columns behind them"),
            (said("Column"), said("Share of the SUDA scores"), said("Minimal sample uniques")),
            columns,
            right=(1, 2),
            caption=said("Shares overlap: a combination counts for each of its columns."),
        ),
    ]  # fmt: skip


def _small(side: Side) -> str:
    """The title of a table as it stands within a sentence."""
    small = side.title.lower()
    known: tuple[str, ...] = (said("original table"), said("release"))
    return next((one for one in known if one == small), small)


def _columns(number: int) -> str:
    return said_count("{count} column", "{count:,} columns", number)


def _telling(told: Side) -> list[Block]:
    if not told.combinations:
        return []
    rows = [
        (
            ", ".join(one.columns),
            percent(one.distinction, 2),
            percent(one.separation, 2),
            percent(one.uniques, 2),
        )
        for one in told.combinations
    ]
    return [
        Table(
            said("What tells records apart: {table}", table=_small(told)),
            (said("Columns"), said("Distinction"), said("Separation"), said("Unique records")),
            rows, right=(1, 2, 3),
            caption=said(
                "All single columns, and the most telling combinations of each size. Distinction: different"
                " combinations of values / records; separation: pairs of records that differ (Motwani and Xu"
                " 2007)."
            ),
        )
    ]  # fmt: skip


def _context(result: Risk) -> list[Block]:
    if not result.context:
        return []
    rows = [
        (one.attack, one.why, f"{one.chance:.3g}", percent(one.data, 2), percent(one.overall, 2))
        for one in result.context
    ]
    return [
        Table(
            said("Risk in its context"),
            (said("Attack"), said("Context"), said("Chance"), said("Risk of the data"), said("Together")),
            rows,
            right=(2, 3, 4),
            caption=said(
                "R = R data x R context. {source}. The chances are stated, not measured.", source=SOURCE
            ),
        )
    ]  # fmt: skip

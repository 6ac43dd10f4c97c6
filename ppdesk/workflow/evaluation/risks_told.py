"""The re-identification risk in words, tables and figures."""

from collections.abc import Sequence

from ppdesk.assess.reidentification.context import SOURCE
from ppdesk.assess.reidentification.results import EDGES, SIZE_WORDS, Risk, Side, Uniqueness
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Table, Words
from ppdesk.core.wording import counted, percent

_MOST_COLUMNS = 12  # of the tables on special uniques


def blocks(result: Risk) -> list[Block]:
    """For screen and report."""
    told = result.told
    over = _held(told, result) > result.data_limit * (1 + 1e-9)
    never = result.never is not None and told.own.highest > result.never * (1 + 1e-9)
    which = "highest risk of a record" if result.limit_of == "highest" else "mean risk of the records"
    held = f"The {which} is {percent(_held(told, result), 2)}, the limit {percent(result.limit, None)}"
    if result.overall is not None:
        held += f" for it times the chance of an attack, {percent(result.overall, 2)} here"
    if never and result.never is not None:
        held += f"; and a record has a risk above {percent(result.never, None)}"
    found: list[Block] = [
        Words(f"{held} ({result.limit_title}). {result.limit_source}", "risk" if over or never else "ok"),
        Figures(
            [
                KeyFigure("Highest risk", percent(told.own.highest, 2), _was(result, "highest")),
                KeyFigure("Mean risk", percent(told.own.mean, 2), _was(result, "mean")),
                KeyFigure("Records over the limit", percent(told.own.at_risk, 2), _was(result, "at_risk")),
                KeyFigure("Unique records", f"{told.own.uniques:,}", _uniques(result)),
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
            "These figures are of the quasi-identifiers "
            f"{', '.join(told.columns)}: somebody who knows more finds more."
        )
    )
    return found


def _sizes(result: Risk) -> list[Block]:
    if result.after is None:
        return []
    return [
        Plot(
            "Records by how many they cannot be told from", "class_sizes",
            {
                "before": list(result.before.own.histogram),
                "after": list(result.after.own.histogram),
                "labels": list(SIZE_WORDS),
            },
            "Before and after; suppressed records left out.",
        )
    ]  # fmt: skip


def _held(side: Side, result: Risk) -> float:
    return side.own.highest if result.limit_of == "highest" else side.own.mean


def _was(result: Risk, name: str) -> str:
    return "" if result.after is None else f"{percent(getattr(result.before.own, name), 2)} before"


def _uniques(result: Risk) -> str:
    return "" if result.after is None else f"{result.before.own.uniques:,} before"


def _sides(result: Risk) -> list[Side]:
    return [result.before] if result.after is None else [result.before, result.after]


def _compared(title: str, sides: Sequence[Side], rows: Sequence[tuple[str, ...]], caption: str) -> Table:
    right = tuple(range(1, len(sides) + 1))
    return Table(title, ("Measure", *(one.title for one in sides)), rows, right=right, caption=caption)


def _classes(result: Risk) -> Table:
    sides = _sides(result)
    own = [one.own for one in sides]
    rows: list[tuple[str, ...]] = [
        ("Records", *(f"{one.records:,}" for one in own)),
        ("Suppressed records, left out", *(f"{one.left_out:,}" for one in own)),
        ("Equivalence classes", *(f"{one.classes:,}" for one in own)),
        ("Smallest class", *(f"{one.smallest:,}" for one in own)),
        ("Unique in the sample", *(percent(one.uniques / one.records, 2) for one in own)),
        ("Prosecutor risk, highest", *(percent(one.highest, 2) for one in own)),
        ("Marketer risk, mean", *(percent(one.mean, 2) for one in own)),
    ]
    for place, edge in enumerate(EDGES):
        said = f"Records with a risk above {percent(edge, None)}"
        rows.append((said, *(percent(one.above[place], 2) for one in own)))
    wild = [one.wildcard for one in sides]
    if any(one is not None for one in wild):
        rows += [
            (f"With missing values as any value: {what}", *(_shown(one, name) for one in wild))
            for what, name in (("highest", "highest"), ("mean", "mean"), ("over the limit", "at_risk"))
        ]
    return _compared(
        "Re-identification risk", sides, rows,
        "Prosecutor: knows that a person is in the table. Marketer: tries everybody. Without a table of the"
        " population the journalist's risk is taken to be the prosecutor's.",
    )  # fmt: skip


def _shown(held: object, name: str) -> str:
    value = None if held is None else getattr(held, name)
    return "not told" if value is None else percent(value, 2)


def _population(result: Risk) -> list[Block]:
    sides = _sides(result)
    found: list[Block] = []
    if any(one.journalist is not None for one in sides):
        held = [one.journalist for one in sides]
        rows = [
            ("People in the table of the population", *(_count(one, "people") for one in held)),
            ("Fewest people like a record (k-map)", *(_count(one, "k") for one in held)),
            ("Records like nobody there", *(_count(one, "strangers") for one in held)),
            ("Journalist risk, highest", *(_shown(one, "highest") for one in held)),
            ("Journalist risk, mean", *(_shown(one, "mean") for one in held)),
            ("Records over the limit", *(_shown(one, "at_risk") for one in held)),
        ]
        found.append(
            _compared(
                "Against the table of the population", sides, rows,
                "Knows that a person is in the population, not whether in the table.",
            )
        )  # fmt: skip
    first = next((one.uniqueness for one in sides if one.uniqueness is not None), None)
    if first is not None:
        estimates = [one.uniqueness for one in sides]
        rows = [
            (words, *(_estimate(one, name) for one in estimates))
            for words, name in (
                ("Dankar's rule", "dankar"), ("Pitman", "pitman"), ("Zayatz", "zayatz"),
                ("Slide negative binomial", "snb"),
                ("The same by ARX's equations (0: no solution)", "snb_arx"),
            )
        ]  # fmt: skip
        found.append(
            _compared(
                f"Estimated share of unique people among {first.people:,}", sides, rows,
                "Hoshino 2001; Zayatz 1991; Chen and Keller-McNulty 1998; Dankar et al. 2012 choose among"
                " them by the sampling fraction. Estimates of models, without interval.",
            )
        )  # fmt: skip
    return found


def _count(held: object, name: str) -> str:
    return "not told" if held is None else f"{getattr(held, name):,}"


def _estimate(held: Uniqueness | None, name: str) -> str:
    value = None if held is None else getattr(held, name)
    return "no estimate" if value is None else percent(value, 4)


def _weighted(result: Risk) -> list[Block]:
    sides = _sides(result)
    held = [one.weighted for one in sides]
    if all(one is None for one in held):
        return []
    rows = [
        ("Records with a weight", *(_count(one, "records") for one in held)),
        ("Records without one, left out", *(_count(one, "unweighable") for one in held)),
        ("People that they stand for", *(_count(one, "people") for one in held)),
        ("Expected number found", *(_count(one, "expected") for one in held)),
        ("Individual risk, highest", *(_shown(one, "highest") for one in held)),
        ("Individual risk, mean", *(_shown(one, "mean") for one in held)),
        ("Records over the limit", *(_shown(one, "at_risk") for one in held)),
    ]
    return [
        _compared(
            "Individual risk with survey weights", sides, rows,
            "Expected 1 / people like a record, given the weights (Benedetti and Franconi 1998; Franconi and"
            " Polettini 2004), as mu-Argus and sdcMicro.",
        )
    ]  # fmt: skip


def _specials(told: Side) -> list[Block]:
    held = told.special
    if held is None:
        return []
    if not held.records:
        return [
            Words(
                f"No record of the {told.title.lower()} is unique by a combination of up to "
                f"{counted(held.largest, 'column')} (SUDA2): there are no special uniques.",
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
            f"Special uniques: {told.title.lower()}",
            ("Columns", "Minimal sample uniques", "Records whose smallest has so many"),
            rows, right=(0, 1, 2),
            caption="Combinations by which nobody else is like a record, and no part of which does it"
            f" (SUDA2), of up to {counted(held.largest, 'column')}. {held.records:,} records have one. A"
            f" unique match is right with probability {held.dis:.3g} at a sampling fraction of"
            f" {percent(held.fraction, None)} (data intrusion simulation); highest DIS-SUDA score"
            f" {held.highest:.3g}.",
        ),
        Table(
            "Columns behind them", ("Column", "Share of the SUDA scores", "Minimal sample uniques"), columns,
            right=(1, 2), caption="Shares overlap: a combination counts for each of its columns.",
        ),
    ]  # fmt: skip


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
            f"What tells records apart: {told.title.lower()}",
            ("Columns", "Distinction", "Separation", "Unique records"),
            rows, right=(1, 2, 3),
            caption="All single columns, and the most telling combinations of each size. Distinction:"
            " different combinations of values / records; separation: pairs of records that differ (Motwani"
            " and Xu 2007).",
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
            "Risk in its context", ("Attack", "Context", "Chance", "Risk of the data", "Together"), rows,
            right=(2, 3, 4),
            caption=f"R = R data x R context. {SOURCE}. The chances are stated, not measured.",
        )
    ]  # fmt: skip

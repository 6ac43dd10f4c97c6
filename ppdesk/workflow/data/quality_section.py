"""The words, tables and figures of Quality, from its record alone."""

from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import counted, listed, percent
from ppdesk.workflow.data.quality_facts import CheckResult, ColumnQuality, MarginResult, QualityFacts
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.data.quality_target_section import target_blocks

_FROM = {"roles": "Roles", "import": "Import", "you": "you"}
_WHOLE = 100.0  # the score of a column that nothing is said against
_NAMED = 8
_DIMENSIONS = ("completeness", "validity", "uniqueness", "consistency", "timeliness")


def section(params: QualityParams, facts: QualityFacts) -> Section:
    """The result of a run."""
    blocks: list[Block] = [_figures(facts), _verdict(params, facts), _columns(params, facts)]
    if facts.checks:
        blocks.append(check_table(facts.checks, "Checks"))
    blocks += _values(facts)
    blocks += _missing(params, facts)
    blocks += _ages(params, facts)
    blocks += _margins(params, facts)
    blocks += target_blocks(params, facts)
    if params.to is not None and facts.left_out:
        blocks.append(
            Words(
                f"{counted(facts.left_out, 'check has', 'checks have')} no form in YAML and stand in"
                " the file as"
                " remarks only. A file that ends in .py holds all.",
                "caution",
            )
        )
    blocks.append(
        Words(
            "All of this was counted exactly on the table inside the project; it spends no budget, and no"
            " privacy claim covers it. What you choose because of it, such as bounds, categories or records"
            " to leave out, was chosen by looking at the data.",
            "info",
        )
    )
    if facts.stamp:
        blocks.append(Words(facts.stamp, "caution"))
    return Section("Quality", tuple(blocks))


def _figures(facts: QualityFacts) -> Figures:
    held = [one for one in facts.checks if one.failed is not None]
    passed = sum(not one.failed for one in held)
    whole = facts.complete / facts.rows if facts.rows else 1.0
    return Figures(
        (
            KeyFigure("Score", f"{facts.overall:.1f}", "mean of the columns, 0 to 100"),
            KeyFigure("Complete records", percent(whole), f"{facts.complete:,} of {facts.rows:,}"),
            KeyFigure("Repeated records", f"{facts.repeated:,}", "the same in every column"),
            KeyFigure("Checks passed", f"{passed:,}", f"of {len(facts.checks):,}"),
        )
    )


def _verdict(params: QualityParams, facts: QualityFacts) -> Words:
    poor = [one for one in facts.columns if one.score < params.poor]
    fair = [one for one in facts.columns if params.poor <= one.score < params.good]
    if poor:
        return Words(f"Poor, a score under {params.poor:g}: {_named(poor)}.", "risk")
    if fair:
        return Words(f"A look is worth it, a score under {params.good:g}: {_named(fair)}.", "caution")
    return Words(f"Every column has a score of {params.good:g} or more.")


def _named(columns: list[ColumnQuality]) -> str:
    worst = sorted(columns, key=lambda one: one.score)
    return listed([f"{one.name} {one.score:.1f}" for one in worst], 8)


def _columns(params: QualityParams, facts: QualityFacts) -> Table:
    rows = []
    whole: dict[str, list[str]] = {}
    for one in facts.columns:
        if one.score == _WHOLE:
            whole.setdefault(one.reason, []).append(one.name)
    for one in facts.columns:
        if one.score == _WHOLE and len(whole[one.reason]) > 1:
            continue
        shares = {share.dimension: share for share in one.shares}
        cells = [
            "" if name not in shares else percent(1 - shares[name].failed / max(1, shares[name].judged))
            for name in _DIMENSIONS
        ]
        rows.append([one.name, f"{one.score:.1f}", *cells, one.reason])
    blank = [""] * len(_DIMENSIONS)
    for reason, names in whole.items():
        if len(names) > 1:  # a line for all of them
            rows.append(
                [
                    f"{len(names)} others" if rows else f"{len(names)} columns",
                    "100.0",
                    *blank,
                    f"{reason}: {', '.join(names)}",
                ]
            )
    weights = ", ".join(f"{name} {value:g}" for name, value in params.weights.items())
    return Table(
        "Score by column",
        ("Column", "Score", "Complete", "Valid", "Unique", "Consistent", "Timely", "Why"),
        rows,
        right=(1, 2, 3, 4, 5, 6),
        caption="Each share counts the records that pass, of those that can be judged: with a value"
        " (complete);"
        " of these, that pass every check of the column (valid); that repeat no earlier key (unique); that"
        " pass every check together with other columns (consistent); with a date recent enough and not in"
        " the future (timely). The score is 100 times the mean of the shares there are, weighted "
        + (f"{weights}, the others 1" if weights else "alike")
        + f"; {params.poor:g} and {params.good:g} as limits are house rules. Measured as shares after"
        " ISO/IEC 25024.",
    )


def check_table(checks: "tuple[CheckResult, ...]", title: str) -> Table:
    """Each check with the records that fail it, the worst first."""
    order = sorted(checks, key=lambda one: (one.failed is not None, -(one.failed or 0)))
    return Table(
        title,
        ("Check", "About", "From", "Fail", "Judged", ""),
        [
            [
                one.sentence,
                one.dimension,
                _FROM[one.origin],
                "not held" if one.failed is None else f"{one.failed:,}",
                f"{one.judged:,}",
                one.note or ("passes" if not one.failed else percent(one.failed / max(1, one.judged))),
            ]
            for one in order
        ],
        right=(3, 4),
        caption="Records. A missing value fails only where a check says that there must be one; to be unique,"
        " missing is a value like others.",
    )


def _values(facts: QualityFacts) -> list[Block]:
    shown = [one for one in facts.checks if one.values]
    if not shown:
        return []
    return [
        Table(
            "Values that fail",
            ("Check", "Value", "Records"),
            [[one.sentence, value.value, f"{value.records:,}"] for one in shown for value in one.values],
            right=(2,),
            caption="Shown because values were turned on for this run. They may belong to people.",
        )
    ]


def _missing(params: QualityParams, facts: QualityFacts) -> list[Block]:
    if facts.complete == facts.rows:
        return []
    rows = [[", ".join(one.columns), f"{one.records:,}"] for one in facts.patterns]
    if facts.other_patterns:
        rows.append(["other patterns", f"{facts.other_patterns:,}"])
    if facts.rare:
        rows.append(["rare patterns", f"{facts.rare:,}"])
    return [
        Table(
            "Missing together",
            ("Columns", "Records"),
            rows,
            right=(1,),
            caption=f"Rare: patterns that fewer than {params.floor} records have.",
        )
    ]


def _ages(params: QualityParams, facts: QualityFacts) -> list[Block]:
    if not facts.ages:
        return []
    return [
        Table(
            "Age of dates",
            ("Column", "Dates", "In the future", "Newest, days", "Oldest, days"),
            [
                [
                    one.column,
                    f"{one.dates:,}",
                    f"{one.future:,}",
                    "too few" if one.newest is None else f"{one.newest:,}",
                    "too few" if one.oldest is None else f"{one.oldest:,}",
                ]
                for one in facts.ages
            ],
            right=(1, 2, 3, 4),
            caption=f"Counted back from {facts.today}. Newest and oldest are ages that {params.floor} records"
            " reach, so that no single record's date is told.",
        )
    ]


def _margins(params: QualityParams, facts: QualityFacts) -> list[Block]:
    blocks: list[Block] = []
    if facts.margins:
        if facts.population:
            blocks.append(Words(f"The population, as Objective says: {facts.population}"))
        blocks += [
            Plot(
                "Distance from the population",
                "utility",
                {
                    "columns": [one.column for one in facts.margins],
                    "distance": [one.distance for one in facts.margins],
                },
                "Total variation distance: the share of records that would have to be others for the column"
                " to be made up like the population.",
            ),
            Table(
                "Like the population?",
                ("Column", "Distance", "Cramér's V", "Chi-square", "p", "Other values", "Missing", ""),
                [
                    [
                        one.column,
                        f"{one.distance:.3f}",
                        f"{one.v:.3f}",
                        f"{one.chi_square:,.1f} ({one.freedom})",
                        _p(one.p) + (" rough" if one.few else ""),
                        f"{one.other:,}",
                        f"{one.missing:,}",
                        "unlike" if unlike(params, one) else "alike",
                    ]
                    for one in facts.margins
                ],
                right=(1, 2, 3, 4, 5, 6),
                caption=f"Unlike from a distance of {params.distance:g}, a house rule, where p is under 0.01:"
                " with many records chance explains no difference, however small, and with few it explains"
                " large ones. Chi-square of fit (degrees of freedom) over the categories of the reference;"
                " rough where fewer than five records are expected in one.",
            ),
        ]
        blocks += [_cells(one) for one in facts.margins]
        blocks += _raking(facts)
        blocks.append(
            Words(
                "Margins look at one column at a time. A sample can agree with each of them and"
                " still be unlike"
                " the population in how columns go together, in columns without a margin, and in who is"
                " missing altogether.",
                "info",
            )
        )
    if facts.not_compared:
        blocks.append(
            Words(f"The table has no column {', '.join(facts.not_compared)} to compare.", "caution")
        )
    return blocks


def _raking(facts: QualityFacts) -> list[Block]:
    one = facts.raking
    if one is None:
        return []
    if one.effective is None or one.largest is None:
        without = [
            f"{cell.value} ({margin.column})"
            for margin in facts.margins
            for cell in margin.cells
            if not cell.records and cell.expected > 0
        ]
        why = (
            f"no weight can stand in for values without a record: {listed(without, _NAMED)}"
            if without
            else "the margins contradict each other on the records that have a value in each"
        )
        return [Words(f"No weights make the table agree with all margins at once: {why}.", "caution")]
    return [
        Words(
            "Weights from raking (Deming and Stephan 1940) make the table agree with all margins at once."
            f" Weighted, {one.records:,} records tell about as much as {one.effective:,.0f} drawn from the"
            f" population (Kish's effective number); the largest weight is {one.largest:.1f}. They stay in"
            " the project; no other step uses them."
        )
    ]


def unlike(params: QualityParams, one: MarginResult) -> bool:
    """Whether a column is far from its margin, and not by chance."""
    return one.distance >= params.distance and (one.p < 0.01 or one.other > 0)


def _cells(one: MarginResult) -> Table:
    return Table(
        f"{one.column}: table and population",
        ("Value", "Records", "Share", "95 % interval", "Population"),
        [
            [
                cell.value,
                f"{cell.records:,}" if cell.records else "none",
                percent(cell.share),
                f"{percent(cell.low)} to {percent(cell.high)}",
                percent(cell.expected),
            ]
            for cell in one.cells
        ],
        right=(1, 2, 3, 4),
        caption="Interval after Wilson (1927), as if the records were drawn at random.",
    )


def _p(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"{value:.3f}"

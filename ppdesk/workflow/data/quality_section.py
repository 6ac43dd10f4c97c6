"""The words, tables and figures of Quality, from its record alone."""

from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import listed, percent
from ppdesk.data.quality.checks import Dimension
from ppdesk.data.quality.score import Share, reason
from ppdesk.workflow.data.quality_facts import CheckResult, ColumnQuality, MarginResult, QualityFacts
from ppdesk.workflow.data.quality_params import QualityParams
from ppdesk.workflow.data.quality_target_section import target_blocks

_FROM = {"roles": said("Roles"), "import": said("Import"), "you": said("you")}
_WHOLE = 100.0  # the score of a column that nothing is said against
_NAMED = 8
_DIMENSIONS = ("completeness", "validity", "uniqueness", "consistency", "timeliness")


def section(params: QualityParams, facts: QualityFacts) -> Section:
    """The result of a run."""
    blocks: list[Block] = [_figures(facts), _verdict(params, facts), _columns(params, facts)]
    if facts.checks:
        blocks.append(check_table(facts.checks, said("Checks")))
    blocks += _values(facts)
    blocks += _missing(params, facts)
    blocks += _ages(params, facts)
    blocks += _margins(params, facts)
    blocks += target_blocks(params, facts)
    if params.to is not None and facts.left_out:
        blocks.append(
            Words(
                said_count(
                    "{count:,} check has no form in YAML and stand in the file as remarks only. A file that"
                    " ends in .py holds all.",
                    "{count:,} checks have no form in YAML and stand in the file as remarks only. A file that"
                    " ends in .py holds all.",
                    facts.left_out,
                ),
                "caution",
            )
        )
    blocks.append(
        Words(
            said(
                "All of this was counted exactly on the table inside the project; it spends no"
                " budget, and no privacy claim covers it. What you choose because of it, such as"
                " bounds, categories or records to leave out, was chosen by looking at the data."
            ),
            "info",
        )
    )
    if facts.stamp:
        blocks.append(Words(facts.stamp, "caution"))
    return Section(said("Quality"), tuple(blocks))


def _figures(facts: QualityFacts) -> Figures:
    held = [one for one in facts.checks if one.failed is not None]
    passed = sum(not one.failed for one in held)
    whole = facts.complete / facts.rows if facts.rows else 1.0
    return Figures(
        (
            KeyFigure(said("Score"), f"{facts.overall:.1f}", said("mean of the columns, 0 to 100")),
            KeyFigure(
                said("Complete records"),
                percent(whole),
                said("{complete:,} of {rows:,}", complete=facts.complete, rows=facts.rows),
            ),
            KeyFigure(said("Repeated records"), f"{facts.repeated:,}", said("the same in every column")),
            KeyFigure(said("Checks passed"), f"{passed:,}", said("of {checks:,}", checks=len(facts.checks))),
        )
    )


def _verdict(params: QualityParams, facts: QualityFacts) -> Words:
    poor = [one for one in facts.columns if one.score < params.poor]
    fair = [one for one in facts.columns if params.poor <= one.score < params.good]
    if poor:
        return Words(
            said("Poor, a score under {poor:g}: {named}.", poor=params.poor, named=_named(poor)), "risk"
        )
    if fair:
        return Words(
            said(
                "A look is worth it, a score under {good:g}: {named}.", good=params.good, named=_named(fair)
            ),
            "caution",
        )
    return Words(said("Every column has a score of {good:g} or more.", good=params.good))


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
        rows.append([one.name, f"{one.score:.1f}", *cells, reason_of(one)])
    blank = [""] * len(_DIMENSIONS)
    for why, names in whole.items():
        if len(names) > 1:  # a line for all of them
            rows.append(
                [
                    said("{number} others", number=len(names))
                    if rows
                    else said("{number} columns", number=len(names)),
                    "100.0",
                    *blank,
                    said("{reason}: {columns}", reason=why, columns=", ".join(names)),
                ]
            )
    weights = said_all(
        (said("{name} {value:g}", name=name, value=value) for name, value in params.weights.items()), by=", "
    )
    return Table(
        said("Score by column"),
        (
            said("Column"),
            said("Score"),
            said("Complete"),
            said("Valid"),
            said("Unique"),
            said("Consistent"),
            said("Timely"),
            said("Why"),
        ),
        rows,
        right=(1, 2, 3, 4, 5, 6),
        caption=said(
            "Each share counts the records that pass, of those that can be judged: with a value (complete);"
            " of these, that pass every check of the column (valid); that repeat no earlier key (unique);"
            " that pass every check together with other columns (consistent); with a date recent enough and"
            " not in the future (timely). The score is 100 times the mean of the shares there are, weighted"
            " {weights}, the others 1; {poor:g} and {good:g} as limits are house rules. Measured as shares"
            " after ISO/IEC 25024."
            if weights
            else "Each share counts the records that pass, of those that can be judged: with a value"
            " (complete); of these, that pass every check of the column (valid); that repeat no earlier key"
            " (unique); that pass every check together with other columns (consistent); with a date recent"
            " enough and not in the future (timely). The score is 100 times the mean of the shares there are,"
            " weighted alike; {poor:g} and {good:g} as limits are house rules. Measured as shares after"
            " ISO/IEC 25024.",
            weights=weights,
            poor=params.poor,
            good=params.good,
        ),
    )


def reason_of(one: ColumnQuality) -> str:
    """Why a column's score is not more, in the words of the record, which know how to be said again."""
    shares = {Dimension(share.dimension): Share(share.failed, share.judged) for share in one.shares}
    told = reason(shares)
    return told if told == one.reason else one.reason


def check_table(checks: "tuple[CheckResult, ...]", title: str) -> Table:
    """Each check with the records that fail it, the worst first."""
    order = sorted(checks, key=lambda one: (one.failed is not None, -(one.failed or 0)))
    return Table(
        title,
        (said("Check"), said("About"), said("From"), said("Fail"), said("Judged"), ""),
        [
            [
                one.sentence,
                one.dimension,
                _FROM[one.origin],
                said("not held") if one.failed is None else f"{one.failed:,}",
                f"{one.judged:,}",
                one.note or (said("passes") if not one.failed else percent(one.failed / max(1, one.judged))),
            ]
            for one in order
        ],
        right=(3, 4),
        caption=said(
            "Records. A missing value fails only where a check says that there must be one; to be"
            " unique, missing is a value like others."
        ),
    )


def _values(facts: QualityFacts) -> list[Block]:
    shown = [one for one in facts.checks if one.values]
    if not shown:
        return []
    return [
        Table(
            said("Values that fail"),
            (said("Check"), said("Value"), said("Records")),
            [[one.sentence, value.value, f"{value.records:,}"] for one in shown for value in one.values],
            right=(2,),
            caption=said("Shown because values were turned on for this run. They may belong to people."),
        )
    ]


def _missing(params: QualityParams, facts: QualityFacts) -> list[Block]:
    if facts.complete == facts.rows:
        return []
    rows = [[", ".join(one.columns), f"{one.records:,}"] for one in facts.patterns]
    if facts.other_patterns:
        rows.append([said("other patterns"), f"{facts.other_patterns:,}"])
    if facts.rare:
        rows.append([said("rare patterns"), f"{facts.rare:,}"])
    return [
        Table(
            said("Missing together"),
            (said("Columns"), said("Records")),
            rows,
            right=(1,),
            caption=said("Rare: patterns that fewer than {floor} records have.", floor=params.floor),
        )
    ]


def _ages(params: QualityParams, facts: QualityFacts) -> list[Block]:
    if not facts.ages:
        return []
    return [
        Table(
            said("Age of dates"),
            (
                said("Column"),
                said("Dates"),
                said("In the future"),
                said("Newest, days"),
                said("Oldest, days"),
            ),
            [
                [
                    one.column,
                    f"{one.dates:,}",
                    f"{one.future:,}",
                    said("too few") if one.newest is None else f"{one.newest:,}",
                    said("too few") if one.oldest is None else f"{one.oldest:,}",
                ]
                for one in facts.ages
            ],
            right=(1, 2, 3, 4),
            caption=said(
                "Counted back from {today}. Newest and oldest are ages that {floor} records reach, so"
                " that no single record's date is told.",
                today=facts.today,
                floor=params.floor,
            ),
        )
    ]


def _margins(params: QualityParams, facts: QualityFacts) -> list[Block]:
    blocks: list[Block] = []
    if facts.margins:
        if facts.population:
            blocks.append(
                Words(said("The population, as Objective says: {population}", population=facts.population))
            )
        blocks += [
            Plot(
                said("Distance from the population"),
                "utility",
                {
                    "columns": [one.column for one in facts.margins],
                    "distance": [one.distance for one in facts.margins],
                },
                said(
                    "Total variation distance: the share of records that would have to be others for the"
                    " column to be made up like the population."
                ),
            ),
            Table(
                said("Like the population?"),
                (
                    said("Column"),
                    said("Distance"),
                    said("Cramér's V"),
                    said("Chi-square"),
                    "p",
                    said("Other values"),
                    said("Missing"),
                    "",
                ),
                [
                    [
                        one.column,
                        f"{one.distance:.3f}",
                        f"{one.v:.3f}",
                        f"{one.chi_square:,.1f} ({one.freedom})",
                        said("{p} rough", p=_p(one.p)) if one.few else _p(one.p),
                        f"{one.other:,}",
                        f"{one.missing:,}",
                        said("unlike") if unlike(params, one) else said("alike"),
                    ]
                    for one in facts.margins
                ],
                right=(1, 2, 3, 4, 5, 6),
                caption=said(
                    "Unlike from a distance of {distance:g}, a house rule, where p is under 0.01: with"
                    " many records chance explains no difference, however small, and with few it explains"
                    " large ones. Chi-square of fit (degrees of freedom) over the categories of the"
                    " reference; rough where fewer than five records are expected in one.",
                    distance=params.distance,
                ),
            ),
        ]
        blocks += [_cells(one) for one in facts.margins]
        blocks += _raking(facts)
        blocks.append(
            Words(
                said(
                    "Margins look at one column at a time. A sample can agree with each of them and still"
                    " be unlike the population in how columns go together, in columns without a margin,"
                    " and in who is missing altogether."
                ),
                "info",
            )
        )
    if facts.not_compared:
        blocks.append(
            Words(
                said(
                    "The table has no column {not_compared} to compare.",
                    not_compared=", ".join(facts.not_compared),
                ),
                "caution",
            )
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
        if without:
            why = said(
                "No weights make the table agree with all margins at once: no weight can stand in for values"
                " without a record: {values}.",
                values=listed(without, _NAMED),
            )
        else:
            why = said(
                "No weights make the table agree with all margins at once: the margins contradict each other"
                " on the records that have a value in each."
            )
        return [Words(why, "caution")]
    return [
        Words(
            said(
                "Weights from raking (Deming and Stephan 1940) make the table agree with all margins"
                " at once. Weighted, {records:,} records tell about as much as {effective:,.0f} drawn"
                " from the population (Kish's effective number); the largest weight is {largest:.1f}."
                " They stay in the project; no other step uses them.",
                records=one.records,
                effective=one.effective,
                largest=one.largest,
            )
        )
    ]


def unlike(params: QualityParams, one: MarginResult) -> bool:
    """Whether a column is far from its margin, and not by chance."""
    return one.distance >= params.distance and (one.p < 0.01 or one.other > 0)


def _cells(one: MarginResult) -> Table:
    return Table(
        said("{column}: table and population", column=one.column),
        (said("Value"), said("Records"), said("Share"), said("95 % interval"), said("Population")),
        [
            [
                cell.value,
                f"{cell.records:,}" if cell.records else said("none"),
                percent(cell.share),
                said("{low} to {high}", low=percent(cell.low), high=percent(cell.high)),
                percent(cell.expected),
            ]
            for cell in one.cells
        ],
        right=(1, 2, 3, 4),
        caption=said("Interval after Wilson (1927), as if the records were drawn at random."),
    )


def _p(value: float) -> str:
    return said("under {limit}", limit=0.001) if value < 0.001 else f"{value:.3f}"

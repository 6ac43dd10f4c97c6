"""What Model shows."""

from collections.abc import Iterator

from ppdesk.core.said import kept, said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.train.offers import made_for, offer
from ppdesk.workflow.model.model_facts import CardFact, CurveFact, ModelFacts


def section(title: str, facts: ModelFacts) -> Section:
    """What is proposed, how useful it is by ε, why, and what else there is."""
    blocks: list[Block] = [
        Words(
            said("For {target}: {title}.", target=kept(facts.target), title=facts.title)
            if facts.recommended
            else said("None of the models that are offered fits all that is asked.")
        ),
        Figures(tuple(_figures(facts))),
    ]
    if facts.curve is not None:
        blocks += _curve(facts, facts.curve)
    measured = facts.curve is not None
    header = (said("Model"), said("Key"), said("Good at"), said("All to be looked at"), "δ", said("Here"))
    blocks += [
        Table(
            said("Why"),
            (said("What is proposed"), said("Reason")),
            [(what, _reason(why)) for what, why in facts.reasons],
        ),
        Table(
            said("The models"),
            (*header, *((said("At ε {epsilon:g}", epsilon=facts.epsilon),) if measured else ())),
            [_row(one, facts.recommended, measured=measured) for one in facts.cards],
            right=(6,) if measured else (),
            caption=said(
                "Train takes the key. What each was measured at on known tables stands in the "
                "manual's benchmarks."
            ),
        ),
    ]
    if facts.watch:
        blocks.append(Words(facts.watch, "info"))
    if facts.settings:
        told = "  ".join(
            f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {chance(value)}"
            for name, value in sorted(facts.settings.items())
        )
        blocks.append(Words(said("In a recipe:  [train]  {told}", told=kept(told))))
    blocks.append(Words(said("No record was looked at, so this costs no privacy budget."), "info"))
    return Section(title, blocks)


def _figures(facts: ModelFacts) -> list[KeyFigure]:
    cost = said("what Train would spend")
    found = [
        KeyFigure(said("Privacy loss ε"), f"{facts.epsilon:g}", cost),
        KeyFigure(said("Failure chance δ"), chance(facts.delta)),
        KeyFigure(
            said("Records, about"),
            said("not stated") if facts.rows is None else f"{facts.rows:,}",
            said("declared"),
        ),
    ]
    if facts.noise is not None:
        found.append(
            KeyFigure(said("Noise multiplier"), f"{facts.noise:.2f}", said("of all of Train, at this ε"))
        )
    if facts.seconds is not None:
        found.append(
            KeyFigure(
                said("Time"),
                said("about {seconds:,} s", seconds=max(1, round(facts.seconds))),
                said("Train on one core"),
            )
        )
    return found


def _curve(facts: ModelFacts, curve: CurveFact) -> list[Block]:
    where = (
        said("Measured on a public table: spends nothing.")
        if curve.public
        else said("Simulated on made-up tables: spends nothing.")
    )
    blocks: list[Block] = [
        Plot(
            said("Privacy and usefulness"),
            "usefulness",
            {
                "measure": curve.measure,
                "lines": [
                    {
                        "name": one.title,
                        "epsilons": [point.epsilon for point in one.points],
                        "means": [point.mean for point in one.points],
                        "sds": [point.sd for point in one.points],
                    }
                    for one in curve.lines
                ],
                "ceiling": curve.ceiling,
                "current": facts.epsilon,
                "wanted": facts.wanted,
            },
            said_all((where, *_made(curve))),
        ),
        Table(
            said("{measure} by ε", measure=curve.measure),
            (
                said("Model"),
                *(said("ε {epsilon:g}", epsilon=point.epsilon) for point in curve.lines[0].points),
            ),
            [
                (one.title, *(said("{mean:.3f} ± {sd:.3f}", mean=p.mean, sd=p.sd) for p in one.points))
                for one in curve.lines
            ],
            right=tuple(range(1, 1 + len(curve.lines[0].points))),
            caption=said(
                "Without privacy {ceiling:.3f}. Mean and standard deviation over {repetitions} "
                "tables; what a table is like moves the level, so compare the lines.",
                ceiling=curve.ceiling,
                repetitions=curve.repetitions,
            ),
        ),
    ]
    if facts.wanted is not None:
        blocks.append(_inverse(facts, curve))
    return blocks


def _inverse(facts: ModelFacts, curve: CurveFact) -> Words:
    wanted = said_all((curve.measure, f"{facts.wanted:g}"))
    if facts.reached is None:
        return Words(
            said(
                "{wanted} is not reached by {title} at any ε of the curve; without privacy it "
                "is {ceiling:.3f}. Ask for less, or for more records.",
                wanted=wanted,
                title=facts.title,
                ceiling=curve.ceiling,
            ),
            "caution",
        )
    if facts.reached > facts.epsilon:
        return Words(
            said(
                "{wanted} asks for ε {reached:g}, which is above the standard's limit. At ε "
                "{epsilon:g} expect less.",
                wanted=wanted,
                reached=facts.reached,
                epsilon=facts.epsilon,
            ),
            "caution",
        )
    return Words(
        said("{wanted} is reached from ε {reached:g} on.", wanted=wanted, reached=facts.reached), "ok"
    )


def _made(curve: CurveFact) -> Iterator[str]:
    told = {"rows": curve.rows, "drawn": curve.drawn, "scaling": curve.scaling}
    if curve.scaling > 1 and curve.assumed:
        yield said(
            "For about {rows:,} records (nobody stated a size), stood in for by {drawn:,} with noise "
            "{scaling:.3g} times smaller: what more records teach beyond less noise is not in it, so the "
            "lines are low rather than high.",
            **told,
        )
    elif curve.scaling > 1:
        yield said(
            "For about {rows:,} records, stood in for by {drawn:,} with noise {scaling:.3g} times smaller: "
            "what more records teach beyond less noise is not in it, so the lines are low rather than high.",
            **told,
        )
    elif curve.assumed:
        yield said("For about {rows:,} records (nobody stated a size).", rows=curve.rows)
    else:
        yield said("For about {rows:,} records.", rows=curve.rows)
    if curve.positive is not None:
        yield said("{positive:g} % of the made-up records are positive.", positive=100 * curve.positive)
    if not curve.public:
        yield said("Your table may be easier or harder than the made-up ones.")


def _reason(text: str) -> str:
    """A reason with its source behind it."""
    why, found, source = text.removesuffix(")").rpartition(" (")
    if not (found and text.endswith(")")):
        return text
    return said("{why} ({source})", why=why, source=source)


def _why_not(one: CardFact) -> str:
    """As the record has it, with what it is for in words that know their message."""
    told = made_for(offer(one.key))
    return told if told == one.why_not else one.why_not


def _row(one: CardFact, recommended: str, *, measured: bool) -> tuple[str, ...]:
    here = said("recommended") if one.key == recommended else _why_not(one) or said("possible")
    seen = said("yes") if one.glass_box else said("no")
    delta = "0" if one.pure else said("above 0")
    score = ("" if one.score is None else f"{one.score:.3f}",) if measured else ()
    return (one.title, kept(one.key), one.good_at, seen, delta, here, *score)

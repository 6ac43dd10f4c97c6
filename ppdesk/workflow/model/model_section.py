"""What Model shows."""

from ppdesk.core.section import Block, Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.workflow.model.model_facts import CardFact, CurveFact, ModelFacts


def section(title: str, facts: ModelFacts) -> Section:
    """What is proposed, how useful it is by ε, why, and what else there is."""
    blocks: list[Block] = [
        Words(
            f"For {facts.target}: {facts.title}."
            if facts.recommended
            else "None of the models that are offered fits all that is asked."
        ),
        Figures(tuple(_figures(facts))),
    ]
    if facts.curve is not None:
        blocks += _curve(facts, facts.curve)
    measured = facts.curve is not None
    header = ("Model", "Key", "Good at", "All to be looked at", "δ", "Here")
    blocks += [
        Table("Why", ("What is proposed", "Reason"), facts.reasons),
        Table(
            "The models",
            (*header, *((f"At ε {facts.epsilon:g}",) if measured else ())),
            [_row(one, facts.recommended, measured=measured) for one in facts.cards],
            right=(6,) if measured else (),
            caption="Train takes the key. What each was measured at on known tables stands in the manual's "
            "benchmarks.",
        ),
    ]
    if facts.watch:
        blocks.append(Words(facts.watch, "info"))
    if facts.settings:
        told = "  ".join(
            f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {chance(value)}"
            for name, value in sorted(facts.settings.items())
        )
        blocks.append(Words(f"In a recipe:  [train]  {told}"))
    blocks.append(Words("No record was looked at, so this costs no privacy budget.", "info"))
    return Section(title, blocks)


def _figures(facts: ModelFacts) -> list[KeyFigure]:
    cost = "what Train would spend"
    found = [
        KeyFigure("Privacy loss ε", f"{facts.epsilon:g}", cost),
        KeyFigure("Failure chance δ", chance(facts.delta)),
        KeyFigure("Records, about", "not stated" if facts.rows is None else f"{facts.rows:,}", "declared"),
    ]
    if facts.noise is not None:
        found.append(KeyFigure("Noise multiplier", f"{facts.noise:.2f}", "of all of Train, at this ε"))
    if facts.seconds is not None:
        found.append(KeyFigure("Time", f"about {max(1, round(facts.seconds)):,} s", "Train on one core"))
    return found


def _curve(facts: ModelFacts, curve: CurveFact) -> list[Block]:
    where = "Measured on a public table" if curve.public else "Simulated on made-up tables"
    blocks: list[Block] = [
        Plot(
            "Privacy and usefulness",
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
            f"{where}: spends nothing. {_made(curve)}",
        ),
        Table(
            f"{curve.measure} by ε",
            ("Model", *(f"ε {point.epsilon:g}" for point in curve.lines[0].points)),
            [(one.title, *(f"{p.mean:.3f} ± {p.sd:.3f}" for p in one.points)) for one in curve.lines],
            right=tuple(range(1, 1 + len(curve.lines[0].points))),
            caption=f"Without privacy {curve.ceiling:.3f}. Mean and standard deviation over "
            f"{curve.repetitions} tables; what a table is like moves the level, so compare the lines.",
        ),
    ]
    if facts.wanted is not None:
        blocks.append(_inverse(facts, curve))
    return blocks


def _inverse(facts: ModelFacts, curve: CurveFact) -> Words:
    wanted = f"{curve.measure} {facts.wanted:g}"
    if facts.reached is None:
        return Words(
            f"{wanted} is not reached by {facts.title} at any ε of the curve; without privacy it is "
            f"{curve.ceiling:.3f}. Ask for less, or for more records.",
            "caution",
        )
    if facts.reached > facts.epsilon:
        return Words(
            f"{wanted} asks for ε {facts.reached:g}, which is above the standard's limit. At ε "
            f"{facts.epsilon:g} expect less.",
            "caution",
        )
    return Words(f"{wanted} is reached from ε {facts.reached:g} on.", "ok")


def _made(curve: CurveFact) -> str:
    size = f"about {curve.rows:,} records" + (" (nobody stated a size)" if curve.assumed else "")
    told = f"For {size}"
    if curve.scaling > 1:
        told += (
            f", stood in for by {curve.drawn:,} with noise {curve.scaling:.3g} times smaller: what more "
            "records teach beyond less noise is not in it, so the lines are low rather than high"
        )
    rest = (
        "" if curve.positive is None else f" {100 * curve.positive:g} % of the made-up records are positive."
    )
    easy = "" if curve.public else " Your table may be easier or harder than the made-up ones."
    return f"{told}.{rest}{easy}"


def _row(one: CardFact, recommended: str, *, measured: bool) -> tuple[str, ...]:
    here = "recommended" if one.key == recommended else one.why_not or "possible"
    seen, delta = "yes" if one.glass_box else "no", "0" if one.pure else "above 0"
    score = ("" if one.score is None else f"{one.score:.3f}",) if measured else ()
    return (one.title, one.key, one.good_at, seen, delta, here, *score)

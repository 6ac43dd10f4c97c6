"""What Tune shows."""

from ppdesk.core.said import kept, said
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.workflow.model import train_section
from ppdesk.workflow.model.tune_params import TuneFacts


def section(title: str, facts: TuneFacts) -> Section:
    """What was tried, what was found, and of a private run the model."""
    if facts.train is not None:
        return _private(title, facts)
    blocks: list[Block] = [
        Words(
            said(
                "For {target}: {title}, the best of {candidates} on {source}.",
                target=kept(facts.target),
                title=facts.title,
                candidates=len(facts.candidates),
                source=facts.source,
            )
        ),
        Table(
            said("Candidates"),
            (said("Candidate"), facts.measure),
            [
                (kept(one.words), said("{mean:.4f} ± {sd:.4f}", mean=one.mean or 0.0, sd=one.sd or 0.0))
                for one in facts.candidates
            ],
            right=(1,),
            caption=said(
                "At ε {epsilon:g} and δ {delta}. {made} Differences within the standard "
                "deviation mean little: then stay with the model's rule.",
                epsilon=facts.epsilon,
                delta=chance(facts.delta),
                made=_made(facts),
            ),
        ),
        Words(said("In a recipe:  [train]  {told}", told=kept(_written(facts)))),
        Words(said("No private record was read, so this costs no privacy budget."), "info"),
    ]
    return Section(title, blocks)


def _private(title: str, facts: TuneFacts) -> Section:
    assert facts.train is not None  # noqa: S101 - asked before
    blocks: list[Block] = [
        Words(said("The best trial: {title}.", title=facts.title)),
        Figures(
            (
                KeyFigure(said("Privacy loss ε"), f"{facts.epsilon:g}", said("all trials and the model")),
                KeyFigure(
                    said("ε of one trial"), f"{facts.trial_epsilon or 0.0:.3g}", said("of its training")
                ),
                KeyFigure(
                    said("Trials"),
                    said("about {trials:g}", trials=facts.trials or 0.0),
                    said("on average; how many is secret"),
                ),
                KeyFigure(
                    said("Score"),
                    f"{facts.score or 0.0:.3f}",
                    said("with noise; 1 less the Brier or squared error"),
                ),
            )
        ),
        Table(
            said("Candidates"),
            (said("Candidate"), said("Here")),
            [
                (kept(one.words), said("the best trial") if one.words == facts.chosen else "")
                for one in facts.candidates
            ],
            caption=said("What the other trials gave is told nowhere: only the best is covered."),
        ),
        Words(
            said(
                "The claim covers the best trial with its score, at the price of a random "
                "number of trials (Papernot and Steinke 2022, theorem 2). It does not cover "
                "how long the run took, which depends on the number of trials."
            ),
            "info",
        ),
    ]
    return Section(title, [*blocks, *train_section.section(title, facts.train).blocks])


def _made(facts: TuneFacts) -> str:
    told = {"rows": facts.rows, "repetitions": facts.repetitions, "drawn": facts.drawn}
    if facts.scaling > 1:
        return said(
            "For about {rows:,} records, {repetitions} tables of {drawn:,}, with noise {scaling:.3g} times "
            "smaller.",
            scaling=facts.scaling,
            **told,
        )
    return said("For about {rows:,} records, {repetitions} tables of {drawn:,}.", **told)


def _written(facts: TuneFacts) -> str:
    told = []
    for name, value in sorted(facts.settings.items()):
        if isinstance(value, str):
            told.append(f'{name} = "{value}"')
        elif isinstance(value, list):
            listed = ", ".join(f'"{one}"' for one in value)
            told.append(f"{name} = [{listed}]")
        else:
            told.append(f"{name} = {chance(value)}")
    return "  ".join(told)

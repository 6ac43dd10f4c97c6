"""What Tune shows."""

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import chance
from ppdesk.workflow.model import train_section
from ppdesk.workflow.model.tune_params import TuneFacts


def section(title: str, facts: TuneFacts) -> Section:
    """What was tried, what was found, and of a private run the model."""
    if facts.train is not None:
        return _private(title, facts)
    blocks: list[Block] = [
        Words(f"For {facts.target}: {facts.title}, the best of {len(facts.candidates)} on {facts.source}."),
        Table(
            "Candidates",
            ("Candidate", facts.measure),
            [(one.words, f"{one.mean or 0.0:.4f} ± {one.sd or 0.0:.4f}") for one in facts.candidates],
            right=(1,),
            caption=f"At ε {facts.epsilon:g} and δ {chance(facts.delta)}. {_made(facts)} Differences within "
            "the standard deviation mean little: then stay with the model's rule.",
        ),
        Words(f"In a recipe:  [train]  {_written(facts)}"),
        Words("No private record was read, so this costs no privacy budget.", "info"),
    ]
    return Section(title, blocks)


def _private(title: str, facts: TuneFacts) -> Section:
    assert facts.train is not None  # noqa: S101 - asked before
    blocks: list[Block] = [
        Words(f"The best trial: {facts.title}."),
        Figures(
            (
                KeyFigure("Privacy loss ε", f"{facts.epsilon:g}", "all trials and the model"),
                KeyFigure("ε of one trial", f"{facts.trial_epsilon or 0.0:.3g}", "of its training"),
                KeyFigure("Trials", f"about {facts.trials or 0.0:g}", "on average; how many is secret"),
                KeyFigure(
                    "Score", f"{facts.score or 0.0:.3f}", "with noise; 1 less the Brier or squared error"
                ),
            )
        ),
        Table(
            "Candidates",
            ("Candidate", "Here"),
            [(one.words, "the best trial" if one.words == facts.chosen else "") for one in facts.candidates],
            caption="What the other trials gave is told nowhere: only the best is covered.",
        ),
        Words(
            "The claim covers the best trial with its score, at the price of a random number of trials "
            "(Papernot and Steinke 2022, theorem 2). It does not cover how long the run took, which depends "
            "on the number of trials.",
            "info",
        ),
    ]
    return Section(title, [*blocks, *train_section.section(title, facts.train).blocks])


def _made(facts: TuneFacts) -> str:
    told = f"For about {facts.rows:,} records, {facts.repetitions} tables of {facts.drawn:,}"
    return f"{told}, with noise {facts.scaling:.3g} times smaller." if facts.scaling > 1 else f"{told}."


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

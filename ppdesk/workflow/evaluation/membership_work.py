"""The work of the membership attack. In the worker process only."""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess.effort import Effort, Progress, within
from ppdesk.assess.membership import attack, control
from ppdesk.assess.membership.bound import Claim
from ppdesk.assess.membership.game import play
from ppdesk.assess.membership.results import Attacked
from ppdesk.core.errors import CancelledRunError, CodedError
from ppdesk.core.generators import generator
from ppdesk.core.said import said
from ppdesk.privacy.attacker import of_pairs
from ppdesk.privacy.events import Neighbours
from ppdesk.train.offers import offer
from ppdesk.workflow.evaluation import membership_attributes, membership_time
from ppdesk.workflow.evaluation.membership import Inferred, MembershipResult, MembershipSettings
from ppdesk.workflow.evaluation.membership_fit import LARGE, Ground, Maker, ground
from ppdesk.workflow.step import Context, Inputs

TARGETS = {Effort.QUICK: 20_000, Effort.STANDARD: 50_000, Effort.THOROUGH: 200_000}
FEWEST = 20  # units on each side, below which nothing is told

NO_SETTINGS = said(
    "The model does not say all settings it was trained with (it was made by an older version), so "
    "the shadow models were trained with the defaults, at the model's epsilon and delta: they may be less "
    "like it."
)


def run(inputs: Inputs, settings: MembershipSettings, ctx: Context, progress: Progress) -> MembershipResult:
    """See `membership.run_it`."""

    def reading() -> None:
        progress(0.0, said("Reading the records as the model does"))

    reading()
    found = ground(inputs, ctx.entropy, reading)
    maker, progress = Maker(found, ctx).telling(progress)
    random = generator(ctx.entropy)
    effort = Effort(settings.effort)
    game = play(found.members, found.others, found.owners, found.share, TARGETS[effort], generator=random)
    if min(int(game.member.sum()), int((~game.member).sum())) < FEWEST:
        why = said(
            "Fewer than {least} were held out of training, so there is nothing to tell its records from.",
            least=FEWEST,
        )
        return _result(found, maker, settings, None, None, why_not=why)
    models = membership_time.shadows(found.head, int(found.members.sum()), settings)
    claim = _claim(found)
    notes: list[str] = [] if found.settings_known else [NO_SETTINGS]
    if models < membership_time.SHADOWS[effort]:
        notes.append(
            said(
                "{models:,} shadow models in place of {shadows:,}, because one takes long to train.",
                models=models,
                shadows=membership_time.SHADOWS[effort],
            )
        )
    progress(0.01, said("Applying the model to the records"))
    says = maker.told(found.model.fitted)(game.rows)
    shadows = attack.train_shadows(
        game, maker.shadow(), models, chance=maker.says.chance, generator=random,
        progress=within(progress, 0.02, 0.75),
    )  # fmt: skip
    if shadows.models < models:
        notes.append(
            said(
                "It was ended early, with {models:,} shadow models of {planned:,}.",
                models=shadows.models,
                planned=models,
            )
        )
    scores = attack.scores_of(says, shadows, game, maker.says.chance)
    against = attack.measure(
        scores, game.member, claim=claim, pairs=game.pairs, shadows=shadows.models, generator=random
    )
    inferred: tuple[Inferred, ...] = ()
    if strange := membership_attributes.strange(found, settings.attributes):
        notes.append(
            said(
                "Not guessed, because it is no feature with 2 to 100 categories: {columns}.",
                columns=", ".join(strange),
            )
        )
    try:
        inferred = membership_attributes.infer(
            found, maker, game, settings.attributes, within(progress, 0.75, 0.8)
        )
    except CancelledRunError:
        raise
    except CodedError as error:  # what is done stays
        notes.append(said("No columns were guessed: {why}", why=error.message))
    checked, words = None, ""
    if settings.control:
        checked, words = _control(found, maker, settings, random, within(progress, 0.8, 1.0))
    return _result(
        found, maker, settings, against, checked, control_words=words, attributes=inferred, notes=notes
    )


def _control(
    found: Ground, maker: Maker, settings: MembershipSettings, random: np.random.Generator, progress: Progress
) -> tuple[Attacked | None, str]:
    """(the attacks on the twin, or None; what that says)."""
    who = (
        said("its twin without privacy")
        if maker.has_twin()
        else said("the same model at ε {epsilon:g}", epsilon=LARGE)
    )
    try:
        checked = control.attacked(
            np.flatnonzero(found.members | found.others), found.members.size, maker.twin_shadow(),
            membership_time.twins(found.head, settings), chance=maker.says.chance, generator=random,
            progress=progress,
        )  # fmt: skip
    except CancelledRunError:
        raise
    except CodedError as error:
        return None, said("The attacks could not be tried on {model}: {why}", model=who, why=error.message)
    return checked, who


def _claim(found: Ground) -> Claim | None:
    if found.epsilon is None:
        return None
    return Claim(found.epsilon, found.delta, found.neighbours is Neighbours.ADD_REMOVE)


def _result(
    found: Ground,
    maker: Maker,
    settings: MembershipSettings,
    against: Attacked | None,
    checked: Attacked | None,
    *,
    control_words: str = "",
    attributes: Sequence[Inferred] = (),
    notes: Sequence[str] = (),
    why_not: str = "",
) -> MembershipResult:
    claim = _claim(found)
    allowed = None if claim is None else of_pairs([(claim.epsilon, claim.delta)]).advantage
    return MembershipResult(
        estimator=found.model.fitted.estimator,
        title=offer(str(found.head.get("estimator") or found.model.fitted.estimator)).title,
        task=found.model.task.value,
        effort=settings.effort,
        score=maker.says.words,
        unit="record" if found.unit.column is None else "person",
        epsilon=found.epsilon,
        delta=None if claim is None else claim.delta,
        neighbours=found.neighbours.value,
        private=bool(found.head.get("private")),
        allowed_advantage=None if allowed is None else round(allowed, 6),
        against=against,
        control=checked,
        control_words=control_words,
        attributes=tuple(attributes),
        notes=tuple(notes),
        why_not=why_not,
    )

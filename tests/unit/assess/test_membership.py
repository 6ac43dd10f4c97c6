"""Membership inference: a model that learns by heart is seen through, one that learns nothing is not."""

import math

import numpy as np
import pytest

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.auditing.one_run_bounds import p_value
from ppdesk.assess.auditing.one_run_curves import Guesses
from ppdesk.assess.effort import no_progress
from ppdesk.assess.membership import attack, bound, control, measuring
from ppdesk.assess.membership.attack import Fit, Says, measure, scores_of, train_shadows
from ppdesk.assess.membership.bound import Claim
from ppdesk.assess.membership.game import Places, coins, play
from ppdesk.assess.membership.results import Attacked
from ppdesk.assess.membership.scoring import Shadows
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.generators import generator

NO_PAIRS = np.empty((0, 2), dtype=np.int64)
CLAIM = Claim(1.0, 1e-6, added=True)


def random(root: int = 1) -> np.random.Generator:
    return generator(TestEntropy(root))


def by_heart(points: Floats) -> Fit:
    """One nearest neighbour: says minus the distance to it."""

    def fit(mask: Bools) -> Says:
        learnt = np.sort(points[mask])

        def says(places: Places) -> Floats:
            at = np.searchsorted(learnt, points[places])
            low = learnt[np.maximum(at - 1, 0)]
            high = learnt[np.minimum(at, learnt.size - 1)]
            return -np.minimum(np.abs(points[places] - low), np.abs(points[places] - high))

        return says

    return fit


def independent(hardness: Floats, noise: np.random.Generator) -> Fit:
    """Does not look at its records: some are hard, and there is noise."""
    return lambda _: lambda places: -hardness[places] + noise.normal(size=places.size)


def split(rows: int, share: float, source: np.random.Generator) -> tuple[Bools, Bools]:
    held = source.random(rows) < share
    return ~held, held


def attacked(fit: Fit, rows: int, models: int, source: np.random.Generator, share: float = 0.3) -> Attacked:
    members, others = split(rows, share, source)
    game = play(members, others, None, share, rows, generator=source)
    shadows = train_shadows(game, fit, models, chance="", generator=source, progress=no_progress)
    scores = scores_of(fit(members)(game.rows), shadows, game, "")
    return measure(scores, game.member, claim=CLAIM, pairs=game.pairs, shadows=models, generator=source)


def test_a_model_that_learns_by_heart_is_seen_through() -> None:
    source = random()
    found = attacked(by_heart(source.random(4_000)), 4_000, 8, source)
    assert found.found
    for one in found.attacks:
        assert one.found
        assert one.bound is not None
        assert one.bound.epsilon > CLAIM.epsilon, one.key
        if one.key in ("loss", "lira-online"):  # the others allow for distances that say nothing here
            assert one.rates[0].found.value > 0.99  # at 0.1 % false alarms
            assert one.auc.value > 0.999
            assert one.bound.epsilon > 4
            assert one.bound.right == one.bound.guesses


def test_a_model_that_does_not_look_at_its_records_raises_few_alarms() -> None:
    """20 models, 4 attacks each: a family-wise level of 5 %. More than 8 alarms of 20 come with a chance
    under 1e-6."""
    alarms = refuted = outside = 0
    for root in range(20):
        source = random(root)
        fit = independent(3 * source.random(400), source)
        found = attacked(fit, 400, 6, source, share=0.4)
        alarms += found.found
        refuted += any(one.bound is not None and one.bound.epsilon > 0 for one in found.attacks)
        rates = [at for one in found.attacks for at in one.rates]
        outside += any(not at.found.low <= at.rate <= at.found.high for at in rates)
    assert alarms <= 8
    assert refuted <= 8
    assert outside <= 16  # eight intervals of 95 % in each


def test_lira_sees_what_a_threshold_on_the_loss_cannot() -> None:
    """Records differ in how hard they are by far more than being in training changes them."""
    source, rows = random(3), 1_500
    hard = 50 * source.random(rows)

    def fit(mask: Bools) -> Says:
        return lambda places: -hard[places] + 2.0 * mask[places] + source.normal(size=places.size)

    found = {one.key: one for one in attacked(fit, rows, 32, source).attacks}
    assert found["loss"].auc.high < 0.65
    assert found["lira-online"].auc.low > 0.85  # 0.921 with means and variance known
    assert found["lira-offline"].auc.low > 0.85
    assert found["lira-online"].rates[1].found.value > 0.15


def test_a_record_is_a_coin_of_its_own_and_shadow_models_are_as_large_as_the_model() -> None:
    source = random(4)
    members, others = split(20_000, 0.2, source)
    game = play(members, others, None, 0.2, 20_000, generator=source)
    assert not game.pairs.size
    assert abs(game.member.mean() - 0.5) < 0.05
    assert set(game.rows[~game.member[game.unit]]) == set(np.flatnonzero(others))
    sizes = [game.training(inside).sum() for inside in coins(6, game.units, source)]
    assert np.abs(np.array(sizes) / members.sum() - 1).max() < 0.03
    assert not game.fixed[game.rows].any()


def test_each_target_is_in_half_of_the_shadow_models() -> None:
    drawn = coins(10, 5_000, random())
    assert set(drawn.sum(axis=0)) == {5}
    assert set(drawn[:4].sum(axis=0)) == {2}
    together = np.corrcoef(drawn[::2].astype(float))  # fair and independent from pair to pair
    assert np.abs(together - np.eye(5)).max() < 0.08
    assert np.abs(drawn.mean(axis=1) - 0.5).max() < 0.04


def test_where_a_fixed_number_was_held_out_each_member_stands_beside_one_other() -> None:
    source = random(5)
    members = np.zeros(1_000, dtype=np.bool_)
    members[source.permutation(1_000)[:700]] = True
    game = play(members, ~members, None, None, 1_000, generator=source)
    assert game.pairs.shape == (300, 2)
    assert game.member[game.pairs[:, 0]].all()
    assert not game.member[game.pairs[:, 1]].any()


def test_all_records_of_a_person_are_on_one_side() -> None:
    source = random(6)
    owners = np.repeat(np.arange(300), 3)
    held = source.random(300) < 0.3
    game = play(~held[owners], held[owners], owners, 0.3, 10_000, generator=source)
    assert game.rows.size == 3 * game.units
    for unit in range(game.units):
        assert np.unique(owners[game.rows[game.unit == unit]]).size == 1
    inside = source.random(game.units) < 0.5
    trained = game.training(inside)
    assert set(np.unique(owners[trained]).tolist()).isdisjoint(owners[~trained & (owners >= 0)].tolist())


def test_a_person_with_several_records_is_told_by_their_sum() -> None:
    """One record tells little; ten together tell much."""
    source, people = random(7), 400
    owners = np.repeat(np.arange(people), 10)

    def fit(mask: Bools) -> Says:
        return lambda places: 0.4 * mask[places] + source.normal(size=places.size)

    held = source.random(people) < 0.5
    game = play(~held[owners], held[owners], owners, 0.5, 10_000, generator=source)
    shadows = train_shadows(game, fit, 16, chance="", generator=source, progress=no_progress)
    scores = scores_of(fit(~held[owners])(game.rows), shadows, game, "")
    found = measure(scores, game.member, claim=None, pairs=NO_PAIRS, shadows=16, generator=source)
    assert min(one.auc.low for one in found.attacks if one.key != "calibrated") > 0.7
    assert all(one.bound is None and one.rates[0].allowed is None for one in found.attacks)


def test_shadows_keep_counts_means_and_squares() -> None:
    source = random(8)
    says, inside = source.normal(size=(8, 50)), coins(8, 50, source)
    shadows = Shadows(50)
    for one, which in zip(says, inside, strict=True):
        shadows.add(one, which)
    for place in range(50):
        assert shadows.out[place] == pytest.approx(says[~inside[:, place], place].mean())
    squares = [((part := says[~inside[:, at], at]) - part.mean()) @ (part - part.mean()) for at in range(50)]
    overall = sum(squares) / (50 * 3)
    want = np.sqrt((np.array(squares) + 16 * overall) / (3 + 16))
    np.testing.assert_allclose(shadows.deviations()[0], want)


def test_with_many_shadow_models_the_ratio_is_that_of_two_normal_densities() -> None:
    from scipy.stats import norm

    source, models = random(9), 6_000
    shift, centre = source.normal(1.0, 1.0, 30), source.normal(size=30)
    shadows, inside = Shadows(30), coins(models, 30, source)
    for which in inside:
        shadows.add(centre + shift * which + source.normal(size=30), which)
    says = source.normal(0.5, 1.5, 30)
    want = norm.logpdf(says, centre + shift) - norm.logpdf(says, centre)
    assert np.corrcoef(shadows.ratio(says), want)[0, 1] > 0.99  # each density is off by some 3 %
    assert np.abs(shadows.ratio(says) - want).mean() < 0.3


def test_a_constant_model_tells_nothing_and_breaks_nothing() -> None:
    source = random(10)
    found = attacked(lambda _: lambda places: np.zeros(places.size), 400, 4, source)
    assert not found.found
    assert all(one.auc.value == 0.5 for one in found.attacks)
    assert all(math.isfinite(one.widened.low) for one in found.attacks)


def test_the_bound_is_that_of_the_guesses_on_the_other_half() -> None:
    source = random(11)
    member = source.random(4_000) < 0.5
    scores = member * 3.0 + source.normal(size=4_000)
    found = bound.of_scores(scores, member, NO_PAIRS, CLAIM, 0.05, generator=source)
    assert 0 < found.epsilon < found.reach
    coins_used = 2_000  # about: each unit chooses its half by a coin
    told = Guesses(2 * coins_used, found.guesses, found.right)
    assert p_value(told, found.epsilon * 0.95, 1e-6) < 0.05
    assert (
        p_value(Guesses(coins_used // 2 * 2, found.guesses, found.right), found.epsilon * 1.05, 1e-6) > 0.04
    )


def test_pairs_of_records_that_are_added_count_two_steps() -> None:
    source = random(12)
    member = np.arange(600) < 300
    pairs = np.column_stack([np.arange(300), np.arange(300) + 300])
    scores = 10.0 * member + source.normal(size=600)
    once, twice = (
        bound.of_scores(scores, member, pairs, Claim(1.0, 0.0, added), 0.05, generator=random(13))
        for added in (False, True)
    )
    assert once.guesses == twice.guesses > 0
    assert twice.epsilon == pytest.approx(once.epsilon / 2, abs=1e-5)


@pytest.mark.parametrize(("true", "rate"), [(2.0, 0.01), (0.0, 0.1)])
def test_the_interval_at_a_rate_holds_the_truth(true: float, rate: float) -> None:
    """60 tables; an interval of 95 % misses more than 16 of 60 with a chance under 1e-6."""
    from scipy.stats import norm

    source, missed = random(14), 0
    want = norm.sf(norm.isf(rate) - true)
    for _ in range(60):
        ranked = measuring.Ranked(np.sort(source.normal(true, 1, 700)), np.sort(source.normal(size=1_500)))
        found = measuring.at_rate(ranked, rate, None).found
        missed += not found.low <= want <= found.high
    assert missed <= 16


def test_too_few_others_say_nothing_of_a_small_rate() -> None:
    ranked = measuring.Ranked(np.full(50, 2.0), np.zeros(50))
    found = measuring.at_rate(ranked, 0.001, None).found
    assert (found.value, found.low) == (1.0, 0.0)  # none of 50 is over, which does not show one in a thousand


def test_a_curve_goes_down_to_one_false_alarm() -> None:
    ranked = measuring.Ranked(np.sort(random().normal(1, 1, 900)), np.sort(random(2).normal(size=700)))
    curve = measuring.log_curve(ranked)
    assert curve.fpr[:2] == (0.0, pytest.approx(1 / 700))
    assert (curve.fpr[-1], curve.tpr[-1]) == (1.0, 1.0)
    assert list(curve.tpr) == sorted(curve.tpr)


def test_the_control_takes_turns_and_finds_what_is_learnt_by_heart() -> None:
    source = random(15)
    points = source.random(2_000)
    found = control.attacked(
        np.arange(0, 2_000, 2), 2_000, by_heart(points), 16, chance="", generator=source,
        progress=no_progress,
    )  # fmt: skip
    assert found.found
    assert found.members + found.others == control.RECORDS * 8
    assert max(one.auc.value for one in found.attacks) > 0.99


def test_probabilities_are_read_off_what_is_said() -> None:
    odds = np.array([-800.0, 0.0, 800.0])
    told = attack.log_chance(odds, "logit")
    assert told is not None
    np.testing.assert_allclose(told, [-800.0, -math.log(2), 0.0], atol=1e-12)
    assert attack.log_chance(odds, "") is None


class EnoughError(CodedError):
    """It is enough."""

    code = "PP-TEST-001"


@pytest.mark.parametrize("while_training", [False, True])
@pytest.mark.parametrize(("ends", "kept"), [(4, 4), (7, 6), (9, 8)])
def test_what_is_cut_off_keeps_all_pairs_of_models_that_are_done(
    ends: int, kept: int, while_training: bool
) -> None:
    source, made = random(), [0]
    members, others = split(400, 0.3, source)
    game = play(members, others, None, 0.3, 400, generator=source)

    def fit(_: Bools) -> Says:
        if while_training and made[0] == ends:
            raise EnoughError
        made[0] += 1
        return lambda places: np.zeros(places.size)

    def progress(_share: float, _doing: str) -> None:
        if not while_training and made[0] == ends:
            raise EnoughError

    assert train_shadows(game, fit, 12, chance="", generator=source, progress=progress).models == kept


def test_too_few_models_to_attack_with_are_not_kept() -> None:
    source = random()
    members, others = split(400, 0.3, source)
    game = play(members, others, None, 0.3, 400, generator=source)
    calls = iter(range(99))

    def progress(_share: float, _doing: str) -> None:
        if next(calls) == attack.LEAST - 1:
            raise EnoughError

    with pytest.raises(EnoughError):
        train_shadows(game, by_heart(source.random(400)), 8, chance="", generator=source, progress=progress)

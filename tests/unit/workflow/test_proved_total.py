"""The report tells what is proved beside what is charged; verification finds a claim that is too small."""

from ppdesk.privacy.calibration import gaussian_mu
from ppdesk.privacy.events import DpEvent, EpsilonDelta, Gaussian, Neighbours, Stated, to_json
from ppdesk.report.verdict import Judgement
from ppdesk.workflow.reporting import proved
from ppdesk.workflow.reporting.told import TellingEvent, Told

ADD = Neighbours.ADD_REMOVE
MU = gaussian_mu(1.0, 1e-6)


def told(*costs: DpEvent, void: int = 0) -> Told:
    events = tuple(
        TellingEvent(seq, "", "", "train", "Train", {}, {}, to_json(cost), "reserved", {}, {}, [], "", "", "")
        for seq, cost in enumerate(costs, 1)
    )
    rows = [{"seq": event.seq, "standing": "void" if event.seq == void else "spent"} for event in events]
    return Told("", "", len(events), "", "", events, {"limit_delta": 1e-5, "rows": rows})


def stated(factor: float = 1.0) -> Stated:
    return Stated(1.0, 1e-6, ADD, Gaussian(factor / MU, ADD))


def test_less_is_proved_than_charged_and_said() -> None:
    (block,) = proved.words(told(stated(), stated()))
    assert "proved to lose less" in block.text  # type: ignore[union-attr]
    # what never got data is left out
    assert proved.words(told(stated(), stated(), void=2)) != proved.words(told(stated(), stated()))


def test_nothing_is_said_where_the_sum_is_all_there_is() -> None:
    assert proved.words(told()) == ()
    assert proved.words(told(EpsilonDelta(1.0, 0.0, ADD))) == ()


def test_claims_are_checked() -> None:
    assert proved.claims(told(EpsilonDelta(1.0, 0.0, ADD))) == []
    assert proved.claims(told(stated()))[0].judgement is Judgement.GOOD
    assert proved.claims(told(stated(), stated(0.9)))[0].judgement is Judgement.WRONG


def test_a_stated_cost_is_shown_as_it_is_charged() -> None:
    from ppdesk.cli.results import cost_words

    assert cost_words(to_json(stated())) == "epsilon 1, delta 0.000001 (add-or-remove-one)"

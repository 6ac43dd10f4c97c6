"""Hazards at the base of the pyramid: how it runs."""

from ppdesk.core.section import Block
from ppdesk.report.cited import Cited
from ppdesk.workflow.reporting.documents import claim_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.hazards.layers import layer


def deployment(brief: Brief) -> tuple[Block, ...]:
    """The base: how it runs."""
    say = brief.say
    return layer(
        brief,
        say("Hazards of the deployment"),
        [
            (
                say("Queries without end"),
                say("There are none: recipients get finished results and cannot query the records."),
            ),
            (
                say("A trust model that does not fit"),
                say(
                    "Central model: whoever runs the program on this computer sees the records as they "
                    "are. The persons answer below whether that trust fits."
                ),
            ),
            (say("Low bits of floating-point noise"), _bits(brief)),
            (say("Randomness that can be guessed"), _randomness(brief)),
            (
                say("Time and memory as side channels"),
                say(
                    "Not closed, and not tested: how long a run takes may depend on the data and on the "
                    "noise. Recipients see no run; somebody on the same computer might."
                ),
            ),
            (say("Defects of the implementation"), _defects(brief)),
            (
                say("Records that leak elsewhere"),
                say(
                    "The record cannot know. The project's file is encrypted and the program opens no "
                    "network; who else has the records is answered by persons below."
                ),
            ),
            (
                say("Exposure when the data is collected"),
                say(
                    "Differential privacy begins after collection and protects nothing before it. The "
                    "record cannot know; persons answer below."
                ),
            ),
        ],
    )


def _bits(brief: Brief) -> Cited:
    say = brief.say
    loose = [one for one in claim_told.runs(brief) if not claim_told.exact_noise(one)]
    if not loose:
        return say(
            "Noise is drawn on a grid of whole numbers, or whole records are sampled: low bits carry "
            "nothing. The proofs were read by no outside reviewer yet."
        )
    events = ", ".join(str(one.record.event.seq) for one in loose)
    words = say(
        "Open for events {numbers}: their noise is drawn in floating point and not proved against attacks "
        "on low bits (Mironov 2012).",
        numbers=events,
    )
    return Cited(words, (source for one in loose for source in one("estimator").sources))


def _randomness(brief: Brief) -> Cited:
    say = brief.say
    stamped = claim_told.test_mode(brief)
    if stamped:
        words = say("Yes, here: test mode draws noise from a seed that repeats. The claim does not hold.")
        return Cited(words, getattr(stamped[0].text, "sources", ()))
    sources = dict.fromkeys(claim_told.noise_source(brief, one) for one in claim_told.runs(brief))
    return say(
        "Sources of the noise: {names}. Nobody can choose or repeat it.", names=say.joined(list(sources))
    )


def _defects(brief: Brief) -> Cited:
    say = brief.say
    record = brief.record("audit")
    if record is None:
        return say("No audit was run: ε is what the mathematics says of the mechanism.")
    verdicts = [
        record(f"/facts/attempts/{place}/verdict") for place in range(record.count("/facts/attempts"))
    ]
    ran = [one for one in verdicts if one.text != "not run"]
    entries = record("/facts/attempts")
    broken = brief.counted(sum(one.text == "broken" for one in ran), entries, verdicts)
    return say(
        "Audits run: {ran}. Losses above the claim found: {broken}. An audit finds gross defects only, those "
        "beyond its power.",
        ran=brief.counted(len(ran), entries, verdicts),
        broken=broken,
    )

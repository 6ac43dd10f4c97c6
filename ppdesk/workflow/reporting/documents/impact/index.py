"""What Article 35 asks for and where it stands, and what may be read from the document."""

from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.report.cited import Cited
from ppdesk.report.document import Part
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import asked
from ppdesk.workflow.reporting.documents.shown import part


def part_of(brief: Brief) -> Part:
    """The first part."""
    say = brief.say
    return part(say("What this assessment is"), _how(brief), _clauses(brief))


def _how(brief: Brief) -> Section:
    say = brief.say
    blocks: list[Block] = [
        Words(
            say(
                "The layout follows the method of the French authority (CNIL, Privacy Impact Assessment, "
                "guides of February 2018): context, fundamental principles, risks, validation. The criteria "
                "are those of the guidelines WP 248 rev.01 of the Article 29 Working Party."
            )
        ),
        Words(
            say(
                "Figures come from the history of the project, and each names its event. Answers are the "
                "words of the persons named beneath them. The program judges no risk and takes no decision: "
                "a question that nobody has answered is left blank, visibly."
            )
        ),
        Figures(
            (
                KeyFigure(
                    say("Questions answered"),
                    asked.answered(brief, asked.every()),
                    say("the others are listed above the signature"),
                ),
                KeyFigure(
                    say("Levels of risk set"),
                    asked.answered(brief, asked.of_risks(*asked.LEVELS)),
                    say("severity and likelihood, before and with the measures"),
                ),
                KeyFigure(
                    say("Valid until"),
                    say.day(brief.valid_until) if brief.valid_until else say("left blank"),
                    say("set for this document"),
                ),
            )
        ),
    ]
    return Section(say("How to read it"), tuple(blocks))


def _clauses(brief: Brief) -> Section:
    say = brief.say
    context, principles = say("Context"), say("Fundamental principles")
    measures, risks, validation = say("Measures"), say("Risks"), say("Validation")
    rows: list[tuple[str, str, str, Cited]] = [
        (
            say("Art. 35(7)(a)"),
            say("A systematic description of the processing and of its purposes"),
            context,
            asked.answered(brief, asked.DESCRIBED),
        ),
        (
            say("Art. 35(7)(b)"),
            say("Necessity and proportionality in relation to the purposes; rights"),
            principles,
            asked.answered(brief, asked.NEEDED),
        ),
        (
            say("Art. 35(7)(c)"),
            say("The risks to the rights and freedoms of data subjects"),
            risks,
            asked.answered(brief, asked.of_risks("impacts", "sources", "threats", *asked.LEVELS)),
        ),
        (
            say("Art. 35(7)(d)"),
            say("The measures against the risks, and how protection is shown"),
            say("{one} and {two}", one=measures, two=validation),
            asked.answered(brief, (*asked.MEASURED, *asked.of_risks("measures"))),
        ),
        (
            say("Art. 35(8)"),
            say("Codes of conduct that are complied with"),
            context,
            asked.answered(brief, ("standards",)),
        ),
        (
            say("Art. 35(2)"),
            say("The advice of the data protection officer"),
            validation,
            asked.answered(brief, ("dpo-advice", "dpo-opinion")),
        ),
        (
            say("Art. 35(9)"),
            say("The views of data subjects or their representatives"),
            validation,
            asked.answered(brief, ("views-sought", "views")),
        ),
        (
            say("Art. 35(11), 36"),
            say("The decision, and the review where the risk changes"),
            validation,
            asked.answered(brief, ("decision", "decision-reason", "review", "review-triggers")),
        ),
    ]
    table = Table(
        say("What Article 35 asks for, and where it stands"),
        (say("Clause"), say("What it asks for"), say("Part"), say("Answered")),
        rows,
        right=(3,),
        caption=say("Answered counts questions to which a person has given an answer, whatever it says."),
    )
    return Section(say("Index to GDPR Article 35"), (table,))

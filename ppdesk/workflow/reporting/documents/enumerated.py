"""Words of the record that are one of a few: the task of a model, the neighbouring relation, the legal basis,
what became of an attack. Each is said in the document's language and keeps its place in the record."""

from collections.abc import Mapping

from ppdesk.report.cited import Cited, Quoted
from ppdesk.report.tongue import Tongue


def _one(quoted: Quoted, words: Mapping[str, Cited]) -> Cited:
    return Cited(words.get(quoted.text, quoted.text), quoted.sources)


def relation(say: Tongue, quoted: Quoted) -> Cited:
    """The neighbouring relation."""
    return _one(
        quoted,
        {
            "replace-one": say("replace one (the tables have the same size, one record is another)"),
            "add-or-remove-one": say("add or remove one (one table has one record more)"),
        },
    )


def task(say: Tongue, quoted: Quoted) -> Cited:
    """What a model does."""
    return _one(
        quoted,
        {
            "binary": say("tells two classes apart"),
            "classes": say("tells several classes apart"),
            "quantity": say("estimates a number"),
            "clusters": say("finds clusters"),
            "components": say("finds principal components"),
            "policy": say("learns a policy"),
        },
    )


def use_case(say: Tongue, quoted: Quoted) -> Cited:
    """What kind of use the objective names."""
    return _one(
        quoted,
        {
            "public-health": say("Public health"),
            "fraud-detection": say("Fraud detection"),
            "resource-allocation": say("Resource allocation"),
            "research": say("Research"),
            "official-statistics": say("Official statistics"),
            "other": say("Another use"),
        },
    )


def legal_basis(say: Tongue, quoted: Quoted) -> Cited:
    """On what ground the data is processed; empty where that was not stated."""
    return _one(
        quoted,
        {
            "not-stated": Cited(""),
            "consent": say("Consent (GDPR Art. 6(1)(a))"),
            "contract": say("Contract (GDPR Art. 6(1)(b))"),
            "legal-obligation": say("Legal obligation (GDPR Art. 6(1)(c))"),
            "vital-interests": say("Vital interests (GDPR Art. 6(1)(d))"),
            "public-task": say("Public task (GDPR Art. 6(1)(e))"),
            "legitimate-interests": say("Legitimate interests (GDPR Art. 6(1)(f))"),
            "hipaa-authorization": say("Authorization (HIPAA, 45 CFR 164.508)"),
            "hipaa-operations": say("Treatment, payment or operations (HIPAA, 45 CFR 164.506)"),
            "hipaa-waiver": say("Waiver by a review or privacy board (HIPAA, 45 CFR 164.512(i))"),
            "hipaa-limited-data-set": say("Limited data set with a use agreement (HIPAA, 45 CFR 164.514(e))"),
            "public-data": say("Published data under an open licence"),
        },
    )


def verdict(say: Tongue, quoted: Quoted) -> Cited:
    """What became of one attack or audit."""
    return _one(
        quoted,
        {
            "nothing": say("nothing found"),
            "in line": say("no more than allowed"),
            "over": say("over the limit"),
            "broken": say("claim shown to be false"),
            "not run": say("not run"),
        },
    )


def role(say: Tongue, quoted: Quoted) -> Cited:
    """The role of a column."""
    return _one(
        quoted,
        {
            "direct-identifier": say("direct identifier"),
            "quasi-identifier": say("quasi-identifier"),
            "sensitive": say("sensitive"),
            "insensitive": say("insensitive"),
        },
    )


def product(say: Tongue, kind: str) -> Cited:
    """What a run under differential privacy gives."""
    words = {
        "train": say("Trained model"),
        "tune": say("Tuned model"),
        "opendp": say("Released statistics"),
        "synthesize": say("Synthetic records"),
        "anonymize": say("Records released by SafePub"),
    }
    return words.get(kind, Cited(kind))


def scale(say: Tongue, key: Quoted) -> Cited:
    """Numbers or categories."""
    told = say("Numeric") if key.text == "numeric" else say("Categorical")
    return Cited(told, key.sources)

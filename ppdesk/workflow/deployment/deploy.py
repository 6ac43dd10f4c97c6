"""Deploy: the trained model as a signed bundle."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.core.params import Params, TargetFile, param
from ppdesk.core.said import kept, said, said_all
from ppdesk.core.section import Block, Figures, KeyFigure, Section, Table, Words
from ppdesk.core.wording import chance, sentences
from ppdesk.privacy.events import DpEvent, NoEvent
from ppdesk.release.exported_formats import FORMATS
from ppdesk.workflow import cleaning, declared, terms
from ppdesk.workflow.deployment import audited
from ppdesk.workflow.evaluation.facts import OUTSIDE_CLAIM
from ppdesk.workflow.reading import Reading, found_settings
from ppdesk.workflow.reading import kept as reading_kept
from ppdesk.workflow.stages import Stage
from ppdesk.workflow.step import Context, Delivery, Facts, Heads, Inputs, Outcome, PlainStep
from ppdesk.workflow.unit import Unit, stability

KEPT_INSIDE = said(
    "The figures of the evaluation are not in this bundle: they come from the records without noise, outside "
    "the differential privacy claim."
)
NO_CLAIM = said("No privacy is claimed for this model.")
_METRICS = (
    "held_out", "auroc", "auroc_low", "auroc_high", "accuracy", "precision", "recall", "brier",
    "baseline_auroc", "trivial_accuracy", "macro_recall", "log_loss", "rmse", "mae", "r2",
)  # fmt: skip


class DeployParams(Params):
    """What Deploy asks for."""

    to: TargetFile = param(label="File", help="Where the bundle is written; its name should end in .ppmodel.")
    threshold: float | None = param(
        None,
        label="Threshold",
        help="From this probability on a record counts as positive; without it the evaluation's, else the "
        "model's own.",
        ge=0,
        le=1,
        more=True,
    )
    figures: bool = param(
        False,
        label="Give the evaluation's figures away",
        help="Puts the measures on held-out records, and the baseline's, into the manifest. They come "
        "from the records without noise, outside the privacy claim: only for those who may know the data.",
        more=True,
    )


class DeployFacts(Facts):
    """What Deploy did."""

    file: str
    onnx_sha256: str
    made_from: str
    size: int  # bytes of the ONNX model
    estimator: str
    target: str
    positive: str
    threshold: float | None  # of two classes
    features: list[str]
    classes: tuple[str, ...] = ()  # of several
    epsilon: float | None
    delta: float | None
    neighbours: str | None
    private: bool
    claim: str
    evaluated: bool
    figures: bool  # whether the bundle says what the evaluation found
    stamp: str


class Deploy(PlainStep):
    """Writes the model as ONNX with a manifest that says what is claimed for it, and has it signed."""

    key: ClassVar[str] = "deploy"
    stage: ClassVar[Stage] = Stage.DEPLOYMENT
    title: ClassVar[str] = "Deploy"
    purpose: ClassVar[str] = "Pack the model, what is claimed for it and a signature into one file."
    help: ClassVar[str] = (
        "A bundle is one file: the model as ONNX, a manifest, its signature and the certificate. The "
        "manifest says what the model needs, its declared domains, how its table wrote missing values and "
        "decimals, the privacy claim and the model's SHA-256. Whoever has the bundle and compares the "
        "certificate's fingerprint knows who made it and that nothing was changed.\n\n"
        "The figures of the evaluation stay in the project unless you decide otherwise: the privacy claim "
        "does not cover them.\n\n"
        "The bundle holds no pickle and no code. The same model gives the same bytes.\n\n"
        "A model without a differential privacy claim, with a weaker one than the standard allows, or with "
        "one that an audit has found false, is not deployed."
    )
    needs: ClassVar[tuple[Kind, ...]] = (Kind.MODEL,)
    uses: ClassVar[tuple[Kind, ...]] = (
        Kind.OBJECTIVE,
        Kind.EVALUATION,
        Kind.ATTACK,
        Kind.AUDIT,
        Kind.STANDARD,
    )
    gives: ClassVar[tuple[Kind, ...]] = (Kind.BUNDLE,)
    seals: ClassVar[Literal["", "manifest", "pdf"]] = "manifest"
    icon: ClassVar[str] = "boxes"
    Params: ClassVar[type[Any]] = DeployParams
    Facts: ClassVar[type[Any]] = DeployFacts

    def check(self, params: DeployParams, heads: Heads) -> list[Finding]:
        found = []
        if params.to.suffix != ".ppmodel":
            found.append(
                Finding(
                    Level.CAUTION,
                    said("The file's name does not end in .ppmodel."),
                    said("Others may not see that it is a model bundle."),
                    "to",
                    "PP-DEPLOY-001",
                )
            )
        model, standard = heads.get(Kind.MODEL), heads.get(Kind.STANDARD)
        if model is not None:
            found += _writable(params, model)
        if model is not None and standard is not None:
            found += _against_standard(model, standard)
        if model is not None:
            found += terms.purpose(terms.terms_of(model), heads)
        if model is not None:
            found += audited.of_model(heads)
        if model is not None and Kind.EVALUATION not in heads:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("The model was not evaluated."),
                    said("Nobody knows yet what the model is worth."),
                    code="PP-DEPLOY-004",
                )
            )
        if params.figures:
            found.append(
                Finding(
                    Level.CAUTION,
                    said("Figures without a privacy claim leave with the bundle."),
                    OUTSIDE_CLAIM,
                    "figures",
                    "PP-DEPLOY-005",
                )
            )
        return found

    def cost(self, params: DeployParams, heads: Heads) -> DpEvent:  # noqa: ARG002
        return NoEvent()

    def run(self, params: DeployParams, inputs: Inputs, ctx: Context) -> Outcome[DeployFacts]:
        from ppdesk.release import exportable
        from ppdesk.release.manifest import TOOL
        from ppdesk.release.model_manifest import ModelManifest

        ctx.progress(0.1, said("Writing the model as ONNX"))
        model = inputs[Kind.MODEL]
        source = model.data("model")
        trained = exportable.read(source)
        data = trained.build()
        ctx.progress(0.7, said("Writing the manifest"))
        evaluation = _evaluation(inputs, sha256_hex(source))
        facts = DeployFacts(
            file=params.to.name,
            onnx_sha256=sha256_hex(data),
            made_from=sha256_hex(source),
            size=len(data),
            estimator=trained.estimator,
            target=trained.target,
            positive=trained.positive,
            threshold=_threshold(params, evaluation, trained.threshold),
            classes=trained.classes if trained.output == "probabilities" else (),
            features=[one.name for one in trained.features],
            epsilon=declared.number(model.head.get("epsilon")),
            delta=declared.number(model.head.get("delta")),
            neighbours=declared.text(model.head, "neighbours") or None,
            private=model.head.get("private") is True,
            claim=_claim(model.head),
            evaluated=bool(evaluation),
            figures=bool(evaluation) and params.figures,
            stamp=ctx.stamp or declared.text(model.head, "stamp"),
        )
        handed_on = reading_kept(model.head)
        reading = Reading.of(model.head) if handed_on else None
        manifest = ModelManifest(
            tool={name: str(value) for name, value in TOOL.items()},
            onnx_sha256=facts.onnx_sha256,
            made_from=facts.made_from,
            estimator=facts.estimator,
            target=facts.target,
            positive=facts.positive,
            threshold=facts.threshold,
            output=trained.output,
            classes=list(facts.classes) or None,
            features=list(trained.features),
            null_tokens=list(reading.null_tokens) if reading else None,
            decimal=reading.decimal.value if reading else None,
            epsilon=facts.epsilon,
            delta=facts.delta,
            neighbours=facts.neighbours,
            private=facts.private,
            claim=facts.claim,
            metrics=_figures(evaluation) if facts.figures else None,
            metrics_note=_note(facts),
            stamp=facts.stamp,
        )
        head: dict[str, Json] = {
            "file": facts.file,
            "onnx_sha256": facts.onnx_sha256,
            "made_from": facts.made_from,
            "target": facts.target,
            "positive": facts.positive,
            "threshold": facts.threshold,
            "classes": list(facts.classes),
            "features": facts.features,
            "epsilon": facts.epsilon,
            "delta": facts.delta,
            "private": facts.private,
            "stamp": facts.stamp,
            **handed_on,
        }
        members = (Part("manifest.json", manifest.to_bytes()), Part("model.onnx", data))
        parts = (*members, *cleaning.handed_on(model))  # the recipe stays in the project
        passed = terms.days(terms.terms_of(model.head), ctx.clock.now().date())
        cleaned = [_CLEANED] if cleaning.handed_on(model) else []
        return Outcome(facts, (Artifact(Kind.BUNDLE, head, parts),), [*passed, *cleaned])

    def section(self, params: DeployParams, facts: DeployFacts) -> Section:  # noqa: ARG002
        epsilon = said("none") if facts.epsilon is None else f"{facts.epsilon:g}"
        delta = said("none") if facts.delta is None else chance(facts.delta)
        blocks: list[Block] = [
            Words(said_all(_END.split(facts.claim)), "ok" if facts.private else "caution"),
            Figures(
                (
                    KeyFigure(
                        "ε",
                        epsilon,
                        said(
                            "δ {delta}, {neighbours}",
                            delta=delta,
                            neighbours=kept(facts.neighbours or "") or said("no neighbours"),
                        ),
                    ),
                    KeyFigure(said("Features"), str(len(facts.features))),
                    KeyFigure(
                        said("Model"), said("{size:,} bytes", size=facts.size), said("ONNX, 64-bit floats")
                    ),
                )
            ),
            Table(
                said("The bundle"),
                ("", ""),
                (
                    (said("File"), kept(facts.file)),
                    (said("Estimator"), kept(facts.estimator)),
                    (said("Predicts"), _predicts(facts)),
                    (said("Features"), kept(", ".join(facts.features))),
                    (said("SHA-256 of the ONNX model"), facts.onnx_sha256),
                    (said("SHA-256 of the trained model"), facts.made_from),
                ),
                caption=said("The signature over the manifest covers all of this."),
            ),
        ]
        if facts.figures:
            blocks.append(
                Words(
                    said_all((said("The bundle holds the figures of the evaluation."), OUTSIDE_CLAIM)),
                    "caution",
                )
            )
        else:
            blocks.append(Words(_note(facts), "info" if facts.evaluated else "caution"))
        if facts.stamp:
            blocks.append(Words(facts.stamp, "caution"))
        return Section(self.title, tuple(blocks))

    def deliver(self, params: DeployParams, artifacts: Sequence[Artifact]) -> Sequence[Delivery]:  # noqa: ARG002
        from ppdesk.release.bundle import MEMBERS, pack

        made = next(artifact for artifact in artifacts if artifact.kind is Kind.BUNDLE)
        return (Delivery("to", pack({name: made.data(name) for name in MEMBERS})),)


_CLEANED = Finding(
    Level.INFO,
    said("The model learnt from a cleaned table."),
    said(
        "The operations stay in the project, since they may name values: Score and "
        "Monitor do them to new records here. Who uses the bundle elsewhere has to "
        "clean new records by the same list."
    ),
    code="PP-DEPLOY-006",
)
_END = re.compile(r"(?<=\.) ")  # of a sentence: each knows its own message
_PRIVACY_LIMITS = ("epsilon_model_max", "epsilon_max", "delta_max")


def _writable(params: DeployParams, model: Head) -> list[Finding]:
    """Whether the model has a form that a bundle can carry. A head that does not say is of a logistic
    regression, which has one."""
    form = declared.text(model, "format")
    if form and form not in FORMATS:
        return [
            Finding(
                Level.BLOCKING,
                said("This kind of model cannot be deployed as a bundle."),
                said(
                    "It has no ONNX form. It stays in the project, where Evaluate and Monitor use "
                    "it. The additive model and objective-perturbation can be deployed."
                ),
                code="PP-DEPLOY-007",
            )
        ]
    if params.threshold is not None and str(model.get("task") or "binary") != "binary":
        return [
            Finding(
                Level.BLOCKING,
                said("A threshold is for models of two classes."),
                said("Leave it empty for this model."),
                "threshold",
                "PP-DEPLOY-008",
            )
        ]
    return []


def _against_standard(model: Head, standard: Head) -> list[Finding]:
    if not any(name in standard for name in _PRIVACY_LIMITS):  # a policy may set others only
        return []
    epsilon, delta = declared.number(model.get("epsilon")), declared.number(model.get("delta"))
    if epsilon is None or delta is None:
        return [
            Finding(
                Level.BLOCKING,
                said("The standard asks for a privacy claim, and this model has none."),
                said("Train with differential privacy."),
                code="PP-DEPLOY-002",
            )
        ]
    over = [
        _over(name, value, most)
        for name, value in (("epsilon_model_max", epsilon), ("epsilon_max", epsilon), ("delta_max", delta))
        if (most := declared.number(standard.get(name))) is not None and value > most
    ]
    if not over:
        return []
    return [
        Finding(
            Level.BLOCKING,
            said("The model's privacy claim is weaker than the standard allows."),
            sentences(*over, declared.text(standard, "title")),
            code="PP-DEPLOY-003",
        )
    ]


def _over(name: str, value: float, most: float) -> str:
    if name == "epsilon_model_max":
        return said("ε is {value:g}, allowed {most:g} for one model.", value=value, most=most)
    if name == "epsilon_max":
        return said("ε is {value:g}, allowed {most:g} for the whole project.", value=value, most=most)
    return said("δ is {value:g}, allowed {most:g} for the whole project.", value=value, most=most)


def _predicts(facts: DeployFacts) -> str:
    if facts.threshold is not None:
        return said(
            "{target} = {positive}, from {threshold:.2f} on",
            target=kept(facts.target),
            positive=kept(facts.positive),
            threshold=facts.threshold,
        )
    return (
        said("{target}, one of {classes} classes", target=kept(facts.target), classes=len(facts.classes))
        if facts.classes
        else kept(facts.target)
    )


def _evaluation(inputs: Inputs, model_sha256: str) -> Mapping[str, Json]:
    """The evaluation's head, if it is of this very model; else empty."""
    if Kind.EVALUATION not in inputs:
        return {}
    head = inputs[Kind.EVALUATION].head
    return head if head.get("model_sha256") == model_sha256 else {}


def _figures(evaluation: Mapping[str, Json]) -> dict[str, Json]:
    """The measures in three decimals: more would say more of single records than of the model."""
    found = {name: evaluation[name] for name in _METRICS if name in evaluation}
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in found.items()}


def _note(facts: DeployFacts) -> str:
    if not facts.evaluated:
        return said("The model was not evaluated.")
    return OUTSIDE_CLAIM if facts.figures else KEPT_INSIDE


def _threshold(params: DeployParams, evaluation: Mapping[str, Json], own: float | None) -> float | None:
    if own is None:
        return None
    if params.threshold is not None:
        return params.threshold
    measured = declared.number(evaluation.get("threshold"))
    return own if measured is None else measured


def _claim(model: Head) -> str:
    epsilon, delta = declared.number(model.get("epsilon")), declared.number(model.get("delta"))
    if epsilon is None or delta is None:
        return NO_CLAIM
    claim = said(
        "The model's parameters are ({epsilon:g}, {delta})-differentially private for {unit}, neighbours: "
        "{neighbours}.",
        epsilon=epsilon,
        delta=chance(delta),
        unit=Unit.of(model).words,
        neighbours=declared.text(model, "neighbours"),
    )
    told = [claim, *_limits(model)]
    if model.get("private") is not True:
        told.append(said("This copy was made with a fixed seed and is not private."))
    return said_all(told)


def _limits(model: Head) -> Iterator[str]:
    """What the claim rests on besides, where there is something."""
    unit, steady, settings = Unit.of(model), stability(model), found_settings(model)
    if steady is not None and steady > 1 and unit.column is not None:
        yield said(
            "One imported record could change up to {steady:,} records after cleaning; that is allowed for "
            "for people with at most {most_rows:,} records in the imported file.",
            steady=steady,
            most_rows=unit.most_rows,
        )
    elif steady is not None and steady > 1:
        yield said(
            "One imported record could change up to {steady:,} records after cleaning; that is allowed for.",
            steady=steady,
        )
    if settings:
        yield said(
            "Found out from all records and taken as public: {settings}.",
            settings=said_all(settings, ", "),
        )


STEP = Deploy()

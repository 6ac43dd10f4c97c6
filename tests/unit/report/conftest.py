"""Plots with values of the shape that the steps record, a small report, and people who sign."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.core.section import Figures, KeyFigure, Plot, Section, Table, Words
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.signer import FileSigner, Signer
from ppdesk.report.document import Chapter, Cover, Document, Origin, Part, Signing, numbered
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import Typeset, typeset
from ppdesk.report.signature import sign_pdf

MADE = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
HEAD = sha256_hex(b"head")

_COLUMNS = ["age", "workclass", "native-country"]
_GRID = [number / 20 for number in range(21)]


def _curve(name: str, power: float, role: str) -> dict[str, object]:
    return {"name": name, "fpr": _GRID, "tpr": [x**power for x in _GRID], "role": role}


VALUES = {
    "drift_over_time": {
        "columns": _COLUMNS,
        "batches": ["july", "august"],
        "rows": [
            {"name": "age", "psi": [0.24, 0.56], "verdict": ["watch", "drifted"]},
            {"name": "workclass", "psi": [None, 0.01], "verdict": ["none", "steady"]},
            {"name": "native-country", "psi": [0.3, 0.02], "verdict": ["unclear", "steady"]},
        ],
    },
    "by_batch": {
        "batches": ["june", "july", "august"],
        "measure": "Selected, against men",
        "low": 0.8,
        "high": 1.25,
        "band": "fair in both directions",
        "lines": [
            {"name": "women", "at": [0, 1, 2], "values": [0.7, 0.82, 0.6]},
            {"name": "not stated", "at": [0, 2], "values": [0.9, 1.1]},
        ],
    },
    "associations": {
        "columns": _COLUMNS,
        "pairs": [
            {"first": "age", "second": "workclass", "before": 0.23, "after": 0.09},
            {"first": "age", "second": "native-country", "before": -0.81, "after": -0.02},
            {"first": "workclass", "second": "native-country", "before": 0.05, "after": None},
        ],
    },
    "sampling": {
        "samples": [
            {"share": 0.001, "score": 550.0},
            {"share": 0.1, "score": 935.0},
            {"share": 0.9, "score": 992.0},
        ],
        "score": 720.0,
        "label": "release",
    },
    "shape_function": {
        "labels": ["missing"],
        "edges": [17.0, 25.0, 40.0, 90.0],
        "effect": [-1.2, 0.1, 0.7, 0.0],
        "deviation": [0.05, 0.02, 0.1, 0.4],
    },
    "usefulness": {
        "measure": "AUROC",
        "lines": [
            {
                "name": "Additive model",
                "epsilons": [0.5, 1.0, 8.0],
                "means": [0.79, 0.81, 0.85],
                "sds": [0.02, 0.01, 0.0],
            },
            {
                "name": "Boosting",
                "epsilons": [0.5, 1.0, 8.0],
                "means": [0.7, 0.76, 0.83],
                "sds": [0.02, 0.01, 0.0],
            },
        ],
        "ceiling": 0.86,
        "current": 1.0,
        "wanted": 0.8,
    },
    "claimed_measured": {
        "rows": [
            {
                "name": "One run, white box",
                "measured": 0.22,
                "claimed": 1.0,
                "power": 0.4,
                "words": "at least 0.22",
            },
            {"name": "Loss threshold", "measured": 0.0, "claimed": 1.0, "power": None, "words": "none"},
            {"name": "Counts", "measured": 0.9, "claimed": 0.5, "power": 0.1, "words": "at least 0.90"},
        ]
    },
    "risk_bars": {
        "unit": "Share re-identified",
        "rows": [
            {"name": "Prosecutor", "found": 0.2, "low": 0.2, "high": 0.2, "limit": 0.09, "beside": None},
            {"name": "Linkage", "found": 0.03, "low": 0.02, "high": 0.05, "limit": 0.09, "beside": 0.01},
        ],
    },
    "risk_map": {
        "levels": ["1 negligible", "2 limited", "3 significant", "4 maximum"],
        "severity": "Severity",
        "likelihood": "Likelihood",
        "before": "before the measures",
        "after": "with the measures",
        "risks": [
            {"name": "Illegitimate access to data", "before": [3, 4], "after": [3, 1]},
            {"name": "Unwanted modification", "before": [2, 2], "after": [2, 2]},
            {"name": "Disappearance of data", "before": None, "after": [1, 2]},
        ],
    },
    "attack_roc": {
        "curves": [
            {
                "name": "Relative likelihood (RMIA)",
                "fpr": [0.0, 0.001, 0.02, 1.0],
                "tpr": [0.002, 0.003, 0.05, 1],
            },
            {"name": "Loss threshold (Yeom)", "fpr": [0.0, 1.0], "tpr": [0.0, 1.0]},
        ],
        "least": 0.00015,
        "epsilon": 1.0,
        "delta": 1e-6,
    },
    "noisy_counts": {
        "labels": ["Female", "Male", "other or missing"],
        "counts": [9774.0, 20386.0, -14.0],
        "accuracy": 36.0,
    },
    "class_sizes": {
        "before": [15512, 480, 30],
        "after": [0, 1900, 12006],
        "labels": ["1", "2 to 4", "5 and more"],
    },
    "column_loss": {"columns": _COLUMNS, "loss": [0.125, 1.0, 0.0]},
    "roc": {
        "curves": [
            _curve("with privacy", 0.14, "ours"),
            _curve("without", 0.11, "baseline"),
            _curve("guessing", 1.0, "trivial"),
        ]
    },
    "calibration": {"bins": [{"p": 0.1, "observed": 0.08, "n": 900}, {"p": 0.9, "observed": 0.95, "n": 20}]},
    "precision_recall": {
        "curves": [
            {
                "name": "with privacy: 0.71",
                "recall": [0.2, 0.6, 1.0],
                "precision": [1.0, 0.8, 0.3],
                "role": "ours",
            },
            {
                "name": "without privacy: 0.74",
                "recall": [0.3, 1.0],
                "precision": [0.9, 0.3],
                "role": "baseline",
            },
        ],
        "prevalence": 0.3,
    },
    "costs": {
        "curves": [
            {"name": "with privacy", "at": [0.0, 0.5, 1.0], "value": [0.7, 0.2, 0.3], "role": "ours"},
            {"name": "without privacy", "at": [0.0, 0.5, 1.0], "value": [0.7, 0.15, 0.3], "role": "baseline"},
        ],
        "levels": [
            {"name": "all positive", "value": 0.7, "at": [0.0, 0.5], "values": [0.3, -0.4]},
            {"name": "none positive", "value": 0.3},
        ],
        "marks": [{"name": "used 0.50", "at": 0.5}, {"name": "best 0.52", "at": 0.52}],
        "least": -0.1,
        "measure": "Cost per record",
    },
    "agreement": {
        "bins": [{"predicted": -3.0, "actual": -2.0, "n": 80}, {"predicted": 25.0, "actual": 22.0, "n": 60}],
        "low": -3.0,
        "high": 25.0,
    },
    "confusion": {"tp": 928, "fp": 390, "fn": 640, "tn": 4555},
    "drift": {"columns": _COLUMNS, "psi": [0.56, 0.02, 0.0], "limit": 0.25},
    "fairness": {
        "groups": ["Male", "Female"],
        "rate": [0.27, 0.09],
        "low": [0.25, 0.07],
        "high": [0.29, 0.11],
    },
    "lattice": {
        "totals": [0, 3, 4, 6, 9],
        "scores": [0.0, 0.2, 0.31, 0.35, 1.0],
        "statuses": ["implied", "open", "best", "alternative", "meets"],
        "measure": "Loss",
    },
    "tradeoff": {
        "points": [
            {"loss": 0.31, "risk": 0.007, "state": "recommended"},
            {"loss": 0.34, "risk": 0.004, "state": "front"},
            {"loss": 0.45, "risk": 0.02, "state": "other"},
        ]
    },
    "utility": {"columns": _COLUMNS, "distance": [0.02, 0.2, 0.0]},
    "budget": {"rows": [{"label": "event 14, train", "epsilon": 1.0}], "limit": 3.0},
    "epsilon_words": {"epsilon": 1.0, "priors": [0.01, 0.5], "posteriors": [0.0267, 0.731]},
}


@pytest.fixture(scope="session")
def plots() -> dict[str, Plot]:
    return {name: Plot(f"About {name}", name, values, "A caption.") for name, values in VALUES.items()}


def make_signer(name: str, root: int) -> Signer:
    entropy = TestEntropy(root)
    key = new_key(entropy)
    certificate = certify(key, name, since=MADE, entropy=entropy)
    return FileSigner(name, certificate.public_bytes(Encoding.PEM), key)


def make_document(*blocks: object, stamp: str = "") -> Document:
    origin = Origin(3, sha256_hex(b"3"), "2026-01-01T11:59:00.000Z", "M. Weber", "anonymize")
    parts = (
        Part("Summary", (Chapter(Section("What was done", (Words("Nobody in it stands alone."),))),)),
        Part("2 Data", (Chapter(Section("Anonymize", tuple(blocks)), origin),)),  # type: ignore[arg-type]  # blocks
    )
    return Document(
        cover=Cover("Privacy report", "A small project", (("Organisation", "Example Institute"),)),
        parts=numbered(parts),
        signing=Signing(("Whoever signs below certifies this report.",), ("Import: retention (event 2)",)),
        made=MADE,
        project_id="b1fe7a682ef44cd9299f28270c5aff5f",
        head_seq=3,
        head_hash=HEAD,
        stamp=stamp,
        author="Example Institute",
    )


@pytest.fixture(scope="session")
def document(plots: dict[str, Plot]) -> Document:
    """All kinds of blocks, all charts."""
    return make_document(
        Words("A paragraph with <b>signs</b> & more, and a hash " + sha256_hex(b"x") + "."),
        *(Words(f"A remark of tone {tone}.", tone) for tone in ("ok", "caution", "risk", "info")),  # type: ignore[arg-type]  # the four tones
        Figures((KeyFigure("Rows", "30,162"), KeyFigure("k", "5", "smallest class"))),
        Table("Limits", ("Question", "Limit"), (("Smallest class", "5"), ("Risk", "20 %")), right=(1,)),
        *plots.values(),
        stamp=NOT_PRIVATE,
    )


@pytest.fixture(scope="session")
def made(document: Document) -> Typeset:
    return typeset(document, b"{}")


@pytest.fixture(scope="session")
def maria() -> Signer:
    return make_signer("Maria Weber", 1)


@pytest.fixture(scope="session")
def mallory() -> Signer:
    return make_signer("Maria Weber", 666)


@pytest.fixture(scope="session")
def unsigned() -> bytes:
    plain = make_document(Table("Limits", ("Question", "Limit"), (("Smallest class", "5"),), right=(1,)))
    evidence = evidence_json(plain, [{"seq": 3, "kind": "anonymize", "outcome": "ok", "hash": HEAD}], {})
    return attach(typeset(plain, evidence).pdf, evidence, made=MADE)


@pytest.fixture(scope="session")
def signed(unsigned: bytes, maria: Signer) -> bytes:
    return sign_pdf(unsigned, maria, when=MADE, entropy=TestEntropy(5))


@pytest.fixture
def poppler(tmp_path: Path) -> Callable[..., str]:
    """Run one of poppler's tools on a PDF and give what it says. Poppler (poppler-utils) must be there."""

    def run(tool: str, pdf: bytes, *options: str) -> str:
        place = tmp_path / "looked-at.pdf"
        place.write_bytes(pdf)
        told = [place] if tool != "pdftotext" else [place, "-"]
        done = subprocess.run([tool, *options, *told], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    return run


@pytest.fixture
def document_of() -> Callable[..., Document]:
    return make_document


@pytest.fixture(scope="session")
def authority() -> tuple[bytes, Signer]:
    """(an organisation's certificate as PEM, a P-384 signer it vouches for)."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Institute CA")])

    def certified(name: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=not ca,
            content_commitment=not ca,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=ca,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(MADE - timedelta(days=9))
            .not_valid_after(MADE + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(root_key, hashes.SHA256())
        )

    root = certified(root_name, root_key.public_key(), ca=True).public_bytes(Encoding.PEM)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ada")])
    own = certified(name, key.public_key(), ca=False).public_bytes(Encoding.PEM)
    return root, FileSigner("Ada", own, key, (root,))

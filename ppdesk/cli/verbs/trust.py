"""`ppdesk trust`: whose signatures this person trusts."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli.errors import BadCommandLineError, NoCertificateError
from ppdesk.cli.files import read_small
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import test_mode_option, verb, verb_group
from ppdesk.core.exits import Exit
from ppdesk.workbench.home import account_name, trust_folder

if TYPE_CHECKING:
    from ppdesk.core.canonical import Json
    from ppdesk.identity.trust import Acquaintance, TrustList

_FILE = click.Path(path_type=Path)
_MOST_BYTES = 1 << 20
_STANDING = {
    "unknown": "not on your list",
    "trusted": "on your list, trusted",
    "withdrawn": "you withdrew your trust",
}


def _list_of(invocation: Invocation, access: Access) -> "TrustList":
    from ppdesk.identity.trust import TrustList

    return TrustList(trust_folder(invocation.home, access.mode))


def _from_options() -> list[click.Option]:
    return [
        click.Option(["--certificate"], type=_FILE, metavar="FILE", help="The signer's certificate, as PEM."),
        click.Option(
            ["--from", "report"],
            type=_FILE,
            metavar="FILE",
            help="A signed report; its signer is meant, or who endorsed it and has the fingerprint.",
        ),
    ]


@verb("list", test_mode_option(), summary="Show whom you trust")
def LIST(invocation: Invocation, access: Access) -> int:
    """Show the signers that you trust, since when, and the head of the list: a number and a hash that an
    older or another list cannot have. This machine's policy may name others."""
    trust = _list_of(invocation, access)
    found, head = trust.entries(), trust.head()
    policy = invocation.policy_to_look().rules.signers
    told: list[Json] = [
        {"name": one.name, "fingerprint": one.fingerprint, "added": one.added, "by": one.by} for one in found
    ]
    lines = [
        line
        for one in found
        for line in (f"{one.name}, since {one.added[:10]} by {one.by}", f"    {one.fingerprint}")
    ]
    more = len(policy.certificates) + len(policy.people)
    invocation.console.result(
        {"trusted": told, "head": {"entries": head[0], "hash": head[1]}, "by_policy": more},
        [
            *(lines or ["You trust nobody yet."]),
            *([f"Head of the list: entry {head[0]}, {head[1][:16]}"] if head[0] else []),
            *([f"This machine's policy names {more} more."] if more else []),
        ],
    )
    return Exit.OK


@verb("show", *_from_options(), test_mode_option(), summary="Say what is known about a signer")
def SHOW(invocation: Invocation, access: Access, *, certificate: Path | None, report: Path | None) -> int:
    """Say what you know about the key of a certificate or of a signed report: trusted, withdrawn, or met for
    the first time. Shows the fingerprint to compare."""
    met = _list_of(invocation, access).meet(_pem(certificate, report, "show"))
    invocation.console.result(
        {
            "name": met.name,
            "fingerprint": met.fingerprint,
            "standing": met.standing.value,
            "namesakes": list(met.namesakes),
            "sentence": met.sentence,
        },
        _met(met),
    )
    return Exit.OK


@verb(
    "add",
    *_from_options(),
    click.Option(
        ["--fingerprint"],
        metavar="TEXT",
        help="The fingerprint as the signer told it to you over another channel. All of it.",
    ),
    test_mode_option(),
    summary="Trust a signer",
)
def ADD(
    invocation: Invocation,
    access: Access,
    *,
    certificate: Path | None,
    report: Path | None,
    fingerprint: str | None,
) -> int:
    """Trust the key of a certificate or of a signed report, once you have compared its fingerprint with what
    the signer told you in person or by a telephone number that you know. Without --fingerprint nothing is
    added; what is to be compared is shown (exit 2)."""
    trust, pem = _list_of(invocation, access), _pem(certificate, report, "add", fingerprint)
    if fingerprint is None:
        met = trust.meet(pem)
        for line in _met(met):
            invocation.console.note(line)
        raise BadCommandLineError(
            reason="Give --fingerprint with what the signer told you.", program="ppdesk trust add"
        )
    added = trust.add(pem, compared=fingerprint, by=account_name(), clock=access.mode.clock())
    head = trust.head()
    invocation.console.result(
        {"name": added.name, "fingerprint": added.fingerprint, "head": {"entries": head[0], "hash": head[1]}},
        [f"You trust {added.name} now.", f"    {added.fingerprint}"],
    )
    return Exit.OK


@verb(
    "remove",
    click.Option(["--fingerprint"], required=True, metavar="TEXT", help="Whose. All of it."),
    test_mode_option(),
    summary="Trust a signer no more",
)
def REMOVE(invocation: Invocation, access: Access, *, fingerprint: str) -> int:
    """Withdraw trust. That it was given stays on the list."""
    trust = _list_of(invocation, access)
    trust.remove(fingerprint, by=account_name(), clock=access.mode.clock())
    head = trust.head()
    invocation.console.result(
        {"removed": fingerprint, "head": {"entries": head[0], "hash": head[1]}},
        ["You trust that key no more."],
    )
    return Exit.OK


def _met(met: "Acquaintance") -> list[str]:
    return [f"{met.name}: {_STANDING[met.standing.value]}", f"    {met.fingerprint}", met.sentence]


def _pem(certificate: Path | None, report: Path | None, name: str, compared: str | None = None) -> bytes:
    """The certificate that the options name."""
    if (certificate is None) == (report is None):
        raise BadCommandLineError(reason="Give --certificate or --from.", program=f"ppdesk trust {name}")
    if certificate is not None:
        return read_small(certificate, _MOST_BYTES)
    assert report is not None  # noqa: S101  one of the two is there
    return _in_report(report, compared)


def _in_report(report: Path, compared: str | None) -> bytes:
    """The certificate in a report's signature, or that of an endorsement with the fingerprint `compared`; an
    unsound report introduces nobody."""
    from ppdesk.identity.certificates import fingerprint, read_fingerprint, read_pem
    from ppdesk.report.verdict import Judgement
    from ppdesk.report.verification import MOST_BYTES, verify_pdf

    verdict = verify_pdf(read_small(report, MOST_BYTES), None)
    if verdict.verdict is Judgement.WRONG or not verdict.certificate_pem:
        raise NoCertificateError(name=report.name)
    if compared is None:
        return verdict.certificate_pem
    told, endorsers = read_fingerprint(compared), _endorsers(verdict.evidence or {})
    meant = (pem for pem in endorsers if read_fingerprint(fingerprint(read_pem(pem))) == told)
    return next(meant, verdict.certificate_pem)


def _endorsers(evidence: Mapping[str, "Json"]) -> list[bytes]:
    """The certificates of those who endorsed the report, which held when it was checked."""
    listed = evidence.get("endorsements")
    entries = listed if isinstance(listed, list | tuple) else ()
    return [str(one["certificate"]).encode() for one in entries if isinstance(one, Mapping)]


VERB = verb_group(
    "trust",
    LIST,
    SHOW,
    ADD,
    REMOVE,
    summary="The signers that you trust",
    text="Whose keys you know, because you compared their fingerprints. `ppdesk verify` and `ppdesk log "
    "--verify` use the list by themselves.",
)

"""What policy demands of those who work and sign. One place, so that every door asks the same."""

from typing import TYPE_CHECKING

from ppdesk.workbench.evidence.errors import SignerNotAdmittedError, SignerRequiredError

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.policy.machine import Policy


def admit(signer: "Signer", policy: "Policy") -> None:
    """SignerNotAdmittedError unless policy lets `signer` sign: by the kind of key, and, where only trusted
    ones may, by its list of people and certificates."""
    rules = policy.rules.signers
    kind = kind_of(signer)
    if kind not in rules.kinds:
        raise SignerNotAdmittedError(reason=f"keys of the kind {kind} are not among those it allows.")
    if rules.only_trusted and not _trusted(signer, policy):
        raise SignerNotAdmittedError(reason="this key is not among those it trusts.")


def require(signer: "Signer | None", policy: "Policy") -> None:
    """SignerRequiredError where policy wants work to be done by somebody who signs, and nobody does."""
    if policy.rules.signers.required and signer is None:
        raise SignerRequiredError


def kind_of(signer: "Signer") -> str:
    """Where its key lies, in policy's words. A key of a PKCS#12 file lies in a key file once it was
    imported, and is known by the authority above its certificate."""
    from ppdesk.identity.token_signer import TokenSigner

    if isinstance(signer, TokenSigner):
        return "pkcs11"
    certificate = signer.certificate
    return "file" if certificate.issuer == certificate.subject else "pkcs12"


def _trusted(signer: "Signer", policy: "Policy") -> bool:
    """Whether policy names the person's key, or the certificate itself or an authority that issued it."""
    from ppdesk.identity import certificates

    rules = policy.rules.signers
    listed = [certificates.read_pem(pem.encode()) for pem in rules.certificates]
    if signer.fingerprint in {certificates.read_fingerprint(one.fingerprint) for one in rules.people}:
        return True
    if signer.fingerprint in {certificates.fingerprint(one) for one in listed}:
        return True
    chain = [certificates.read_pem(pem) for pem in signer.chain]
    authorities = {certificates.fingerprint(one) for one in listed}
    above = certificates.chain_above(signer.certificate, [*chain, *listed])
    return any(certificates.fingerprint(one) in authorities for one in above)

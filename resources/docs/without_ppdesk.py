"""Checks a project file or an auditor's copy with nothing of ppdesk: SQLite3 Multiple Ciphers and openssl.

    python3 -m venv fresh && fresh/bin/pip install apsw-sqlite3mc argon2-cffi
    fresh/bin/python without_ppdesk.py FILE.ppdesk PASSPHRASE.txt

It ends with an error at the first thing that does not hold: a page, an event, a value beside an event, a
piece of an artifact, a signature. It does not look at the seal of a copy, or at whether somebody with the
passphrase has put another artifact beside its event (`ppdesk check` does), and cannot see whether the file is
the newest one. Whose signatures they are, the fingerprints say that it prints: compare them with what the
signer told you.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import unicodedata
from base64 import b64decode
from pathlib import Path

import apsw
from argon2.low_level import Type, hash_secret_raw

SIGNED = {
    "signature": "ppdesk-signature-1",
    "person": "ppdesk-person-1",
    "request": "ppdesk-request-1",
    "approval": "ppdesk-approval-1",
    "endorsement": "ppdesk-endorsement-1",
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """RFC 8785, as far as it is needed here: texts and whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def opened(file: Path, passphrase: str) -> apsw.Connection:
    salt = file.read_bytes()[:16]
    costs = {0xD1: (3, 64 * 1024, 4), 0xDE: (1, 8, 1)}[salt[0]]  # passes, KiB, lanes; the second: test mode
    secret = unicodedata.normalize("NFC", passphrase).encode()
    key = hash_secret_raw(secret, salt, *costs, 32, Type.ID)
    found = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    found.pragma("cipher", "sqlcipher")
    found.pragma("legacy", 4)
    found.pragma("hexkey", f"x'{(key + salt).hex()}'".encode().hex())
    return found


def openssl(*words: str, folder: Path) -> str:
    return subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def signer_of(event: dict, project: str) -> str:
    """The fingerprint of the certificate that the signature fits; an error if it fits none."""
    plain = event["params"]
    told = {
        name: value for name, value in plain.items() if name not in ("algorithm", "signature", "certificate")
    }
    whole = {"ppdesk": SIGNED[event["kind"]], "project": project, "time": event["time"], **told}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").write_bytes(canonical(whole))
        (folder / "sig").write_bytes(b64decode(plain["signature"]))
        (folder / "cert.pem").write_text(plain["certificate"])
        (folder / "key.pem").write_text(
            openssl("x509", "-in", "cert.pem", "-pubkey", "-noout", folder=folder)
        )
        openssl("dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "data", folder=folder)
        return openssl("x509", "-in", "cert.pem", "-noout", "-fingerprint", "-sha256", folder=folder).strip()


def main(file: Path, passphrase: str) -> None:
    db = opened(file, passphrase)
    assert db.pragma("integrity_check") == "ok"  # reads every page that is in use
    meta = dict(db.execute("SELECT name, value FROM meta"))
    values: dict = {}
    for seq, field, salt, text in db.execute("SELECT seq, field, salt, value FROM opening"):
        values.setdefault(seq, {})[field] = text
        content = json.loads(db.execute("SELECT content FROM event WHERE seq = ?", (seq,)).get)
        data = b'{"field":%b,"salt":"%b","value":%b}' % (canonical(field), salt.hex().encode(), text.encode())
        assert content["commitments"][field] == sha256(data), f"{field} of event {seq} was changed"
    for artifact, part, digest, data in db.execute("SELECT artifact, part, sha256, data FROM chunk"):
        assert sha256(data) == digest, f"part {part} of artifact {artifact} was changed"

    start = {"created": meta["created"], "ppdesk": 1, "project": meta["project_id"]}
    before = sha256(canonical(start))
    for seq, content, digest in db.execute("SELECT seq, content, hash FROM event ORDER BY seq"):
        event = json.loads(content)
        assert sha256(content.encode()) == digest, f"event {seq} was changed"
        assert (event["seq"], event["prev"]) == (seq, before), f"event {seq} does not follow the one before"
        if event["kind"] == "signature":
            signed = (event["params"]["seq"], event["params"]["hash"])
            assert signed == (seq - 1, before), f"the signature in event {seq} is for another history"
        if "signature" in event["params"]:
            print(f"Event {seq}, {event['kind']}: signature fits. {signer_of(event, meta['project_id'])}")
        if event["kind"] == "report" and "facts.evidence_sha256" in values.get(seq, {}):
            print(
                f"Event {seq}, report: evidence.json in it has SHA-256 {values[seq]['facts.evidence_sha256']}"
            )
        before = digest
    print(f"Everything holds. Head of the history: {before}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")[0])

"""What an open project can do with signatures, people and approvals: this part of `Session`."""

from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.errors import CodedError
from ppdesk.workbench.evidence.errors import SigningFailedError
from ppdesk.workbench.views import HistoryVerdict, Values

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.policy.machine import Policy
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.auditing.reading import ProjectReading
    from ppdesk.workbench.chronicle import Chronicle
    from ppdesk.workbench.evidence.approvals import Decision, Request
    from ppdesk.workbench.evidence.deciding import Reasons
    from ppdesk.workbench.evidence.endorsing import Draft
    from ppdesk.workbench.evidence.people import Person, Role
    from ppdesk.workbench.evidence.signing import Why
    from ppdesk.workbench.plan import Plan
    from ppdesk.workbench.runner import Runner


class Evidence:
    """The base of Session, which sets these. `not_signed` is why the history could not be signed when it
    was to be: look at it after `close`, which never fails for that."""

    _project: "ProjectFile"
    _anchors: "AnchorBook"
    _chronicle: "Chronicle"
    _runner: "Runner"
    _home: Path
    policy: "Policy"
    not_signed: CodedError | None = None

    def set_signer(self, signer: "Signer | None") -> None:
        """Who signs manifests, reports and the head of the history from now on. Steps that seal are refused
        without one. SignerNotAdmittedError where policy does not let this key sign."""
        from ppdesk.workbench.keys import signer_rules

        if signer is not None:
            signer_rules.admit(signer, self.policy)
        self._runner.signer = signer

    def set_timestamper(self, timestamper: "Signer | None") -> None:
        """Whose key states the time of a report's signature from now on (identity.timestamper); None: nobody
        but the signer does. NotATimestampKeyError."""
        from ppdesk.identity.timestamper import require_for_times

        if timestamper is not None:
            require_for_times(timestamper.certificate)
        self._runner.timestamper = timestamper

    def sign_head(self, why: "Why" = "asked") -> "Event":
        """Sign the history as it stands now, and put that on record; who signs first in a project is put on
        record as an analyst. NobodySignsError, and what the key's place and the file raise."""
        from ppdesk.workbench.evidence import people
        from ppdesk.workbench.evidence.signing import SIGNATURE, note

        signer = self._runner.signed_in()
        people.introduce(self._chronicle, signer)
        return note(self._chronicle, signer, SIGNATURE, {"why": why})

    def unsigned(self) -> "list[Event]":
        """The events that no signature covers yet."""
        from ppdesk.workbench.evidence.signing import unsigned

        return unsigned(self._chronicle.events, self._project.project_id)

    def verify_history(self) -> HistoryVerdict:
        """Whether the history holds, and who vouches for it. Where the chain is broken the project does not
        open; `verdict.verify_file` tells of such a file."""
        from ppdesk.workbench.evidence.verdict import verify

        return verify(self._project, self._anchors, self._home)

    def auditing(self) -> "ProjectReading":
        """The file as an auditor sees it; it is closed with the session."""
        from ppdesk.workbench.auditing.reading import ProjectReading

        return ProjectReading(self._project, self._anchors, self._home, own=False)

    def people(self) -> "list[Person]":
        """Everybody with a role, one entry for each role; those of policy first."""
        from ppdesk.workbench.evidence.people import people

        return people(self._chronicle.events, self._project.project_id, self.policy)

    def add_person(self, certificate_pem: bytes, role: "Role", compared: str) -> "Event":
        """Give a role to the holder of a certificate, whose fingerprint the person told (`compared`). Errors
        as in people.add, and NobodySignsError."""
        from ppdesk.workbench.evidence import people

        return people.add(
            self._chronicle,
            self._runner.signed_in(),
            certificate_pem,
            role,
            compared=compared,
            policy=self.policy,
        )

    def remove_person(self, fingerprint: str, role: "Role | None" = None) -> "list[Event]":
        """Take a role, or each, from the holder of a key. Errors as in people.remove; NobodySignsError."""
        from ppdesk.workbench.evidence import people

        return people.remove(self._chronicle, self._runner.signed_in(), fingerprint, role)

    def requests(self) -> "list[Request]":
        """What was asked for, oldest first, and how each request stands."""
        from ppdesk.workbench.evidence.four_eyes import book

        return book(self._runner).requests()

    def request_approval(self, key: str, values: Values) -> "Event":
        """Ask for the approval of a run of step `key` with `values`. Errors as in `check_step`, and
        NobodySignsError, NoApprovalWantedError, RefusedByCheckError."""
        from ppdesk.workbench.evidence.four_eyes import ask

        return ask(self._runner, self._planned(key, values))

    def approve(self, seq: int, comment: str = "") -> "Event":
        """Approve the request in event `seq`. Errors as in four_eyes.answer."""
        return self._answer(seq, "approve", comment)

    def decline(self, seq: int, comment: str = "") -> "Event":
        """Decline the request in event `seq`; whoever asked takes it back so. Errors as in `approve`."""
        return self._answer(seq, "decline", comment)

    def _answer(self, seq: int, decision: "Decision", comment: str) -> "Event":
        from ppdesk.workbench.evidence.four_eyes import answer

        return answer(self._runner, seq, decision, comment)

    def drafts(self) -> "list[Draft]":
        """The drafts of reports, oldest first, and what was said of each."""
        from ppdesk.workbench.evidence.endorsing import drafts

        return drafts(self._runner)

    def endorse(self, seq: int, comment: str = "") -> "Event":
        """Endorse the draft in event `seq`. Errors as in endorsing.endorse."""
        from ppdesk.workbench.evidence.endorsing import endorse

        return endorse(self._runner, seq, "endorsed", comment)

    def object_to(self, seq: int, comment: str = "") -> "Event":
        """Object to the draft in event `seq`, which the report will show. Errors as in `endorse`."""
        from ppdesk.workbench.evidence.endorsing import endorse

        return endorse(self._runner, seq, "objected", comment)

    def decide(self, key: str, why: str, seq: int | None = None) -> "Event":
        """Put on record why the run of step `key` in event `seq`, or its last good one, was made so. Errors
        as in deciding.decide, and AuditorsCopyError, ReadOnlySessionError, SignerRequiredError."""
        from ppdesk.workbench import copies
        from ppdesk.workbench.errors import ReadOnlySessionError
        from ppdesk.workbench.evidence.deciding import decide
        from ppdesk.workbench.keys import signer_rules

        copies.refuse_work(self._project)
        if self._project.read_only:
            raise ReadOnlySessionError(step=key)
        signer_rules.require(self._runner.signer, self.policy)
        return decide(self._runner, key, why, seq)

    def reasons(self) -> "Reasons":
        """The decisions on record, the steps that want one, and those that are off."""
        from ppdesk.workbench.evidence.deciding import reasons

        return reasons(self._chronicle, self.policy)

    def _introduced(self) -> bool:
        """Put who signs on record if nobody is yet. Whether that added an event."""
        from ppdesk.workbench.evidence.people import introduce

        before = len(self._chronicle.events)
        if self._runner.signer is not None:
            introduce(self._chronicle, self._runner.signer)
        return len(self._chronicle.events) > before

    def _planned(self, key: str, values: Values) -> "Plan":
        raise NotImplementedError

    def sign_off(self, why: "Why" = "close") -> None:
        """Sign what this session has added. What keeps it from that goes to `not_signed`: the record
        stands, and the file has to be closed in any case."""
        if self._runner.signer is None or self._project.read_only or not self._chronicle.added:
            return
        try:
            self.sign_head(why)
        except CodedError as error:
            self.not_signed = SigningFailedError(reason=error.message)
        except Exception as error:  # noqa: BLE001  a token's library raises what it likes, and the file must close
            self.not_signed = SigningFailedError(reason=f"{type(error).__name__} where the key is kept.")
        else:
            self.not_signed = None

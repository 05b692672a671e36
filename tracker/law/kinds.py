"""The kinds of participants, instruments and treaty actions, in the words of treaty practice."""

from __future__ import annotations

from enum import StrEnum


class ParticipantKind(StrEnum):
    """What sort of participant can act on treaties."""

    STATE = "state"
    OBSERVER_STATE = "observer-state"
    FORMER_STATE = "former-state"
    REIO = "reio"
    TERRITORY = "territory"
    ORGANIZATION = "organization"


class InstrumentKind(StrEnum):
    """What sort of instrument it is."""

    CONVENTION = "convention"
    PROTOCOL = "protocol"
    AGREEMENT = "agreement"
    AMENDMENT = "amendment"


class ActionKind(StrEnum):
    """A treaty action, in the words of the Vienna Convention on the Law of Treaties and UN practice.

    `RATIFICATION_ACCEPTANCE_OR_APPROVAL` is for sources that do not say which of the three it was.
    `INTENTION_NOT_TO_BE_BOUND` is a signatory's notice that it will not become a party (art. 18(a)); `OBJECTION` keeps
    an amendment from binding its author, where silence accepts it.
    """

    SIGNATURE = "signature"
    SUCCESSION_TO_SIGNATURE = "succession-to-signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    RATIFICATION_ACCEPTANCE_OR_APPROVAL = "ratification-acceptance-or-approval"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    FORMAL_CONFIRMATION = "formal-confirmation"
    DEFINITIVE_SIGNATURE = "definitive-signature"
    CONSENT_TO_BE_BOUND = "consent-to-be-bound"
    SIMPLIFIED_PROCEDURE = "simplified-procedure"
    PROVISIONAL_APPLICATION = "provisional-application"
    PROVISIONAL_APPLICATION_ENDED = "provisional-application-ended"
    INTENTION_NOT_TO_BE_BOUND = "intention-not-to-be-bound"
    OBJECTION = "objection-to-amendment"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    TERRITORIAL_EXTENSION = "territorial-extension"
    TERRITORIAL_EXCLUSION = "territorial-exclusion"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_CANCELLED = "withdrawal-cancelled"
    REVOCATION = "revocation"

    @property
    def words(self) -> str:
        """The act as it is written in a sentence."""
        return _WORDS.get(self, self.value.replace("-", " "))

    @property
    def ends(self) -> bool:
        """Does the act end what another one began?"""
        return self in _ENDING

    @property
    def signs(self) -> bool:
        """Does the act make its author a signatory?"""
        return self in _SIGNING

    @property
    def consents(self) -> bool:
        """Does the act express consent to be bound (Vienna Convention on the Law of Treaties, arts 11-15)?"""
        return self in _CONSENTING

    @property
    def follows_signature(self) -> bool:
        """Is the act open only to those that have signed (ratification, acceptance, approval)?"""
        return self in _AFTER_SIGNATURE


_WORDS = {
    ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL: "ratification, acceptance or approval",
    ActionKind.WITHDRAWAL_CANCELLED: "cancellation of a withdrawal",
    ActionKind.REVOCATION: "revocation of consent",
    ActionKind.PROVISIONAL_APPLICATION_ENDED: "end of provisional application",
    ActionKind.INTENTION_NOT_TO_BE_BOUND: "notice of its intention not to become a party",
    ActionKind.OBJECTION: "objection to the amendment",
    ActionKind.SUSPENSION: "suspension of the operation",
    ActionKind.RESUMPTION: "resumption of the operation",
}
_ENDING = frozenset({
    ActionKind.WITHDRAWAL, ActionKind.REVOCATION, ActionKind.PROVISIONAL_APPLICATION_ENDED,
    ActionKind.TERRITORIAL_EXCLUSION,
})  # fmt: skip
_SIGNING = frozenset({ActionKind.SIGNATURE, ActionKind.SUCCESSION_TO_SIGNATURE})
_AFTER_SIGNATURE = frozenset({
    ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.APPROVAL, ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL,
})  # fmt: skip
_CONSENTING = _AFTER_SIGNATURE | {
    ActionKind.ACCESSION, ActionKind.SUCCESSION, ActionKind.FORMAL_CONFIRMATION, ActionKind.DEFINITIVE_SIGNATURE,
    ActionKind.CONSENT_TO_BE_BOUND, ActionKind.SIMPLIFIED_PROCEDURE,
}  # fmt: skip

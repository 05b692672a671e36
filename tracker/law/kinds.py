"""The kinds of participants, instruments and treaty actions, in the words of treaty practice."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import TranslatableText, message

GROUP_ACRONYMS = {
    "Eastern European States": "EEG",
    "Latin American and Caribbean States": "GRULAC",
    "Western European and Other States": "WEOG",
}  # of UN regional groups, as delegations write them


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
    an amendment from binding its author, where silence accepts it. An acceptance of an accession, or an objection to
    one, is addressed to the acceding State (`towards`).
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
    ACCEPTANCE_OF_ACCESSION = "acceptance-of-accession"
    OBJECTION_TO_ACCESSION = "objection-to-accession"
    OBJECTION_TO_ACCESSION_WITHDRAWN = "objection-to-accession-withdrawn"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    TERRITORIAL_EXTENSION = "territorial-extension"
    TERRITORIAL_EXCLUSION = "territorial-exclusion"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_CANCELLED = "withdrawal-cancelled"
    REVOCATION = "revocation"

    @property
    def words(self) -> TranslatableText:
        """The action as it is written in a sentence."""
        return _WORDS[self]

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
    def is_towards_another(self) -> bool:
        """Is the act addressed to one other participant, whose accession it accepts or objects to?"""
        return self in _TOWARDS_ANOTHER

    @property
    def follows_signature(self) -> bool:
        """Is the act open only to those that have signed (ratification, acceptance, approval)?"""
        return self in _AFTER_SIGNATURE


_WORDS = {
    ActionKind.SIGNATURE: message("signature"),
    ActionKind.SUCCESSION_TO_SIGNATURE: message("succession to signature"),
    ActionKind.RATIFICATION: message("ratification"),
    ActionKind.ACCEPTANCE: message("acceptance"),
    ActionKind.APPROVAL: message("approval"),
    ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL: message("ratification, acceptance or approval"),
    ActionKind.ACCESSION: message("accession"),
    ActionKind.SUCCESSION: message("succession"),
    ActionKind.FORMAL_CONFIRMATION: message("formal confirmation"),
    ActionKind.DEFINITIVE_SIGNATURE: message("definitive signature"),
    ActionKind.CONSENT_TO_BE_BOUND: message("consent to be bound"),
    ActionKind.SIMPLIFIED_PROCEDURE: message("simplified procedure"),
    ActionKind.PROVISIONAL_APPLICATION: message("provisional application"),
    ActionKind.PROVISIONAL_APPLICATION_ENDED: message("end of provisional application"),
    ActionKind.INTENTION_NOT_TO_BE_BOUND: message("notice of its intention not to become a party"),
    ActionKind.OBJECTION: message("objection to the amendment"),
    ActionKind.ACCEPTANCE_OF_ACCESSION: message("acceptance of the accession"),
    ActionKind.OBJECTION_TO_ACCESSION: message("objection to the accession"),
    ActionKind.OBJECTION_TO_ACCESSION_WITHDRAWN: message("withdrawal of the objection to the accession"),
    ActionKind.SUSPENSION: message("suspension of the operation"),
    ActionKind.RESUMPTION: message("resumption of the operation"),
    ActionKind.TERRITORIAL_EXTENSION: message("territorial extension"),
    ActionKind.TERRITORIAL_EXCLUSION: message("territorial exclusion"),
    ActionKind.WITHDRAWAL: message("withdrawal"),
    ActionKind.WITHDRAWAL_CANCELLED: message("cancellation of a withdrawal"),
    ActionKind.REVOCATION: message("revocation of consent"),
}
_ENDING = frozenset({
    ActionKind.WITHDRAWAL, ActionKind.REVOCATION, ActionKind.PROVISIONAL_APPLICATION_ENDED,
    ActionKind.TERRITORIAL_EXCLUSION,
})  # fmt: skip
_TOWARDS_ANOTHER = frozenset({
    ActionKind.ACCEPTANCE_OF_ACCESSION, ActionKind.OBJECTION_TO_ACCESSION, ActionKind.OBJECTION_TO_ACCESSION_WITHDRAWN,
})  # fmt: skip
_SIGNING = frozenset({ActionKind.SIGNATURE, ActionKind.SUCCESSION_TO_SIGNATURE})
_AFTER_SIGNATURE = frozenset({
    ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.APPROVAL, ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL,
})  # fmt: skip
_CONSENTING = _AFTER_SIGNATURE | {
    ActionKind.ACCESSION, ActionKind.SUCCESSION, ActionKind.FORMAL_CONFIRMATION, ActionKind.DEFINITIVE_SIGNATURE,
    ActionKind.CONSENT_TO_BE_BOUND, ActionKind.SIMPLIFIED_PROCEDURE,
}  # fmt: skip

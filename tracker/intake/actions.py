"""Treaty actions as people write them: in words, in other words for the same, and in the letters of depositaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.intake.profile import OpenQuestion
from tracker.law.kinds import ActionKind
from tracker.law.search import fold_text
from tracker.messages import message

# The beginnings of what is written, folded; the longer ones first.
_BEGINNINGS: Mapping[str, ActionKind] = {
    "succession to signature": ActionKind.SUCCESSION_TO_SIGNATURE,
    "definitive signature": ActionKind.DEFINITIVE_SIGNATURE,
    "signature without reservation as to": ActionKind.DEFINITIVE_SIGNATURE,
    "signature definitive": ActionKind.DEFINITIVE_SIGNATURE,
    "ratification acceptance": ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL,
    "ratification or acceptance": ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL,
    "formal confirmation": ActionKind.FORMAL_CONFIRMATION,
    "consent to be bound": ActionKind.CONSENT_TO_BE_BOUND,
    "simplified procedure": ActionKind.SIMPLIFIED_PROCEDURE,
    "provisional application": ActionKind.PROVISIONAL_APPLICATION,
    "territorial": ActionKind.TERRITORIAL_EXTENSION,
    "extension": ActionKind.TERRITORIAL_EXTENSION,
    "withdrawal": ActionKind.WITHDRAWAL, "withdrew": ActionKind.WITHDRAWAL,
    "denunciation": ActionKind.WITHDRAWAL, "denounced": ActionKind.WITHDRAWAL,
    "sign": ActionKind.SIGNATURE, "firma": ActionKind.SIGNATURE,
    "ratif": ActionKind.RATIFICATION, "accept": ActionKind.ACCEPTANCE, "approv": ActionKind.APPROVAL,
    "approb": ActionKind.APPROVAL, "acceder": ActionKind.ACCESSION, "accession": ActionKind.ACCESSION,
    "acceded": ActionKind.ACCESSION, "adhesion": ActionKind.ACCESSION, "adherence": ActionKind.ACCESSION,
    "succession": ActionKind.SUCCESSION, "succeeded": ActionKind.SUCCESSION,
}  # fmt: skip
# What participants also do, and what is no treaty action of this program.
_SET_ASIDE = (
    "withdrawal of reserv", "withdrawal of declar", "withdrawal of object", "partial withdrawal of", "reserv",
    "declar", "objection", "notification", "communication", "statement", "entry into force", "registration",
    "correction", "modification", "authority", "authorities",
)  # fmt: skip
LETTERS: Mapping[str, ActionKind] = {
    "A": ActionKind.ACCEPTANCE, "AA": ActionKind.APPROVAL, "a": ActionKind.ACCESSION, "d": ActionKind.SUCCESSION,
    "c": ActionKind.FORMAL_CONFIRMATION, "P": ActionKind.CONSENT_TO_BE_BOUND, "p": ActionKind.SIMPLIFIED_PROCEDURE,
    "n": ActionKind.PROVISIONAL_APPLICATION, "R": ActionKind.RATIFICATION, "r": ActionKind.RATIFICATION,
    "RA": ActionKind.RATIFICATION, "AC": ActionKind.ACCEPTANCE, "AP": ActionKind.APPROVAL, "AD": ActionKind.ACCESSION,
    "su": ActionKind.SUCCESSION, "Su": ActionKind.SUCCESSION,
}  # fmt: skip
# Letters of the Council of Europe's charts, where a date in the column of ratifications has one in the column of notes.
CHART_LETTERS: Mapping[str, ActionKind | None] = {
    "a": ActionKind.ACCESSION, "s": ActionKind.DEFINITIVE_SIGNATURE, "su": ActionKind.SUCCESSION,
    "r": None,  # a signature ad referendum: no consent yet
}  # fmt: skip
IGNORE = "ignore"


class NotAnAction(ValueError):
    """A text that names no treaty action. `known` tells that it is something else that participants do."""

    def __init__(self, text: str, *, known: bool) -> None:
        super().__init__("is not a treaty action")
        self.text, self.known = text, known


def action_of(text: str, letters: Mapping[str, str]) -> ActionKind | None:
    """The action that a text or letter stands for, None for one to ignore; NotAnAction for any other.

    `letters` are the answers of the profile and come first.
    """
    plain = text.strip().rstrip(".")
    if given := letters.get(plain) or letters.get(text):
        return None if given == IGNORE else ActionKind(given)
    if plain in LETTERS:
        return LETTERS[plain]
    folded = fold_text(plain)
    if exact := _BY_VALUE.get(folded):
        return exact
    if any(folded.startswith(beginning) for beginning in _SET_ASIDE):
        raise NotAnAction(text, known=True)
    found = next((kind for beginning, kind in _BEGINNINGS.items() if folded.startswith(beginning)), None)
    if found is None:
        raise NotAnAction(text, known=False)
    return found


_BY_VALUE = {fold_text(kind.value): kind for kind in ActionKind}


def is_action(text: str, letters: Mapping[str, str]) -> bool:
    """Does the text name a treaty action, or something that is known to be none?"""
    try:
        action_of(text, letters)
    except NotAnAction as trouble:
        return trouble.known
    return True


def letter_questions(used: Iterable[str], letters: Mapping[str, str]) -> list[OpenQuestion]:
    """What the letters of a file leave open: `A` where nothing shows that capitals are told apart, and `s`."""
    seen = {each.strip().rstrip(".") for each in used}
    asked = []
    if "A" in seen and not seen & {"a", "AA"} and "A" not in letters:
        text = message(
            "'A' is acceptance for the United Nations and accession in other lists, and the file has no 'a' or 'AA'."
        )
        asked.append(OpenQuestion("letters", "A", text, ("acceptance", "accession", "approval")))
    for letter in ("s", "S"):
        if letter in seen and letter not in letters:
            text = message(
                "'{letter}' is a signature in some lists and a definitive signature in others.", letter=letter
            )
            asked.append(OpenQuestion("letters", letter, text, ("signature", "definitive-signature")))
    return asked

"""Named consistency checks: the record compared with treaty law, with itself and with published counts.

Each check reads a ledger and yields the places that break one rule, with its severity. Faults of a data file are
found when it is read; these are faults of meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.errors import BadClause
from tracker.law.bindings import bindings
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause, WithdrawalWindow
from tracker.law.consents import Consent, EndRule, signatures
from tracker.law.dates import in_words
from tracker.law.entry_into_force import consents, end_with_each_other, entry_into_force, parties
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action, ActionKind, CoverageAspect, CoverageState, Fact, Instrument, PublishedCount
from tracker.law.possibilities import range_in_words
from tracker.law.status import status


def withdrawal_out_of_time(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A withdrawal notified before its clause allows one, or outside the window that it gives."""
    for instrument in ledger.instruments.values():
        clause, entry = clause_of(instrument), entry_into_force(ledger, instrument.id)
        if entry.date is None or not (clause.no_withdrawal_before or clause.withdrawal_window):
            continue
        for spell in (spell for spells in consents(ledger, instrument.id).values() for spell in spells):
            act = spell.ended_by
            if act is None or act.kind is not ActionKind.WITHDRAWAL or act.day is None:
                continue
            if why := _why_not(clause, entry.date, act.day):
                text = f"{name_of(ledger, act.participant)}: withdrawal from {instrument.name} on {in_words(act.day)}"
                yield Finding(
                    "withdrawal-out-of-time", f"{text}, {why}.", instrument.id, (act.participant,), (act,), act.source
                )


def _why_not(clause: Clause, in_force: date, day: date) -> str:
    """Why no withdrawal could be notified on that day; empty where it could."""
    if clause.no_withdrawal_before and day < (first := clause.no_withdrawal_before.after(in_force)):
        return f"which its clause allows from {in_words(first)} only"
    if clause.withdrawal_window and not _open(clause.withdrawal_window, in_force, day):
        return "outside the times at which its clause allows one"
    return ""


def _open(window: WithdrawalWindow, in_force: date, day: date) -> bool:
    """Is the window open on that day? It opens whenever another of its periods in force has passed."""
    opens = window.every.after(in_force)
    while opens <= day:
        if day < window.lasting.after(opens):
            return True
        opens = window.every.after(opens)
    return False


MAX_ODD_UNSIGNED = 3  # so many consents without a signature are oddities of their authors ...
SHARE_UNSIGNED = 0.1  # ... and so large a share of all is a gap in the record


class Severity(StrEnum):
    """How much a finding weighs: against the law or itself, doubtful, or only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the record breaks a check: the acts, and a sentence that says how."""

    check: str
    text: str
    instrument: str = ""
    participants: tuple[str, ...] = ()
    acts: tuple[Action, ...] = ()
    source: str = ""
    severity: Severity = Severity.WARNING
    words: str = ""


def _found(check: str, acts: Iterable[Action], text: str) -> Finding:
    acts = tuple(acts)
    return Finding(check, text, acts[0].instrument, (acts[0].participant,), acts, acts[0].source)


def _about(check: str, instrument: Instrument, text: str, source: str = "") -> Finding:
    return Finding(check, text, instrument.id, source=source)


# -- protocols and their conventions -------------------------------------------------------------------


def _tied(ledger: Ledger) -> Iterator[tuple[Instrument, Instrument]]:
    """Each protocol whose own clause, or whose convention, makes party to the convention a condition."""
    for protocol in ledger.instruments.values():
        if protocol.parent in ledger.instruments:
            yield protocol, ledger.instruments[protocol.parent]


def _lives(ledger: Ledger, instrument: str) -> dict[str, tuple[Consent, ...]]:
    day = ledger.horizon
    live = {code: tuple(s for s in spells if s.holds_on(day)) for code, spells in consents(ledger, instrument).items()}
    return {code: spells for code, spells in live.items() if spells}


def protocol_without_convention(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A party to a protocol must be a party to its convention (UNTOC art. 37(2))."""
    for protocol, convention in _tied(ledger):
        undated = {act.participant for act in ledger.undated(convention.id) if act.kind.consents}
        above = parties(ledger, convention.id) | undated
        for code in sorted(parties(ledger, protocol.id) - above):
            act = _lives(ledger, protocol.id)[code][-1].action
            text = f"{name_of(ledger, code)} is party to {protocol.name} and not to {convention.name}."
            yield _found("protocol-without-convention", [act], text)


def protocol_before_convention(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A consent to a protocol deposited before the consent to its convention."""
    for protocol, convention in _tied(ledger):
        for code, spells in sorted(consents(ledger, protocol.id).items()):
            first = consents(ledger, convention.id).get(code, (None,))[0]
            if first is None or not (day := spells[0].action.day) or not (above := first.action.day):
                continue
            if day < above:
                text = (
                    f"{name_of(ledger, code)} consented to {protocol.name} on {in_words(day)}, "
                    f"before {convention.name} on {in_words(above)}."
                )
                yield _found("protocol-before-convention", [spells[0].action, first.action], text)


# -- the acts of one participant -----------------------------------------------------------------------


def _each(ledger: Ledger) -> Iterator[Action]:
    for instrument in ledger.instruments:
        yield from ledger.acts(instrument)


def ratification_without_signature(ledger: Ledger, today: date) -> Iterator[Finding]:
    """Ratification, acceptance and approval follow a signature (Vienna Convention, art. 14)."""
    for instrument in ledger.instruments.values():
        after, unsigned = _unsigned(ledger, instrument.id)
        if _signatures_incomplete(after, unsigned):
            continue  # the record, not the participants, is what lacks signatures: the next check says so
        for act in unsigned:
            if act.kind is not ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL:
                text = f"{name_of(ledger, act.participant)}: {act.kind.words} of {instrument.name} without a signature."
                yield _found("ratification-without-signature", [act], text)


def signatures_incomplete(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An instrument of which the record lacks so many signatures that it says nothing about them."""
    for instrument in ledger.instruments.values():
        after, unsigned = _unsigned(ledger, instrument.id)
        if _signatures_incomplete(after, unsigned):
            text = (
                f"{instrument.name}: the record has no signature of {len(unsigned)} of the {len(after)} that ratified."
            )
            yield _about("signatures-incomplete", instrument, text, instrument.source)


def _unsigned(ledger: Ledger, instrument: str) -> tuple[list[Action], list[Action]]:
    """The acts that must follow a signature, and those of them that follow none."""
    signed = set(signatures(ledger, instrument)) | {
        act.participant for act in ledger.undated(instrument) if act.kind.signs
    }
    after = [act for act in ledger.acts(instrument) if act.kind.follows_signature]
    return after, [act for act in after if act.participant not in signed]


def _signatures_incomplete(after: list[Action], unsigned: list[Action]) -> bool:
    return len(unsigned) > max(MAX_ODD_UNSIGNED, len(after) * SHARE_UNSIGNED)


def accession_by_signatory(ledger: Ledger, today: date) -> Iterator[Finding]:
    """Accession is for those that have not signed (Vienna Convention, art. 15)."""
    for act in _each(ledger):
        if act.kind is not ActionKind.ACCESSION:
            continue
        signature = signatures(ledger, act.instrument).get(act.participant)
        returned = any(each.kind is ActionKind.WITHDRAWAL for each in ledger.acts_of(act.instrument, act.participant))
        if signature and not returned:
            text = (
                f"{name_of(ledger, act.participant)} acceded to {title_of(ledger, act.instrument)} "
                f"on {in_words(act.date)}, having signed on {in_words(signature.date)}."
            )
            yield _found("accession-by-signatory", [act, signature], text)


def consent_twice(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A second consent while the first still holds."""
    for instrument in ledger.instruments:
        for spells in consents(ledger, instrument).values():
            begun = {id(spell.action) for spell in spells}
            code = spells[0].participant
            again = [a for a in ledger.acts_of(instrument, code) if a.kind.consents and id(a) not in begun]
            if again:
                where = title_of(ledger, instrument)
                text = f"{name_of(ledger, code)} consents to {where} again without having withdrawn."
                yield _found("consent-twice", [spells[0].action, *again], text)


# -- days ------------------------------------------------------------------------------------------------


def signature_outside_period(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A signature before the instrument opened or after it closed for signature."""
    for act in _each(ledger):
        terms = ledger.instrument(act.instrument)
        if act.kind is not ActionKind.SIGNATURE or act.date is None:
            continue
        early = terms.opened_on is not None and act.date.last < terms.opened_on.first
        late = terms.closed_on is not None and act.date.first > terms.closed_on.last
        if early or late:
            text = (
                f"{name_of(ledger, act.participant)} signed {terms.name} on {in_words(act.date)}; it was open "
                f"from {in_words(terms.opened_on)} to {in_words(terms.closed_on)}."
            )
            yield _found("signature-outside-period", [act], text)


def act_before_adoption(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act on an instrument that had not been adopted yet."""
    for act in _each(ledger):
        terms = ledger.instrument(act.instrument)
        if act.date and terms.adopted_on and act.date.last < terms.adopted_on.first:
            text = (
                f"{name_of(ledger, act.participant)}: {act.kind.words} of {terms.name} on {in_words(act.date)}, "
                f"before its adoption on {in_words(terms.adopted_on)}."
            )
            yield _found("act-before-adoption", [act], text)


def withdrawal_without_period(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A withdrawal of which neither its source nor the clause says when it takes effect."""
    for instrument in ledger.instruments.values():
        for spell in (spell for spells in consents(ledger, instrument.id).values() for spell in spells):
            if spell.end_rule is EndRule.NOT_KNOWN and spell.ended_by:
                text = (
                    f"{name_of(ledger, spell.participant)}: withdrawal from {instrument.name}, notified on "
                    f"{in_words(spell.ended_by.date)}; the day of its effect is not known. Record the notice period of "
                    "the treaty (withdrawal_delay), or the day that the depositary states (effective_on)."
                )
                yield _found("withdrawal-without-period", [spell.ended_by], text)


def endings_in_a_circle(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An instrument whose consents would end with those to another one that ends with them."""
    for instrument in ledger.instruments.values():
        if end_with_each_other(ledger, instrument.id):
            text = f"{instrument.name}: its clauses lead back to itself, so no consent ends by another treaty."
            yield _about("endings-in-a-circle", instrument, text, instrument.source)


def act_in_future(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act dated after the day of asking."""
    for act in _each(ledger):
        if act.date and act.date.first > today:
            where = title_of(ledger, act.instrument)
            text = f"{name_of(ledger, act.participant)}: {act.kind.words} of {where} dated {in_words(act.date)}."
            yield _found("act-in-future", [act], text)


def act_before_existence(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act by a participant that did not exist then, and that no predecessor or UN seat explains."""
    for act in _each(ledger):
        who = ledger.participants.get(act.participant)
        if (
            who is None
            or act.date is None
            or ledger.existed_on(who.code, act.date.first)
            or ledger.existed_on(who.code, act.date.last)
        ):
            continue
        seated = who.un_member_since is not None and who.un_member_since.first <= act.date.last
        heir = any(ledger.participants[p].existed_on(act.date.last) for p in ledger.predecessors(who.code))
        if who.ceased_by(act.date.first) or not (seated or heir):
            text = f"{who.name}: {act.kind.words} of {title_of(ledger, act.instrument)} on {in_words(act.date)}; "
            text += (
                f"it existed from {in_words(who.exists_from)} to {in_words(who.exists_to) if who.exists_to else 'now'}."
            )
            yield _found("act-before-existence", [act], text)


def undated_act(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act of which the record knows no day by which it had been done."""
    for instrument in ledger.instruments:
        for act in ledger.undated(instrument):
            who, where = name_of(ledger, act.participant), title_of(ledger, instrument)
            yield _found("undated-act", [act], f"{who}: {act.kind.words} of {where}, day not known{_because(act)}.")


# -- the record against what is published ----------------------------------------------------------------


def entry_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """The entry into force computed from the deposits is not the one the depositary states."""
    for instrument in ledger.instruments.values():
        entry = entry_into_force(ledger, instrument.id)
        if entry.basis == "computed" and entry.official and entry.official != entry.date:
            if ledger.day and entry.official > ledger.day and entry.date is None:
                continue  # on this day the depositary could not yet have said so
            computed = in_words(entry.date) if entry.date else "no day yet"
            text = f"{instrument.name}: the deposits give {computed}, the depositary states {in_words(entry.official)}."
            yield _about("entry-into-force-differs", instrument, text, instrument.source)


def own_date_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A participant's own entry into force, as stated, is not what the clause gives."""
    for instrument in ledger.instruments.values():
        for binding in (each for theirs in bindings(ledger, instrument.id).values() for each in theirs):
            act = binding.consent.action
            if binding.stated and binding.computed and binding.computed != binding.since:
                text = (
                    f"{name_of(ledger, act.participant)}, {instrument.name}: in force from {in_words(binding.since)} "
                    f"as stated, {in_words(binding.computed)} by the clause."
                )
                yield _found("own-date-differs", [act], text)


def count_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A published status count that the record does not bear out on its day."""
    for instrument in ledger.instruments.values():
        for count in ledger.counts(instrument.id):
            if count.on.exact and (parts := _differences(ledger.as_of(count.on.exact), instrument.id, count)):
                text = f"{instrument.name} on {in_words(count.on)}: {'; '.join(parts)}."
                yield _about("published-count-differs", instrument, text, count.source)


def _differences(then: Ledger, instrument: str, count: PublishedCount) -> list[str]:
    """Each published figure that is neither what the record has nor, where a day is not known, what it may be."""
    now = status(then, instrument)
    held = {
        "signatories": (count.signatories, now.signatories, now.signatories_at_most),
        "parties": (count.parties, now.parties, now.parties_at_most),
    }
    return [
        f"{printed} {what} published, {least if least == most else f'{least} to {most}'} in the record"
        for what, (printed, least, most) in held.items()
        if printed is not None and not least <= printed <= most
    ]


def coverage_differs(ledger: Ledger, today: date) -> Iterator[Finding]:
    """Acts said to be complete on a day on which the record does not have the number that is expected."""
    for instrument in ledger.instruments.values():
        for each in ledger.coverage(instrument.id):
            if (
                each.state is not CoverageState.COMPLETE
                or each.expected is None
                or each.as_of.last > min(ledger.horizon, today)
            ):
                continue
            then = status(ledger.as_of(each.as_of.last), instrument.id)
            held = {
                CoverageAspect.SIGNATURES: (then.signatories, then.signatories_at_most),
                CoverageAspect.CONSENTS: (then.parties, then.parties_at_most),
            }[each.aspect]
            if not held[0] <= each.expected <= held[1]:
                text = (
                    f"{instrument.name}: {each.aspect} said to be complete on {in_words(each.as_of)} with "
                    f"{each.expected}, the record has {range_in_words(*held)}."
                )
                yield _about("coverage-differs", instrument, text, each.source)


def unverified_source(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A fact that was recalled or reported and not checked against a source."""
    for act in _each(ledger):
        if act.unverified:
            who, where = name_of(ledger, act.participant), title_of(ledger, act.instrument)
            text = f"{who}: {act.kind.words} of {where} on {in_words(act.date)}: {_doubt(act)}."
            yield _found("unverified-source", [act], text)
    for instrument in ledger.instruments.values():
        if instrument.unverified:
            yield _about(
                "unverified-source", instrument, f"{instrument.name}: {_doubt(instrument)}.", instrument.source
            )


def _because(fact: Fact) -> str:
    return f" ({fact.doubt.rstrip('.')})" if fact.doubt else ""


def _doubt(fact: Fact) -> str:
    return fact.doubt.partition(":")[2].strip().rstrip(".") or fact.doubt


def bad_clause(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An instrument whose terms make no sense."""
    for instrument in ledger.instruments.values():
        try:
            clause_of(instrument)
        except BadClause as trouble:
            yield _about("bad-clause", instrument, f"{instrument.name}: {trouble}", instrument.source)


_WORD = re.compile(r"[a-z][a-z0-9-]*")  # any of them may be an instrument's id


@dataclass(frozen=True, slots=True)
class NamedCheck:
    """A named question to the record."""

    words: str
    severity: Severity
    find: Callable[[Ledger, date], Iterable[Finding]]


def run_checks(ledger: Ledger, today: date, instrument: str = "") -> tuple[Finding, ...]:
    """Everything the checks find in the ledger, asked on the day `today`; for one instrument if given.

    NotFound for an unknown instrument. Order: by check as listed, then by instrument and names.
    """
    wanted = ledger.instrument(instrument).id if instrument else ""
    if wanted:
        ledger = ledger.only(_leading_to(ledger, wanted))
    unread = tuple(bad_clause(ledger, today))
    readable = _without_clauses(ledger, (finding.instrument for finding in unread))
    return tuple(
        replace(finding, severity=check.severity, words=check.words)
        for name, check in CHECKS.items()
        for finding in (unread if name == "bad-clause" else check.find(readable, today))
        if not wanted or finding.instrument == wanted
    )


def _leading_to(ledger: Ledger, instrument: str) -> set[str]:
    """The instrument and all whose state its own can depend on: parents, what conditions name, and theirs in turn."""
    found, ahead = set[str](), [instrument]
    while ahead:
        if (each := ahead.pop()) not in found and each in ledger.instruments:
            found.add(each)
            terms = ledger.instruments[each]
            ahead += [terms.parent, *_WORD.findall(terms.conditions)]
    return found


def _without_clauses(ledger: Ledger, instruments: Iterable[str]) -> Ledger:
    """The ledger as if it did not have the clauses of these instruments, which cannot be read."""
    for each in instruments:
        bare = replace(ledger.instrument(each), delay="", party_delay="", conditions="", withdrawal_delay="")
        ledger = ledger.with_instrument(replace(bare, threshold=None))
    return ledger


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
CHECKS: dict[str, NamedCheck] = {
    "bad-clause": NamedCheck("A final clause that cannot be read", _E, bad_clause),
    "protocol-without-convention": NamedCheck(
        "Party to a protocol and not to its convention", _E, protocol_without_convention
    ),
    "protocol-before-convention": NamedCheck(
        "Party to a protocol before its convention", _W, protocol_before_convention
    ),
    "ratification-without-signature": NamedCheck(
        "Ratification, acceptance or approval without a signature", _W, ratification_without_signature
    ),
    "signatures-incomplete": NamedCheck("Signatures that the record lacks", _N, signatures_incomplete),
    "accession-by-signatory": NamedCheck("Accession by a signatory", _W, accession_by_signatory),
    "consent-twice": NamedCheck("Consent twice without a withdrawal", _W, consent_twice),
    "withdrawal-out-of-time": NamedCheck("Withdrawal at a time that allows none", _W, withdrawal_out_of_time),
    "withdrawal-without-period": NamedCheck(
        "Withdrawal whose day of effect is not known", _N, withdrawal_without_period
    ),
    "endings-in-a-circle": NamedCheck("Treaties that would end with each other", _E, endings_in_a_circle),
    "signature-outside-period": NamedCheck("Signature outside the period for signature", _W, signature_outside_period),
    "act-before-adoption": NamedCheck("Act before the instrument was adopted", _E, act_before_adoption),
    "act-in-future": NamedCheck("Act dated in the future", _E, act_in_future),
    "act-before-existence": NamedCheck("Act by a participant that did not exist then", _E, act_before_existence),
    "entry-into-force-differs": NamedCheck(
        "Computed entry into force differs from the depositary's", _E, entry_differs
    ),
    "own-date-differs": NamedCheck("A participant's own date differs from its clause", _W, own_date_differs),
    "published-count-differs": NamedCheck("Published count differs from the record", _W, count_differs),
    "coverage-differs": NamedCheck("Completeness that the record does not bear out", _W, coverage_differs),
    "undated-act": NamedCheck("Act without a day", _N, undated_act),
    "unverified-source": NamedCheck("Unverified source", _N, unverified_source),
}

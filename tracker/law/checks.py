"""Named consistency checks: the data compared with treaty law, with themselves and with published counts.

Each check reads a ledger and yields the places that break one rule, with its severity. Faults of a data file are
found when it is read; these are faults of meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from tracker.errors import BadClause
from tracker.law.affected import named_by_terms
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause, WithdrawalWindow, accession_terms, reservation_terms
from tracker.law.consents import Consent, EndRule, signatures
from tracker.law.coverage import is_partial
from tracker.law.dates import when
from tracker.law.entry_into_force import consents, end_with_each_other, entry_into_force, parties
from tracker.law.findings import (
    NOT_KNOWN,
    Finding,
    FindingGroup,
    NamedCheck,
    Severity,
    action_title,
    finding_of,
    note_about,
    note_of,
)
from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action, ActionKind, CoverageAspect, Instrument
from tracker.law.published_checks import count_differs, coverage_differs, entry_differs, own_date_differs
from tracker.law.statement_checks import STATEMENT_CHECKS
from tracker.law.wording import paragraph
from tracker.messages import message

__all__ = ["CHECKS", "Finding", "Severity", "run_checks"]


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
                text = message(
                    "{state}: withdrawal from {instrument} on {date}, {reason}.",
                    state=name_of(ledger, act.participant), instrument=instrument.name, date=act.day, reason=why,
                )  # fmt: skip
                yield Finding("withdrawal-out-of-time", text, instrument.id, (act.participant,), (act,), act.source)


def _why_not(clause: Clause, in_force: date, day: date) -> str:
    """Why no withdrawal could be notified on that day; empty where it could."""
    if clause.no_withdrawal_before and day < (first := clause.no_withdrawal_before.after(in_force)):
        return message("permitted only from {date}", date=first)
    if clause.withdrawal_window and not _open(clause.withdrawal_window, in_force, day):
        return message("outside the permitted period")
    return ""


def _open(window: WithdrawalWindow, in_force: date, day: date) -> bool:
    """Is the window open on that day? It opens whenever another of its periods in force has passed."""
    opens = window.every.after(in_force)
    while opens <= day:
        if day < window.lasting.after(opens):
            return True
        opens = window.every.after(opens)
    return False


MAX_ODD_UNSIGNED = 3  # so many consents without a signature may be departures of their authors ...
SHARE_UNSIGNED = 0.1  # ... and so large a share of all is a gap in the data


# -- protocols and their conventions -------------------------------------------------------------------


def _protocols_with_conventions(ledger: Ledger) -> Iterator[tuple[Instrument, Instrument]]:
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
    for protocol, convention in _protocols_with_conventions(ledger):
        undated = {act.participant for act in ledger.undated(convention.id) if act.kind.consents}
        above = parties(ledger, convention.id) | undated
        for code in sorted(parties(ledger, protocol.id) - above):
            act = _lives(ledger, protocol.id)[code][-1].action
            text = message(
                "{state}: party to {protocol}, not to {convention}.",
                state=name_of(ledger, code), protocol=protocol.name, convention=convention.name,
            )  # fmt: skip
            found = finding_of("protocol-without-convention", [act], text)
            yield replace(found, group=FindingGroup.GAP) if is_partial(ledger, convention.id) else found


def protocol_before_convention(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A consent to a protocol deposited before the consent to its convention."""
    for protocol, convention in _protocols_with_conventions(ledger):
        for code, spells in sorted(consents(ledger, protocol.id).items()):
            first = consents(ledger, convention.id).get(code, (None,))[0]
            if first is None or not (day := spells[0].action.day) or not (above := first.action.day):
                continue
            if day < above:
                text = message(
                    "{state}: consent to {protocol} on {date}, before {convention} on {later}.",
                    state=name_of(ledger, code), protocol=protocol.name, date=day,
                    convention=convention.name, later=above,
                )  # fmt: skip
                yield finding_of("protocol-before-convention", [spells[0].action, first.action], text)


# -- the acts of one participant -----------------------------------------------------------------------


def _each(ledger: Ledger) -> Iterator[Action]:
    for instrument in ledger.instruments:
        yield from ledger.acts(instrument)


def ratification_without_signature(ledger: Ledger, today: date) -> Iterator[Finding]:
    """Ratification, acceptance and approval follow a signature (Vienna Convention, art. 14)."""
    for instrument in ledger.instruments.values():
        after, unsigned = _acts_needing_signature(ledger, instrument.id)
        if _signatures_incomplete(after, unsigned):
            continue  # the data lack signatures, not the participants: the next check says so
        for act in unsigned:
            if act.kind is not ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL:
                text = message("{action} without a signature.", action=action_title(ledger, act))
                found = finding_of("ratification-without-signature", [act], text)
                missing = is_partial(ledger, instrument.id, CoverageAspect.SIGNATURES)
                yield replace(found, group=FindingGroup.GAP) if missing else found


def signatures_incomplete(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An instrument of which so many signatures are not in the data that they say nothing about any one."""
    for instrument in ledger.instruments.values():
        after, unsigned = _acts_needing_signature(ledger, instrument.id)
        if _signatures_incomplete(after, unsigned):
            text = message(
                "{instrument}: no signature in our data for {number} of {total} ratifying States.",
                instrument=instrument.name, number=len(unsigned), total=len(after),
            )  # fmt: skip
            yield note_about("signatures-incomplete", instrument, text, instrument.source)


def _acts_needing_signature(ledger: Ledger, instrument: str) -> tuple[list[Action], list[Action]]:
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
            text = message(
                "{action} {when}, after signature {signed}.",
                action=action_title(ledger, act), when=when(act.date), signed=when(signature.date),
            )  # fmt: skip
            yield finding_of("accession-by-signatory", [act, signature], text)


def consent_twice(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A second consent while the first still holds."""
    for instrument in ledger.instruments:
        for spells in consents(ledger, instrument).values():
            begun = {id(spell.action) for spell in spells}
            code = spells[0].participant
            again = [a for a in ledger.acts_of(instrument, code) if a.kind.consents and id(a) not in begun]
            if again:
                where = title_of(ledger, instrument)
                text = message(
                    "{state}: second consent to {instrument} without a withdrawal.",
                    state=name_of(ledger, code), instrument=where,
                )  # fmt: skip
                yield finding_of("consent-twice", [spells[0].action, *again], text)


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
            text = message(
                "{action} {when}; open for signature from {opened} to {closed}.",
                action=action_title(ledger, act), when=when(act.date),
                opened=terms.opened_on or NOT_KNOWN, closed=terms.closed_on or NOT_KNOWN,
            )  # fmt: skip
            yield finding_of("signature-outside-period", [act], text)


def act_before_adoption(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act on an instrument that had not been adopted yet."""
    for act in _each(ledger):
        terms = ledger.instrument(act.instrument)
        if act.date and terms.adopted_on and act.date.last < terms.adopted_on.first:
            text = message(
                "{action} {when}, before adoption {adopted}.",
                action=action_title(ledger, act), when=when(act.date), adopted=when(terms.adopted_on),
            )  # fmt: skip
            yield finding_of("act-before-adoption", [act], text)


def withdrawal_without_period(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A withdrawal of which neither its source nor the clause says when it takes effect."""
    for instrument in ledger.instruments.values():
        for spell in (spell for spells in consents(ledger, instrument.id).values() for spell in spells):
            if spell.end_rule is EndRule.NOT_KNOWN and spell.ended_by:
                text = message(
                    "{action}, notified {when}; date of effect not known. Add the notice period of the treaty "
                    "(withdrawal_delay) or the date given by the depositary (effective_on).",
                    action=action_title(ledger, spell.ended_by), when=when(spell.ended_by.date),
                )  # fmt: skip
                yield finding_of("withdrawal-without-period", [spell.ended_by], text)


def endings_in_a_circle(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An instrument whose consents would end with those to another one that ends with them."""
    for instrument in ledger.instruments.values():
        if end_with_each_other(ledger, instrument.id):
            text = message(
                "{instrument}: its final clauses refer back to it, so no consent ends by another treaty.",
                instrument=instrument.name,
            )
            yield note_about("endings-in-a-circle", instrument, text, instrument.source)


def act_in_future(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act dated after the day of asking."""
    for act in _each(ledger):
        if act.date and act.date.first > today:
            text = message("{action}: dated {date}, in the future.", action=action_title(ledger, act), date=act.date)
            yield finding_of("act-in-future", [act], text)


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
            text = message(
                "{action} {when}; existed from {begun} to {ended}.",
                action=action_title(ledger, act), when=when(act.date),
                begun=who.exists_from or NOT_KNOWN, ended=who.exists_to or message("the present"),
            )  # fmt: skip
            yield finding_of("act-before-existence", [act], text)


def undated_act(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An act without any date by which it had been done."""
    for instrument in ledger.instruments:
        for act in ledger.undated(instrument):
            text = message("{action}: date not known.", action=action_title(ledger, act))
            yield finding_of("undated-act", [act], paragraph([text, note_of(act)]))


# -- sources ---------------------------------------------------------------------------------------------


def unverified_source(ledger: Ledger, today: date) -> Iterator[Finding]:
    """A fact that was recalled or reported and not checked against a source."""
    for act in _each(ledger):
        if act.unverified:
            said = message("{action} {when}.", action=action_title(ledger, act), when=when(act.date))
            yield finding_of("unverified-source", [act], paragraph([said, note_of(act)]))
    for instrument in ledger.instruments.values():
        if instrument.unverified:
            text = message("{instrument}: {note}", instrument=instrument.name, note=note_of(instrument))
            yield note_about("unverified-source", instrument, text, instrument.source)


def bad_clause(ledger: Ledger, today: date) -> Iterator[Finding]:
    """An instrument whose terms make no sense."""
    for instrument in ledger.instruments.values():
        try:
            clause_of(instrument), reservation_terms(instrument.reservations), accession_terms(instrument.accessions)
        except BadClause as trouble:
            text = message("{instrument}: {problem}", instrument=instrument.name, problem=str(trouble))
            yield note_about("bad-clause", instrument, text, instrument.source)


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
        replace(finding, severity=check.severity, words=check.words, group=finding.group or check.group)
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
            ahead += named_by_terms(ledger.instruments[each])
    return found


def _without_clauses(ledger: Ledger, instruments: Iterable[str]) -> Ledger:
    """The ledger as if it did not have the clauses of these instruments, which cannot be read."""
    for each in instruments:
        bare = replace(ledger.instrument(each), threshold=None, delay="", party_delay="", conditions="")
        ledger = ledger.with_instrument(replace(bare, withdrawal_delay="", reservations="", accessions=""))
    return ledger


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
_CONTRADICTION, _RULE, _GAP = FindingGroup.CONTRADICTION, FindingGroup.RULE_BREAK, FindingGroup.GAP
CHECKS: dict[str, NamedCheck] = {
    "bad-clause": NamedCheck(message("Final clause not readable"), _E, _GAP, bad_clause),
    "protocol-without-convention": NamedCheck(
        message("Party to a protocol but not to its convention"), _E, _RULE, protocol_without_convention
    ),
    "protocol-before-convention": NamedCheck(
        message("Party to a protocol before its convention"), _W, _RULE, protocol_before_convention
    ),
    "ratification-without-signature": NamedCheck(
        message("Ratification, acceptance or approval without a signature"), _W, _RULE, ratification_without_signature
    ),
    "signatures-incomplete": NamedCheck(message("Signatures not in our data"), _N, _GAP, signatures_incomplete),
    "accession-by-signatory": NamedCheck(message("Accession by a signatory"), _W, _RULE, accession_by_signatory),
    "consent-twice": NamedCheck(message("Second consent without a withdrawal"), _W, _RULE, consent_twice),
    "withdrawal-out-of-time": NamedCheck(
        message("Withdrawal outside the permitted period"), _W, _RULE, withdrawal_out_of_time
    ),
    "withdrawal-without-period": NamedCheck(
        message("Withdrawal with date of effect not known"), _N, _GAP, withdrawal_without_period
    ),
    "endings-in-a-circle": NamedCheck(
        message("Treaties whose ends depend on each other"), _E, _CONTRADICTION, endings_in_a_circle
    ),
    "signature-outside-period": NamedCheck(
        message("Signature outside the period for signature"), _W, _RULE, signature_outside_period
    ),
    "act-before-adoption": NamedCheck(message("Action dated before adoption"), _E, _CONTRADICTION, act_before_adoption),
    "act-in-future": NamedCheck(message("Action dated in the future"), _E, _CONTRADICTION, act_in_future),
    "act-before-existence": NamedCheck(
        message("Action dated before the State existed"), _E, _CONTRADICTION, act_before_existence
    ),
    "entry-into-force-differs": NamedCheck(
        message("Computed entry into force differs from the depositary’s"), _E, _CONTRADICTION, entry_differs
    ),
    "own-date-differs": NamedCheck(
        message("Date for a party differs from the computed date"), _W, _CONTRADICTION, own_date_differs
    ),
    "published-count-differs": NamedCheck(
        message("Published count differs from our data"), _W, _CONTRADICTION, count_differs
    ),
    "coverage-differs": NamedCheck(
        message("Stated completeness differs from our data"), _W, _CONTRADICTION, coverage_differs
    ),
    **STATEMENT_CHECKS,
    "undated-act": NamedCheck(message("Action with date not known"), _N, _GAP, undated_act),
    "unverified-source": NamedCheck(message("Unverified entry"), _N, _GAP, unverified_source),
}

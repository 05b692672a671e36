"""Why a participant has the status that it has towards an instrument, in words: its acts, the rule, the dates."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from tracker.law.bindings import Binding, BindingReason, reason_in_words
from tracker.law.clause_parser import clause_of
from tracker.law.consents import Consent, EndRule, has_ceased_to_exist
from tracker.law.coverage import at_the_earliest, is_partial, missing_of_others
from tracker.law.dates import PartialDate, add_months, when
from tracker.law.effects import provisional_applications
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, memoized, name_of, names_in
from tracker.law.model import Action, ActionKind
from tracker.law.wording import SentenceStart, list_in_words, paragraph, shorten_names
from tracker.messages import TranslatableText, message, plural

LEAST_NOTICE = 12  # months, where the treaty says nothing (Vienna Convention on the Law of Treaties, art. 56(2))


def withdrawn_since(spell: Consent) -> date | PartialDate | None:
    """The day on which a withdrawal took effect, as far as the record knows it."""
    act = spell.ended_by
    if act is None or act.is_exact or spell.ends_by_others:
        return spell.ends_on
    return act.effective_on or (act.date if spell.end_rule is not EndRule.CLAUSE else None)


def _when(act: Action) -> TranslatableText:
    """When an act was done, as it follows a verb: `on 5 May 2001`, `by 6 October 2006 (date not known)`."""
    return _when_done(act.date, act.known_by)


def _when_done(done: PartialDate | None, known_by: PartialDate | None) -> TranslatableText:
    return when(done) if done or not known_by else message("by {date} (date not known)", date=known_by)


def why_signatory(ledger: Ledger, instrument: str, code: str, signature: Action, binding: Binding | None) -> str:
    """Why it is a signatory only: when it signed, and what became of a consent."""
    signed = message("Signed {when}; not ratified.", when=_when(signature))
    revoked = message("Consent revoked; the signature remains.") if binding else ""
    said = [a for a in ledger.acts_of(instrument, code) if a.kind is ActionKind.INTENTION_NOT_TO_BE_BOUND]
    renounced = (
        message("Notified {when} that it does not intend to become a party.", when=when(said[-1].date)) if said else ""
    )
    return paragraph([signed, revoked, renounced])


def why_provisional(ledger: Ledger, instrument: str, code: str, signature: Action | None) -> str:
    """Since when it applies the treaty provisionally, and when it signed."""
    found = provisional_applications(ledger, instrument)[code]
    applied = message(
        "Provisional application since {date}, pending entry into force.",
        date=found.start or message("a date not known"),
    )
    return paragraph([applied, message("Signed {when}.", when=_when(signature)) if signature else ""])


def why_none(ledger: Ledger, instrument: str, code: str) -> str:
    """Why it has no status: it has ceased to exist, nothing is in our data, or nothing that makes one."""
    if has_ceased_to_exist(ledger, code, ledger.horizon):
        return _gone(ledger, code)
    if open_acts := _may_have_done(ledger, instrument, code):
        kinds = shorten_names(list(dict.fromkeys(act.kind.words for act in open_acts)))
        return message(
            "{actions}: date not known; possibly on or before this date.", actions=SentenceStart(list_in_words(kinds))
        )
    acts = ledger.acts_of(instrument, code)
    if not acts:
        return why_silent(ledger, instrument)
    places = list(dict.fromkeys(act.territory for act in acts if act.territory))
    if places and all(act.territory for act in acts):
        return message("Actions for these territories only: {territories}.", territories=shorten_names(places))
    last = acts[-1]
    return message(
        "Last action: {action} {when}; no status on this date.", action=last.kind.words, when=when(last.date)
    )


@memoized
def why_silent(ledger: Ledger, instrument: str) -> str:
    """What it means that our data have no act of a participant on an instrument."""
    if is_partial(ledger, instrument):
        return message("Not in our data, which are incomplete here.")
    number = missing_of_others(ledger, instrument)
    if not number:
        return message("No action in our data.")
    return plural(
        "No action in our data, from which {n} ratification or accession is missing.",
        "No action in our data, from which {n} ratifications or accessions are missing.",
        number,
    )


def _may_have_done(ledger: Ledger, instrument: str, code: str) -> list[Action]:
    """The acts of a participant that are not certain by the ledger's day, and may have been done by it."""
    certain = {act.kind for act in ledger.acts_of(instrument, code)}
    early = at_the_earliest(ledger, instrument).acts_of(instrument, code)
    found = [*(act for act in early if act.kind not in certain), *ledger.undated(instrument, code)]
    return [act for act in found if not act.territory]


def why_withdrawn(ledger: Ledger, instrument: str, spell: Consent) -> str:
    """How and when its consent ended."""
    act, ended = spell.ended_by, spell.ends_on
    notice = when(act.date) if act else when(None)
    match spell.end_rule:
        case EndRule.NOT_KNOWN if act and act.counts_from:
            return message(
                "Withdrawal notified {when}; date of effect not known, no notice period in our data. By default, "
                "notice runs for twelve months, to {date} (Vienna Convention on the Law of Treaties, art. 56(2)).",
                when=notice, date=add_months(act.counts_from, LEAST_NOTICE),
            )  # fmt: skip
        case EndRule.BEFORE_ENTRY:
            return message(
                "Withdrawal notified {when}, before entry into force; effective on the same date.", when=notice
            )
        case EndRule.FALLS_WITH if act:
            other = names_in(ledger)(act.instrument)
            return message(
                "Consent ended on {date}, with withdrawal from {instrument} notified {when}.",
                date=ended, instrument=other, when=notice,
            )  # fmt: skip
        case EndRule.DENOUNCED_BY if act:
            later = names_in(ledger)(act.instrument)
            return message("Ceased to be bound on {date}, when bound by {instrument}.", date=ended, instrument=later)
        case EndRule.CEASES_WITH:
            clause = clause_of(ledger.instrument(instrument))
            body = clause.ceases_with.members.in_words(names_in(ledger)) if clause.ceases_with else message("members")
            return message("Consent ended on {date}: no longer one of the {group}.", date=ended, group=body)
        case EndRule.TERM:
            return message("Consent given for a fixed term, which ended on {date}.", date=ended)
    if act and not act.is_exact:
        since = when(withdrawn_since(spell))
        return message(
            "Withdrawal notified {when}, effective {effect}; possibly in effect on this date.",
            when=notice,
            effect=since,
        )
    return message("Withdrawal notified {when}, effective {date}.", when=notice, date=ended)


def why_consenting(ledger: Ledger, instrument: str, binding: Binding, *, bound: bool) -> str:
    """What was done, and from when and why it binds, or does not yet; and when that is to end."""
    act, day, end = binding.consent.action, ledger.horizon, binding.consent.ends_on
    ended = None if bound else entry_into_force(ledger, instrument).ended_on
    if act.instrument != instrument or (ended and ended <= day):
        return _why_consenting_otherwise(ledger, instrument, binding, ended)
    leaving = bound and end and binding.until == end
    return _consent_in_words(
        act.kind, act.date, act.known_by, binding.reason, binding.consent.end_rule, end if leaving else None
    )


@lru_cache(maxsize=8192)
def _consent_in_words(
    kind: ActionKind,
    given: PartialDate | None,
    known_by: PartialDate | None,
    reason: BindingReason,
    end_rule: EndRule | None,
    end: date | None,
) -> str:
    """What was done, from when and why it binds, and when that is to end (None: it is not); made once for many days."""
    done = message("{action} {when}.", action=SentenceStart(kind.words), when=_when_done(given, known_by))
    return paragraph([done, reason_in_words(reason), _leaving(end_rule, end) if end else ""])


def _why_consenting_otherwise(ledger: Ledger, instrument: str, binding: Binding, ended: date | None) -> str:
    """The same for a consent to another treaty, which an amendment binds too, and where the treaty is over."""
    act, end = binding.consent.action, binding.consent.ends_on
    kind = SentenceStart(act.kind.words)
    if act.instrument == instrument:
        done = message("{action} {when}.", action=kind, when=_when(act))
    else:
        other = names_in(ledger)(act.instrument)
        done = message("{action} ({instrument}) {when}.", action=kind, instrument=other, when=_when(act))
    if ended and ended <= ledger.horizon:
        return paragraph([done, message("The treaty is no longer in force since {date}.", date=ended)])
    leaving = binding.holds_on(ledger.horizon) and end and binding.until == end
    return paragraph([done, binding.why, _leaving(binding.consent.end_rule, end) if leaving and end else ""])


def _leaving(rule: EndRule | None, end: date) -> TranslatableText:
    """That a consent which still holds is to end, and when."""
    match rule:
        case EndRule.TERM:
            return message("Consent given for a fixed term, to {date}.", date=end)
        case EndRule.FALLS_WITH:
            return message("Consent ends on {date}, with withdrawal from another treaty.", date=end)
        case EndRule.DENOUNCED_BY:
            return message("Consent ends on {date}, with consent to a later treaty.", date=end)
        case EndRule.CEASES_WITH:
            return message("Consent ends on {date}, with membership of a body.", date=end)
    return message("Withdrawal notified; effective {date}.", date=end)


def _gone(ledger: Ledger, code: str) -> TranslatableText:
    who, name = ledger.participant(code), name_of(ledger, code)
    if (later := ledger.continuing(code)) != code:
        return message(
            "{state}: actions listed under {later}, which continues it.", state=name, later=name_of(ledger, later)
        )
    heirs = [name_of(ledger, each) for each in who.successors if each in ledger.participants]
    if heirs:
        return message(
            "{state} ceased to exist {when} (succeeded by {successors}).",
            state=name, when=when(who.exists_to), successors=heirs,
        )  # fmt: skip
    return message("{state} ceased to exist {when}.", state=name, when=when(who.exists_to))

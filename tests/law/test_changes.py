"""What differs between two ledgers: each change once, with its day, its words and a key that stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law.test_properties import INSTRUMENTS, acts, brief, days, many
from tests.law.test_properties import ledger as whole
from tests.support.builders import (
    acceded,
    body,
    instrument,
    judged,
    ledger,
    participant,
    ratified,
    signed,
    withdrew,
)  # fmt: skip
from tracker.law.affected import affected_instruments
from tracker.law.changes import Change, ChangeKind, changes_between
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.ledger import Ledger
from tracker.law.status import ParticipantStatus, participant_standings
from tracker.law.threshold import ForceStatus
from tracker.schemas.changes import changes_answer

PACT = instrument("pact", threshold=2, delay="30d", party_delay="10d", withdrawal_delay="1y")
ANNEX = instrument("annex", parent="pact", threshold=1, delay="0d", conditions="requires=pact")
PEOPLE = [participant(code) for code in ("AAA", "BBB", "CCC")]
BASE = (PACT, ANNEX, *PEOPLE)
STANDINGS = {
    ChangeKind.SIGNED, ChangeKind.APPLIED, ChangeKind.CONSENTED, ChangeKind.BOUND, ChangeKind.WITHDREW,
    ChangeKind.STANDING_ENDED,
}  # fmt: skip


def day(text: str) -> date:
    return date.fromisoformat(text)


def kinds(changes) -> list[str]:
    return [change.kind.value for change in changes]


def only(changes, kind: ChangeKind) -> Change:
    (found,) = (change for change in changes if change.kind is kind)
    return found


def two_days(record: Ledger, one: str, other: str):
    return changes_between(record.as_of(day(one)), record.as_of(day(other)))


STORY = ledger(
    *BASE,
    signed("AAA", "pact", "2000-01-01"),
    ratified("AAA", "pact", "2001-01-01"),
    acceded("AAA", "annex", "2001-02-01"),
    acceded("BBB", "pact", "2001-03-01"),
    acceded("CCC", "pact", "2001-06-01"),
    withdrew("CCC", "pact", "2002-06-01"),
)


# -- one record, two days ----------------------------------------------------------------------------


def test_a_signature_makes_a_signatory():
    found = two_days(STORY, "1999-12-31", "2000-01-01")
    assert kinds(found) == ["act-done", "became-signatory", "signatories"]
    assert found[1].words.startswith("Republic of AAA: now a signatory – the Treaty pact. Signed on 1 January 2000;")
    assert (found[2].before, found[2].after, found[2].day) == ("0", "1", day("2000-01-01"))


def test_the_deposit_that_reaches_the_threshold_fixes_the_day_of_entry_into_force():
    found = two_days(STORY, "2001-02-28", "2001-03-01")
    assert kinds(found) == [
        "act-done", "became-contracting-party", "parties", "deposits-counted", "threshold-reached", "date-fixed",
        "date-fixed",
    ]  # fmt: skip
    assert only(found, ChangeKind.THRESHOLD_REACHED).words == (
        "The Treaty pact: threshold met on 1 March 2001 (Republic of BBB)."
    )
    fixed = [change for change in found if change.kind is ChangeKind.DATE_FIXED]
    assert [(change.instrument, change.after) for change in fixed] == [("pact", "2001-03-31"), ("annex", "2001-03-31")]


def test_an_entry_into_force_that_merely_falls_due_is_a_change():
    found = two_days(STORY, "2001-03-30", "2001-03-31")
    assert kinds(found) == [
        "became-party", "became-party", "entered-into-force", "became-party", "entered-into-force",
    ]  # fmt: skip
    entered = found[2]
    assert (entered.instrument, entered.day) == ("pact", day("2001-03-31"))
    assert entered.words.startswith("The Treaty pact: in force since 31 March 2001.")


def test_a_later_party_is_bound_when_its_own_period_ends():
    assert kinds(two_days(STORY, "2001-06-10", "2001-06-11")) == ["became-party"]


def test_a_withdrawal_counts_on_the_day_it_takes_effect():
    assert kinds(two_days(STORY, "2002-05-31", "2002-06-01")) == ["act-done"]
    found = two_days(STORY, "2003-05-31", "2003-06-01")
    assert kinds(found) == ["withdrew", "parties"]
    assert (found[0].before, found[0].after, found[0].day) == ("party", "withdrawn", day("2003-06-01"))
    assert found[1].falls_below(3)


def test_a_day_on_which_nothing_falls_due_changes_nothing_and_touches_nothing():
    one, other = STORY.as_of(day("2001-04-05")), STORY.as_of(day("2001-04-06"))
    assert (affected_instruments(one, other), changes_between(one, other)) == ((), ())


def test_a_state_that_ceases_to_exist_loses_its_standing():
    gone = replace(PEOPLE[0], exists_to=instrument("x", adopted_on="2004-12-31").adopted_on)
    record = ledger(PACT, gone, PEOPLE[1], acceded("AAA", "pact", "2001-01-01"), acceded("BBB", "pact", "2001-01-01"))
    found = two_days(record, "2004-12-31", "2005-01-01")
    ended = only(found, ChangeKind.STANDING_ENDED)
    assert (ended.participant, ended.day, ended.before) == ("AAA", day("2005-01-01"), "party")


def test_an_instrument_that_ends_is_terminated():
    brief_pact = replace(PACT, conditions="ends-below=2")
    record = ledger(brief_pact, *PEOPLE, acceded("AAA", "pact", "2001-01-01"), acceded("BBB", "pact", "2001-01-01"),
                    withdrew("AAA", "pact", "2002-01-01"))  # fmt: skip
    assert only(two_days(record, "2002-12-31", "2003-01-01"), ChangeKind.TERMINATED).day == day("2003-01-01")


def test_any_number_of_parties_can_be_watched_for():
    changes = two_days(STORY, "2000-12-31", "2001-06-01")
    found = only([change for change in changes if change.instrument == "pact"], ChangeKind.PARTIES)
    assert (found.before, found.after) == ("0", "3")
    assert [number for number in range(6) if found.reaches(number)] == [1, 2, 3]
    assert not any(found.falls_below(number) for number in range(6))
    assert not only(two_days(STORY, "1999-12-31", "2000-01-01"), ChangeKind.SIGNED).reaches(1)


# -- two records ---------------------------------------------------------------------------------------


DONE = (ratified("AAA", "pact", "2001-01-01"), acceded("BBB", "pact", "2001-03-01"))


def test_an_act_that_was_recorded_is_told_with_what_follows_from_it():
    found = changes_between(ledger(*BASE, DONE[0]), ledger(*BASE, *DONE))
    assert kinds(found)[:2] == ["act-recorded", "became-party"]
    assert found[0].words == "Republic of BBB: accession – the Treaty pact, 1 March 2001."
    assert {"threshold-reached", "date-fixed", "entered-into-force"} <= set(kinds(found))


def test_a_retraction_undoes_what_followed():
    found = changes_between(ledger(*BASE, *DONE), ledger(*BASE, DONE[0]))
    assert {"act-retracted", "standing-ended", "threshold-undone", "date-unfixed"} <= set(kinds(found))
    assert only(found, ChangeKind.DATE_UNFIXED).before == "2001-03-31"


def test_a_corrected_day_is_a_correction_and_moves_the_entry_into_force():
    later = replace(DONE[1], date=acceded("BBB", "pact", "2001-03-05").date)
    found = changes_between(ledger(*BASE, *DONE), ledger(*BASE, DONE[0], later))
    assert kinds(found) == ["act-corrected", "date-moved"]
    assert found[0].words == (
        "Corrected – Republic of BBB, the Treaty pact: accession, 5 March 2001; source: test (was 1 March 2001; "
        "source: test)."
    )
    assert (found[1].before, found[1].after) == ("2001-03-31", "2001-04-04")


def test_a_correction_of_remarks_changes_nothing_else():
    noted = replace(DONE[0], note="with a declaration")
    assert kinds(changes_between(ledger(*BASE, DONE[0]), ledger(*BASE, noted))) == ["act-corrected"]


def test_an_act_without_a_day_is_told_and_changes_no_standing():
    found = changes_between(ledger(*BASE), ledger(*BASE, acceded("AAA", "pact")))
    assert kinds(found) == ["act-recorded", "finding-opened"]
    assert "date not known" in found[0].words


def test_terms_that_change_move_the_day():
    slower = replace(PACT, delay="60d")
    found = changes_between(ledger(*BASE, *DONE), ledger(slower, ANNEX, *PEOPLE, *DONE))
    assert only(found, ChangeKind.DATE_MOVED).after == "2001-04-30"


def test_terms_that_cannot_be_read_open_a_finding_and_stop_nothing():
    broken = replace(PACT, conditions="nonsense=")
    found = changes_between(
        ledger(*BASE, *DONE), ledger(broken, ANNEX, *PEOPLE, *DONE, signed("CCC", "pact", "2001-01-01"))
    )
    assert "act-recorded" in kinds(found)
    assert only([c for c in found if c.about == "bad-clause"], ChangeKind.FINDING_OPENED).instrument == "pact"


def test_a_new_instrument_brings_its_acts_and_standings():
    found = changes_between(ledger(*PEOPLE), ledger(*BASE, *DONE))
    assert kinds(found).count("act-recorded") == 2
    assert only(found, ChangeKind.PARTIES).after == "2"


def test_a_finding_opens_and_closes_with_its_cause():
    lone = acceded("AAA", "annex", "2001-01-01")
    opened = changes_between(ledger(*BASE), ledger(*BASE, lone))
    assert only(opened, ChangeKind.FINDING_OPENED).about == "protocol-without-convention"
    closed = changes_between(ledger(*BASE, lone), ledger(*BASE, lone, acceded("AAA", "pact", "2001-01-01")))
    assert only(closed, ChangeKind.FINDING_CLOSED).words.startswith("Data note closed: Republic of AAA: party to")


def test_a_participant_described_anew_touches_only_what_it_acted_on():
    renamed = replace(PEOPLE[0], name="Kingdom of AAA")
    before, after = ledger(*BASE, *DONE), ledger(PACT, ANNEX, renamed, *PEOPLE[1:], *DONE)
    assert affected_instruments(before, after) == ("pact", "annex")
    assert changes_between(before, after) == ()


def test_two_moments_of_one_record_differ_by_what_was_recorded_between():
    monday, tuesday, friday = (datetime(2001, 4, n, tzinfo=UTC) for n in (2, 3, 6))
    record = ledger(*BASE, DONE[0], replace(DONE[1], recorded_at=tuesday))
    found = changes_between(record.known_at(monday), record.known_at(friday))
    assert kinds(found)[0] == "act-recorded"
    assert changes_between(record.known_at(tuesday), record.known_at(friday)) == ()


def test_a_deposit_supposed_is_a_difference_like_any_other():
    record = ledger(*BASE, DONE[0]).as_of(day("2001-02-01"))
    found = changes_between(record, record.with_actions([DONE[1]], until=day("2001-03-01")))
    assert ChangeKind.THRESHOLD_REACHED in {change.kind for change in found}


# -- judgements --------------------------------------------------------------------------------------


def listing(*judgements):
    return ledger(body("judge", acronym="J"), *PEOPLE, *judgements)


def test_who_comes_on_a_list_goes_off_it_or_is_judged_anew_is_told():
    record = listing(
        judged("list", "AAA", "grey", "2001-01-01", "2002-01-01"),
        judged("list", "AAA", "black", "2002-01-01"),
        judged("list", "BBB", "grey", "2001-01-01", "2002-01-01"),
        judged("list", "CCC", "grey", "2002-01-01"),
    )
    found = two_days(record, "2001-12-31", "2002-01-01")
    assert [(c.kind.value, c.participant, c.before, c.after) for c in found] == [
        ("reassessed", "AAA", "grey", "black"), ("delisted", "BBB", "grey", ""), ("listed", "CCC", "", "grey"),
    ]  # fmt: skip
    assert {change.day for change in found} == {day("2002-01-01")}
    assert found[1].words == "Republic of BBB: removed from “list” (J) on 1 January 2002 (was grey)."


def test_a_new_edition_with_the_same_judgement_is_no_change():
    record = listing(
        judged("tier", "AAA", "one", "2001-06-01", "2002-06-01", edition="2001"),
        judged("tier", "AAA", "one", "2002-06-01", edition="2002"),
    )
    assert two_days(record, "2002-05-31", "2002-06-01") == ()


def test_who_is_missing_from_a_part_that_the_record_lacks_was_not_delisted():
    rows = [
        ("AAA", "one", 2001),
        ("BBB", "two", 2001),
        ("AAA", "one", 2002),
        ("BBB", "two", 2003),
        ("AAA", "two", 2003),
    ]
    record = listing(*(judged("tier", c, v, f"{e}-06-01", f"{e + 1}-06-01", edition=str(e)) for c, v, e in rows))
    assert two_days(record, "2002-05-31", "2002-06-01") == ()
    assert kinds(two_days(record, "2003-05-31", "2003-06-01")) == ["reassessed"]


def test_rounds_begin_and_end():
    record = listing(judged("round", "", "I", "2000-01-01", "2003-01-01"), judged("round", "", "II", "2003-01-01"))
    assert kinds(two_days(record, "2002-12-31", "2003-01-01")) == ["round-begun", "round-ended"]


def test_a_judgement_recorded_later_is_told_with_its_own_day():
    found = changes_between(listing(), listing(judged("list", "AAA", "grey", "2001-01-01")))
    assert [(c.kind.value, c.day) for c in found] == [("listed", day("2001-01-01"))]


# -- keys --------------------------------------------------------------------------------------------


def test_the_same_difference_has_the_same_key_whenever_it_is_found():
    once, again = (changes_between(ledger(*BASE, DONE[0]), ledger(*BASE, *DONE)) for _ in range(2))
    assert [change.key for change in once] == [change.key for change in again]
    assert len(once[0].key) == 32


def test_a_key_does_not_depend_on_the_words():
    change = changes_between(ledger(*BASE), ledger(*BASE, DONE[0]))[0]
    assert replace(change, words="said otherwise").key == change.key
    assert replace(change, participant="BBB").key != change.key


def test_two_sources_of_one_act_are_two_changes():
    found = changes_between(ledger(*BASE), ledger(*BASE, DONE[0], replace(DONE[0], source="another")))
    recorded = [change for change in found if change.kind is ChangeKind.ACT_RECORDED]
    assert len({change.key for change in recorded}) == 2


# -- every record ------------------------------------------------------------------------------------


@given(many, days)
@brief
def test_nothing_differs_from_itself(actions, on):
    assert changes_between(whole(actions), whole(actions)) == ()
    assert changes_between(whole(actions).as_of(on), whole(actions).as_of(on)) == ()


@given(many, many, days)
@brief
def test_no_two_changes_have_one_key(some, others, on):
    found = changes_between(whole(some).as_of(on), whole(others).as_of(on))
    assert len({change.key for change in found}) == len(found)


def states(view: Ledger):
    """Every participant's standing and every instrument's counts and course, none left out."""
    standing = {
        (each.id, s.participant): s.status.value for each in INSTRUMENTS for s in participant_standings(view, each.id)
    }
    counts = {each.id: str(len(parties(view, each.id))) for each in INSTRUMENTS}
    force = {each.id: entry_into_force(view, each.id) for each in INSTRUMENTS}
    return standing, counts, {name: entry.date for name, entry in force.items()}


def applied(view: Ledger, changes):
    """The states with the changes made to them."""
    standing, counts, dates = states(view)
    for change in changes:
        if change.kind in STANDINGS:
            pair = (change.instrument, change.participant)
            assert standing.get(pair, ParticipantStatus.NONE.value) == change.before
            standing[pair] = change.after
        elif change.kind is ChangeKind.PARTIES:
            assert counts[change.instrument] == change.before
            counts[change.instrument] = change.after
        elif change.kind in (ChangeKind.DATE_FIXED, ChangeKind.DATE_MOVED, ChangeKind.DATE_UNFIXED):
            dates[change.instrument] = date.fromisoformat(change.after) if change.after else None
    return {pair: status for pair, status in standing.items() if status != ParticipantStatus.NONE.value}, counts, dates


@given(many, many, days, days)
@brief
def test_the_changes_lead_from_the_one_ledger_to_the_other(some, others, one, other):
    before, after = whole(some).as_of(one), whole(others).as_of(other)
    assert applied(before, changes_between(before, after)) == applied(after, ())


@given(many, days, st.integers(1, 500))
@brief
def test_what_falls_due_between_two_days_of_one_record_is_never_overlooked(actions, first, length):
    record = whole(actions)
    before, after = record.as_of(first), record.as_of(first + timedelta(days=length))
    assert applied(before, changes_between(before, after)) == applied(after, ())


@given(many, days, st.lists(acts, max_size=3))
@brief
def test_an_entry_into_force_is_told_exactly_when_it_happens(actions, on, more):
    before, after = whole(actions).as_of(on), whole([*actions, *more]).as_of(on)
    told = {c.instrument for c in changes_between(before, after) if c.kind is ChangeKind.ENTERED_INTO_FORCE}
    begun = (ForceStatus.IN_FORCE, ForceStatus.TERMINATED)
    was, now = ({i.id for i in INSTRUMENTS if entry_into_force(view, i.id).status in begun} for view in (before, after))
    assert told == now - was


# -- the shipped record ------------------------------------------------------------------------------


def test_the_fortieth_deposit_to_untoc_is_one_change(record):
    found = two_days(record, "2003-06-30", "2003-07-01")
    untoc = [change for change in found if change.instrument == "untoc"]
    assert kinds(untoc) == [
        "act-done", "became-contracting-party", "parties", "deposits-counted", "threshold-reached", "date-fixed",
    ]  # fmt: skip
    assert only(untoc, ChangeKind.PARTIES).reaches(40)
    assert untoc[-1].words.startswith("UNTOC: entry into force on 29 September 2003.")


def test_untoc_entered_into_force_on_its_day(record):
    found = two_days(record, "2003-09-28", "2003-09-29")
    assert only(found, ChangeKind.ENTERED_INTO_FORCE).instrument == "untoc"


@pytest.mark.parametrize(
    "instrument_id", ["untoc-tip", "untoc-som", "untoc-firearms", "uncac", "drugs-1988", "coe-173", "coe-197"]
)
def test_every_entry_into_force_of_the_record_is_told_on_its_day(record, instrument_id):
    entry = entry_into_force(record, instrument_id)
    assert entry.date is not None
    found = changes_between(record.as_of(entry.date - timedelta(days=1)), record.as_of(entry.date))
    assert instrument_id in {c.instrument for c in found if c.kind is ChangeKind.ENTERED_INTO_FORCE}


def test_four_left_the_list_of_non_cooperative_countries_in_june_2002(record):
    found = two_days(record, "2002-06-20", "2002-06-21")
    assert [(c.kind.value, c.participant) for c in found] == [("delisted", c) for c in ("HUN", "ISR", "KNA", "LBN")]


def test_an_edition_known_in_part_delists_nobody(record):
    found = two_days(record, "2016-06-29", "2016-06-30")
    assert {c.kind for c in found if c.scheme == "tip-tier"} == {ChangeKind.REASSESSED}


def test_changes_as_plain_data_carry_numbers_names_and_keys(record):
    answer = changes_answer(record.as_of(day("2003-06-30")), record.as_of(day("2003-07-01")))
    assert (answer.from_, answer.to, answer.count) == (day("2003-06-30"), day("2003-07-01"), len(answer.changes))
    row = next(each for each in answer.changes if each.kind == "parties" and each.instrument == "untoc")
    assert (row.before, row.after, row.instrument_name) == (39, 40, "UNTOC")

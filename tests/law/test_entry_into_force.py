"""When an instrument enters into force: the threshold, the delay, what must come first, and what the record lacks."""

from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.errors import BadClause, NotFound
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, Membership, ParticipantKind
from tracker.law.status import status
from tracker.law.threshold import ForceStatus

PACT = instrument("pact", threshold=2, delay="90d", party_delay="30d", article="Art. 9", withdrawal_delay="1y")
STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC", "DDD"))
UNION = participant("EUU", kind=ParticipantKind.REIO)


def day(text: str) -> date:
    return date.fromisoformat(text)


# -- the real record --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("treaty", "official"),
    [
        ("untoc", "2003-09-29"),
        ("untoc-tip", "2003-12-25"),
        ("untoc-som", "2004-01-28"),
        ("untoc-firearms", "2005-07-03"),
        ("uncac", "2005-12-14"),
        ("drugs-1988", "1990-11-11"),
        ("coe-141", "1993-09-01"),
        ("coe-173", "2002-07-01"),
        ("coe-185", "2004-07-01"),
        ("coe-191", "2005-02-01"),
        ("coe-197", "2008-02-01"),
    ],
)
def test_the_day_computed_from_the_deposits_is_the_depositarys(record, treaty, official):
    entry = entry_into_force(record, treaty)
    assert (entry.basis, entry.date, entry.official) == ("computed", day(official), day(official))


def test_without_a_state_that_later_ceased_to_exist_the_drug_convention_would_be_a_week_late(record):
    facts = (fact for each in record.instruments for fact in record.acts(each) if fact.participant != "DDR")
    without = Ledger([*chain.from_iterable(record._others.values()), *facts])
    assert entry_into_force(without, "drugs-1988").date == day("1990-11-18")


def test_on_the_day_of_the_threshold_the_answer_names_the_depositor_and_the_day_to_come(record):
    now = status(record.as_of(day("2003-07-01")), "untoc")
    threshold = now.entry.threshold
    assert (now.signatories, now.parties, now.bound) == (147, 40, 0)
    assert (threshold.required, threshold.counted, threshold.remaining) == (40, 40, 0)
    assert (threshold.reached_on, threshold.reached_by) == (day("2003-07-01"), ("ARM",))
    assert (now.entry.status, now.entry.date) == (ForceStatus.WILL_ENTER, day("2003-09-29"))
    assert "Art. 38(1)" in now.entry.why
    assert "On the 90th day after the date of deposit (1 July 2003): 29 September 2003." in now.entry.why


def test_all_that_deposited_on_the_day_of_the_threshold_are_named(record):
    assert entry_into_force(record, "untoc-tip").threshold.reached_by == ("BLZ", "LAO", "POL", "RWA")
    assert "Belize" in entry_into_force(record, "untoc-tip").why


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2003-06-30", "pending"), ("2003-07-01", "will-enter-into-force"), ("2003-09-28", "will-enter-into-force"),
     ("2003-09-29", "in-force")],
)  # fmt: skip
def test_the_status_word_turns_on_its_day(record, on, expected):
    assert entry_into_force(record.as_of(day(on)), "untoc").status == expected


def test_a_convention_with_no_deposit_is_pending_with_all_of_them_remaining(record):
    entry = entry_into_force(record, "un-cybercrime")
    assert (entry.status, entry.date) == (ForceStatus.PENDING, None)
    assert (entry.threshold.required, entry.threshold.remaining) == (40, 40)
    assert "40 more needed" in entry.why


def test_where_the_record_lacks_a_table_it_says_so_and_shows_the_depositarys_day_as_such(record):
    terms = replace(record.instrument("oecd-bribery"), conditions="share(no-such-table)>=60")
    entry = entry_into_force(record.with_instrument(terms), "oecd-bribery")
    assert (entry.basis, entry.date) == ("depositary", day("1999-02-15"))
    assert entry.missing == ("table no-such-table",)


def test_the_export_shares_of_the_ten_largest_bring_the_bribery_convention_into_force_on_its_official_day(record):
    entry = entry_into_force(record, "oecd-bribery")
    assert (entry.basis, entry.date, entry.official) == ("computed", day("1999-02-15"), day("1999-02-15"))
    assert entry.threshold.reached_by == ("CAN",)


def test_where_deposits_have_no_day_the_record_does_not_decide(record):
    entry = entry_into_force(record, "coe-174")
    assert entry.basis == "depositary"
    assert "deposits that may precede the threshold" in entry.missing[0]


# -- counting ---------------------------------------------------------------------------------------


def test_the_last_needed_deposit_starts_the_delay():
    whole = ledger(PACT, *STATES, ratified("AAA", "pact", "2001-01-01"), acceded("BBB", "pact", "2001-03-01"))
    entry = entry_into_force(whole, "pact")
    assert (entry.date, entry.threshold.reached_on) == (day("2001-05-30"), day("2001-03-01"))
    assert [step.about for step in entry.steps] == ["threshold", "delay"]
    assert [deposit.participant for deposit in entry.counted] == ["AAA", "BBB"]


@pytest.mark.parametrize(("conditions", "remaining"), [("", 1), ("reio=no", 1), ("reio=yes", 0)])
def test_an_organizations_deposit_counts_only_where_the_clause_says_so(conditions, remaining):
    pact = replace(PACT, conditions=conditions)
    whole = ledger(pact, *STATES, UNION, ratified("AAA", "pact", "2001-01-01"), ratified("EUU", "pact", "2001-01-02"))
    entry = entry_into_force(whole, "pact")
    assert entry.threshold.remaining == remaining
    assert [(n.action.participant, n.reason) for n in entry.not_counted] == (
        [("EUU", "organization; not additional to those of its member States")] if remaining else []
    )


def test_only_the_named_kinds_of_act_count():
    pact = replace(PACT, conditions="acts=ratification")
    whole = ledger(pact, *STATES, ratified("AAA", "pact", "2001-01-01"), acceded("BBB", "pact", "2001-01-02"))
    entry = entry_into_force(whole, "pact")
    assert entry.threshold.counted == 1
    assert entry.not_counted[0].reason == "accession is not counted under the clause"


def test_a_deposit_withdrawn_before_the_threshold_does_not_count():
    whole = ledger(
        PACT, *STATES, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2001-02-01"),
        ratified("BBB", "pact", "2002-06-01"), ratified("CCC", "pact", "2003-06-01"),
    )  # fmt: skip
    entry = entry_into_force(whole, "pact")
    assert entry.threshold.reached_on == day("2003-06-01")
    assert "withdrawn, effective 1 February 2001" in entry.not_counted[0].reason


def test_a_withdrawal_after_the_threshold_undoes_nothing():
    whole = ledger(
        PACT, *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-06-01"),
        withdrew("AAA", "pact", "2001-07-01"),
    )  # fmt: skip
    assert entry_into_force(whole, "pact").date == day("2001-08-30")


def test_a_deposit_counts_on_after_its_author_has_ceased_to_exist_until_a_successor_deposits():
    gone = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1990-10-02", successors=("BBB",))
    early = ledger(PACT, gone, *STATES, ratified("OLD", "pact", "1990-01-01"), ratified("AAA", "pact", "1990-10-02"))
    late = ledger(PACT, gone, *STATES, ratified("OLD", "pact", "1990-01-01"), ratified("AAA", "pact", "1990-10-03"))
    assert entry_into_force(early, "pact").threshold.reached_on == day("1990-10-02")
    assert entry_into_force(late, "pact").threshold.reached_on == day("1990-10-03")
    heir = ledger(PACT, gone, *STATES, ratified("OLD", "pact", "1990-01-01"), ratified("BBB", "pact", "1990-10-03"))
    assert entry_into_force(heir, "pact").status is ForceStatus.PENDING
    [uncounted] = entry_into_force(heir, "pact").not_counted
    assert uncounted.reason == "State no longer exists; the instrument of its successor is counted"


def test_a_signature_or_provisional_application_brings_nothing_into_force():
    whole = ledger(
        replace(PACT, threshold=1), *STATES, signed("AAA", "pact", "2001-01-01"),
        act(ActionKind.PROVISIONAL_APPLICATION, "BBB", "pact", "2001-01-01"),
    )  # fmt: skip
    assert entry_into_force(whole, "pact").status is ForceStatus.PENDING


def test_a_definitive_signature_counts_as_consent():
    whole = ledger(
        replace(PACT, threshold=1), *STATES, act(ActionKind.DEFINITIVE_SIGNATURE, "AAA", "pact", "2001-01-01")
    )
    assert entry_into_force(whole, "pact").threshold.reached_on == day("2001-01-01")


# -- what the record lacks ----------------------------------------------------------------------------


def test_an_undated_deposit_that_may_have_come_first_leaves_the_day_open():
    whole = ledger(PACT, *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2002-01-01"),
                   ratified("CCC", "pact"))  # fmt: skip
    entry = entry_into_force(whole, "pact")
    assert (entry.status, entry.date, entry.basis) == (ForceStatus.UNDETERMINED, None, "none")
    assert entry.missing == ("date of one deposit that may precede the threshold",)


def test_an_undated_deposit_that_could_not_reach_the_threshold_leaves_it_pending():
    whole = ledger(replace(PACT, threshold=3), *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("CCC", "pact"))
    assert entry_into_force(whole, "pact").status is ForceStatus.PENDING


@pytest.mark.parametrize("late", [{"not_before": "2005-01-01"}, {"code": "NEW"}], ids=["its source", "its author"])
def test_an_undated_deposit_that_must_have_come_later_leaves_the_day_as_it_is(late):
    code, fields = late.get("code", "CCC"), {name: value for name, value in late.items() if name != "code"}
    new = participant("NEW", exists_from="2004-05-06")
    dated = [ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2002-01-01")]
    entry = entry_into_force(ledger(PACT, *STATES, new, *dated, ratified(code, "pact", **fields)), "pact")
    assert (entry.status, entry.date, entry.missing) == (ForceStatus.IN_FORCE, day("2002-04-01"), ())


def test_an_undated_deposit_that_cannot_have_been_made_yet_leaves_the_treaty_pending():
    whole = ledger(
        PACT, *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("CCC", "pact", not_before="2005-01-01")
    )
    assert entry_into_force(whole.as_of(day("2004-12-31")), "pact").status is ForceStatus.PENDING
    assert entry_into_force(whole.as_of(day("2005-01-01")), "pact").status is ForceStatus.UNDETERMINED


def test_a_deposit_known_to_the_month_decides_where_its_day_makes_no_difference():
    whole = ledger(PACT, *STATES, ratified("AAA", "pact", "2001-01"), ratified("BBB", "pact", "2001-03-01"))
    assert entry_into_force(whole, "pact").date == day("2001-05-30")
    as_last = ledger(PACT, *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-03"))
    assert entry_into_force(as_last, "pact").status is ForceStatus.UNDETERMINED


@pytest.mark.parametrize(
    ("terms", "missing"),
    [
        ({"threshold": None, "delay": ""}, "clause on entry into force"),
        ({"conditions": "members(club)>=1"}, "members of club"),
        ({"conditions": "parties(nothing)>=1"}, "parties to nothing"),
        ({"conditions": "share(ships)>=50"}, "table ships"),
        ({"conditions": "not-before=opening+2y"}, "exact date of the opening for signature (Treaty pact)"),
        ({"conditions": "requires=nothing"}, "nothing, which must be in force first"),
    ],
)
def test_what_the_clause_asks_and_the_record_lacks_is_named(terms, missing):
    pact = replace(PACT, **terms)
    whole = ledger(pact, *STATES, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-01-01"))
    entry = entry_into_force(whole, "pact")
    assert (entry.status, entry.missing) == (ForceStatus.UNDETERMINED, (missing,))
    assert missing in entry.why


def test_a_depositarys_day_is_shown_as_its_own_and_only_once_it_has_come():
    pact = replace(PACT, threshold=None, delay="", in_force_on=instrument("x", in_force_on="2001-05-01").in_force_on)
    whole = ledger(pact, *STATES)
    then = entry_into_force(whole.as_of(day("2001-05-01")), "pact")
    assert (then.status, then.basis, then.date) == (ForceStatus.IN_FORCE, "depositary", day("2001-05-01"))
    assert entry_into_force(whole.as_of(day("2001-04-30")), "pact").status is ForceStatus.UNDETERMINED


# -- nonsense -----------------------------------------------------------------------------------------


def test_unknown_instruments_and_bad_terms_are_refused():
    with pytest.raises(NotFound):
        entry_into_force(ledger(), "nothing")
    with pytest.raises(BadClause):
        entry_into_force(ledger(replace(PACT, delay="soon")), "pact")


def test_progress_calls_bodies_by_their_names(record):
    entry = entry_into_force(record.as_of(day("2003-01-01")), "coe-185")
    assert entry.status is ForceStatus.PENDING
    assert entry.progress[0].words == "including at least 3 member States of the Council of Europe"


def test_only_members_make_the_class_that_is_counted():
    pact = replace(PACT, conditions="members(club)>=2")
    facts = (*STATES, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-03-01"))
    club = [Membership(body="club", participant=code) for code in ("AAA", "BBB")]
    assert entry_into_force(ledger(pact, *facts, *club), "pact").threshold.reached_on == day("2001-03-01")
    assert entry_into_force(ledger(pact, *facts, club[0]), "pact").progress[0].have == "1"


def test_a_deposit_known_to_the_month_that_cannot_have_come_earlier_leaves_the_day_as_it_is():
    facts = (ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-03-01"))
    whole = ledger(PACT, *STATES, *facts, ratified("CCC", "pact", "2001-03"))
    assert entry_into_force(whole, "pact").date == day("2001-05-30")

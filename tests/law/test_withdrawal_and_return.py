"""Withdrawal, return, and what else ends a consent: notice periods, other treaties, bodies and terms."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.builders import acceded, act, body, instrument, ledger, member, participant, ratified, withdrew
from tests.support.real_treaties import deposits, real
from tracker.law.bindings import bound_participants
from tracker.law.checks import run_checks
from tracker.law.consents import EndRule
from tracker.law.entry_into_force import consent_of, consents, entry_into_force, parties
from tracker.law.model import ActionKind
from tracker.law.scenarios import HypotheticalAction, run_scenario
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.threshold import ForceStatus

CODES = ("NLD", "BEL", "FRA", "DEU", "GUY", "RUS")
STATES = tuple(participant(code) for code in CODES)
IT = instrument("it", threshold=1, delay="0d", party_delay="30d", withdrawal_delay="1y")


def day(text: str) -> date:
    return date.fromisoformat(text)


def world(*facts):
    return ledger(*STATES, *facts)


def status_on(whole, code: str, on: str, treaty: str = "it") -> str:
    return participant_standing(whole.as_of(day(on)), treaty, code).status.value


def test_guyana_that_returned_to_the_optional_protocol_while_its_notice_ran_never_left_it():
    protocol = instrument("it", threshold=10, delay="3m", party_delay="3m", withdrawal_delay="3m")
    first = deposits("it", " ".join(f"M{n:02}:1976-01-01" for n in range(10)))
    whole = world(
        protocol, *first, acceded("GUY", "it", "1993-05-10"), withdrew("GUY", "it", "1999-01-05"),
        acceded("GUY", "it", "1999-01-05", effective_on="1999-04-05"),
    )  # fmt: skip
    for on in ("1999-01-04", "1999-01-05", "1999-04-04", "1999-04-05", "2020-01-01"):
        assert status_on(whole, "GUY", on) == "party", on
        assert "GUY" in parties(whole.as_of(day(on)), "it")
    before, after = consents(whole, "it")["GUY"]
    assert (before.ends_on, after.follows, after.ends_on) == (day("1999-04-05"), day("1999-04-05"), None)
    assert not [f for f in run_checks(whole, day("2020-01-01")) if f.check == "consent-twice"]


def test_one_that_returns_under_notice_goes_on_when_the_old_consent_ends():
    whole = world(
        IT, ratified("NLD", "it", "2000-01-01"), withdrew("NLD", "it", "2005-03-01"), acceded("NLD", "it", "2005-06-01")
    )
    standing = participant_standing(whole.as_of(day("2006-03-01")), "it", "NLD")
    assert (standing.status, standing.bound_from) == (ParticipantStatus.PARTY, day("2006-03-01"))
    assert "Consent given again before the withdrawal took effect" in standing.bound_why


def test_what_is_taken_back_before_entry_into_force_is_gone_at_once():
    two = instrument("it", threshold=2, delay="0d", withdrawal_delay="1y")
    early = (two, ratified("NLD", "it", "2000-01-01"), withdrew("NLD", "it", "2000-06-01"))
    whole = world(*early, ratified("BEL", "it", "2000-12-01"))
    assert entry_into_force(whole, "it").status is ForceStatus.PENDING
    assert status_on(whole, "NLD", "2000-06-01") == "withdrawn"
    assert "before entry into force; effective on the same date" in participant_standing(whole, "it", "NLD").why
    assert entry_into_force(world(*early, *deposits("it", "BEL:2000-12-01 FRA:2001-03-01")), "it").date == day(
        "2001-03-01"
    )


def test_the_notice_period_runs_once_the_treaty_is_in_force():
    whole = world(IT, ratified("NLD", "it", "2000-01-01"), withdrew("NLD", "it", "2000-06-01"))
    assert consent_of(whole, "it", "NLD").ends_on == day("2001-06-01")


@pytest.mark.parametrize("clauses", [{"threshold": 2, "delay": "90d", "party_delay": "30d"}, {}])
def test_a_withdrawal_without_a_known_period_counts_from_its_notice_and_says_what_is_not_known(clauses):
    whole = world(
        instrument("it", **clauses), *deposits("it", "FRA:2000-01-01 DEU:2000-01-01 BEL:2000-01-01"),
        withdrew("FRA", "it", "2010-01-01"), withdrew("DEU", "it", "2010-01-01", effective_on="2011-01-01"),
    )  # fmt: skip
    left = participant_standing(whole.as_of(day("2010-01-01")), "it", "FRA")
    assert (left.status, left.bound_until) == (ParticipantStatus.WITHDRAWN, None)
    assert "date of effect not known" in left.why
    assert "to 1 January 2011 (Vienna Convention on the Law of Treaties, art. 56(2))" in left.why
    assert parties(whole.as_of(day("2010-12-31")), "it") == {"DEU", "BEL"}
    assert parties(whole.as_of(day("2011-01-01")), "it") == {"BEL"}
    [finding] = [f for f in run_checks(whole, day("2020-01-01")) if f.check == "withdrawal-without-period"]
    assert "Add the notice period of the treaty" in finding.text


def test_a_supposed_withdrawal_without_a_known_period_asks_for_the_term_as_a_real_one_does():
    whole = world(replace(IT, withdrawal_delay=""), *deposits("it", "NLD:2000-01-01 BEL:2000-01-01"))
    left = HypotheticalAction("NLD", day("2020-06-01"), withdraws=True)
    found = run_scenario(whole.as_of(day("2020-01-01")), "it", [left])
    assert (found.before.parties, found.after.parties) == (2, 1)
    assert "withdrawal-without-period" in {each.check for each in found.new_findings}


def test_withdrawal_from_a_convention_ends_its_protocols_where_the_clause_says_so():
    convention = instrument("pact", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="1y")
    tied = instrument("tied", parent="pact", threshold=1, delay="0d", party_delay="0d", conditions="falls-with=pact")
    free = instrument("free", parent="pact", threshold=1, delay="0d", party_delay="0d")
    joined = [ratified("FRA", treaty, "2003-01-01") for treaty in ("pact", "tied", "free")]
    whole = world(convention, tied, free, *joined, withdrew("FRA", "pact", "2026-12-01"))
    assert status_on(whole, "FRA", "2027-11-30", "tied") == "party"
    assert status_on(whole, "FRA", "2027-12-01", "tied") == "withdrawn"
    assert status_on(whole, "FRA", "2027-12-01", "free") == "party"
    assert "with withdrawal from Treaty pact notified on 1 December 2026" in participant_standing(
        whole, "tied", "FRA"
    ).why.replace("the ", "")


def test_a_protocol_does_not_fall_where_its_party_returned_to_the_convention_in_time():
    convention = instrument("pact", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="1y")
    tied = instrument("tied", parent="pact", threshold=1, delay="0d", party_delay="0d", conditions="falls-with=pact")
    whole = world(
        convention, tied, ratified("FRA", "pact", "2003-01-01"), ratified("FRA", "tied", "2003-01-01"),
        withdrew("FRA", "pact", "2010-01-01"), acceded("FRA", "pact", "2010-06-01"),
    )  # fmt: skip
    assert status_on(whole, "FRA", "2015-01-01", "tied") == "party"


def test_what_must_bind_first_takes_along_what_depends_on_it_when_it_ends():
    convention = instrument("cbd", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="1y")
    protocol = instrument(
        "bio", parent="cbd", threshold=1, delay="0d", party_delay="0d", conditions="party-requires=cbd"
    )
    whole = world(
        convention, protocol, ratified("FRA", "cbd", "2003-01-01"), ratified("FRA", "bio", "2003-01-01"),
        withdrew("FRA", "cbd", "2010-01-01"),
    )  # fmt: skip
    assert [status_on(whole, "FRA", on, "bio") for on in ("2010-12-31", "2011-01-01")] == ["party", "withdrawn"]


def test_consent_to_a_revising_labour_convention_denounces_the_one_before_it():
    old = instrument("c5", threshold=1, delay="0d", party_delay="0d", conditions="denounced-by=c138")
    new = instrument("c138", threshold=2, delay="12m", party_delay="12m")
    whole = world(
        old,
        new,
        *deposits("c5", "FRA:1939-04-29 BEL:1924-07-12"),
        *deposits("c138", "NLD:1976-01-01 FRA:1990-07-13 DEU:1976-04-08"),
    )
    assert status_on(whole, "FRA", "1991-07-12", "c5") == "party"
    assert status_on(whole, "FRA", "1991-07-13", "c5") == "withdrawn"
    assert status_on(whole, "BEL", "2020-01-01", "c5") == "party"
    assert consent_of(whole, "c5", "FRA").end_rule is EndRule.DENOUNCED_BY


def test_russia_ceased_to_be_a_party_to_the_human_rights_convention_six_months_after_it_left_the_council():
    convention = instrument("echr", threshold=1, delay="0d", party_delay="0d", conditions="ceases-with=members(coe)+6m")
    whole = world(
        convention, body("coe"), member("coe", "RUS", "1996-02-28", "2022-03-16"), member("coe", "FRA", "1949-05-05"),
        *deposits("echr", "RUS:1998-05-05 FRA:1974-05-03"),
    )  # fmt: skip
    assert [status_on(whole, "RUS", on, "echr") for on in ("2022-09-15", "2022-09-16")] == ["party", "withdrawn"]
    assert "no longer one of the members of" in participant_standing(whole, "echr", "RUS").why
    assert status_on(whole, "FRA", "2022-09-16", "echr") == "party"


def test_treaties_that_would_end_with_each_other_are_found_and_end_nothing():
    one = instrument("one", threshold=1, delay="0d", party_delay="0d", conditions="falls-with=two")
    two = instrument(
        "two", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="1y", conditions="falls-with=one"
    )
    whole = world(
        one,
        two,
        ratified("FRA", "one", "2000-01-01"),
        ratified("FRA", "two", "2000-01-01"),
        withdrew("FRA", "two", "2001-01-01"),
    )
    assert status_on(whole, "FRA", "2010-01-01", "one") == "party"
    assert {f.check for f in run_checks(whole, day("2010-01-01"))} >= {"endings-in-a-circle"}


def test_a_declaration_for_a_term_ends_with_it_unless_it_is_renewed():
    terms = instrument("art-41", threshold=1, delay="0d", party_delay="0d", conditions="consent-lasts=5y")
    whole = world(
        terms,
        ratified("DEU", "art-41", "1976-03-28"),
        ratified("FRA", "art-41", "1976-03-28"),
        ratified("DEU", "art-41", "1981-03-28"),
    )
    assert [status_on(whole, "DEU", on, "art-41") for on in ("1981-03-27", "1981-03-28", "1986-03-28")] == [
        "party",
        "party",
        "withdrawn",
    ]
    assert status_on(whole, "FRA", "1981-03-28", "art-41") == "withdrawn"


def test_a_withdrawal_known_to_the_month_leaves_nobody_sure_from_the_first_day_of_it():
    whole = world(IT, ratified("NLD", "it", "2000-01-01"), withdrew("NLD", "it", "2005-03", effective_on="2006-03"))
    assert [status_on(whole, "NLD", on) for on in ("2006-02-28", "2006-03-01")] == ["party", "withdrawn"]
    during = participant_standing(whole.as_of(day("2006-03-15")), "it", "NLD")
    assert (during.possible, str(during.since)) == (ParticipantStatus.PARTY, "2006-03")
    assert "possibly in effect on this date" in during.why
    assert participant_standing(whole.as_of(day("2006-04-01")), "it", "NLD").possible is None


def test_suspension_and_resumption_are_shown_beside_a_standing_that_they_do_not_change():
    acts = [
        ratified("RUS", "it", "1992-07-14"),
        act(ActionKind.SUSPENSION, "RUS", "it", "2007-07-14", effective_on="2007-12-12"),
    ]
    whole = world(IT, *acts)
    assert status_on(whole, "RUS", "2008-01-01") == "party"
    assert participant_standing(whole, "it", "RUS").suspended == acts[1]
    resumed = world(IT, *acts, act(ActionKind.RESUMPTION, "RUS", "it", "2010-01-01"))
    assert participant_standing(resumed, "it", "RUS").suspended is None


def test_a_signatory_that_will_not_become_a_party_stays_a_signatory_and_says_so():
    whole = world(
        IT, act(ActionKind.SIGNATURE, "RUS", "it", "2000-09-13"),
        act(ActionKind.INTENTION_NOT_TO_BE_BOUND, "RUS", "it", "2016-11-30"),
    )  # fmt: skip
    standing = participant_standing(whole, "it", "RUS")
    assert standing.status is ParticipantStatus.SIGNATORY
    assert standing.renounced is not None
    assert "Notified on 30 November 2016 that it does not intend to become a party." in standing.why


def test_the_rome_statute_clause_ends_a_party_after_a_year():
    whole = world(
        real("it", "Rome Statute of the ICC", withdrawal_delay="1y"),
        *deposits("it", " ".join(f"M{n:02}:2002-04-11" for n in range(60)) + " FRA:2002-04-11"),
        withdrew("FRA", "it", "2016-10-27"),
    )
    assert "FRA" in bound_participants(whole.as_of(day("2017-10-26")), "it")
    assert "FRA" not in bound_participants(whole.as_of(day("2017-10-27")), "it")

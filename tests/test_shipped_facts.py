"""What the shipped record must answer about well-known facts, whatever else changes in it."""

from datetime import date

import pytest

from tracker.law.assessments import assessments_in_force, unknown_editions
from tracker.law.claims import check_claim
from tracker.law.coverage import coverage_of, is_partial, missing_acts, missing_participants
from tracker.law.entry_into_force import entry_into_force
from tracker.law.gaps import GapKind, gaps_of_instrument
from tracker.law.model import CoverageAspect, CoverageState
from tracker.law.status import ParticipantStatus, parties, status, status_of
from tracker.schemas.assessments import scheme_answer

TODAY = date(2026, 11, 22)


def on(record, day):
    """The record as of a day, written as people write it."""
    return record.as_of(date.fromisoformat(day))


@pytest.mark.parametrize(("day", "number"), [("2025-10-25", 69), ("2025-10-27", 72)])
def test_signatories_of_the_cybercrime_convention_in_its_first_days(record, day, number):
    now = status(on(record, day), "un-cybercrime")
    assert (now.signatories, now.signatories_at_most) == (number, number)


def test_signatories_of_the_cybercrime_convention_today_whose_day_is_not_known_are_signatories(record):
    today = record.as_of(TODAY)
    now = status(today, "un-cybercrime")
    assert 74 <= now.signatories <= now.signatories_at_most <= 76
    for code in ("GBR", "SWE", "ZAF"):
        assert status_of(today, "un-cybercrime", code).status is ParticipantStatus.SIGNATORY
    claim = check_claim(today, "un-cybercrime", signatories=74)
    assert claim.spans or claim.possible


def test_the_anti_bribery_convention_has_its_parties_and_its_computed_day_is_the_official_one(record):
    today = record.as_of(TODAY)
    assert status(today, "oecd-bribery").parties == 46
    entry = entry_into_force(today, "oecd-bribery")
    assert (entry.date, entry.official) == (date(1999, 2, 15), date(1999, 2, 15))


@pytest.mark.parametrize("instrument", ["coe-174", "oas-corruption"])
def test_nobody_is_absent_from_an_instrument_whose_data_are_partial(record, instrument):
    today = record.as_of(TODAY)
    assert is_partial(today, instrument)
    assert {gap.kind for gap in gaps_of_instrument(today, instrument)} <= {GapKind.SIGNED_ONLY, GapKind.WITHDRAWN}


@pytest.mark.parametrize("instrument", ["untoc", "untoc-tip", "untoc-som", "untoc-firearms", "uncac", "drugs-1988"])
def test_the_core_instruments_are_complete_to_the_day_that_their_sources_carry(record, instrument):
    today = record.as_of(TODAY)
    coverage = coverage_of(today, instrument, CoverageAspect.CONSENTS)
    assert coverage.state in (CoverageState.COMPLETE, CoverageState.EXCEPT)
    assert coverage.source
    assert missing_acts(today, instrument) == (instrument in ("untoc-som", "uncac"))
    assert missing_participants(today, instrument) == (("BTN",) if instrument == "uncac" else ())


@pytest.mark.parametrize(
    ("day", "listed", "not_listed"),
    [
        ("2026-02-12", {"DZA", "NAM"}, {"KWT", "PNG"}),
        ("2026-02-13", {"KWT", "PNG", "DZA", "NAM"}, {"BIH", "IRQ"}),
        ("2026-06-19", {"KWT", "PNG", "BIH", "IRQ"}, {"DZA", "NAM"}),
    ],
)
def test_the_list_of_jurisdictions_under_increased_monitoring_in_2026(record, day, listed, not_listed):
    found = assessments_in_force(on(record, day), "fatf-grey").keys()
    assert listed <= found
    assert not not_listed & found


def test_that_the_outcome_of_october_2026_is_not_known_is_said_once_it_was_due(record):
    assert [each.edition for each in unknown_editions(record.as_of(TODAY), "fatf-grey")] == ["Plenary of October 2026"]
    assert unknown_editions(on(record, "2026-09-30"), "fatf-grey") == ()
    assert [each.edition for each in scheme_answer(record.as_of(TODAY), "fatf-black").unknown] == [
        "Plenary of October 2026"
    ]


def test_belarus_left_the_group_of_states_against_corruption(record):
    assert "BLR" in record.members("greco", date(2024, 4, 30))
    assert "BLR" not in record.members("greco", date(2024, 5, 1))


def test_members_of_the_african_union_and_of_the_european_union(record):
    members, suspended = (record.members("au", TODAY, role) for role in ("member", "suspended"))
    assert len(members | suspended) == 55
    assert len(suspended) == 5
    assert len(record.members("eu", date(1993, 11, 1))) == 12
    assert not record.members("eu", date(1993, 10, 31))


def test_serbia_was_party_to_the_drug_convention_throughout_2004(record):
    for day in ("2004-01-01", "2004-06-30", "2004-12-31"):
        found = status_of(on(record, day), "drugs-1988", "SRB")
        assert (found.status, found.since) == (ParticipantStatus.PARTY, date(1992, 4, 27))


def test_parties_to_the_drug_convention_in_1992_count_the_states_of_that_day(record):
    found = parties(on(record, "1992-01-01"), "drugs-1988")
    assert {"CSK", "YUG"} <= found

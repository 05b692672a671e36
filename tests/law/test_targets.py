"""Goals and reported figures held against the record."""

import csv
from datetime import date

import pytest

from tests.support.builders import (
    acceded,
    body,
    instrument,
    judged,
    ledger,
    member,
    participant,
    signed,
    target,
    withdrew,
)
from tests.support.data_files import sound_folder
from tests.support.paths import DATA
from tracker.errors import BadData, BadQuestion
from tracker.law.reference_facts import Aim, Metric, Target, TargetKind
from tracker.law.targets import PaceSoFar, TargetOutcome, evaluate_target
from tracker.law.targets import evaluate_targets as verdicts
from tracker.schemas.targets import targets_answer, verdict_answer
from tracker.storage.import_export import read_facts, write_facts

CODES = [f"{letter}AA" for letter in "ABCDEFGHIJ"]
PACT = instrument("pact", threshold=2, delay="30d", party_delay="30d", opened_on="2000-01-01")
PEOPLE = [participant(code) for code in CODES]
TODAY = date(2026, 11, 22)


def day(text: str) -> date:
    return date.fromisoformat(text)


def pact(*years: int, on: str = "2010-01-01", others=()):
    """A pact to which one participant accedes on 1 January of each year."""
    acts = (acceded(code, "pact", f"{year}-01-01") for code, year in zip(CODES, years, strict=False))
    return ledger(PACT, *PEOPLE, *acts, *others).as_of(day(on))


# -- verdicts ----------------------------------------------------------------------------------------


def test_a_target_is_met_when_the_figure_was_there_on_its_day():
    found = evaluate_target(pact(2001, 2002, 2003), target(Metric.PARTIES, 2, "2004-06-30", instrument="pact"))
    assert (found.outcome, found.computed, found.on) == (TargetOutcome.MET, 3, day("2004-06-30"))
    assert found.reached_on == day("2002-01-01")
    assert found.working == "30 June 2004: the Treaty pact, parties: 3. 2 first reached on 1 January 2002."


def test_a_target_is_missed_when_its_day_passed_without():
    found = evaluate_target(pact(2001, 2005), target(Metric.PARTIES, 2, "2004-06-30", instrument="pact"))
    assert (found.outcome, found.computed, found.aimed_at, found.reported) == (TargetOutcome.MISSED, 1, 2, None)


def test_a_target_lost_again_by_its_day_is_missed():
    left = withdrew("AAA", "pact", "2003-01-01", effective_on="2004-01-01")
    found = evaluate_target(pact(2001, 2002, others=[left]), target(Metric.PARTIES, 2, "2004-06-30", instrument="pact"))
    assert found.outcome is TargetOutcome.MISSED


def test_a_target_reached_before_its_day_is_met_already():
    found = evaluate_target(pact(2001, 2002, on="2003-01-01"), target(Metric.PARTIES, 2, "2004", instrument="pact"))
    assert (found.outcome, found.on) == (TargetOutcome.MET, day("2003-01-01"))


def test_more_parties_are_counted_from_the_day_before():
    found = evaluate_target(
        pact(2001, 2002, 2003, 2004),
        target(Metric.ADDED_PARTIES, 2, "2004-06-30", instrument="pact", since="2002-06-30"),
    )
    assert (found.outcome, found.computed, found.reached_on) == (TargetOutcome.MET, 2, day("2004-01-01"))
    assert found.codes == ("CAA", "DAA")
    assert "parties: 2 on 30 June 2002, 4 on 30 June 2004 (+2)." in found.working


def test_a_target_of_at_most_waits_for_its_day():
    listed = ledger(*PEOPLE, *(judged("list", code, "listed", "2001-01-01", "2005-01-01") for code in CODES[:3]))
    aim = target(Metric.LIST_SIZE, 1, "2006-06-30", scheme="list", aim=Aim.AT_MOST)
    assert evaluate_target(listed.as_of(day("2005-06-30")), aim).outcome is TargetOutcome.NOT_YET
    assert evaluate_target(listed.as_of(day("2006-06-30")), aim).outcome is TargetOutcome.MET
    assert evaluate_target(listed.as_of(day("2010-01-01")), target(Metric.LIST_SIZE, 1, "2004-06-30", scheme="list",
                                                         aim=Aim.AT_MOST)).outcome is TargetOutcome.MISSED  # fmt: skip


def test_what_was_on_a_list_and_stayed_is_counted():
    listed = ledger(
        *PEOPLE,
        judged("list", "AAA", "listed", "2001-01-01"),
        judged("list", "BAA", "listed", "2001-01-01", "2003-01-01"),
        judged("list", "CAA", "listed", "2002-06-01"),
    ).as_of(day("2010-01-01"))
    kinds = {Metric.STILL_LISTED: ("AAA",), Metric.REMOVED_FROM_LIST: ("BAA",), Metric.ADDED_TO_LIST: ("CAA",)}
    for metric, codes in kinds.items():
        assert evaluate_target(listed, target(metric, 1, "2004", scheme="list", since="2001-12-31")).codes == codes
    growth = evaluate_target(listed, target(Metric.LIST_GROWTH, 1, "2004", scheme="list", since="2001-12-31"))
    assert (growth.computed, growth.outcome) == (0, TargetOutcome.MISSED)


def test_members_and_bodies_are_counted():
    bodies = [
        body("one", established_on="2000-01-01"),
        body("two", established_on="2002-01-01", dissolved_on="2005-01-01"),
    ]
    club = ledger(*PEOPLE, *bodies, member("one", "AAA", "2001-01-01"), member("two", "AAA", "2002-01-01"),
                  member("two", "BAA", "2003-01-01")).as_of(day("2010-01-01"))  # fmt: skip
    assert evaluate_target(club, target(Metric.MEMBERS, 2, "2004", bodies=("one", "two"))).computed == 2
    frameworks = [
        evaluate_target(club, target(Metric.FRAMEWORKS, 2, year, bodies=("one", "two")))
        for year in ("2001", "2004", "2006")
    ]
    assert [each.computed for each in frameworks] == [1, 2, 1]
    assert "not two" not in frameworks[1].working.lower()
    assert "Not among them: Body two (established on 1 January 2002)" in frameworks[0].working


def test_a_milestone_of_opening_is_met_by_the_opening():
    aim = {"instrument": "pact", "value": 1}
    assert evaluate_target(pact(), target(Metric.OPENED, on="2000-06-30", **aim)).reached_on == day("2000-01-01")
    assert evaluate_target(pact(), target(Metric.OPENED, on="1999-06-30", **aim)).outcome is TargetOutcome.MISSED


def test_a_report_agrees_or_tells_the_days_on_which_it_was_true():
    report = {"kind": TargetKind.RESULT, "instrument": "pact"}
    agreed = evaluate_target(pact(2001, 2002), target(Metric.PARTIES, 2, "2002-06-30", **report))
    assert (agreed.outcome, agreed.reported, agreed.aimed_at) == (TargetOutcome.AGREES, 2, None)
    early = evaluate_target(pact(2001, 2002), target(Metric.PARTIES, 1, "2002-06-30", **report))
    assert early.outcome is TargetOutcome.DIFFERS
    assert [(span.first, span.last) for span in early.fits] == [(day("2001-01-01"), day("2001-12-31"))]
    never = evaluate_target(pact(2001, 2002), target(Metric.PARTIES, 9, "2002-06-30", **report))
    assert (never.fits, never.working) == (
        (),
        "30 June 2002: the Treaty pact, parties: 2. No matching date for 9.",
    )


def test_the_three_counts_are_not_confused():
    record = pact(2001, 2002, on="2002-01-15", others=[signed("CAA", "pact", "2000-06-01")])
    counted = {m: evaluate_target(record, target(m, 1, "2002-01-15", instrument="pact")).computed
               for m in (Metric.PARTIES, Metric.SIGNATORIES, Metric.BOUND)}  # fmt: skip
    assert counted == {Metric.PARTIES: 2, Metric.SIGNATORIES: 1, Metric.BOUND: 0}


# -- what cannot be judged ---------------------------------------------------------------------------


def test_a_figure_without_a_metric_is_handed_back_as_it_was_printed():
    found = evaluate_target(pact(), target(None, 223700, "2001-09-30", unit="hectares"))
    assert (found.outcome, found.computed, found.aimed_at) == (TargetOutcome.NOT_COMPUTED, None, 223700)


@pytest.mark.parametrize(
    ("aim", "why"),
    [
        (target(Metric.PARTIES, 2, instrument="lost"), "No instrument named 'lost'"),
        (target(Metric.LIST_SIZE, 2, scheme="lost"), "No scheme named 'lost'"),
        (target(Metric.FRAMEWORKS, 2, bodies=("lost",)), "No body named 'lost'"),
    ],
)
def test_what_the_record_does_not_hold_is_not_computed_and_named(aim, why):
    found = evaluate_target(pact(on="2020-01-01"), aim)
    assert found.outcome is TargetOutcome.NOT_COMPUTED
    assert why in found.working


def test_a_part_of_an_edition_that_the_record_lacks_is_not_counted_as_nothing():
    rows = [("AAA", "one", "2001"), ("BAA", "two", "2001"), ("AAA", "one", "2002"), ("BAA", "two", "2003"),
            ("AAA", "one", "2003")]  # fmt: skip
    tiers = ledger(*PEOPLE, *(judged("tier", c, v, f"{e}-06-01", f"{int(e) + 1}-06-01", edition=e) for c, v, e in rows))
    found = evaluate_target(
        tiers.as_of(day("2010-01-01")), target(Metric.LIST_SIZE, 1, "2002-12-31", scheme="tier", among="two")
    )
    assert found.outcome is TargetOutcome.NOT_COMPUTED
    assert "Not in our data: two of tier (2002 edition)" in found.working
    known = evaluate_target(
        tiers.as_of(day("2010-01-01")), target(Metric.LIST_SIZE, 1, "2002-12-31", scheme="tier", among="one")
    )
    assert known.computed == 1


def test_a_ledger_without_a_day_cannot_judge():
    with pytest.raises(BadQuestion, match="need a status date"):
        evaluate_target(ledger(PACT), target(Metric.PARTIES, 2, instrument="pact"))


def test_nothing_is_counted_before_the_day_it_counts_from():
    aim = target(Metric.ADDED_PARTIES, 2, "2004-06-30", instrument="pact", since="2003-06-30")
    assert evaluate_target(pact(2001, on="2002-01-01"), aim).outcome is TargetOutcome.NOT_YET


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"metric": Metric.PARTIES, "value": 2}, "a treaty"),
        ({"metric": Metric.LIST_SIZE, "value": 2}, "a scheme"),
        ({"metric": Metric.FRAMEWORKS, "value": 2}, "bodies"),
        ({"metric": Metric.ADDED_PARTIES, "value": 2, "instrument": "pact"}, "a day to count from"),
        ({"metric": Metric.PARTIES, "instrument": "pact"}, "a value"),
    ],
)
def test_a_target_that_lacks_what_its_metric_needs_is_refused(fields, lacking):
    with pytest.raises(ValueError, match=lacking):
        target(**fields)


def test_a_target_whose_count_would_begin_after_its_day_is_refused():
    with pytest.raises(ValueError, match="'since' comes before"):
        target(Metric.ADDED_PARTIES, 2, "2004", instrument="pact", since="2004-12-31")


# -- the pace ----------------------------------------------------------------------------------------


def test_a_coming_target_tells_the_pace_it_needs_and_the_paces_there_were():
    record = pact(2006, 2007, 2008, 2009, on="2009-06-30")
    found = evaluate_target(record, target(Metric.PARTIES, 6, "2011-06-30", instrument="pact"))
    assert found.outcome is TargetOutcome.NOT_YET
    assert found.pace is not None
    assert found.pace.missing == 2
    assert [round(x, 2) for x in (found.pace.needed, found.pace.recent, found.pace.longer)] == [1.0, 1.0, 1.0]
    assert found.pace.track is PaceSoFar.ON_TRACK
    assert found.pace.words == (
        "Needed: 2 more by 30 June 2011 (1.0 a year). Last year: 1.0; last 3 years: 1.0 a year. Result: on track."
    )


@pytest.mark.parametrize(
    ("years", "track"),
    [
        ((2001, 2002), PaceSoFar.BEHIND),
        ((2006, 2007, 2007, 2007), PaceSoFar.UNCERTAIN),
        ((2007, 2008, 2009), PaceSoFar.ON_TRACK),
    ],
)
def test_two_paces_decide_together_whether_a_target_is_on_track(years, track):
    found = evaluate_target(
        pact(*years, on="2009-06-30"), target(Metric.PARTIES, len(years) + 1, "2010-06-30", instrument="pact")
    )
    assert found.pace is not None
    assert found.pace.track is track


def test_an_instrument_open_for_less_than_three_years_is_measured_since_it_opened():
    found = evaluate_target(pact(2001, on="2001-07-02"), target(Metric.PARTIES, 3, "2002-07-02", instrument="pact"))
    assert found.pace is not None
    assert round(found.pace.longer_years, 1) == 1.5
    assert "since opening: 0.7 a year" in found.pace.words


# -- the shipped plan --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan(record):
    return {each.target.id: each for each in verdicts(record.as_of(TODAY))}


@pytest.mark.parametrize(
    ("id", "outcome", "computed"),
    [
        ("state-fy04-2-1-2003-1", TargetOutcome.MET, 53),  # UNTOC: 40 by the end of FY 2003
        ("state-fy04-2-1-2004-1", TargetOutcome.MET, 40),  # UNTOC: ten more in FY 2004
        ("state-fy04-1-2-2003-4", TargetOutcome.MET, 42),  # trafficking protocol: 25 in FY 2003
        ("state-fy04-1-2-2004-4", TargetOutcome.MET, 74),  # trafficking protocol: 30 in FY 2004
        ("state-fy04-2-7-2004-1", TargetOutcome.MISSED, 170),  # 1988 Convention: 175 in FY 2004
        ("state-fy04-2-2-2004-1", TargetOutcome.MET, 1),  # UNCAC opened for signature
        ("state-fy04-2-6-2000-1", TargetOutcome.AGREES, 15),
        ("state-fy04-2-6-2001-1", TargetOutcome.AGREES, 4),
        ("state-fy04-2-6-2001-2", TargetOutcome.AGREES, 8),
        ("state-fy04-2-6-2002-1", TargetOutcome.AGREES, 4),
        ("state-fy04-2-6-2002-2", TargetOutcome.AGREES, 15),
        ("state-fy04-2-6-2003-1", TargetOutcome.MET, 6),
        ("state-fy04-2-6-2004-1", TargetOutcome.MISSED, 6),
        ("state-fy04-2-5-2002-1", TargetOutcome.AGREES, 5),
        ("state-fy04-2-5-2003-1", TargetOutcome.MET, 6),
        ("state-fy04-1-2-2004-1", TargetOutcome.MISSED, -1),  # five more in Tier 1
    ],
)
def test_the_figures_of_the_plan_are_judged(plan, id, outcome, computed):
    assert (plan[id].outcome, plan[id].computed) == (outcome, computed)


@pytest.mark.parametrize(
    ("id", "reported", "outcome", "first", "last"),
    [
        ("state-fy04-2-1-2002-1", 141, TargetOutcome.DIFFERS, "2002-04-10", "2002-07-23"),  # signatories of UNTOC
        ("state-fy04-2-1-2002-2", 24, TargetOutcome.AGREES, "2002-09-19", "2002-10-06"),  # parties to UNTOC
        ("state-fy04-2-1-2002-3", 107, TargetOutcome.DIFFERS, "2002-08-08", "2002-08-14"),  # signatories, trafficking
        ("state-fy04-2-1-2002-4", 14, TargetOutcome.DIFFERS, "2002-07-19", "2002-08-15"),
        ("state-fy04-2-1-2002-5", 103, TargetOutcome.DIFFERS, "2002-08-08", "2002-08-14"),  # signatories, smuggling
        ("state-fy04-2-1-2002-6", 13, TargetOutcome.DIFFERS, "2002-07-19", "2002-08-15"),
        ("state-fy04-2-1-2002-7", 35, TargetOutcome.DIFFERS, "2002-07-22", "2002-08-13"),  # signatories, firearms
        ("state-fy04-2-1-2002-8", 2, TargetOutcome.DIFFERS, "2002-05-15", "2002-08-05"),
    ],
)
def test_the_plans_figures_for_2002_are_of_different_days(plan, id, reported, outcome, first, last):
    found = plan[id]
    assert (found.reported, found.outcome) == (reported, outcome)
    assert [(str(span.first), str(span.last)) for span in found.fits] == [(first, last)]


def test_figures_of_hectares_and_training_are_shown_and_not_computed(plan):
    others = [each for each in plan.values() if each.target.unit in {"hectares", "officials", "metric tons", "percent"}]
    assert len(others) > 40
    assert {each.outcome for each in others} == {TargetOutcome.NOT_COMPUTED}


def test_every_indicator_of_the_plan_has_its_rows():
    with (DATA / "targets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 98
    indicators = {row["indicator"].split()[0] for row in rows}
    assert indicators == {"1", "2", *(f"1.{n}" for n in range(1, 6)), *(f"2.{n}" for n in range(1, 8))}
    assert all(row["on"] == f"{row['fiscal_year']}-09-30" for row in rows)


def test_sixty_parties_by_2028_need_a_pace_that_is_told(record):
    aim = target(Metric.PARTIES, 60, "2028-06-30", instrument="un-cybercrime")
    found = evaluate_target(record.as_of(TODAY), aim)
    assert (found.outcome, found.pace and found.pace.track) == (TargetOutcome.NOT_YET, PaceSoFar.BEHIND)


def test_targets_as_plain_data_carry_verdict_and_working(record):
    answer = targets_answer(record.as_of(TODAY))
    assert (answer.count, answer.verdicts["met"]) == (98, 8)
    row = next(each for each in answer.targets if each.id == "state-fy04-2-1-2003-1")
    assert (row.reported, row.target, row.computed, row.verdict) == (None, 40, 53, "met")
    assert (str(row.computed_on), str(row.reached_on)) == ("2003-09-30", "2003-07-01")
    assert row.working.startswith("30 September 2003: UNTOC, parties: 53.")
    coming = evaluate_target(record.as_of(TODAY), target(Metric.PARTIES, 60, "2028-06-30", instrument="un-cybercrime"))
    assert verdict_answer(record, coming).pace.track == "behind"


# -- as files ----------------------------------------------------------------------------------------


HEADER = "id,goal,metric,treaty,scheme,bodies,kind,value,on,since,source\n"


@pytest.mark.parametrize(
    ("row", "trouble"),
    [
        ("a,Plan,sessions,untoc,,,target,2,2004,,test", "metric='sessions' is not a metric"),
        ("a,Plan,parties,,,,target,2,2004,,test", "needs a treaty"),
        ("a,Plan,parties,lost,,,target,2,2004,,test", "treaty='lost' is not a known instrument"),
        ("a,Plan,frameworks,,,coe|lost,target,2,2004,,test", "bodies='lost' is not a known body"),
        ("a,Plan,parties,untoc,,,wish,2,2004,,test", "kind='wish' is not a kind of target"),
        ("a,Plan,parties,untoc,,,target,2,,,test", "on='' is empty"),
        ("a,Plan,added-parties,untoc,,,target,2,2004,2005,test", "'since' comes before"),
        ("a,Plan,,,,,target,2,2004,,", "source='' is empty"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_its_place(tmp_path, row, trouble):
    with pytest.raises(BadData) as refused:
        read_facts([sound_folder(tmp_path, targets=HEADER + row + "\n")])
    (fault,) = refused.value.faults
    assert fault.line == 2
    assert trouble in str(fault)


def test_a_target_survives_being_written_and_read(tmp_path):
    rows = HEADER + "a,Plan,frameworks,,,coe|greco,target,2,2004-06,,test\nb,Plan,,,,,result,,2004,,test\n"
    facts = read_facts([sound_folder(tmp_path / "in", targets=rows)])
    write_facts(facts, tmp_path / "out")
    assert read_facts([tmp_path / "out"]) == facts
    found = [fact for fact in facts if isinstance(fact, Target)]
    assert [(each.metric, each.bodies, str(each.on), each.aim) for each in found] == [
        (Metric.FRAMEWORKS, ("coe", "greco"), "2004-06", Aim.AT_LEAST),
        (None, (), "2004", Aim.AT_LEAST),
    ]

"""Judgements of bodies through time: who is on a list on a day, and what the record lacks of it."""

from datetime import date

import pytest

from tests.support.builders import body, judged, ledger, participant
from tracker.errors import NotFound
from tracker.law import assessments
from tracker.schemas.assessments import judgements_answer, scheme_answer, schemes_answer

PEOPLE = [participant(code) for code in ("AAA", "BBB", "CCC")]


def day(text: str) -> date:
    return date.fromisoformat(text)


def made(*judgements):
    return ledger(body("judge"), *PEOPLE, *judgements)


# -- days --------------------------------------------------------------------------------------------


def test_a_judgement_holds_from_its_first_day_up_to_the_day_it_ended():
    listed = made(judged("list", "AAA", "listed", "2001-06-22", "2002-06-21"))
    held = [
        d
        for d in ("2001-06-21", "2001-06-22", "2002-06-20", "2002-06-21")
        if assessments.assessments_in_force(listed, "list", day(d))
    ]
    assert held == ["2001-06-22", "2002-06-20"]


def test_where_only_the_year_is_known_a_judgement_counts_from_the_last_day_it_may_have_begun():
    listed = made(judged("list", "AAA", "listed", "2001", "2003"))
    assert not assessments.assessments_in_force(listed, "list", day("2001-12-30"))
    assert assessments.assessments_in_force(listed, "list", day("2001-12-31"))
    assert assessments.assessments_in_force(listed, "list", day("2003-06-30"))


def test_a_judgement_without_days_holds_on_every_day():
    assert set(assessments.assessments_in_force(made(judged("list", "AAA", "listed")), "list", day("1900-01-01"))) == {
        "AAA"
    }


def test_the_ledgers_own_day_is_asked_about_unless_another_is_named():
    listed = made(judged("list", "AAA", "listed", "2001-06-22"))
    assert not assessments.assessments_in_force(listed.as_of(day("2001-01-01")), "list")
    assert assessments.assessments_in_force(listed, "list")


def test_a_scheme_that_nobody_has_heard_of_is_not_found():
    with pytest.raises(NotFound, match="No scheme named 'list'"):
        assessments.assessments_in_force(made(), "list")


def test_the_course_of_a_list_tells_who_came_who_went_and_whose_value_changed():
    turns = assessments.list_changes(
        made(
            judged("list", "AAA", "grey", "2001-01-01", "2002-01-01"),
            judged("list", "AAA", "black", "2002-01-01"),
            judged("list", "BBB", "grey", "2001-01-01", "2003-01-01"),
            judged("list", "CCC", "grey", "2002-01-01"),
        ),
        "list",
    )
    assert [(str(t.day), t.size, t.came, t.went, t.changed) for t in turns] == [
        ("2001-01-01", 2, ("AAA", "BBB"), (), ()),
        ("2002-01-01", 3, ("CCC",), (), ("AAA",)),
        ("2003-01-01", 2, (), ("BBB",), ()),
    ]


def test_the_course_of_a_list_ends_on_the_ledgers_day():
    listed = made(judged("list", "AAA", "listed", "2001-06-22", "2002-06-21"))
    assert [t.size for t in assessments.list_changes(listed.as_of(day("2002-01-01")), "list")] == [1]


def test_a_round_that_names_nobody_is_kept_apart_from_the_list():
    rounds = made(judged("rounds", "", "II", "2003", "2006"), judged("rounds", "", "I", "2000", "2002"))
    assert [each.value for each in assessments.evaluation_rounds(rounds, "rounds")] == ["I", "II"]
    assert not assessments.assessments_in_force(rounds, "rounds", day("2001-06-01"))


# -- editions ----------------------------------------------------------------------------------------


def tiers(*rows: tuple[str, str, str]):
    return made(*(judged("tier", c, v, f"{e}-06-01", f"{int(e) + 1}-06-01", edition=e) for c, v, e in rows))


def test_a_year_without_an_edition_is_shown_as_missing():
    found = assessments.editions(tiers(("AAA", "one", "2001"), ("AAA", "one", "2003")), "tier")
    assert [(e.name, e.size, e.complete) for e in found] == [("2001", 1, True), ("2002", 0, False), ("2003", 1, True)]


def test_a_value_that_the_editions_around_have_is_missed_in_the_one_between():
    found = tiers(("AAA", "one", "2001"), ("BBB", "two", "2001"), ("AAA", "one", "2002"), ("BBB", "two", "2003"),
                  ("AAA", "one", "2003"))  # fmt: skip
    assert [(e.name, e.absent) for e in assessments.editions(found, "tier")] == [
        ("2001", ()), ("2002", ("two",)), ("2003", ()),
    ]  # fmt: skip
    assert not assessments.assessments_in_force(found, "tier", day("2002-07-01")).get("BBB"), "nothing is filled in"


def test_a_value_that_began_later_is_not_missed_before():
    found = tiers(("AAA", "one", "2001"), ("AAA", "one", "2002"), ("BBB", "two", "2002"))
    assert [e.absent for e in assessments.editions(found, "tier")] == [(), ()]


def test_one_edition_is_had_by_its_name():
    assert set(assessments.in_edition(tiers(("AAA", "one", "2001"), ("BBB", "one", "2002")), "tier", "2002")) == {"BBB"}
    with pytest.raises(NotFound, match="No edition of 'tier' named '1999'"):
        assessments.in_edition(tiers(("AAA", "one", "2001")), "tier", "1999")


# -- the shipped record ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "size"),
    [
        ("2000-06-21", 0),
        ("2000-06-30", 15),
        ("2001-06-22", 17),
        ("2001-09-30", 19),
        ("2002-06-30", 15),
        ("2006-10-31", 0),
    ],
)
def test_the_list_of_non_cooperative_countries_had_its_size_on_each_day(record, on, size):
    assert len(assessments.assessments_in_force(record, "fatf-ncct", day(on))) == size


FIRST = {"BHS", "COK", "CYM", "DMA", "ISR", "KNA", "LBN", "LIE", "MHL", "NIU", "NRU", "PAN", "PHL", "RUS", "VCT"}
THIRD = {"COK", "DMA", "EGY", "GRD", "GTM", "IDN", "MHL", "MMR", "NGA", "NIU", "NRU", "PHL", "RUS", "UKR", "VCT"}


def test_the_names_on_the_list_of_non_cooperative_countries_match(record):
    assert set(assessments.assessments_in_force(record, "fatf-ncct", day("2000-06-30"))) == FIRST
    assert set(assessments.assessments_in_force(record, "fatf-ncct", day("2002-06-30"))) == THIRD


def test_four_came_off_that_list_and_eight_went_on_in_the_year_to_september_2001(record):
    before = set(assessments.assessments_in_force(record, "fatf-ncct", day("2000-09-30")))
    after = set(assessments.assessments_in_force(record, "fatf-ncct", day("2001-09-30")))
    assert before - after == {"BHS", "CYM", "LIE", "PAN"}
    assert after - before == {"EGY", "GRD", "GTM", "HUN", "IDN", "MMR", "NGA", "UKR"}


@pytest.mark.parametrize(
    ("edition", "counts"),
    [
        ("2001", {"Tier 1": 12, "Tier 2": 47, "Tier 3": 23}),
        ("2015", {"Tier 1": 31, "Tier 2": 89, "Tier 2 Watch List": 44, "Tier 3": 23}),
    ],
)
def test_the_tiers_of_an_edition_have_their_sizes(record, edition, counts):
    found = next(e for e in assessments.editions(record, "tip-tier") if e.name == edition)
    assert found.counts == counts


def test_editions_of_which_the_record_has_a_part_say_what_is_lacking(record):
    absent = {e.name: e.absent for e in assessments.editions(record, "tip-tier") if e.absent}
    assert absent["2016"] == ("Tier 2", "Tier 2 Watch List")
    assert absent["2025"] == ("Tier 1", "Tier 2")
    assert not set(absent) & {"2001", "2010", "2014", "2020", "2024"}


def test_unverified_judgements_are_counted_and_marked(record):
    scheme = next(each for each in assessments.schemes(record) if each.id == "fatf-ncct")
    assert (scheme.judgements, scheme.unverified) == (23, 22)
    assert not next(j for j in assessments.assessments_of(record, "NRU") if j.scheme == "fatf-ncct").unverified


def test_the_judgements_of_a_participant_are_in_order_and_end_on_the_ledgers_day(record):
    found = [
        j.edition for j in assessments.assessments_of(record.as_of(day("2003-12-31")), "FRA") if j.scheme == "tip-tier"
    ]
    assert found == ["2001", "2002", "2003"]
    with pytest.raises(NotFound):
        assessments.assessments_of(record, "XXX")


# -- as plain data -----------------------------------------------------------------------------------


def test_a_scheme_as_plain_data_tells_the_list_of_the_day_and_its_course(record):
    answer = scheme_answer(record.as_of(day("2002-09-30")), "fatf-ncct")
    assert (str(answer.as_of), answer.size, answer.body_name) == ("2002-09-30", 15, "FATF")
    assert answer.held[0].name == "Cook Islands"
    assert answer.held[0].unverified is True
    assert [row.size for row in answer.history] == [15, 17, 19, 15]
    assert {row.scheme for row in schemes_answer(record)} >= {"fatf-grey", "tip-tier", "greco-round"}


def test_an_incomplete_edition_says_so_as_plain_data(record):
    answer = scheme_answer(record.as_of(day("2016-12-31")), "tip-tier")
    assert (answer.edition, answer.absent) == ("2016", ["Tier 2", "Tier 2 Watch List"])


def test_judgements_as_plain_data_say_which_hold(record):
    rows = judgements_answer(record.as_of(day("2002-09-30")), "nru")
    assert {row.scheme for row in rows if row.current} == {"fatf-ncct", "fatf-ncct-countermeasures"}

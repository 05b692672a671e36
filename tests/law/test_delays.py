"""The arithmetic of final clauses, each kind of delay on a real treaty by name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import BadClause
from tracker.law.dates import Delay, add_months, parse_delay
from tracker.law.wording import Ordinal
from tracker.messages import in_english

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
delays = st.builds(
    Delay,
    st.integers(0, 200),
    st.sampled_from("dm"),
    st.sampled_from(["there", "next-month"]),
) | st.builds(Delay, st.integers(1, 36), st.just("m"), st.just("nth-month"))


@pytest.mark.parametrize(
    ("treaty", "delay", "deposit", "in_force"),
    [
        ("UNTOC, 90th day after the 40th", "90d", "2003-07-01", "2003-09-29"),
        ("ICCPR, three months after the 35th", "3m", "1975-12-23", "1976-03-23"),
        ("Statelessness 1961, two years after the 6th", "2y", "1973-12-13", "1975-12-13"),
        (
            "Rome Statute, first of the month after the 60th day following the 60th",
            "60d+month",
            "2002-04-11",
            "2002-07-01",
        ),
        ("Budapest Convention, first of the month after three months", "3m+month", "2004-03-18", "2004-07-01"),
        ("ECHR Protocol 6, first of the month following", "0m+month", "1985-02-28", "1985-03-01"),
        ("Ottawa Convention, first of the sixth month after", "month+6", "1998-09-16", "1999-03-01"),
        ("Space Liability Convention, at once", "0d", "1972-09-01", "1972-09-01"),
        ("Single Convention, withdrawal of Bolivia", "on(01-01,by=07-01)", "2011-06-29", "2012-01-01"),
        ("Single Convention, a notice on the last day for the year", "on(01-01,by=07-01)", "2011-07-01", "2012-01-01"),
        ("Single Convention, a notice a day too late", "on(01-01,by=07-01)", "2011-07-02", "2013-01-01"),
        ("Whaling Convention, withdrawal of Japan", "on(06-30,by=01-01)", "2018-12-26", "2019-06-30"),
        ("Whaling Convention, a notice a day too late", "on(06-30,by=01-01)", "2019-01-02", "2020-06-30"),
        ("UNESCO, withdrawal of the United States", "end(1)", "2017-10-12", "2018-12-31"),
        ("Apostille Convention, 60 days after six months for an accession", "6m+60d", "2003-01-31", "2003-09-29"),
        ("Additional Protocol on Corruption, withdrawal of Belarus", "3m+month", "2024-01-18", "2024-05-01"),
    ],
)
def test_a_real_treaty_enters_into_force_or_is_left_on_its_day(treaty, delay, deposit, in_force):
    assert parse_delay(delay).after(date.fromisoformat(deposit)) == date.fromisoformat(in_force), treaty


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2003-01-31", 1, "2003-02-28"),
        ("2004-01-31", 1, "2004-02-29"),
        ("2004-02-29", 12, "2005-02-28"),
        ("2003-08-31", 6, "2004-02-29"),
        ("2003-12-31", 2, "2004-02-29"),
    ],
)
def test_a_month_delay_lands_on_the_last_day_where_the_month_is_shorter(start, months, end):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(days, st.integers(0, 600))
def test_months_later_is_the_same_day_or_the_last_one_of_that_month(day, months):
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(days)
def test_a_year_is_twelve_months_and_from_a_leap_day_ends_on_the_last_of_february(day):
    assert parse_delay("1y").after(day) == parse_delay("12m").after(day)
    if (day.month, day.day) == (2, 29):
        assert parse_delay("1y").after(day) == date(day.year + 1, 2, 28)
        assert parse_delay("4y").after(day) in {date(day.year + 4, 2, 29), date(day.year + 4, 2, 28)}


@given(days, st.integers(0, 36))
def test_the_first_of_a_month_is_the_first_of_a_month(day, number):
    for text in (f"{number}m+month", f"{number}d+month", f"month+{number + 1}"):
        end = parse_delay(text).after(day)
        assert end.day == 1
        assert end > day


@given(delays, days)
def test_no_delay_leads_back_in_time(delay, day):
    assert delay.after(day) >= day


@given(delays, days, days)
def test_a_later_deposit_never_lands_earlier(delay, one, other):
    assert delay.after(min(one, other)) <= delay.after(max(one, other))


@given(delays)
def test_what_is_printed_is_read_back(delay):
    assert str(parse_delay(str(delay))) == str(delay)


@given(days)
def test_a_notice_for_a_day_of_the_year_lands_on_that_day_within_two_years(day):
    lands = parse_delay("on(01-01,by=07-01)").after(day)
    assert (lands.month, lands.day) == (1, 1)
    assert day < lands <= date(day.year + 2, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "90", "d90", "-3d", "3 m", "month+0", "on(02-29,by=07-01)", "on(13-01,by=07-01)", "99999y"]
)
def test_what_is_no_delay_is_refused_with_the_forms_that_exist(text):
    with pytest.raises(BadClause, match=r"waiting period|longer"):
        parse_delay(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("90d", "on the ninetieth day after"),
        ("180d", "on the 180th day after"),
        ("31m", "31 months after"),
        ("1y", "one year after"),
        ("0d", "on"),
        ("month+3", "on the first day of the third month following the month that includes"),
        ("0m+month", "on the first day of the month following"),
        ("3m+month", "on the first day of the month following the expiration of a period of 3 months after"),
        ("end(1)", "on 31 December of the year following"),
        ("6m+60d", "on the sixtieth day after the expiration of 6 months following"),
    ],
)
def test_a_period_reads_well_before_an_event(text, said):
    assert parse_delay(text).after_event(spelled=True) == said


def test_a_day_beyond_the_calendar_is_an_overflow_not_a_wrong_day():
    with pytest.raises(OverflowError):
        parse_delay("3m").after(date(9999, 12, 1))


def test_ordinals_read_as_people_write_them():
    assert [in_english(Ordinal(n)) for n in (1, 2, 3, 4, 11, 12, 13, 21, 40, 101, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "40th", "101st", "111th",
    ]  # fmt: skip


def test_ordinals_are_spelled_out_below_a_hundred():
    assert [in_english(Ordinal(n, spelled=True)) for n in (1, 12, 20, 21, 40, 65, 90, 99, 100)] == [
        "first", "twelfth", "twentieth", "twenty-first", "fortieth", "sixty-fifth", "ninetieth", "ninety-ninth",
        "100th",
    ]  # fmt: skip

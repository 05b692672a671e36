"""Thresholds and periods that fit the deposits and the official date: shown as candidates, never taken."""

from datetime import date, timedelta

from tracker.law.clause_reader import clause_candidates

FIRST = date(2001, 1, 1)
DEPOSITS = [FIRST + timedelta(days=10 * number) for number in range(12)]  # the first on 1 January, then every 10 days


def pairs(official, deposits=DEPOSITS):
    return [(each.threshold, str(each.delay)) for each in clause_candidates(deposits, official)]


def test_the_deposit_that_lies_a_usual_period_before_the_date_gives_the_threshold():
    fifth = DEPOSITS[4]
    assert (5, "90d") in pairs(fifth + timedelta(days=90))
    assert all(number != 5 or delay == "90d" for number, delay in pairs(fifth + timedelta(days=90)))


def test_several_deposits_on_one_day_leave_several_thresholds_open():
    assert pairs(FIRST + timedelta(days=30), [FIRST] * 4) == [(2, "30d"), (3, "30d"), (4, "30d")]


def test_a_first_of_the_month_is_found_too():
    assert (6, "3m+month") in pairs(date(2001, 6, 1), DEPOSITS[:6])


def test_nothing_fits_where_no_deposit_lies_a_usual_period_before_the_date():
    assert pairs(date(2009, 5, 17)) == []
    assert pairs(date(2000, 5, 17)) == []
    assert pairs(date(2001, 5, 17), []) == []


def test_later_deposits_do_not_count():
    official = FIRST + timedelta(days=30)
    assert pairs(official, [FIRST, FIRST]) == pairs(official, [FIRST, FIRST, official + timedelta(days=1)])

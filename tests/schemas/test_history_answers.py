"""How counts came about: the steps are those that claims are held against, and every act stands in its year."""

from datetime import date

from tests.support.builders import acceded, instrument, ledger, participant, signed, withdrew
from tracker.law.counts import counts_over_time
from tracker.schemas.history import days_answer, history_answer, milestones

TERMS = instrument("t", opened_on="2000-01-01", closed_on="2001-12-31", threshold=2, delay="90d", withdrawal_delay="1y")
ACTS = [
    signed("AAA", "t", "2000-01-01"), acceded("AAA", "t", "2000-06-01"), acceded("BBB", "t", "2002-03-01"),
    withdrew("BBB", "t", "2003-01-01"), acceded("CCC", "t", "2002-03"),
]  # fmt: skip
RECORD = ledger(TERMS, *(participant(code) for code in ("AAA", "BBB", "CCC")), *ACTS).as_of(date(2010, 1, 1))


def test_the_steps_are_the_history_that_claims_are_held_against():
    steps = history_answer(RECORD, "t").steps
    assert [(step.from_, step.signatories, step.parties) for step in steps] == [
        (held.span.first, held.signatories, held.parties) for held in counts_over_time(RECORD, "t")
    ]
    assert steps[-1].to is None
    assert steps[-1].parties == 2


def test_before_anything_there_are_no_steps():
    found = history_answer(RECORD.as_of(date(1990, 1, 1)), "t")
    assert (found.steps, found.years) == ([], [])


def test_the_milestones_come_in_order_and_only_as_far_as_they_are_known():
    assert [(each.what, str(each.day)) for each in milestones(RECORD, "t")] == [
        ("opened for signature", "2000-01-01"),
        ("closed for signature", "2001-12-31"),
        ("threshold reached", "2002-03-01"),
        ("entry into force", "2002-05-30"),
    ]
    assert len(milestones(RECORD.as_of(date(2001, 1, 1)), "t")) == 2


def test_every_act_stands_in_its_year():
    years = history_answer(RECORD, "t").years
    assert [(row.year, row.signatures, row.consents, row.withdrawals) for row in years] == [
        (2000, 1, 1, 0), (2001, 0, 0, 0), (2002, 0, 2, 0), (2003, 0, 0, 1),
    ]  # fmt: skip


def test_days_with_acts_of_all_of_one_and_of_a_participant():
    everything = [(date(2000, 1, 1), 1), (date(2000, 6, 1), 1), (date(2002, 3, 1), 1), (date(2002, 3, 31), 1),
                  (date(2003, 1, 1), 1)]  # fmt: skip
    assert days_answer(RECORD).days == days_answer(RECORD, "t").days == everything
    of_one = days_answer(RECORD, participant="BBB")
    assert of_one.days == [(date(2002, 3, 1), 1), (date(2003, 1, 1), 1)]
    assert of_one.milestones == []
    assert days_answer(RECORD).first == date(2000, 1, 1)


def test_an_empty_record_has_no_days():
    assert vars(days_answer(ledger())) == {
        "instrument": None,
        "participant": None,
        "first": None,
        "days": [],
        "milestones": [],
    }

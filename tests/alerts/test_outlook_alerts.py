"""Alerts on the outlook of a pending treaty: worked out by the worker, told once for each crossing, over real SMTP."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest

from tests.support.paths import DATA
from tracker.alerts import outlooks, subscribers, subscriptions
from tracker.alerts.outlooks import has_moved
from tracker.alerts.subscribers import Channel, LinkPurpose, OutlookMark, Subscription, SubscriptionState
from tracker.config import Settings
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Instrument, Participant
from tracker.outlook.forecast import outlook
from tracker.scheduler import build_jobs, run_due
from tracker.storage import import_export, repository
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.kept_outlooks import KeptOutlook, kept_outlooks
from tracker.storage.ledger_source import LedgerSource

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def facts():
    return [
        fact
        for fact in import_export.read_facts([DATA])
        if isinstance(fact, Participant)
        or (isinstance(fact, Instrument | Action) and fact.subject[0] == "un-cybercrime")
    ]


@pytest.fixture
def record(engine, facts):
    repository.record_facts(engine, facts, what="history", moment=NOW - DAY)
    return LedgerSource(engine)


@pytest.fixture
def follow(engine):
    def keep(condition, number, address="a@example.org", confirmed=NOW - timedelta(hours=1)):
        with write_transaction(engine) as connection:
            wish = Subscription(
                made_at=NOW - DAY, confirmed_at=confirmed, state=SubscriptionState.ACTIVE, channel=Channel.EMAIL,
                address=address, instrument="un-cybercrime", condition=condition, number=number,
            )  # fmt: skip
            return subscribers.insert_subscription(connection, wish)

    return keep


@pytest.fixture
def look(engine, record):
    """What the worker does at a moment; how many messages were decided."""

    def turn(moment):
        assert outlooks.renew_outlooks(engine, record.current(), moment, lambda: None)
        return outlooks.enqueue_outlook_alerts(engine, record.current().ledger, moment)

    return turn


def deposits(facts, number, day):
    """Deposits of the first signatories."""
    signed = sorted({fact.participant for fact in facts if isinstance(fact, Action) and fact.kind.signs})
    return [
        Action(
            instrument="un-cybercrime", participant=code, kind=ActionKind.RATIFICATION, date=PartialDate.of(day),
            source="made for a test",
        )
        for code in signed[:number]
    ]  # fmt: skip


def letters(inbox):
    return [message_from_bytes(content, policy=SMTP) for _, content in inbox.letters]


def text_of(letter):
    return " ".join(letter.get_body(("plain",)).get_content().split())


def test_a_median_that_moves_is_told_once_with_both_dates(engine, facts, record, follow, look, deliver, inbox):
    follow("outlook-moves", 12)
    before = outlook(record.current().ledger.as_of(NOW.date()), "un-cybercrime").threshold
    assert look(NOW) == 0  # what it sees first is told to nobody
    assert look(NOW + timedelta(hours=1)) == 0
    repository.record_facts(engine, deposits(facts, 20, NOW.date()), what="deposits", moment=NOW + timedelta(hours=2))
    after = outlook(record.current().ledger.as_of(NOW.date()), "un-cybercrime").threshold
    assert look(NOW + timedelta(hours=3)) == 1
    assert [look(NOW + timedelta(hours=hour)) for hour in (4, 5)] == [0, 0]
    deliver(NOW + timedelta(hours=6))
    (letter,) = letters(inbox)
    assert letter["Subject"].endswith(f"40 deposits are now as likely before as after {after.p50:%B %Y}")
    was = f"On 28 November 2026 the date was {before.p50:%B %Y}." if before.p50 else "less likely than not"
    assert was in text_of(letter)
    assert "/instruments/un-cybercrime/outlook" in text_of(letter)
    assert "when the median date in the outlook of" in text_of(letter)


def test_a_chance_that_passes_a_level_is_told_once_until_it_has_fallen_below(
    engine, facts, follow, look, deliver, inbox
):
    follow("outlook-chance", 80)
    assert look(NOW) == 0
    added = deposits(facts, 37, NOW.date())
    repository.record_facts(engine, added, what="deposits", moment=NOW + timedelta(hours=1))
    assert [look(NOW + timedelta(hours=hour)) for hour in (2, 3)] == [1, 0]
    repository.retract_facts(engine, added[10:], reason="test", moment=NOW + timedelta(hours=4))
    assert look(NOW + timedelta(hours=5)) == 0  # it fell: no crossing upwards
    repository.record_facts(engine, added[10:], what="deposits", moment=NOW + timedelta(hours=6))
    assert [look(NOW + timedelta(hours=hour)) for hour in (7, 8)] == [1, 0]
    deliver(NOW + timedelta(hours=9))
    assert len(letters(inbox)) == 2
    for letter in letters(inbox):
        assert "the chance of 40 deposits within a year is now" in letter["Subject"]


def test_who_begins_above_the_level_is_not_told(engine, facts, record, follow, look):
    repository.record_facts(engine, deposits(facts, 37, NOW.date()), what="deposits", moment=NOW)
    follow("outlook-chance", 80)
    assert [look(NOW + timedelta(hours=hour)) for hour in (1, 2)] == [0, 0]
    assert kept_outlooks(engine)["un-cybercrime"].chance_within_1_year >= 0.8


def test_what_moved_while_it_was_paused_is_not_told(engine, facts, follow, look, managing):
    owner = follow("outlook-moves", 1)
    look(NOW)
    token = managing(owner, LinkPurpose.MANAGE)
    subscriptions.pause(engine, token, NOW)
    repository.record_facts(engine, deposits(facts, 25, NOW.date()), what="deposits", moment=NOW + timedelta(hours=1))
    assert look(NOW + timedelta(hours=2)) == 0
    subscriptions.resume(engine, token, NOW + timedelta(hours=3))
    assert [look(NOW + timedelta(hours=hour)) for hour in (4, 5)] == [0, 0]


def test_another_number_begins_anew(engine, facts, follow, look):
    owner = follow("outlook-chance", 80)
    look(NOW)
    repository.record_facts(engine, deposits(facts, 37, NOW.date()), what="deposits", moment=NOW + timedelta(hours=1))
    with write_transaction(engine) as connection:
        subscribers.update_subscription(connection, owner, number=50)
    assert look(NOW + timedelta(hours=2)) == 0


def test_a_subscription_is_deleted_with_its_mark(engine, follow, look):
    owner = follow("outlook-moves", 3)
    look(NOW)
    with write_transaction(engine) as connection:
        assert owner in subscribers.outlook_marks(connection)
        subscribers.delete_subscription(connection, owner)
        assert subscribers.outlook_marks(connection) == {}


def test_the_kept_outlook_has_the_numbers_of_the_outlook(engine, record, look):
    look(NOW)
    (kept,) = kept_outlooks(engine).values()
    whole = outlook(record.current().ledger.as_of(NOW.date()), "un-cybercrime").threshold
    assert (kept.required, kept.median, kept.chance_within_5_years) == (40, whole.p50, whole.chance_within_5_years)


def test_an_outlook_is_worked_out_once_for_each_revision_and_day(engine, record, look):
    look(NOW)
    first = kept_outlooks(engine)["un-cybercrime"]
    look(NOW + timedelta(hours=1))
    assert kept_outlooks(engine)["un-cybercrime"] == first
    look(NOW + DAY)
    assert kept_outlooks(engine)["un-cybercrime"].as_of == NOW.date() + DAY


def test_a_run_ends_within_its_bounds_and_the_next_goes_on(engine, record):
    hours = iter(range(0, 36000, 3600))
    assert not outlooks.renew_outlooks(engine, record.current(), NOW, lambda: None, clock=lambda: next(hours))
    assert kept_outlooks(engine) == {}
    assert outlooks.renew_outlooks(engine, record.current(), NOW, lambda: None)
    assert set(kept_outlooks(engine)) == {"un-cybercrime"}


def test_what_is_no_longer_pending_is_kept_no_more(engine, facts, look):
    look(NOW)
    # more than forty, as those of organizations do not count
    repository.record_facts(engine, deposits(facts, 45, NOW.date()), what="deposits", moment=NOW + timedelta(hours=1))
    look(NOW + timedelta(hours=2))
    assert kept_outlooks(engine) == {}


def test_the_job_of_the_worker_works_out_what_it_tells(engine, record, follow):
    follow("outlook-moves", 6)
    (job,) = (each for each in build_jobs(engine, Settings(), now=lambda: NOW) if each.name == "outlook")
    assert run_due(engine, job, lambda: NOW, "me", CALM)
    assert set(kept_outlooks(engine)) == {"un-cybercrime"}
    with read_transaction(engine) as connection:
        assert len(subscribers.outlook_marks(connection)) == 1


class Calm:
    def is_set(self):
        return False

    def wait(self, seconds):
        return False


CALM = Calm()


@pytest.mark.parametrize(
    ("before", "after", "months", "moved"),
    [
        (date(2030, 1, 31), date(2030, 4, 30), 3, False),
        (date(2030, 1, 31), date(2030, 5, 1), 3, True),
        (date(2030, 5, 1), date(2030, 1, 31), 3, True),
        (None, None, 1, False),
        (None, date(2036, 10, 1), 1, True),
        (None, date(2036, 11, 15), 1, False),
        (date(2036, 11, 15), None, 1, False),
        (date(2030, 1, 1), None, 60, True),
    ],
)
def test_a_move_is_measured_in_whole_months_and_beyond_ten_years_from_their_end(before, after, months, moved):
    day = date(2026, 11, 28)
    last = OutlookMark("outlook-moves", months, before, day, above=False)
    chances = dict.fromkeys(("chance_within_1_year", "chance_within_5_years", "chance_within_10_years"), 0.5)
    now = KeptOutlook(
        instrument="x", revision=1, as_of=day, made_at=NOW, required=40, median=after, **chances
    )  # fmt: skip
    assert has_moved(last, now, months) is moved


def test_the_same_data_on_the_next_day_move_the_median_by_less_than_a_month(facts):
    view = Ledger(facts)
    days = [outlook(view.as_of(NOW.date() + n * DAY), "un-cybercrime", threshold=20).threshold.p50 for n in range(3)]
    assert max(days) - min(days) < timedelta(days=31)

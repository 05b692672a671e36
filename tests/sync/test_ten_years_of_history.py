"""The first ten years of the Palermo Convention, replayed from one real deposit to the next: every version of the
status file is taken in whole, and each real action is announced once to each kind of subscription that asks for it.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.support.paths import DATA
from tests.support.un_site import as_printed, published
from tracker.alerts import outbox, subscribers
from tracker.alerts.deliveries import MessageType
from tracker.alerts.subscribers import Channel, Subscription, SubscriptionState
from tracker.law.model import Action, Instrument, Participant
from tracker.storage import change_log, import_export, repository
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.operational_tables import ChangeRow, DeliveryRow, ToldRow
from tracker.sync.sync import SyncContext, SyncResult, sync

OPENED, END = date(2000, 12, 12), date(2010, 12, 31)
IN_FORCE = date(2003, 9, 29)  # on the ninetieth day after the fortieth deposit, of 1 July 2003
SUBSCRIPTIONS = {
    "everything": {},
    "one treaty": {"instrument": "untoc"},
    "one participant": {"participant": "FRA"},
    "one kind of change": {"kinds": frozenset({"entered-into-force"})},
    "reaches": {"instrument": "untoc", "number": 100, "level": 100},
    "to-go": {"instrument": "untoc", "number": 1, "level": 39},
    "threshold-met": {"instrument": "untoc"},
    "date-fixed": {"instrument": "untoc"},
    "days-before": {"instrument": "untoc", "number": 30},
    "acts": {"instrument": "untoc"},
    "finding-opens": {"instrument": "untoc"},
}
WITHOUT_CONDITION = ("everything", "one treaty", "one participant", "one kind of change")


@pytest.fixture(scope="module")
def facts():
    """The treaty, its participants and what was done on exact days until the end of the ten years."""
    read = [fact for fact in import_export.read_facts([DATA]) if isinstance(fact, Participant | Instrument | Action)]
    acts = [
        fact
        for fact in read
        if isinstance(fact, Action) and fact.instrument == "untoc" and _counts(fact) and fact.date.first <= END
    ]
    who = {act.participant for act in acts}
    (treaty,) = (fact for fact in read if isinstance(fact, Instrument) and fact.id == "untoc")
    return [treaty, *(fact for fact in read if isinstance(fact, Participant) and fact.code in who), *acts]


def _counts(act):
    return act.date and act.date.exact and not act.territory


@pytest.fixture
def un(facts):
    yield from published(facts)


def subscribe(engine):
    moment = datetime.combine(OPENED - timedelta(days=1), time(1), UTC)
    made = {}
    with write_transaction(engine) as connection:
        for name, fields in SUBSCRIPTIONS.items():
            wish = Subscription(
                made_at=moment, confirmed_at=moment, state=SubscriptionState.ACTIVE, channel=Channel.EMAIL,
                address=f"{name.replace(' ', '-')}@example.org",
                condition="" if name in WITHOUT_CONDITION else name, **fields,
            )  # fmt: skip
            made[name] = subscribers.insert_subscription(connection, wish)
    return made


def announced(engine, subscription):
    """The changes in the messages to a subscription, in order."""
    told, changes = ToldRow.__table__, ChangeRow.__table__
    asked = select(changes).join(told, told.c.change == changes.c.key).where(told.c.subscription == subscription)
    with read_transaction(engine) as connection:
        return connection.execute(asked.order_by(changes.c.id)).all()


def days_of(changes, *kinds):
    return [change.day for change in changes if change.kind in kinds]


def acts_in(changes):
    """The participant and the day of each action that was announced."""
    return Counter((change.participant, change.day) for change in changes if change.kind == "act-recorded")


def acts_of(ledger):
    return Counter((act.participant, act.kind, act.date) for act in ledger.acts("untoc"))


def replay(engine, un):
    """Take in each version on its day; the record equals every version. Until it is in force, each day is turned to."""
    about = [*un.ledger.participants.values(), *un.ledger.instruments.values()]
    repository.record_facts(engine, about, what="treaty and States", moment=datetime(2000, 12, 10, tzinfo=UTC))
    listeners = subscribe(engine)
    for day in sorted({act.date.first for act in un.ledger.acts("untoc")} | {IN_FORCE - timedelta(days=30), IN_FORCE}):
        moment = datetime.combine(day, time(12), UTC)
        if day <= IN_FORCE:
            change_log.run_day_turn(engine, day, moment=moment, announce=outbox.enqueue_alerts)
        un.all(until=day)
        how = SyncContext(visitor=un.visitor, base_url=un.server.url, announce=outbox.enqueue_alerts)
        (report,) = sync(engine, ["untoc"], how, moment=moment)
        assert (report.result, report.held, report.corrected) == (SyncResult.TAKEN_IN, (), ()), (day, report)
        ledger = repository.load_ledger(engine)
        assert as_printed(ledger, "untoc") == un.rows["untoc"], day
        outbox.enqueue_countdowns(engine, ledger.as_of(day), moment)
    assert acts_of(ledger) == acts_of(un.ledger)
    return listeners


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_years_are_taken_in_version_by_version_and_each_action_is_announced_once(engine, un):
    listeners = replay(engine, un)
    told = {name: announced(engine, id) for name, id in listeners.items()}
    real = Counter((act.participant, act.date.first.isoformat()) for act in un.ledger.acts("untoc"))
    assert len(real) > 250
    for name in ("everything", "one treaty", "acts"):
        assert acts_in(told[name]) == real, name
    assert acts_in(told["one participant"]) == Counter({each: n for each, n in real.items() if each[0] == "FRA"})
    deposits = sorted(act.date.first for act in un.ledger.acts("untoc") if act.kind.consents)
    assert days_of(told["reaches"], "parties") == [deposits[99].isoformat()]
    assert days_of(told["to-go"], "deposits-counted") == [deposits[38].isoformat()]
    assert days_of(told["threshold-met"], "threshold-reached") == [deposits[39].isoformat()] == ["2003-07-01"]
    assert [change.kind for change in told["date-fixed"]] == ["date-fixed"]
    assert days_of(told["one kind of change"], "entered-into-force") == [IN_FORCE.isoformat()]
    with read_transaction(engine) as connection:
        rows = connection.execute(select(DeliveryRow.__table__)).all()
        logged = connection.execute(select(ChangeRow.__table__)).all()
    countdowns = [row.sort for row in rows if row.subscription == listeners["days-before"]]
    assert countdowns == [MessageType.COUNTDOWN]
    opened = [change.key for change in logged if change.kind == "finding-opened"]
    assert [change.key for change in told["finding-opens"]] == opened
    assert [change.key for change in told["everything"]] == [change.key for change in logged]
    for name, changes in told.items():
        assert len({change.key for change in changes}) == len(changes), name

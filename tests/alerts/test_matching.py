"""Who hears of which change: every condition at its edge, and what takes back what."""

import pytest

from tests.support.alert_story import NOW
from tracker.alerts.matching import (
    GROUPS,
    AlertCondition,
    describe_subscription,
    is_correction,
    matches,
    undoes_announced_change,
)
from tracker.alerts.subscribers import Channel, Subscription
from tracker.law.changes import Change, ChangeKind

K = ChangeKind


def wish(**fields):
    return Subscription(made_at=NOW, channel=Channel.EMAIL, address="a@example.org", **fields)


def change(kind, **fields):
    return Change(kind=kind, **{"words": "Words.", "instrument": "untoc"} | fields)


def count(before, after, kind=K.PARTIES, **fields):
    return change(kind, before=str(before), after=str(after), **fields)


def reaches(number, **fields):
    return wish(condition="reaches", number=number, level=number, **fields)


@pytest.mark.parametrize(("before", "after", "told"), [
    (39, 40, True), (38, 41, True), (40, 41, False), (38, 39, False), (40, 39, False), (0, 40, True), (40, 40, False),
])  # fmt: skip
def test_reaching_a_number_is_told_when_it_is_crossed_upwards(before, after, told):
    assert matches(reaches(40), count(before, after)) is told


@pytest.mark.parametrize("kind", [K.SIGNATORIES, K.COUNTED])
def test_reaching_parties_is_about_parties(kind):
    assert not matches(reaches(40), count(39, 40, kind))


def test_a_number_to_go_is_reached_by_the_deposits_that_count():
    five = wish(condition="to-go", number=5, level=35, instrument="untoc")
    assert matches(five, count(34, 35, K.COUNTED))
    assert not matches(five, count(34, 35))


@pytest.mark.parametrize(("condition", "kind"), [
    ("threshold-met", K.THRESHOLD_REACHED), ("date-fixed", K.DATE_FIXED), ("date-fixed", K.DATE_MOVED),
    ("acts", K.ACT_RECORDED), ("acts", K.ACT_DONE), ("finding-opens", K.FINDING_OPENED), ("days-before", K.DATE_MOVED),
])  # fmt: skip
def test_each_condition_hears_of_its_own_kinds_and_of_no_other(condition, kind):
    assert matches(wish(condition=condition), change(kind))
    others = (
        set(K)
        - {kind}
        - {each for each in K if matches(wish(condition=condition), change(each, before="1", after="1"))}
    )
    assert len(others) >= len(K) - 3


@pytest.mark.parametrize(("about", "told"), [
    ({}, True), ({"instrument": "untoc"}, True), ({"instrument": "uncac"}, False), ({"participant": "FRA"}, True),
    ({"participant": "DEU"}, False), ({"instrument": "untoc", "participant": "FRA"}, True), ({"body": "fatf"}, False),
    ({"instrument": "untoc", "participant": "DEU"}, False),
])  # fmt: skip
def test_every_subject_that_is_named_must_be_the_changes_own(about, told):
    assert matches(wish(**about), change(K.ACT_RECORDED, participant="FRA")) is told


def test_without_kinds_every_kind_is_told_and_with_kinds_only_those():
    assert all(matches(wish(), change(kind, before="1", after="2")) for kind in K)
    some = wish(kinds=frozenset({"withdrew"}))
    assert [kind for kind in K if matches(some, change(kind, before="1", after="2"))] == [K.WITHDREW]


def test_every_kind_of_change_can_be_chosen_once():
    chosen = [kind for _, kinds in GROUPS.values() for kind in kinds]
    assert sorted(chosen) == sorted(K)


@pytest.mark.parametrize(("asked", "named", "told"), [
    ("35", "35(2)", True), ("35(2)", "35", True), ("35(2)", "35(3)", False), ("18; 35", "35(2)", True),
    ("35", "32(2); 35(2)", True), ("35", "", False), ("", "35(2)", True), ("", "", True),
])  # fmt: skip
def test_an_article_limits_statements_to_those_on_it(asked, named, told):
    wanted = wish(instrument="untoc", article=asked)
    assert matches(wanted, change(K.RESERVATION_MADE, article=named)) is told
    assert matches(wanted, change(K.ACT_RECORDED))


# -- taking back -----------------------------------------------------------------------------------


def test_only_a_change_of_what_was_done_or_stated_mends():
    assert {kind for kind in K if is_correction(change(kind))} == {
        K.ACT_RETRACTED, K.ACT_CORRECTED, K.STATEMENT_RETRACTED, K.STATEMENT_CORRECTED,
    }  # fmt: skip


@pytest.mark.parametrize(("told", "now", "back"), [
    ((39, 40), (40, 39), True), ((39, 40), (41, 40), False), ((39, 40), (39, 38), False), ((39, 40), (42, 38), True),
    ((38, 42), (42, 41), False), ((38, 42), (42, 39), True),
])  # fmt: skip
def test_a_fall_below_the_number_takes_back_that_it_was_reached(told, now, back):
    assert undoes_announced_change(reaches(40), count(*now), count(*told)) is back


def test_without_a_number_a_fall_below_what_was_told_takes_it_back():
    assert undoes_announced_change(wish(), count(40, 39), count(39, 40))
    assert not undoes_announced_change(wish(), count(50, 49), count(39, 40))


@pytest.mark.parametrize(("told", "now"), [
    (K.ACT_RECORDED, K.ACT_RETRACTED), (K.CONSENTED, K.ACT_RETRACTED), (K.ACT_DONE, K.ACT_CORRECTED),
    (K.THRESHOLD_REACHED, K.THRESHOLD_UNDONE), (K.DATE_FIXED, K.DATE_UNFIXED), (K.DATE_FIXED, K.DATE_MOVED),
    (K.ENTERED_INTO_FORCE, K.DATE_UNFIXED),
])  # fmt: skip
def test_what_takes_back_what(told, now):
    before, after = (change(kind, participant="FRA", about="ratification x") for kind in (told, now))
    assert undoes_announced_change(wish(), after, before)
    assert not undoes_announced_change(wish(), change(now, instrument="uncac", participant="FRA"), before)
    assert not undoes_announced_change(wish(), before, after)


def test_the_retraction_of_another_act_takes_nothing_back():
    told = change(K.ACT_RECORDED, participant="FRA", about="ratification x")
    assert not undoes_announced_change(wish(), change(K.ACT_RETRACTED, participant="FRA", about="signature x"), told)
    assert not undoes_announced_change(wish(), change(K.ACT_RETRACTED, participant="DEU", about="ratification x"), told)


def test_the_retraction_of_a_statement_takes_back_that_one_alone():
    about = {"participant": "FRA", "about": "reservation 35(2)", "article": "35(2)"}
    told, gone = change(K.RESERVATION_MADE, **about), change(K.STATEMENT_RETRACTED, **about)
    assert undoes_announced_change(wish(), gone, told)
    assert not undoes_announced_change(wish(), gone, change(K.RESERVATION_MADE, **about | {"article": "10"}))
    assert not undoes_announced_change(wish(), gone, change(K.RESERVATION_MADE, **about | {"participant": "DEU"}))
    assert not undoes_announced_change(wish(), gone, change(K.DECLARATION_MADE, **about | {"about": "declaration"}))


# -- in words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fields", "words"), [
    ({"condition": "reaches", "number": 40, "instrument": "untoc"}, "when UNTOC reaches 40 parties"),
    ({"condition": "reaches", "number": 40}, "when any treaty reaches 40 parties"),
    ({"condition": "days-before", "number": 30, "instrument": "untoc"}, "30 days before the entry into force of UNTOC"),
    ({"condition": "acts", "participant": "FRA"}, "for any treaty action: FRA"),
    ({}, "about all treaties, States and bodies: all changes"),
    ({"kinds": frozenset({"act-recorded", "act-done"}), "body": "fatf"},
     "about fatf: signatures, deposits and withdrawals"),
    ({"kinds": frozenset({"reservation-made"}), "instrument": "untoc", "article": "35"},
     "about UNTOC: reservation (statements: only on article 35)"),
    ({"kinds": frozenset({"withdrew"})}, "about all treaties, States and bodies: no longer a party"),
])  # fmt: skip
def test_a_subscription_is_described_in_words(fields, words):
    assert describe_subscription(wish(**fields), {"untoc": "UNTOC"}) == words


def test_every_condition_can_be_said():
    for condition in AlertCondition:
        assert describe_subscription(wish(condition=condition.value, number=3))

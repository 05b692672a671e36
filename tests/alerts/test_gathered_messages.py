"""One message for all that a synchronization brings to a subscription, however many files it reads."""

import json
from dataclasses import replace
from datetime import timedelta

from tests.support.alert_story import CODES, FORTIETH, NOW, content, history, letters
from tests.support.builders import ratified
from tracker.alerts import deliveries, outbox
from tracker.alerts.subscribers import Channel

LATER = NOW + timedelta(hours=1)


def test_what_one_synchronization_changes_is_one_message_by_instrument(
    record, subscribed, deliver, inbox, receiver, engine
):
    subscribed(kinds=frozenset({"act-recorded"}))
    id = subscribed(kinds=frozenset({"act-recorded"}), channel=Channel.WEBHOOK, address=receiver.url)
    with outbox.gathered_alerts(engine, lambda: NOW + timedelta(minutes=5)) as announce:
        record([FORTIETH, ratified(CODES[40], "untoc", "2003-07-02")], announce=announce)
        assert deliver(NOW + timedelta(minutes=4)).seen == set()
        record([ratified(CODES[41], "other", "2003-07-02")], announce=announce)
    assert deliver(NOW + timedelta(minutes=5)).sent == 2
    (letter,) = letters(inbox)
    assert letter["Subject"] == "UNTOC, Treaty other: 3 changes"
    said = content(letter)
    assert 0 <= said.index("UNTOC (2)") < said.index("Treaty other (1)")
    assert content(letter, "html").count("<li>") == 3
    told = json.loads(receiver.calls[0][2])
    assert [each["instrument"] for each in told["changes"]] == ["untoc", "untoc", "other"]
    assert len(history(engine, id)) == 1


def test_what_comes_after_a_message_was_begun_goes_into_another_of_the_same_synchronization(
    record, subscribed, deliver, engine
):
    id = subscribed(kinds=frozenset({"act-recorded"}))
    with outbox.gathered_alerts(engine, lambda: LATER) as announce:
        record([FORTIETH], announce=announce)
        assert deliver(NOW + outbox.HELD_FOR).sent == 1  # the job took so long
        record([ratified(CODES[40], "untoc", "2003-07-02")], announce=announce)
    assert deliver(LATER).sent == 1
    first, second = (each.key.rpartition(".") for each in reversed(history(engine, id)))
    assert (first[0], first[2], second[2]) == (second[0], "1", "2")


def test_a_killed_synchronizations_message_goes_out_by_itself(record, subscribed, deliver, engine):
    subscribed(kinds=frozenset({"act-recorded"}))
    job = outbox.gathered_alerts(engine, lambda: NOW)
    record([FORTIETH], announce=job.__enter__())
    assert deliver(NOW + outbox.HELD_FOR).sent == 1


def test_more_changes_than_one_message_holds_go_into_several(record, subscribed, deliver, engine, monkeypatch, inbox):
    monkeypatch.setattr(deliveries, "MAX_CHANGES", 3)
    id = subscribed(kinds=frozenset({"act-recorded"}))
    record([ratified(code, "other", "2003-07-02") for code in CODES[:7]])
    assert deliver().sent == len(history(engine, id)) == 3
    assert sorted(content(letter).count(": ratification – ") for letter in letters(inbox)) == [1, 3, 3]


def test_an_e_mail_loads_nothing_and_shows_what_it_quotes_as_text(record, subscribed, deliver, inbox):
    subscribed(kinds=frozenset({"act-recorded"}))
    record([replace(FORTIETH, source='<img src="https://evil.example/x.png"> & co')])
    assert deliver().sent == 1
    page = content(letters(inbox)[0], "html")
    assert "&lt;img src=&quot;https://evil.example/x.png&quot;&gt; &amp; co" in page
    assert not [each for each in ("<img", "<script", "<link", "url(", "@import") if each in page]
    assert "prefers-color-scheme: dark" in page

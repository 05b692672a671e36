"""What a search of several names asks: about whom, on which treaties, and what."""

import pytest

from tests.support.builders import body, instrument, ledger, participant
from tracker.law.names import NameIndex
from tracker.law.search import MatchQuality, search_entries
from tracker.law.search_questions import SearchDirectory, SearchTopic

GROUP = "Latin American and Caribbean States"
FACTS = ledger(
    participant("FRA", name="France", iso2="FR"),
    participant("AND", name="Andorra", iso2="AD"),
    participant("IND", name="India", iso2="IN"),
    participant("BRA", name="Brazil", iso2="BR", un_group=GROUP),
    participant("EU", name="European Union", kind="reio"),
    instrument("untoc", title="Convention against Crime", short_name="UNTOC", aliases=("Palermo Convention",)),
    instrument("firearms", title="Firearms Protocol"),
    instrument("coe-185", title="Convention on Cybercrime"),
    instrument("un-cybercrime", title="Convention against Cybercrime"),
    body("eu", name="European Union", acronym="EU"),
)
ENTRIES = search_entries(FACTS, {"FR": (("es", "Francia"),)})
DIRECTORY = SearchDirectory(ENTRIES, NameIndex(ENTRIES, tuple(FACTS.participants.values())))


def asked(text):
    question = DIRECTORY.question(text)
    if question is None:
        return None
    named = (*question.participants, *question.groups, *question.instruments)
    return {each.id for each in named}, question.topic


@pytest.mark.parametrize(
    ("text", "named", "topic"),
    [
        ("France UNTOC", {"FRA", "untoc"}, None),
        ("untoc france", {"FRA", "untoc"}, None),
        ("France and the Palermo Convention", {"FRA", "untoc"}, None),
        ("Francia UNTOC no ratificado", {"FRA", "untoc"}, SearchTopic.NOT_RATIFIED),
        ("Frnace UNTOC", {"FRA", "untoc"}, None),
        ("signed but not ratified", set(), SearchTopic.NOT_RATIFIED),
        ("signé mais non ratifié", set(), SearchTopic.NOT_RATIFIED),
        ("GRULAC firearms protocol signed but not ratified", {GROUP, "firearms"}, SearchTopic.NOT_RATIFIED),
        ("who of GRULAC and EU States signed but did not ratify the firearms protocol", {GROUP, "eu", "firearms"},
         SearchTopic.NOT_RATIFIED),
        ("entry into force cybercrime", {"coe-185", "un-cybercrime"}, SearchTopic.ENTRY_INTO_FORCE),
        ("entrée en vigueur UNTOC", {"untoc"}, SearchTopic.ENTRY_INTO_FORCE),
        ("when did the Palermo Convention enter into force", {"untoc"}, SearchTopic.ENTRY_INTO_FORCE),
        ("reservations France UNTOC", {"FRA", "untoc"}, SearchTopic.RESERVATIONS),
        ("EU UNTOC", {"EU", "eu", "untoc"}, None),
        ("EU members UNTOC", {"eu", "untoc"}, None),
        ("France Brazil", {"FRA", "BRA"}, None),
        ("IN UNTOC", {"IND", "untoc"}, None),
    ],
)  # fmt: skip
def test_a_question_is_read_from_its_names_and_its_words(text, named, topic):
    assert asked(text) == (named, topic)


@pytest.mark.parametrize(
    "text", ["", "France", "Palermo Convention", "in", "France xyzzy UNTOC plugh", "convention against", "word " * 17]
)
def test_one_name_or_unknown_words_are_no_question(text):
    assert asked(text) is None


def test_a_text_that_finds_nothing_is_given_the_names_most_like_it():
    assert {match.quality for match in DIRECTORY.find("Palerma Conventoin")} == {MatchQuality.SIMILAR}
    assert DIRECTORY.find("Palerma Conventoin")[0].entry.id == "untoc"
    assert DIRECTORY.find("zzzzzz") == ()

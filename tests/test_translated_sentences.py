"""The law's sentences in English, French and Spanish: one set of templates, said in each language."""

import csv
from datetime import date

import pytest
from babel.support import NullTranslations

from tests.support.builders import acceded, instrument, ledger, participant
from tests.support.paths import ROOT
from tests.support.real_treaties import ROWS
from tracker import translations
from tracker.law.clause_parser import clause_of, parse_clause
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import names_in
from tracker.law.status import participant_standing
from tracker.law.wording import Alternatives, DayOfYear, Ordinal, StateName, TreatyName
from tracker.messages import message
from tracker.translations import FOLDER, LANGUAGES, in_language, translate

UNTOC = {
    "en": (
        "1 July 2003: 40th instrument deposited (Armenia). On the 90th day after the date of deposit (1 July 2003): "
        "29 September 2003. Entry into force: 29 September 2003 (Art. 38(1))."
    ),
    "fr": (
        "1er juillet 2003 : dépôt du 40e instrument (Arménie). Le 90e jour suivant la date de dépôt (1er juillet 2003) "
        ": 29 septembre 2003. Entrée en vigueur : 29 septembre 2003 (Art. 38(1))."
    ),
    "es": (
        "1 de julio de 2003: depósito del 40.º instrumento (Armenia). El 90.º día después de la fecha de depósito "
        "(1 de julio de 2003): 29 de septiembre de 2003. Entrada en vigor: 29 de septiembre de 2003 (Art. 38(1))."
    ),
}
CLAUSE = {
    "en": "Enters into force on the ninetieth day after the date of deposit of the fortieth instrument of "
    "ratification, ",
    "fr": (
        "Entrée en vigueur : le quatre-vingt-dixième jour suivant la date de dépôt du quarantième instrument de "
        "ratification, d’acceptation, d’approbation ou d’adhésion."
    ),
    "es": (
        "Entrada en vigor: el nonagésimo día después de la fecha en que se haya depositado el cuadragésimo instrumento "
        "de ratificación, aceptación, aprobación o adhesión."
    ),
}


def said(text: str, language: str) -> str:
    """The text in a language, with plain spaces for those that do not break."""
    return translate(text, language).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_untocs_entry_into_force_is_explained_in_each_language(record, language):
    assert said(entry_into_force(record, "untoc").why, language) == UNTOC[language]


def test_french_sets_a_space_that_does_not_break_before_a_colon(record):
    assert "2003\u00a0: dépôt" in translate(entry_into_force(record, "untoc").why, "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clause_is_written_in_each_language(record, language):
    clause = clause_of(record.instrument("untoc"))
    assert said(clause.sentence(names_in(record)), language).startswith(CLAUSE[language])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['treaty']}: {row['kind']}")
def test_no_word_of_a_real_clause_stays_english(row):
    threshold = int(row["threshold"]) if row["threshold"] else None
    columns = {name: row[name] for name in ("delay", "party_delay", "withdrawal_delay")}
    words = parse_clause(row["conditions"], threshold=threshold, **columns).words
    for language in ("fr", "es"):
        assert not {"the", "of", "after", "instrument of", "Withdrawal", "States"} & set(said(words, language).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Date given by the depositary: 3 June 2006."),
        ("fr", "Date indiquée par le dépositaire : 3 juin 2006."),
        ("es", "Fecha indicada por el depositario: 3 de junio de 2006."),
    ],
)
def test_why_a_party_is_bound_is_written_in_each_language(record, language, words):
    assert words in said(participant_standing(record, "untoc", "MNE").why, language)


def test_a_count_of_one_is_no_plural():
    pending = ledger(
        instrument("pact", threshold=2, delay="3m"), participant("FRA"), acceded("FRA", "pact", "2001-01-01")
    )
    why = entry_into_force(pending, "pact").why
    assert [said(why, language) for language in LANGUAGES] == [
        "1 of 2 instruments deposited; 1 more needed.",
        "Instruments déposés : 1 sur 2 ; il en manque 1.",
        "1 de 2 instrumentos depositados; falta 1.",
    ]


@pytest.mark.parametrize(
    ("value", "french", "spanish"),
    [
        (Ordinal(1), "1er", "1.er"),
        (Ordinal(3), "3e", "3.er"),
        (Ordinal(13), "13e", "13.º"),
        (Ordinal(40), "40e", "40.º"),
        (Ordinal(1, spelled=True), "premier", "primer"),
        (Ordinal(5, spelled=True), "cinquième", "quinto"),
        (Ordinal(9, spelled=True), "neuvième", "noveno"),
        (Ordinal(14, spelled=True), "quatorzième", "decimocuarto"),
        (Ordinal(21, spelled=True), "vingt et unième", "vigésimo primer"),
        (Ordinal(60, spelled=True), "soixantième", "sexagésimo"),
        (Ordinal(71, spelled=True), "soixante et onzième", "septuagésimo primer"),
        (Ordinal(80, spelled=True), "quatre-vingtième", "octogésimo"),
        (Ordinal(99, spelled=True), "quatre-vingt-dix-neuvième", "nonagésimo noveno"),
        (Ordinal(180, spelled=True), "180e", "180.º"),
        (DayOfYear(1, 1), "1er janvier", "1 de enero"),
        (DayOfYear(6, 30), "30 juin", "30 de junio"),
        (StateName("Armenia", "AM"), "Arménie", "Armenia"),
        (StateName("Nowhere", ""), "Nowhere", "Nowhere"),
        (StateName("Holy See", "VA"), "Saint-Siège", "Santa Sede"),
        (TreatyName("Firearms Protocol"), "Protocole relatif aux armes à feu", "Protocolo sobre armas de fuego"),
        (TreatyName("Protocol of Nowhere"), "Protocol of Nowhere", "Protocol of Nowhere"),
        (Alternatives(("A", "B", "C")), "A, B ou C", "A, B o C"),
        (date(2003, 9, 29), "29 septembre 2003", "29 de septiembre de 2003"),
    ],
)
def test_a_value_of_a_sentence_is_written_as_the_language_does(value, french, spanish):
    assert (in_language(value, "fr"), in_language(value, "es")) == (french, spanish)


def test_every_name_in_another_language_has_a_source_and_names_something_of_the_data():
    states = {row["iso2"] for row in _rows(ROOT / "data" / "participants.csv")}
    treaties = {row[name] for row in _rows(ROOT / "data" / "treaties.csv") for name in ("short_name", "title")}
    for row in _rows(FOLDER / "names.csv"):
        assert row["source"], row
        assert row["key"] in {"State": states, "treaty": treaties}[row["kind"]], row


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("day", "french", "spanish"), [
    ("2013-11-04", "depuis le 4 novembre 2013", "en vigor desde el 4 de noviembre de 2013"),
    ("2013-11", "depuis novembre 2013", "en vigor desde noviembre de 2013"),
    ("2013", "depuis 2013", "en vigor desde 2013"),
])  # fmt: skip
def test_only_a_day_has_an_article_before_it(day, french, spanish):
    since = message("in force since {date}", date=PartialDate.parse(day))
    assert french in translate(since, "fr")
    assert translate(since, "es") == spanish


def test_a_month_or_a_year_stands_where_a_day_would():
    first, last = PartialDate.parse("2013"), PartialDate.parse("2026-09-11")
    range_of_data = message(
        "Data end between {first} and {last}, by treaty; later actions may be missing.", first=first, last=last
    )
    assert "entre 2013 et le 11 septembre 2026" in translate(range_of_data, "fr")
    assert "entre 2013 y el 11 de septiembre de 2026" in translate(range_of_data, "es")
    assert translate(message("Data to {date}", date=first), "fr") == "Données jusqu’en 2013"


@pytest.mark.parametrize(("language", "sentence", "said"), [
    ("fr", "du {date} au {last}", "de 2013 à 2014"), ("fr", "postérieur au {date}", "postérieur à 2013"),
    ("fr", "Le {date}", "En 2013"), ("fr", "complètes au {date}", "complètes en 2013"),
    ("es", "del {date} al {last}", "de 2013 a 2014"), ("es", "anteriores al {date}", "anteriores a 2013"),
    ("es", "El {date}", "En 2013"), ("es", "antes del {date}", "antes de 2013"),
])  # fmt: skip
def test_each_preposition_takes_a_year_in_its_own_way(language, sentence, said, monkeypatch):
    monkeypatch.setattr(translations, "catalogue", lambda _: NullTranslations())
    vague = message(sentence, date=PartialDate.parse("2013"), last=PartialDate.parse("2014"))
    assert translate(vague, language) == said

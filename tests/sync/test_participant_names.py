"""Whose name it is: exactly, or nobody's."""

import csv

import pytest

from tests.support.status_documents import DATA
from tracker.law.model import Participant, ParticipantKind
from tracker.sync.participant_names import Names, resolve


def participant(code, name, *aliases):
    return Participant(code=code, name=name, kind=ParticipantKind.STATE, aliases=aliases)


KNOWN = [
    participant("NER", "Niger"),
    participant("NGA", "Nigeria", "Federal Republic of Nigeria"),
    participant("CIV", "Côte d'Ivoire", "Ivory Coast"),
    participant("GNB", "Guinea-Bissau"),
    participant("TUR", "Türkiye"),
    participant("NLD", "Netherlands (Kingdom of the)"),
    participant("GMB", "Gambia"),
    participant("LCA", "St. Lucia"),
    participant("COG", "Congo", "Twice"),
    participant("COD", "Democratic Republic of the Congo", "twice"),
]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Niger", "NER"),
        ("nigeria", "NGA"),
        ("  Federal\xa0Republic  of Nigeria ", "NGA"),
        ("CÔTE D'IVOIRE", "CIV"),
        ("Co\u0302te d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", "CIV"),
        ("Guinea\N{NON-BREAKING HYPHEN}Bissau", "GNB"),
        ("Guinea\N{EN DASH}Bissau", "GNB"),
        ("TÜRKİYE", "TUR"),
        ("T\u00fcrkiye", "TUR"),
        ("Kingdom of the Netherlands", "NLD"),
        ("The Kingdom of the Netherlands", "NLD"),
        ("Netherlands, Kingdom of the", "NLD"),
        ("Republic of Nigeria (Federal)", "NGA"),
        ("Gambia", "GMB"),
        ("Gambia (The)", "GMB"),
        ("The Gambia", "GMB"),
        ("Saint Lucia", "LCA"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER N}iger", "NER"),
        ("Congo, Democratic Republic of the", "COD"),
    ],
)
def test_a_known_name_leads_to_its_participant(name, code):
    assert resolve(name, KNOWN) == code


@pytest.mark.parametrize(
    "name", ["Nigerr", "Nige", "Cote d'Ivoire", "Guinea", "NER", "", "Republic of Nigeria", "Twice"]
)
def test_any_other_name_is_nobodys(name):
    assert resolve(name, KNOWN) is None


def test_every_name_in_the_shipped_record_leads_to_one_participant():
    with (DATA / "participants.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = Names(participant(row["code"], row["name"], *row["aliases"].split("|")) for row in rows)
    assert [names.resolve(row["name"].upper()) for row in rows] == [row["code"] for row in rows]

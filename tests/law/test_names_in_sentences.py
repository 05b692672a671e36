"""What a sentence calls the things a clause names by id."""

import pytest

from tests.support.builders import body, instrument, ledger, participant
from tracker.law.clause_parser import parse_clause
from tracker.law.ledger import name_of, names_in, title_of

WHOLE = ledger(
    participant("FRA", name="France"), participant("GBR", name="United Kingdom"),
    instrument("untoc", short_name="UNTOC"), instrument("drugs", short_name="1988 Drug Convention"),
    body("coe", name="Council of Europe"), body("greco", name="GRECO"), body("gpt", name="The Green Pact"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("FRA", "France"),
        ("GBR", "United Kingdom"),
        ("untoc", "UNTOC"),
        ("drugs", "the 1988 Drug Convention"),
        ("coe", "the Council of Europe"),
        ("greco", "GRECO"),
        ("gpt", "The Green Pact"),
        ("unknown-table", "unknown-table"),
    ],
)
def test_a_name_takes_its_article_in_a_sentence(id, said):
    assert names_in(WHOLE)(id) == said


def test_what_the_record_does_not_describe_keeps_its_code():
    assert (name_of(WHOLE, "FRA"), name_of(WHOLE, "ZZZ")) == ("France", "ZZZ")
    assert (title_of(WHOLE, "drugs"), title_of(WHOLE, "nothing")) == ("1988 Drug Convention", "nothing")


def test_a_clause_reads_with_the_names_of_the_record():
    said = parse_clause("members(coe)>=3; requires=drugs; FRA|GBR>=1", threshold=5, delay="90d").sentence(
        names_in(WHOLE)
    )
    assert (
        "5 States, including at least 3 member States of the Council of Europe and including at least one of the "
        "States named in the clause (France and United Kingdom), have" in said
    )
    assert "Not before the entry into force of the 1988 Drug Convention." in said

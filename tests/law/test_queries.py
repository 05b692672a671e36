"""Queries that cross memberships, standings and judgements."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import acceded, body, instrument, judged, ledger, member, participant, signed, withdrew
from tracker.errors import BadQuestion, NotFound
from tracker.law import queries
from tracker.law.model import ParticipantKind
from tracker.law.queries import ASSESSMENT_CONDITIONS, ConditionKind, QueryCondition, format_query, parse_query
from tracker.schemas.queries import selection_answer

PACT = instrument("pact", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="1y")
PEOPLE = [
    participant("AAA", region="Europe", un_group="Western"),
    participant("BBB", region="Africa", un_group="African States"),
    participant("CCC", region="Africa", un_group="African States"),
    participant("TER", kind=ParticipantKind.TERRITORY, region="Europe"),
    participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1999-12-31"),
]
RECORD = ledger(
    PACT, *PEOPLE, body("club", acronym="CLUB"), body("judge"),
    member("club", "AAA", "2000-01-01"), member("club", "BBB", "2000-01-01", "2005-01-01"), member("club", "TER"),
    acceded("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2004-01-01"),
    signed("BBB", "pact", "2000-06-01"), acceded("BBB", "pact", "2003-01-01"),
    judged("list", "BBB", "grey", "2002-01-01", "2004-01-01", doubt="unverified: recalled"),
    judged("list", "CCC", "dark grey", "2002-01-01"),
).as_of(date(2010, 1, 1))  # fmt: skip
TODAY = date(2026, 11, 22)


def codes(text: str, record=RECORD) -> list[str]:
    return [match.participant.code for match in queries.run_query(record, parse_query(text)).matches]


# -- the conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("member=club", ["AAA", "TER"]),
        ("member=club@2004-12-31", ["AAA", "BBB", "TER"]),
        ("not-member=club", ["BBB", "CCC"]),
        ("region=africa", ["BBB", "CCC"]),
        ("group=African States", ["BBB", "CCC"]),
        ("party=pact", ["BBB"]),
        ("party=pact@2004-06-01", ["AAA", "BBB"]),
        ("not-party=pact", ["AAA", "CCC"]),
        ("withdrawn=pact", ["AAA"]),
        ("none=pact", ["CCC"]),
        ("signatory=pact@2002-06-01", ["BBB"]),
        ("assessed=list", ["CCC"]),
        ("assessed=list:grey@2003-06-01", ["BBB"]),
        ("assessed=list:dark-grey", ["CCC"]),
        ("not-assessed=list", ["AAA", "BBB"]),
        ("not-assessed=list:grey@2003-06-01", ["AAA", "CCC"]),
        ("member=club;withdrawn=pact", ["AAA"]),
        ("region=Africa;party=pact;assessed=list@2003-06-01", ["BBB"]),
        ("region=Europe;party=pact", []),
    ],
)
def test_participants_are_chosen_by_all_conditions_at_once(text, expected):
    assert codes(text) == expected


def test_one_condition_may_name_several_groups_regions_and_bodies():
    people = [
        participant("BRA", un_group="Latin American and Caribbean States", region="Americas"),
        participant("KEN", un_group="African States", region="Africa"),
        participant("FRA", un_group="Western European and Other States", region="Europe"),
        participant("JPN", un_group="Asia-Pacific States", region="Asia"),
    ]
    record = ledger(*people, body("eu"), member("eu", "FRA", "1993-11-01"))
    conditions = parse_query("any-of=grulac,African States,EU")
    found = queries.run_query(record, conditions)
    assert [match.participant.code for match in found.matches] == ["BRA", "FRA", "KEN"]
    assert parse_query(format_query(conditions)) == conditions
    with pytest.raises(NotFound):
        queries.run_query(record, parse_query("any-of=grulac,nowhere"))


def test_each_match_shows_the_facts_that_made_it_match():
    (match,) = queries.run_query(RECORD, parse_query("party=pact;assessed=list@2003-06-01")).matches
    assert match.facts[0].startswith("Treaty pact: party. Accession on 1 January 2003.")
    assert match.facts[1] == "list: grey since 1 January 2002 (unverified)"


def test_those_that_no_longer_exist_are_left_out():
    assert "OLD" not in codes("none=pact")
    assert "OLD" in codes("none=pact", RECORD.as_of(date(1999, 6, 1)))


def test_a_territory_is_looked_at_only_where_it_can_be_found():
    assert "TER" not in codes("not-party=pact")
    assert codes("member=club;not-party=pact") == ["AAA", "TER"]


def test_one_whose_consent_has_no_day_is_undecided():
    loose = ledger(PACT, *PEOPLE, acceded("CCC", "pact")).as_of(date(2010, 1, 1))
    for text in ("party=pact", "not-party=pact", "none=pact"):
        found = queries.run_query(loose, parse_query(text))
        assert "CCC" not in [match.participant.code for match in found.matches]
        assert [match.participant.code for match in found.undecided] == ["CCC"]


def test_a_part_of_an_edition_that_the_record_lacks_leaves_undecided():
    rows = [
        ("AAA", "one", 2001),
        ("BBB", "two", 2001),
        ("AAA", "one", 2002),
        ("BBB", "two", 2003),
        ("AAA", "one", 2003),
    ]
    tiers = ledger(*PEOPLE, *(judged("tier", c, v, f"{e}-06-01", f"{e + 1}-06-01", edition=str(e)) for c, v, e in rows))
    found = queries.run_query(tiers.as_of(date(2010, 1, 1)), parse_query("assessed=tier:two@2002;region=Africa"))
    assert (found.matches, [match.participant.code for match in found.undecided]) == ((), ["BBB", "CCC"])
    assert codes("assessed=tier:one@2002", tiers) == ["AAA"]


def test_a_ledger_without_a_day_is_read_whole():
    assert codes("party=pact", ledger(PACT, *PEOPLE, acceded("AAA", "pact", "2001-01-01"))) == ["AAA"]


# -- the text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "is empty"),
        (" ; ", "is empty"),
        ("member=club;", "empty condition"),
        ("member", "has no '='"),
        ("friend=club", "'friend' is not a supported condition"),
        ("member=", "incomplete. Enter member=NAME or NAME@DATE"),
        ("member=club@", "incomplete"),
        ("assessed=list:", "incomplete. Enter assessed=NAME, NAME:VALUE or NAME:VALUE@EDITION"),
        ("party=pact:3", "cannot have ':3'"),
        ("member=club;member=CLUB", "is repeated in the query"),
        ("region=Mars", "'Mars' is not an option for region. Choose one of Africa, Europe"),
        ("group=Mars", "'Mars' is not an option for group"),
        ("assessed=list:black", "not a value of 'list'. Choose one of dark grey, grey"),
        ("member=club@2005-13-01", "is not a date"),
        ("member=club@2005", "is not a date"),
        ("assessed=list@2005", "is not an edition or a date"),
        ("party=pact@2011-01-01", "Choose a date up to 1 January 2010"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_the_place(text, trouble):
    with pytest.raises(BadQuestion, match=trouble):
        queries.run_query(RECORD, parse_query(text))


@pytest.mark.parametrize("text", ["member=lost", "party=lost", "assessed=lost"])
def test_names_that_the_record_does_not_hold_are_not_found(text):
    with pytest.raises(NotFound, match="named 'lost'"):
        queries.run_query(RECORD, parse_query(text))


def test_an_edition_after_the_ledgers_day_cannot_be_asked_about(record):
    with pytest.raises(BadQuestion, match="a later edition"):
        queries.run_query(record.as_of(date(2009, 1, 1)), parse_query("assessed=tip-tier:3@2010"))


def test_a_query_is_printed_in_words_with_names():
    text = "member=CLUB@2004-12-31;not-party=pact;assessed=list:grey@2003-06-01"
    assert queries.query_in_words(RECORD, parse_query(text)) == (
        "Participants meeting all conditions: member of CLUB on 31 December 2004, not a party to the Treaty pact "
        "and on list: grey on 1 June 2003"
    )


names = st.text("abcdefgh-", min_size=1, max_size=8)
conditions = st.sampled_from(list(ConditionKind)).flatmap(
    lambda what: st.builds(
        QueryCondition,
        st.just(what),
        names,
        names if what in ASSESSMENT_CONDITIONS else st.just(""),
        st.one_of(st.just(""), st.dates().map(date.isoformat), st.just("2010")),
    )
)


@given(st.lists(conditions, min_size=1, max_size=5, unique=True))
def test_a_query_reads_back_as_it_was_written(query):
    assert parse_query(format_query(tuple(query))) == tuple(query)


@given(st.text(max_size=30))
def test_any_text_is_a_query_or_is_refused(text):
    try:
        found = parse_query(text)
    except BadQuestion:
        return
    assert parse_query(format_query(found)) == found


# -- the shipped record ------------------------------------------------------------------------------


def test_members_of_greco_that_are_not_party_to_the_criminal_law_convention(record):
    assert codes("member=greco;not-party=coe-173", record.as_of(TODAY)) == ["KAZ", "USA"]
    then = codes("member=greco;not-party=coe-173", record.as_of(date(2002, 9, 30)))
    assert {"FRA", "DEU", "USA"} <= set(then)
    assert len(then) == 17


def test_grey_listed_and_not_party_to_uncac(record):
    assert codes("assessed=fatf-grey;not-party=uncac", record.as_of(TODAY)) == ["VGB", "MCO", "SYR"]


def test_where_a_known_number_of_acts_is_missing_the_facts_say_so(record):
    found = queries.run_query(record.as_of(TODAY), parse_query("assessed=fatf-grey;not-party=untoc-som"))
    nepal = next(each for each in found.matches if each.participant.code == "NPL")
    missing = "No action in our data, from which 1 ratification or accession is missing."
    assert nepal.facts[1] == f"Smuggling of Migrants Protocol: {missing}"


def test_whoever_may_be_party_by_an_act_that_the_data_lack_is_undecided(record):
    found = queries.run_query(record.as_of(TODAY), parse_query("region=Asia;not-party=uncac"))
    assert "BTN" not in {each.participant.code for each in found.matches}
    assert "BTN" in {each.participant.code for each in found.undecided}


def test_of_those_that_a_partial_record_lacks_it_cannot_tell(record):
    found = queries.run_query(record.as_of(TODAY), parse_query("member=coe;not-party=coe-174"))
    assert found.undecided
    assert {each.facts[1] for each in found.undecided} >= {
        "Civil Law Convention on Corruption: not in our data, which are incomplete"
    }


def test_tier_three_in_2010_and_party_to_the_trafficking_protocol(record):
    found = codes("assessed=tip-tier:3@2010;party=untoc-tip", record.as_of(TODAY))
    assert found == ["CUB", "COD", "DOM", "ERI", "KWT", "MRT", "MMR", "SAU", "SDN", "ZWE"]


def test_a_query_as_plain_data_carries_its_link_its_words_and_the_facts(record):
    answer = selection_answer(record.as_of(TODAY), "member=GRECO;not-party=coe-173")
    assert (answer.query, answer.count) == ("member=greco;not-party=coe-173", 2)
    assert answer.words == (
        "Participants meeting all conditions: member of GRECO and not a party to the Criminal Law Convention on "
        "Corruption"
    )
    assert answer.participants[0].facts[1].startswith("Criminal Law Convention on Corruption: No action in our data.")

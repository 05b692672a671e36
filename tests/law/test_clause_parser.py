"""The text form of clauses: what is read, what is printed back, and what is refused."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import BadClause
from tracker.law import conditions as c
from tracker.law import populations as p
from tracker.law.clause_parser import MAX_CLAUSE_LENGTH, parse_clause
from tracker.law.dates import Delay
from tracker.law.model import ActionKind

names = st.from_regex(r"[a-z][a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True).filter(
    lambda name: (
        name
        not in {
            "and",
            "or",
            "any",
            "all",
            "on",
            "for",
            "by",
            "sum",
            "except",
            "share",
            "states",
            "end",
            "every",
        }
    )
)
codes = st.lists(st.from_regex(r"[A-Z]{3}", fullmatch=True), min_size=1, max_size=4, unique=True).map(tuple)
whens = st.none() | st.dates() | st.sampled_from(["adoption", "opening", "closing"])
simple = (
    st.builds(p.Everyone)
    | st.builds(p.States)
    | st.builds(p.Signatories, whens)
    | st.builds(p.NamedParticipants, codes)
    | st.builds(p.MembersOf, names, whens)
    | st.builds(p.PartiesTo, names, whens)
    | st.builds(p.Weighing, names, st.integers(1, 10**7).map(Fraction))
)
populations = st.recursive(
    simple,
    lambda inner: (
        st.builds(p.Both, simple, inner) | st.builds(p.Either, inner, simple) | st.builds(p.Except, simple, inner)
    ),
    max_leaves=4,
)
amounts = st.integers(1, 200) | st.sampled_from([Fraction(1), Fraction(2, 3), Fraction(3, 4)])
single = (
    st.builds(c.AtLeast, populations, amounts)
    | st.builds(c.MoreThan, populations, st.sampled_from([Fraction(1, 2), Fraction(2, 3), Fraction(3, 7)]))
    | st.builds(c.Share, names, st.sampled_from([Fraction(55, 100), Fraction(2, 3), Fraction(1), Fraction(1, 8)]))
    | st.builds(c.Share, names, st.sampled_from([Fraction(1, 2), Fraction(2, 3)]), st.just(True))
    | st.builds(c.Total, names, st.integers(1, 10**6).map(Fraction))
    | st.builds(c.Ratio, names, st.sampled_from([Fraction(3, 100), Fraction(2, 3)]), names)
)
requirements = st.recursive(
    single,
    lambda r: st.lists(r, min_size=2, max_size=3).map(tuple).flatmap(
        lambda parts: st.sampled_from([c.AnyOf(parts), c.AllOf(parts)])
    ),
    max_leaves=5,
)  # fmt: skip


@given(st.lists(requirements, max_size=3))
@settings(deadline=None)
def test_every_requirement_printed_is_read_back_the_same(parts):
    text = "; ".join(map(str, parts))
    clause = parse_clause(text, delay="90d")
    assert clause.requirements == tuple(parts)
    assert parse_clause(str(clause), delay="90d") == clause
    assert clause.words.endswith(".")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "It enters into force on the 90th day after the deposit of the 40th instrument."),
        ("requires=untoc", "It does not enter into force before untoc does."),
        ("members(coe)>=3", "by 40 depositors that include at least 3 members of coe."),
        ("FRA|GBR>=all", "by 40 depositors that include FRA and GBR."),
        ("including=FRA|GBR|USA", "by 40 depositors that include FRA, GBR and USA."),
        ("FRA|GBR|USA>=2", "that include at least 2 of FRA, GBR and USA."),
        ("share(emissions)>=55", "that hold at least 55 % of the total in the table 'emissions'."),
        ("share(emissions)>=2/3", "that hold at least two thirds of the total in the table 'emissions'."),
        ("sum(capacity)>=400000", "that hold at least 400,000 together in the table 'capacity'."),
        ("weighing(tonnage,1000000)>=7", "at least 7 participants with 1,000,000 or more in the table 'tonnage'."),
        (
            "parties(basel, on=adoption)>=3/4",
            "at least three fourths of the parties to basel when this instrument was adopted.",
        ),
        ("signatories>1/2", "that include a majority of the signatories."),
        ("members(who, on=1990-05-01)>=all", "that include all members of who on 1 May 1990."),
        ("(states and members(coe))>=2", "at least 2 States that are also members of coe."),
        (
            "states except (parties(ulf) or parties(ulis))>=2",
            "at least 2 States other than parties to ulf or parties to ulis.",
        ),
        ("not-before=opening+2y", "It does not enter into force before 2 years after its opening for signature."),
        (
            "on=1999-01-01",
            "on 1 January 1999 where the deposit of the 40th instrument has come by then, otherwise on the 90th day",
        ),
        ("acts=ratification", "the 40th instrument of ratification."),
        ("acts=ratification|acceptance|approval", "instrument of ratification, acceptance or approval."),
        ("by=parties(cbd)", "the deposit of instruments by 40 parties to cbd."),
        ("party-requires=cbd", "It binds no depositor before cbd does."),
        ("ends-below=6", "It ends when its parties become fewer than 6."),
        ("ends-below=5 for 12m", "It ends when its parties become fewer than 5 and stay so for 12 months."),
        ("ends-after=10y", "It ends 10 years after its entry into force."),
        (
            "party-delay(accession)=9m+month",
            "For one that deposits by accession it does so on the first day of the month following the expiry of 9",
        ),
        ("party-delay(reio)=30d", "For an organization it does so on the 30th day after its own deposit."),
        (
            "no-withdrawal-before=3y",
            "No withdrawal may be notified before 3 years after entry into force for the one that withdraws.",
        ),
        (
            "withdrawal-window=1y every 10y",
            "A withdrawal may be notified only within one year after each period of 10 years in force.",
        ),
        (
            "any(share(ships)>=65, share(tonnage)>=65)",
            "that either hold at least 65 % of the total in the table 'ships' or hold at least 65 %",
        ),
        ("all(states>=2, signatories>=3)", "include at least 2 States and include at least 3 signatories."),
        ("reio=no", "A deposit by an organization is not counted as additional to those of its members."),
    ],
)
def test_a_clause_reads_as_a_sentence(text, sentence):
    assert sentence in parse_clause(text, threshold=40, delay="90d").words


def test_a_sentence_calls_things_by_the_names_it_is_given():
    names = {"coe": "the Council of Europe", "untoc": "UNTOC", "FRA": "France"}
    clause = parse_clause("requires=untoc; members(coe)>=3; FRA>=all", threshold=5, delay="30d")
    said = clause.sentence(lambda each: names.get(each, each))
    assert "include at least 3 members of the Council of Europe and include France" in said
    assert "before UNTOC does" in said


def test_an_organizations_deposit_that_counts_needs_no_proviso():
    assert "organization" not in parse_clause("reio=yes", threshold=2, delay="1d").words


def test_mixing_and_with_or_without_brackets_is_refused():
    with pytest.raises(BadClause, match="make no sense"):
        parse_clause("states and signatories or members(coe)>=3", threshold=2, delay="1d")


@pytest.mark.parametrize(
    ("text", "points_at"),
    [
        ("reio=maybe", "before 'maybe'"),
        ("members(coe>=3", "before '>=3'"),
        ("shore(x)>=5", "before 'shore"),
        ("share(x)>=130", "part of a whole"),
        ("share(x)>=1/0", "divides by nothing"),
        ("members(x)>=0", "asks for nothing"),
        ("members(x)>=5/4", "part of a whole"),
        ("reio=no; reio=yes", "twice"),
        ("acts=signature", "does not express consent"),
        ("acts=ratifying", "not a treaty action"),
        ("FRA|FRA>=all", "same participant twice"),
        ("not-before=2000-02-30", "not a day of the calendar"),
        ("not-before=dinner+2y", "not a moment"),
        ("ends-below=0", "never end"),
        (";", "make no sense"),
        ("requires=", "at the end"),
        ("x" * (MAX_CLAUSE_LENGTH + 1), "characters long"),
    ],
)
def test_nonsense_is_refused_and_pointed_at(text, points_at):
    with pytest.raises(BadClause, match=r".") as refusal:
        parse_clause(text, threshold=2, delay="1d")
    assert points_at in str(refusal.value)


def test_a_threshold_without_a_delay_decides_nothing_and_is_refused():
    with pytest.raises(BadClause, match="without a delay"):
        parse_clause("", threshold=40)


@given(st.text(max_size=60) | st.text(alphabet="abz()|=;>,-0129/ AFR", max_size=60))
@settings(deadline=None, max_examples=200)
def test_no_text_does_anything_but_parse_or_be_refused(text):
    with contextlib.suppress(BadClause):
        parse_clause(text, threshold=2, delay="1d")


def test_deep_nesting_is_refused_not_fatal():
    with pytest.raises(BadClause, match="brackets within brackets"):
        parse_clause("(" * 900 + "states" + ")" * 900 + ">=1", threshold=2, delay="1d")


def test_own_delays_by_kind_of_act_are_read():
    clause = parse_clause("party-delay(accession)=9m+month; party-delay(reio)=30d", threshold=3, delay="3m+month")
    assert clause.party_delays == ((ActionKind.ACCESSION, Delay(9, "m", "next-month")), ("reio", Delay(30, "d")))

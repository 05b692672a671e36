"""The text form of clauses: what is read, what is printed back, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import BadClause
from tracker.law import conditions as c
from tracker.law.delays import Delay
from tracker.law.grammar import LONGEST, parse
from tracker.law.model import ActionKind

names = st.from_regex(r"[a-z][a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True).filter(
    lambda name: name not in {"and", "or", "any", "all", "on", "for", "by", "sum", "except", "share", "states", "end"}
)
codes = st.lists(st.from_regex(r"[A-Z]{3}", fullmatch=True), min_size=1, max_size=4, unique=True).map(tuple)
whens = st.none() | st.dates() | st.sampled_from(["adoption", "opening"])
simple = (
    st.builds(c.Everyone)
    | st.builds(c.States)
    | st.builds(c.Signatories)
    | st.builds(c.Named, codes)
    | st.builds(c.MembersOf, names, whens)
    | st.builds(c.PartiesTo, names, whens)
    | st.builds(c.Weighing, names, st.integers(1, 10**7).map(Fraction))
)
populations = st.recursive(simple, lambda p: st.builds(c.Both, simple, p) | st.builds(c.Except, simple, p), max_leaves=4)
amounts = st.integers(1, 200) | st.sampled_from([Fraction(1), Fraction(2, 3), Fraction(3, 4)])
single = (
    st.builds(c.AtLeast, populations, amounts)
    | st.builds(c.Majority, populations)
    | st.builds(c.Share, names, st.sampled_from([Fraction(55, 100), Fraction(2, 3), Fraction(1), Fraction(1, 8)]))
    | st.builds(c.Total, names, st.integers(1, 10**6).map(Fraction))
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
    clause = parse(text, delay="90d")
    assert clause.requirements == tuple(parts)
    assert parse(str(clause), delay="90d") == clause
    assert clause.words.endswith(".")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "It enters into force on the 90th day after the deposit of the 40th instrument."),
        ("requires=untoc", "It does not enter into force before untoc does."),
        ("members(coe)>=3", "at least 3 of members of coe"),
        ("FRA|GBR>=all", "counting among the depositors FRA and GBR"),
        ("share(emissions)>=55", "55 % of the total in 'emissions'"),
        ("parties(basel, on=adoption)>=3/4", "3/4 of the parties to basel when it was adopted"),
        ("not-before=opening+2y", "before 2 years after its opening for signature"),
        ("on=1999-01-01", "on 1 January 1999 if by then there has been"),
        ("acts=ratification", "the 40th instrument of ratification"),
        ("by=parties(cbd)", "by parties to cbd"),
        ("ends-below=6", "It ends when its parties become fewer than 6."),
        ("party-delay(accession)=9m+month", "For a depositor by accession"),
        ("no-withdrawal-before=3y", "No withdrawal may be notified before 3 years after entry into force."),
        ("any(share(ships)>=65, share(tonnage)>=65)", "either"),
    ],
)
def test_a_clause_reads_as_a_sentence(text, sentence):
    assert sentence in parse(text, threshold=40, delay="90d").words


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
        ("x" * (LONGEST + 1), "characters long"),
    ],
)
def test_nonsense_is_refused_and_pointed_at(text, points_at):
    with pytest.raises(BadClause, match=r".") as refusal:
        parse(text, threshold=2, delay="1d")
    assert points_at in str(refusal.value)


def test_a_threshold_without_a_delay_decides_nothing_and_is_refused():
    with pytest.raises(BadClause, match="without a delay"):
        parse("", threshold=40)


@given(st.text(max_size=60) | st.text(alphabet="abz()|=;>,-0129/ AFR", max_size=60))
@settings(deadline=None, max_examples=200)
def test_no_text_does_anything_but_parse_or_be_refused(text):
    try:
        parse(text, threshold=2, delay="1d")
    except BadClause:
        pass


def test_deep_nesting_is_refused_not_fatal():
    with pytest.raises(BadClause, match="brackets within brackets"):
        parse("(" * 900 + "states" + ")" * 900 + ">=1", threshold=2, delay="1d")


def test_own_delays_by_kind_of_act_are_read():
    clause = parse("party-delay(accession)=9m+month; party-delay(reio)=30d", threshold=3, delay="3m+month")
    assert clause.party_delays == ((ActionKind.ACCESSION, Delay(9, "m", "next-month")), ("reio", Delay(30, "d")))

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
        (
            "",
            "Enters into force on the ninetieth day after the date of deposit of the fortieth instrument of ",
        ),
        ("requires=untoc", "Not before the entry into force of untoc."),
        (
            "members(coe)>=3",
            "40 States, including at least 3 member States of coe, have expressed their consent to be bound.",
        ),
        ("FRA|GBR>=all", "40 States, including FRA and GBR, have expressed"),
        ("including=FRA|GBR|USA", "40 States, including FRA, GBR and USA, have expressed"),
        ("FRA|GBR|USA>=2", ", including at least 2 of the States named in the clause (FRA, GBR and USA), have"),
        ("share(emissions)>=55", ", accounting in total for at least 55% of the table emissions, have"),
        ("share(emissions)>=2/3", ", accounting in total for at least two thirds of the table emissions, have"),
        ("sum(capacity)>=400000", ", with a total of at least 400,000 in the table capacity, have"),
        (
            "weighing(tonnage,1000000)>=7",
            "including at least 7 participants with at least 1,000,000 in the table tonnage, have",
        ),
        (
            "parties(basel, on=adoption)>=3/4",
            "including at least three fourths of the parties to basel on the date of the adoption, have",
        ),
        ("signatories>1/2", ", including a majority of the signatories, have"),
        ("members(who, on=1990-05-01)>=all", ", including all the members of who on 1 May 1990, have"),
        ("(states and members(coe))>=2", "including at least 2 States that are also members of coe, have"),
        (
            "states except (parties(ulf) or parties(ulis))>=2",
            "including at least 2 States other than parties to ulf or parties to ulis, have",
        ),
        ("not-before=opening+2y", "No earlier than 2 years after the opening for signature."),
        (
            "on=1999-01-01",
            (
                "Enters into force on 1 January 1999 if the conditions are met by then; otherwise on the ninetieth day "
                "after"
            ),
        ),
        ("acts=ratification", "the fortieth instrument of ratification."),
        ("acts=ratification|acceptance|approval", "instrument of ratification, acceptance or approval."),
        ("by=parties(cbd)", "Only instruments deposited by parties to cbd are counted."),
        ("party-requires=cbd", "In force only for parties to cbd."),
        ("ends-below=6", "Ceases to be in force if the number of parties falls below 6."),
        ("ends-below=5 for 12m", "Ceases to be in force if the number of parties stays below 5 for 12 months."),
        ("ends-after=10y", "In force for 10 years from entry into force."),
        (
            "party-delay(accession)=9m+month",
            (
                "For each that joins later by accession: on the first day of the month following the expiration of a "
                "period of 9 months after the date of deposit of its own instrument."
            ),
        ),
        (
            "party-delay(reio)=30d",
            "For each organization that joins later: on the thirtieth day after the date of deposit",
        ),
        (
            "no-withdrawal-before=3y",
            "No withdrawal within 3 years of entry into force for the State concerned.",
        ),
        (
            "withdrawal-window=1y every 10y",
            "Withdrawal may be notified only within one year after each period of 10 years in force.",
        ),
        (
            "any(share(ships)>=65, share(tonnage)>=65)",
            "either accounting in total for at least 65% of the table ships or accounting in total for at least 65%",
        ),
        ("all(states>=2, signatories>=3)", "including at least 2 States and including at least 3 signatories, have"),
        ("reio=no", "organization are not counted as additional to those deposited by its member States."),
    ],
)
def test_a_clause_reads_as_a_sentence(text, sentence):
    assert sentence in parse_clause(text, threshold=40, delay="90d").words


def test_a_sentence_calls_things_by_the_names_it_is_given():
    names = {"coe": "the Council of Europe", "untoc": "UNTOC", "FRA": "France"}
    clause = parse_clause("requires=untoc; members(coe)>=3; FRA>=all", threshold=5, delay="30d")
    said = clause.sentence(lambda each: names.get(each, each))
    assert "including at least 3 member States of the Council of Europe and including France" in said
    assert "Not before the entry into force of UNTOC." in said


def test_an_organizations_deposit_that_counts_needs_no_proviso():
    assert "organization" not in parse_clause("reio=yes", threshold=2, delay="1d").words


def test_mixing_and_with_or_without_brackets_is_refused():
    with pytest.raises(BadClause, match="cannot be read"):
        parse_clause("states and signatories or members(coe)>=3", threshold=2, delay="1d")


@pytest.mark.parametrize(
    ("text", "points_at"),
    [
        ("reio=maybe", "before 'maybe'"),
        ("members(coe>=3", "before '>=3'"),
        ("shore(x)>=5", "before 'shore"),
        ("share(x)>=130", "not a share"),
        ("share(x)>=1/0", "divides by zero"),
        ("members(x)>=0", "requires nothing"),
        ("members(x)>=5/4", "not a share"),
        ("reio=no; reio=yes", "repeats a setting"),
        ("acts=signature", "does not express consent"),
        ("acts=ratifying", "not a treaty action"),
        ("FRA|FRA>=all", "repeats a participant"),
        ("not-before=2000-02-30", "not a date in the calendar"),
        ("not-before=dinner+2y", "not a starting point"),
        ("ends-below=0", "never ends"),
        (";", "cannot be read"),
        ("requires=", "at the end"),
        ("x" * (MAX_CLAUSE_LENGTH + 1), "characters long"),
    ],
)
def test_nonsense_is_refused_and_pointed_at(text, points_at):
    with pytest.raises(BadClause, match=r".") as refusal:
        parse_clause(text, threshold=2, delay="1d")
    assert points_at in str(refusal.value)


def test_a_threshold_without_a_delay_decides_nothing_and_is_refused():
    with pytest.raises(BadClause, match="needs a waiting period"):
        parse_clause("", threshold=40)


@given(st.text(max_size=60) | st.text(alphabet="abz()|=;>,-0129/ AFR", max_size=60))
@settings(deadline=None, max_examples=200)
def test_no_text_does_anything_but_parse_or_be_refused(text):
    with contextlib.suppress(BadClause):
        parse_clause(text, threshold=2, delay="1d")


def test_deep_nesting_is_refused_not_fatal():
    with pytest.raises(BadClause, match="nested brackets"):
        parse_clause("(" * 900 + "states" + ")" * 900 + ">=1", threshold=2, delay="1d")


def test_own_delays_by_kind_of_act_are_read():
    clause = parse_clause("party-delay(accession)=9m+month; party-delay(reio)=30d", threshold=3, delay="3m+month")
    assert clause.party_delays == ((ActionKind.ACCESSION, Delay(9, "m", "next-month")), ("reio", Delay(30, "d")))

"""Populations and requirements as they are put together, held against a small record."""

import pytest

from tests.support.builders import instrument, participant, ratified, signed
from tests.support.real_treaties import entry
from tracker.law.model import Membership, ParticipantKind
from tracker.law.threshold import ForceStatus


@pytest.mark.parametrize(
    ("condition", "codes", "met"),
    [
        ("signatories>1/2", "A B", False),
        ("signatories>1/2", "A B C", True),
        ("(members(one) or members(two))>=3", "A B C", True),
        ("(members(one) or members(two))>=3", "A B D", False),
        ("(members(one) and members(two))>=1", "A C", False),
        ("(members(one) and members(two))>=1", "B", True),
        ("(members(one) except members(two))>=1", "B C", False),
        ("(members(one) except members(two))>=1", "A", True),
        ("states>=2", "A EU", False),
        ("deposits>=2", "A EU", True),
        ("A|D>=all", "A B", False),
        ("A|D>=1", "B D", True),
        ("all(A>=all, B>=all)", "A", False),
        ("any(A>=all, B>=all)", "B", True),
        ("members(one)>=2/3", "A", False),
        ("members(one)>=1/2", "A", True),
    ],
)
def test_a_population_is_counted_as_it_is_put_together(condition, codes, met):
    """Four signatories: A and B in one body, B and C in the other, D in none; and an organization."""
    clubs = [Membership(body="one", participant="A"), Membership(body="one", participant="B"),
             Membership(body="two", participant="B"), Membership(body="two", participant="C")]  # fmt: skip
    people = [*map(participant, "ABCD"), participant("EU", kind=ParticipantKind.REIO)]
    signing = [signed(code, "it", "2000-01-01") for code in "ABCD"]
    terms = instrument("it", delay="0d", conditions=f"reio=yes; {condition}")
    found = entry(terms, *people, *clubs, *signing, *(ratified(code, "it", "2001-01-01") for code in codes.split()))
    assert (found.status is ForceStatus.IN_FORCE) is met

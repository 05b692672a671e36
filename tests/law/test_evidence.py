"""Grades of evidence from the sources that facts name, and the doubts that can change a status."""

from dataclasses import replace

import pytest
from hypothesis import given

from tests.law.test_properties import brief, days, ledger, many
from tests.support.builders import act, instrument, participant, ratified, signed, withdrew
from tests.support.builders import ledger as ledger_of
from tracker.law.dates import PartialDate
from tracker.law.doubts import deciding_acts, doubts_by_part, status_doubts, status_grade
from tracker.law.evidence import EvidenceGrade, grade_of, grade_of_source, weakest, weakest_grade
from tracker.law.model import ActionKind
from tracker.law.status import ParticipantStatus, participant_standing, participant_standings

OFFICIAL, SECONDARY = EvidenceGrade.OFFICIAL, EvidenceGrade.OFFICIAL_SECONDARY
REPORTED, UNVERIFIED, NOT_GRADED = EvidenceGrade.REPORTED, EvidenceGrade.UNVERIFIED, EvidenceGrade.NOT_GRADED


@pytest.mark.parametrize(
    ("source", "grade"),
    [
        ("UN Treaty Collection status table as at 2014-07-10", OFFICIAL),
        ("UN Treaty Collection declarations, github:zmjones/untreaties 4944e6a declarations/18-12.txt", OFFICIAL),
        ("conventions.coe.int details of treaty 191 (opening, threshold, entry into force)", OFFICIAL),
        ("83 FR 65281 (Presidential Determination 2019-05), regulations.vlex.com", OFFICIAL),
        ("Trb. 2014, 85; Trb. 2006, 3", SECONDARY),
        (
            "github:droid-f/fedlex-assets eli/cc/2011/888/20250619/fr/html/fedlex-data-admin-ch-fr-html-4.html",
            SECONDARY,
        ),
        ("Austrian BGBl. III 155/2006 (360.lexisnexis.at b_bgbl_2006_2006_III_155)", SECONDARY),
        (
            "verdragen.nl/nl/Verdrag/Details/013891_p.html (copy made after 2025-11-19); treaties.un.org x.xml",
            SECONDARY,
        ),
        ("mpu.gov.hr (the members and Argentina)", SECONDARY),
        ("thepeninsula.qa 2025-12-16; gulf-times", REPORTED),
        ("Wikipedia copy in github:someone/files@b437b13 european_union.md", REPORTED),
        ("gvnet.com/humantrafficking/00-Ratings.htm (copy of 2023 placements)", REPORTED),
        ("recalled, not checked", UNVERIFIED),
        ("oas.org list B-58; OAS table (recalled, not checked)", UNVERIFIED),
        ("inferred: in the 2021 edition and on none of the other lists", NOT_GRADED),
        ("a letter from a friend", NOT_GRADED),
        ("", NOT_GRADED),
    ],
)
def test_a_source_is_graded_by_the_publication_that_it_names(source, grade):
    assert grade_of_source(source) is grade


def test_a_site_that_is_not_known_is_not_graded_even_beside_one_that_is():
    assert grade_of_source("example.net/list; Trb. 2006, 3") is NOT_GRADED
    assert grade_of_source("treaties.un.org.example.net/list") is NOT_GRADED


def test_a_word_inside_another_is_no_publication():
    assert grade_of_source("Subunodc and Trbn") is NOT_GRADED


def test_the_note_of_an_editor_does_not_grade_what_was_accepted():
    source = "UN Treaty Collection status file, https://treaties.un.org/x.xml; accepted by Ann: Wikipedia says so too"
    assert grade_of_source(source) is OFFICIAL


def test_a_fact_whose_doubt_says_so_is_unverified_whatever_its_source():
    fact = signed("AAA", "it", "2001-01-01", source="treaties.un.org", doubt="unverified: recalled, not checked")
    assert (grade_of(fact), grade_of(replace(fact, doubt="the day is not known"))) == (UNVERIFIED, OFFICIAL)


def test_what_rests_on_several_facts_has_the_weakest_grade():
    assert weakest(EvidenceGrade) is UNVERIFIED
    assert weakest([]) is None
    assert (
        weakest_grade([signed("AAA", "it", source="Trb. 2006, 3"), signed("AAA", "it", source="coe.int")]) is SECONDARY
    )


# -- doubts and statuses -------------------------------------------------------------------------------

IT = instrument("it", opened_on="2000-01-01", threshold=1, delay="0d", party_delay="0d")
STATES = (participant("AAA"), participant("BBB"))
FIRST = ratified("BBB", "it", "2000-06-01")


def standing(*acts, on=None):
    whole = ledger_of(IT, *STATES, FIRST, *acts)
    return participant_standing(whole.as_of(PartialDate.parse(on).exact) if on else whole, "it", "AAA")


def test_a_doubt_about_the_signature_of_a_state_that_ratified_since_does_not_touch_its_status():
    first = signed("AAA", "it", "2001-01-01", doubt="rests on press reports alone")
    where = standing(first, ratified("AAA", "it", "2003-01-01"))
    assert (where.status, status_doubts(where)) == (ParticipantStatus.PARTY, ())
    assert doubts_by_part(where) == (("rests on press reports alone",), (), ())
    assert where.doubts == ("rests on press reports alone",)
    assert status_doubts(standing(first)) == ("rests on press reports alone",)


def test_a_doubt_about_the_consent_touches_the_status_of_a_party_and_of_one_that_withdrew():
    acts = [ratified("AAA", "it", "2003-01-01", doubt="unverified: recalled"), withdrew("AAA", "it", "2010-01-01")]
    assert status_doubts(standing(acts[0])) == ("unverified: recalled",)
    assert status_doubts(standing(*acts)) == ("unverified: recalled",)
    assert status_grade(standing(*acts)) is UNVERIFIED


def test_an_act_whose_day_alone_is_doubtful_touches_the_status_only_while_it_may_lie_on_either_side():
    late = signed("AAA", "it", known_by="2005-06-01", doubt="signed by June 2005; the day is not known")
    assert status_doubts(standing(late, on="2006-01-01")) == ()
    month = ratified("AAA", "it", "2005-06", doubt="only the month of deposit is known, as printed by a State")
    assert status_doubts(standing(month, on="2007-01-01")) == ()
    press = ratified("AAA", "it", "2005-06", doubt="press reports alone; the day is not known")
    assert status_doubts(standing(press, on="2007-01-01")) == (press.doubt,)


def test_an_undated_act_touches_a_status_that_it_may_change():
    withdrawal = act(ActionKind.WITHDRAWAL, "AAA", "it", doubt="not seen")
    signature = signed("AAA", "it", doubt="not seen by us")
    where = standing(ratified("AAA", "it", "2003-01-01"), withdrawal, signature)
    assert deciding_acts(where)[-1].kind is ActionKind.WITHDRAWAL
    assert status_doubts(where) == ("not seen",)
    assert status_doubts(standing(signature)) == ("not seen by us",)


@given(many, days)
@brief
def test_without_an_act_that_is_not_deciding_the_status_is_the_same(actions, day):
    whole = ledger(actions).as_of(day)
    for id in whole.instruments:
        for where in participant_standings(whole, id):
            for extra in set(map(id_of, where.acts)) - set(map(id_of, deciding_acts(where))):
                fewer = ledger([each for each in actions if id_of(each) != extra]).as_of(day)
                assert participant_standing(fewer, id, where.participant).status is where.status


def id_of(action):
    return (action.subject, action.date, action.effective_on)


def test_a_revoked_consent_decides_that_there_is_no_status():
    revoked = act(ActionKind.REVOCATION, "AAA", "it", "2004-01-01", doubt="reported only")
    where = standing(ratified("AAA", "it", "2003-01-01"), revoked)
    assert where.status is ParticipantStatus.NONE
    assert status_doubts(where) == ("reported only",)

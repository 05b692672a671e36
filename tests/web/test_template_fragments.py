"""The pieces that stand in every row: what they say, that names are escaped, that links keep the day asked about."""

from dataclasses import replace

import pytest

from tests.support.builders import instrument, ledger, participant
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.law.status import participant_standing
from tracker.schemas.standings import standing_answer
from tracker.schemas.values import Named
from tracker.web.context import get_context
from tracker.web.template_filters import Footnotes, consent, note_refs, participant_link, status_mark, undated_signature

HOSTILE = Named(participant="FRA", name='<b>France</b> & "all"')
RECORD = ledger(participant("FRA"), instrument("untoc"))


def row(**given):
    """A participant's row with nothing but what is given."""
    return replace(standing_answer(RECORD, participant_standing(RECORD, "untoc", "FRA")), **given)


@pytest.fixture
def at(client):
    """Something that is done while an address is asked for."""

    def call(address, done):
        with client.application.test_request_context(address):
            return done()

    return call


def test_a_participants_name_is_escaped_and_leads_to_its_page(at):
    found = at("/", lambda: participant_link(HOSTILE))
    assert str(found) == '<a href="/participants/FRA">&lt;b&gt;France&lt;/b&gt; &amp; &#34;all&#34;</a>'


def test_one_row_leads_to_the_day_that_each_request_asks_about(at):
    def seen():
        get_context()
        return str(participant_link(Named(participant="FRA", name="France")))

    assert 'href="/participants/FRA?as_of=2003-07-01"' in at("/?as_of=2003-07-01", seen)
    assert 'href="/participants/FRA?as_of=2005-01-01"' in at("/?as_of=2005-01-01", seen)
    assert 'href="/participants/FRA"' in at("/", seen)


def test_a_consent_says_when_and_how_and_what_has_no_day():
    given = row(
        consent=PartialDate.parse("2003-07-01"),
        action=ActionKind.ACCESSION,
        undated=[ActionKind.SIGNATURE, ActionKind.RATIFICATION],
    )
    assert str(consent(given)) == (
        '<time datetime="2003-07-01">1 Jul 2003</time> <span class="kind">accession</span>'
        '<span class="small undated">ratification, date not known</span>'
    )
    assert str(undated_signature(given)) == '<span class="small undated">signature, date not known</span>'
    assert not consent(row())


def test_a_consent_of_a_known_kind_and_an_unknown_day_says_so():
    assert str(consent(row(action=ActionKind.RATIFICATION))).startswith("date not known <")


def test_a_note_keeps_its_number_and_its_text_is_escaped():
    notes = Footnotes("doubt")
    first, again = note_refs(notes, ['say "no"', "other"]), note_refs(notes, ["other"])
    assert 'popovertarget="doubt-1-text" data-tooltip="Say &#34;no&#34;."' in first
    assert ">?2<" in first
    assert ">?2<" in again


def test_a_status_has_its_mark_beside_its_word():
    assert str(status_mark("contracting party")) == (
        '<span class="status contracting-party"><svg aria-hidden="true"><use href="#m-contracting-party"/></svg>'
        "contracting State (not yet in force)</span>"
    )

"""For which territories an instrument applies on a day; an act for one never changes the State's own standing."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.law.test_properties import acts, brief, days
from tests.law.test_properties import ledger as made_up
from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, withdrew
from tracker.law.bindings import bound_participants
from tracker.law.entry_into_force import parties
from tracker.law.model import ActionKind
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.territories import territorial_scopes, territories_on

IT = instrument("it", threshold=1, delay="0d", party_delay="30d", withdrawal_delay="1y")
STATES = tuple(participant(code) for code in ("NLD", "GBR", "CHN", "PRT"))
EXTENSION, EXCLUSION = ActionKind.TERRITORIAL_EXTENSION, ActionKind.TERRITORIAL_EXCLUSION


def day(text: str) -> date:
    return date.fromisoformat(text)


def world(*facts):
    return ledger(*STATES, IT, *facts)


def on(whole, code: str, text: str) -> tuple[str, ...]:
    return territories_on(whole.as_of(day(text)), "it", code)


def test_a_denunciation_for_aruba_leaves_the_netherlands_a_party():
    whole = world(
        ratified("NLD", "it", "2000-01-01"), act(EXTENSION, "NLD", "it", "2001-01-01", territory="Aruba"),
        withdrew("NLD", "it", "2010-01-01", territory="Aruba"),
    )  # fmt: skip
    assert participant_standing(whole, "it", "NLD").status is ParticipantStatus.PARTY
    assert (on(whole, "NLD", "2009-12-31"), on(whole, "NLD", "2010-01-01")) == (("Aruba",), ())


def test_a_ratification_for_hong_kong_alone_makes_nobody_a_party():
    whole = world(ratified("GBR", "it", "1990-01-01", territory="Hong Kong"))
    standing = participant_standing(whole, "it", "GBR")
    assert (parties(whole, "it"), bound_participants(whole, "it")) == (set(), set())
    assert standing.status is ParticipantStatus.NONE
    assert standing.why == "Actions for these territories only: Hong Kong."
    assert on(whole, "GBR", "1990-01-01") == ("Hong Kong",)


def test_hong_kong_and_macao_were_handed_over():
    whole = world(
        ratified("GBR", "it", "1980-01-01"), ratified("PRT", "it", "1980-01-01"), ratified("CHN", "it", "1985-01-01"),
        act(EXTENSION, "GBR", "it", "1981-01-01", territory="Hong Kong"),
        act(EXTENSION, "PRT", "it", "1981-01-01", territory="Macao"),
        act(EXTENSION, "CHN", "it", "1997-06-10", territory="Hong Kong", effective_on="1997-07-01"),
        act(EXTENSION, "CHN", "it", "1999-10-19", territory="macao", effective_on="1999-12-20"),
    )  # fmt: skip
    assert (on(whole, "GBR", "1997-06-30"), on(whole, "CHN", "1997-06-30")) == (("Hong Kong",), ())
    assert (on(whole, "GBR", "1997-07-01"), on(whole, "CHN", "1997-07-01")) == ((), ("Hong Kong",))
    assert on(whole, "CHN", "1999-12-20") == ("Hong Kong", "macao")
    [left] = territorial_scopes(whole, "it")["GBR"]
    assert (left.until, left.ended_by.participant) == (day("1997-07-01"), "CHN")


def test_a_stated_day_of_effect_decides_when_an_extension_begins():
    extended = act(EXTENSION, "GBR", "it", "2000-05-01", territory="Jersey", effective_on="2000-08-01")
    whole = world(ratified("GBR", "it", "1999-01-01"), extended)
    assert (on(whole, "GBR", "2000-07-31"), on(whole, "GBR", "2000-08-01")) == ((), ("Jersey",))


def test_an_exclusion_is_no_application_and_can_end_one():
    whole = world(
        ratified("GBR", "it", "1999-01-01"), act(EXCLUSION, "GBR", "it", "1999-01-01", territory="Guernsey"),
        act(EXTENSION, "GBR", "it", "2003-01-01", territory="Guernsey"),
        act(EXCLUSION, "GBR", "it", "2010-01-01", territory="Guernsey"),
    )  # fmt: skip
    assert [on(whole, "GBR", f"{year}-06-01") for year in (2000, 2003, 2011)] == [(), ("Guernsey",), ()]


def test_extensions_end_with_the_consent_of_the_state_under_which_they_stand():
    whole = world(
        ratified("GBR", "it", "1999-01-01"), act(EXTENSION, "GBR", "it", "2000-01-01", territory="Jersey"),
        withdrew("GBR", "it", "2010-01-01"), acceded("GBR", "it", "2015-01-01"),
    )  # fmt: skip
    assert [on(whole, "GBR", f"{year}-06-01") for year in (2010, 2011, 2016)] == [("Jersey",), (), ()]


territorial = st.builds(
    act, st.sampled_from(list(ActionKind)), st.sampled_from(["AAA", "NEW"]), st.just("pact"),
    st.dates(date(2000, 1, 1), date(2012, 12, 31)).map(str), territory=st.sampled_from(["Isle", "Cape"]),
)  # fmt: skip


@given(st.lists(acts, max_size=20), st.lists(territorial, max_size=6), days)
@brief
def test_an_act_for_a_territory_never_changes_the_standing_of_any_state(actions, extra, when):
    without, with_them = made_up(actions).as_of(when), made_up([*actions, *extra]).as_of(when)
    for code in ("AAA", "BBB", "NEW", "OLD"):
        before, after = (participant_standing(view, "pact", code) for view in (without, with_them))
        assert (before.status, before.since, before.bound_from) == (after.status, after.since, after.bound_from)

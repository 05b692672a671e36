"""Names find what they name: exactly, by start, by words, from inside; else one typing error away, and so said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import body, instrument, ledger, participant
from tracker.law.search import MatchQuality, SearchKind, SearchName, citation_key, fold_text, search, search_entries

TONGUES = {"CI": (("fr", "Côte d’Ivoire"), ("zh", "科特迪瓦")), "EG": (("ar", "مصر"),), "CS": (("fr", "Serbie"),)}
KNOWN = search_entries(
    ledger(
        participant("CIV", name="Côte d'Ivoire", iso2="CI", aliases=("Ivory Coast",)),
        participant("EGY", name="Egypt", iso2="EG", aliases=("Arab Republic of Egypt",)),
        participant("NER", name="Niger", iso2="NE"),
        participant("NGA", name="Nigeria", iso2="NG"),
        participant("CSK", name="Czechoslovakia", iso2="CS", exists_to="1992-12-31"),
        participant("TUR", name="Türkiye", iso2="TR"),
        participant("CHE", name="Switzerland", iso2="CH"),
        instrument(
            "untoc",
            title="Convention against Crime",
            short_name="UNTOC",
            reference="XVIII-12",
            aliases=("Palermo Convention",),
        ),
        instrument("untoc-tip", title="Trafficking Protocol", reference="XVIII-12-a", registration="39574"),
        instrument("coe-185", title="Convention on Cybercrime", reference="ETS 185"),
        body("greco", name="Group of States against Corruption", acronym="GRECO"),
    ),
    TONGUES,
)


def found(text):
    return [match.entry.id for match in search(KNOWN, text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Côte d'Ivoire", "CIV"), ("cote divoire", "CIV"), ("COTE D IVOIRE", "CIV"), ("ivory", "CIV"),
        ("科特迪瓦", "CIV"), ("科特", "CIV"), ("مصر", "EGY"), ("مِصْر", "EGY"), ("turkiye", "TUR"), ("TÜRKİYE", "TUR"),
        ("(Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire)", "CIV"), ("The Niger", "NER"),
        ("civ", "CIV"), ("ch", "CHE"), ("Niger", "NER"), ("nige", "NER"),
        ("XVIII-12", "untoc"), ("xviii 12", "untoc"), ("XVIII12a", "untoc-tip"), ("39574", "untoc-tip"),
        ("Palermo", "untoc"), ("convention palermo", "untoc"),
        ("ETS 185", "coe-185"), ("ets185", "coe-185"), ("185", "coe-185"), ("untoc", "untoc"),
        ("greco", "greco"), ("states corruption", "greco"), ("corrup", "greco"), ("against corr", "greco"),
    ],
)  # fmt: skip
def test_a_name_in_any_spelling_leads_to_what_it_names(text, first):
    assert found(text)[0] == first


@pytest.mark.parametrize("text", ["Frencc", "xviii-13", "", "  ", "-", "'", "\u202e", "civx", "395"])
def test_what_is_not_a_name_finds_nothing(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Nigerai", "NGA"), ("Egyt", "EGY"), ("Turkkiye", "TUR"), ("Palremo Convention", "untoc"),
        ("convention plaermo", "untoc"), ("Swizerland", "CHE"),
    ],
)  # fmt: skip
def test_one_typing_error_is_forgiven_and_said(text, first):
    assert found(text)[0] == first
    assert {match.quality for match in search(KNOWN, text)} == {MatchQuality.SIMILAR}


def test_a_name_without_error_is_never_taken_for_another():
    assert found("Niger") == ["NER", "NGA"]
    assert all(match.quality < MatchQuality.SIMILAR for match in search(KNOWN, "Niger"))


@pytest.mark.parametrize(
    ("text", "found_ids"),
    [
        ("CETS 185", ["coe-185"]), ("STE n° 185", ["coe-185"]), ("E.T.S. No. 185", ["coe-185"]),
        ("XVIII-12(a)", ["untoc-tip"]), ("XVIII.12.a", ["untoc-tip"]), ("18-12-a", ["untoc-tip"]),
        ("chapter XVIII-12", ["untoc"]), ("I-39574", ["untoc-tip"]), ("UNTS I-39574", ["untoc-tip"]),
        ("2225 UNTS 209", ["untoc"]), ("UNTS 2225", ["untoc"]), ("UNTS, vol. 2225, p. 209", ["untoc"]),
        ("2225 U.N.T.S. 209", ["untoc"]), ("RTNU vol. 2225", ["untoc"]),
        ("A/RES/55/25", ["untoc"]), ("General Assembly resolution 55/25", ["untoc"]), ("GA Res. 55/25", ["untoc"]),
        ("A/RES/55/255", ["coe-185"]), ("2225 UNTS 210", []), ("CETS 186", []), ("A/RES/55/26", []),
    ],
)  # fmt: skip
def test_a_citation_in_every_form_leads_to_its_treaty_and_no_other(text, found_ids):
    others = {
        ("instrument", "untoc"): [("", "2225 UNTS 209"), ("", "A/RES/55/25")],
        ("instrument", "coe-185"): [("", "A/RES/55/255")],
    }
    known = [
        replace(entry, names=(*entry.names, *(SearchName(text) for _, text in others.get((entry.kind, entry.id), ()))))
        for entry in KNOWN
    ]
    assert [match.entry.id for match in search(known, text)] == found_ids


def test_an_organizations_treaties_come_before_the_organization():
    entries = search_entries(
        ledger(
            participant("ARE", name="United Arab Emirates"),
            instrument("uncac", title="United Nations Convention against Corruption", short_name="UNCAC"),
            body("un", name="United Nations", acronym="UN"),
        ),
        {},
    )
    assert [match.entry.id for match in search(entries, "UN")] == ["uncac", "un", "ARE"]


def test_groups_of_states_are_found_by_name_and_acronym():
    group = "Latin American and Caribbean States"
    entries = search_entries(ledger(participant("BRA", name="Brazil", un_group=group, region="Americas")), {})
    for text in ("GRULAC", "latin american and caribbean group", group):
        assert [(m.entry.kind, m.entry.id) for m in search(entries, text)] == [(SearchKind.GROUP, group)]
    assert search(entries, "Americas")[0].entry.kind is SearchKind.GROUP


def test_an_exact_name_stands_before_those_that_only_begin_with_it():
    assert [(m.entry.id, m.quality) for m in search(KNOWN, "niger")] == [
        ("NER", MatchQuality.EXACT),
        ("NGA", MatchQuality.START),
    ]


def test_a_code_answers_only_in_full():
    assert "NGA" not in found("ng")[1:]
    assert found("ne") == ["NER"]
    assert found("tu") == ["TUR"]
    assert search(KNOWN, "ng")[0].name.whole


def test_short_texts_are_not_looked_for_inside_words():
    assert "CIV" not in found("or")
    assert "greco" in found("rup")


def test_the_name_that_answered_is_told_with_its_language():
    [match] = search(KNOWN, "مصر")
    assert (match.name.text, match.name.language, match.entry.title) == ("مصر", "ar", "Egypt")


def test_the_usual_name_answers_before_others():
    assert search(KNOWN, "egypt")[0].name.text == "Egypt"


def test_a_state_that_is_gone_has_no_name_from_a_code_that_was_given_anew():
    assert found("Serbie") == []
    assert found("csk") == ["CSK"]


def test_finds_of_one_quality_stand_by_kind():
    kinds = [match.entry.kind for match in search(KNOWN, "con") if match.quality is MatchQuality.START]
    assert kinds == sorted(kinds, key=list(SearchKind).index)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text(max_size=20))
def test_any_text_can_be_looked_for(text):
    for match in search(KNOWN, text):
        if match.quality < MatchQuality.SIMILAR and not citation_key(fold_text(text)):
            assert fold_text(text).split()[0][0] in fold_text(match.name.text)


def test_everything_in_the_record_is_found_by_each_of_its_names(record):
    known = search_entries(record, {})
    for entry in known:
        for name in entry.names:
            best = [match.entry for match in search(known, name.text) if match.quality is MatchQuality.EXACT]
            assert entry in best, name.text

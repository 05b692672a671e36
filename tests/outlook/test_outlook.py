"""The outlook of treaties: the days that came true, what follows from the same paths, and plain refusals."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tests.support.paths import DATA
from tracker.errors import BadQuestion, NotFound
from tracker.law.ledger import Ledger
from tracker.law.model import Action
from tracker.outlook.features import NAMES
from tracker.outlook.forecast import outlook
from tracker.outlook.model import load_model
from tracker.storage import import_export

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def record():
    return Ledger(import_export.read_facts([DATA]))


@pytest.fixture(scope="module")
def untoc(record):
    return outlook(record.as_of(date(2002, 6, 1)), "untoc")


def quantiles(found):
    return [found.p10, found.p25, found.p50, found.p75, found.p90]


@pytest.mark.parametrize(
    ("instrument", "day", "happened"),
    [("untoc", date(2002, 6, 1), date(2003, 7, 1)), ("uncac", date(2005, 1, 1), date(2005, 9, 15))],
)
def test_the_threshold_came_within_three_months_of_the_median(record, instrument, day, happened):
    found = outlook(record.as_of(day), instrument)
    assert abs(found.threshold.p50 - happened) < timedelta(days=92)
    assert found.threshold.p10 < happened < found.threshold.p90


def test_a_protocol_follows_its_convention(record):
    found = outlook(record.as_of(date(2003, 1, 1)), "untoc-firearms")
    assert found.threshold.p10 < date(2005, 4, 4)  # the fortieth deposit
    assert found.threshold.p90 is None or found.threshold.p90 > date(2005, 4, 4)
    assert found.entry_into_force.p25 >= found.threshold.p25


def test_who_deposits_on_the_very_date_is_in_and_does_not_join_again(record):
    found = outlook(record.as_of(date(2003, 7, 1)), "untoc-tip", by=date(2003, 7, 2))
    already = {act.participant for act in record.as_of(date(2003, 7, 1)).acts("untoc-tip") if act.kind.consents}
    assert "ARM" in already  # on that date
    assert not already & {each.participant for each in found.next}
    assert found.parties_by[0].p50 == found.parties


def test_later_knowledge_is_not_used(record):
    day = date(2002, 6, 1)
    known = [fact for fact in import_export.read_facts([DATA]) if not is_later(fact, day)]
    assert outlook(Ledger(known).as_of(day), "untoc") == outlook(record.as_of(day), "untoc")


def is_later(fact, day):
    return isinstance(fact, Action) and fact.counts_from is not None and fact.counts_from > day


def test_a_forecast_of_an_earlier_day_uses_coefficients_trained_to_that_year(record, untoc):
    assert untoc.trained_to == date(2002, 1, 1)
    assert outlook(record.as_of(TODAY), "un-cybercrime").trained_to == load_model().trained_to


def test_the_same_question_has_the_same_answer(record, untoc):
    assert outlook(Ledger(import_export.read_facts([DATA])).as_of(date(2002, 6, 1)), "untoc") == untoc


def test_counts_and_threshold_are_read_off_the_same_paths(untoc):
    """Half of the paths have met the threshold by its median day, so the median count of that day has met it too."""
    assert untoc.threshold.required == 40
    before = [row for row in untoc.parties_by if row.day < untoc.threshold.p50]
    after = [row for row in untoc.parties_by if row.day > untoc.threshold.p50]
    assert before[-1].p50 < 41 <= after[0].p50


def test_quantiles_and_years_only_rise(untoc):
    for row in untoc.parties_by:
        assert quantiles(row) == sorted(quantiles(row))
        assert row.p10 >= untoc.parties
    for level in ("p10", "p50", "p90"):
        counts = [getattr(row, level) for row in untoc.parties_by]
        assert counts == sorted(counts)
    assert quantiles(untoc.threshold) == sorted(quantiles(untoc.threshold))
    chances = untoc.threshold
    assert chances.chance_within_1_year <= chances.chance_within_2_years <= chances.chance_within_5_years


def test_the_entry_into_force_follows_the_threshold_by_the_clause(untoc):
    waits = [
        entry - day for entry, day in zip(quantiles(untoc.entry_into_force), quantiles(untoc.threshold), strict=True)
    ]
    assert waits == [timedelta(days=90)] * 5


def test_deposits_that_are_supposed_bring_the_threshold_nearer(record):
    view = record.as_of(TODAY)
    now, then = (outlook(view, "un-cybercrime", supposing=who) for who in ((), ("FRA", "signed:region:Africa")))
    assert "FRA" in then.supposed
    assert then.parties == now.parties + len(then.supposed)
    assert then.threshold.p50 < now.threshold.p50
    assert not {each.participant for each in then.next} & set(then.supposed)
    with pytest.raises(NotFound):
        outlook(view, "un-cybercrime", supposing=("ZZZ",))


def test_a_date_of_ones_own_is_answered_among_the_others(record):
    found = outlook(record.as_of(date(2002, 6, 1)), "untoc", by=date(2003, 3, 3))
    assert date(2003, 3, 3) in [row.day for row in found.parties_by]


def test_another_number_of_parties_can_be_asked_for(record):
    found = outlook(record.as_of(date(2002, 6, 1)), "untoc", threshold=60)
    assert found.threshold.required == 60
    assert found.threshold.p50 > outlook(record.as_of(date(2002, 6, 1)), "untoc").threshold.p50


def test_those_likely_to_be_next_are_no_parties_and_have_reasons(record, untoc):
    assert len(untoc.next) == 10
    inside = {act.participant for act in record.as_of(date(2002, 6, 1)).acts("untoc") if act.kind.consents}
    assert not inside & {each.participant for each in untoc.next}
    assert all(each.reasons for each in untoc.next)
    assert [each.chance_12_months for each in untoc.next] == sorted(
        (e.chance_12_months for e in untoc.next), reverse=True
    )


def test_a_treaty_in_force_has_parties_by_date_alone(record):
    found = outlook(record.as_of(TODAY), "untoc")
    assert (found.threshold, found.entry_into_force) == (None, None)
    assert found.parties_by[0].p50 >= found.parties == 195


def test_a_regional_treaty_is_joined_by_those_it_is_open_to(record):
    found = outlook(record.as_of(TODAY), "coe-224")
    assert found.threshold.required == 5
    assert found.parties_by[-1].p90 < 100
    assert any("deposited with the United Nations" in each for each in found.warnings)


def test_outside_of_experience_it_says_so_and_shows_similar_treaties(record):
    found = outlook(record.as_of(TODAY), "un-cybercrime")
    assert any(each.startswith("Outside the model's experience") for each in found.warnings)
    assert found.similar
    assert all(each.parties < 40 for each in found.similar)
    assert found.threshold.p90 is None


@pytest.mark.parametrize(
    ("instrument", "day", "reason"),
    [
        ("untoc", date(1999, 1, 1), "had not been opened"),
        ("untoc", date(2001, 1, 15), "less than three months"),
    ],
)
def test_what_there_is_nothing_to_go_by_is_refused_with_the_reason(record, instrument, day, reason):
    with pytest.raises(BadQuestion, match=reason):
        outlook(record.as_of(day), instrument)


def test_a_date_out_of_reach_and_an_unknown_treaty_are_refused(record):
    with pytest.raises(BadQuestion, match="by=2050-01-01"):
        outlook(record.as_of(TODAY), "untoc", by=date(2050, 1, 1))
    with pytest.raises(NotFound):
        outlook(record.as_of(TODAY), "nothing")


def test_a_clause_that_is_no_number_gives_no_threshold(record):
    found = outlook(record.as_of(date(1998, 6, 1)), "oecd-bribery")  # weighs exports
    assert found.threshold is None
    assert found.parties_by


def test_participants_the_model_never_met_are_simulated_too(record):
    model = load_model()
    strangers = [
        code for code, who in record.participants.items() if who.is_state and code not in model.participants.codes
    ]
    found = outlook(record.as_of(TODAY), "un-cybercrime")
    assert strangers
    assert found.parties_by[-1].p90 > 0


def test_the_model_has_a_coefficient_for_every_feature():
    model = load_model()
    for coefficients in model.coefficients.values():
        assert coefficients.shape == (len(NAMES),)
        assert np.isfinite(coefficients).all()
    assert (model.joined[:, 1:] >= model.joined[:, :-1]).all()  # numbers only rise, and unknown ones are the highest


def test_a_country_that_has_signed_is_likelier_to_join(record):
    """Taking a State's signature away from the record lowers its own chance."""
    day = date(2002, 6, 1)
    facts = list(import_export.read_facts([DATA]))
    unsigned = [
        fact for fact in facts if not (isinstance(fact, Action) and fact.kind.signs and fact.participant == "HRV")
    ]
    chances = {each.participant: each.chance_12_months for each in outlook(record.as_of(day), "untoc").next}
    without = {each.participant: each.chance_12_months for each in outlook(Ledger(unsigned).as_of(day), "untoc").next}
    assert chances["HRV"] > without.get("HRV", 0.0)


def test_a_threshold_that_is_already_met_is_no_forecast(record):
    found = outlook(record.as_of(TODAY), "untoc", threshold=40)
    assert found.threshold is None
    assert replace(found, threshold=None) == found

"""The back-test's plain ways, its lists of eligible States, and the record that pages show of it."""

from datetime import date

import numpy as np
import pytest

from benchmarks import outlook_baselines as baselines
from benchmarks.outlook import eligible_states, pinball, ranked_score
from tests.support.paths import DATA
from tracker.law.ledger import Ledger
from tracker.outlook import past_forecasts
from tracker.outlook.forecast import outlook
from tracker.outlook.histories import day_number
from tracker.storage import import_export


@pytest.fixture(scope="module")
def record():
    return Ledger(import_export.read_facts([DATA]))


def test_the_regression_finds_the_mean_and_the_dispersion_of_what_it_is_fitted_to():
    random = np.random.default_rng(3)
    features = np.column_stack([np.ones(6000), random.normal(size=6000)])
    mean, alpha = np.exp(1.0 + 0.5 * features[:, 1]), 0.8
    grown = random.poisson(random.gamma(1 / alpha, alpha * mean))
    found = baselines.fit_growth(baselines.Growth(features, grown, np.zeros(6000)), 0)
    assert found.coefficients == pytest.approx([1.0, 0.5], abs=0.06)
    assert found.alpha == pytest.approx(alpha, abs=0.1)


def test_its_quantiles_are_those_of_a_negative_binomial_sample_and_no_more_than_can_join():
    random = np.random.default_rng(4)
    fitted = baselines.NegativeBinomial(np.array([2.5]), 0.7)
    sample = random.poisson(random.gamma(1 / 0.7, 0.7 * np.exp(2.5), 200_000))
    expected = np.quantile(sample, baselines.LEVELS, method="inverted_cdf")
    assert np.abs(fitted.quantiles(np.array([1.0]), 500) - expected).max() <= 1
    assert fitted.quantiles(np.array([1.0]), 9).max() == 9


def test_the_regression_uses_nothing_that_ended_later():
    features, grown = np.ones((400, 1)), np.repeat([2, 50], 200)
    past = baselines.Growth(features, grown, np.repeat([10.0, 100.0], 200))
    assert np.exp(baselines.fit_growth(past, 50).coefficients[0]) == pytest.approx(2, rel=0.01)


def test_a_threshold_is_reached_on_the_line_between_two_horizons_and_never_within_ten_years_otherwise():
    rising = {1: np.full(19, 10.0), 2: np.full(19, 20.0), 5: np.full(19, 20.0), 10: np.full(19, 20.0)}
    assert baselines.reaching(0, rising, 15) == pytest.approx(np.full(19, 1.45))
    assert (baselines.reaching(0, rising, 40) == 10.0).all()


def test_a_loss_is_least_for_the_truth():
    sure = np.full(19, 7.0)
    assert pinball(sure, 7) == 0 < pinball(sure, 8) < pinball(sure, 12)
    assert ranked_score(sure, 7) == 0 < ranked_score(sure, 9)


def test_treaties_of_a_region_are_open_to_the_declared_states_alone(record):
    people = sorted(record.participants.values(), key=lambda who: who.code)
    declared = eligible_states(people)
    places = {who.code: place for place, who in enumerate(people)}
    air, arms = declared["XXVII-1"], declared["XXVI-7"]
    assert all(air[places[code]] for code in ("FRA", "USA", "KAZ", "TUR", "EU"))
    assert not any(air[places[code]] for code in ("BRA", "JPN", "EGY"))
    assert arms.sum() == 11


def test_the_record_is_of_forty_forecasts_whose_outcome_was_known(record):
    now = outlook(record.as_of(date(2026, 11, 28)), "un-cybercrime").record
    assert now.forecasts == past_forecasts.MOST
    assert 0 < now.held <= now.forecasts
    assert now.years_ahead is None
    in_force = outlook(record.as_of(date(2026, 11, 28)), "untoc").record
    assert in_force.years_ahead == 5
    early = outlook(record.as_of(date(1989, 6, 1)), "drugs-1988").record
    known = past_forecasts._load()["known"]
    assert early is None or early.forecasts <= (known <= day_number(date(1989, 6, 1))).sum()


def test_chances_are_shown_as_they_came_true_and_keep_their_order():
    counted = np.zeros((30, 2, 3))
    counted[:, 0] = (1000, 100, 100)  # 10 % came true
    counted[:, 1] = (1000, 800, 400)  # of 80 % half
    chances = np.array([0.0, 0.1, 0.5, 0.8, 0.95])
    shown = past_forecasts.corrected(chances, 2010, counted)
    assert shown[[0, 1, 3]] == pytest.approx([0.0, 0.1, 0.4], abs=0.01)
    assert (np.diff(shown) >= 0).all()
    assert past_forecasts.corrected(chances, past_forecasts.FIRST_YEAR + 1, counted) == pytest.approx(chances)


def test_chances_are_corrected_by_earlier_years_alone():
    counted = np.zeros((30, 1, 3))
    counted[:20] = (1000, 500, 500)
    counted[20:] = (1000, 500, 0)  # from 2000 on nobody joined
    for year, expected in ((2000, 0.5), (2001, 0.5), (2009, 0.35)):
        assert past_forecasts.corrected(np.array([0.5]), year, counted)[0] == pytest.approx(expected, abs=0.02)

"""The gamma-Poisson hazard and the logistic, against closed forms and planted figures."""

import numpy as np
import pytest

from olivebranch.analysis.calibration import apply_platt, expit, fit_logistic, fit_platt, logit
from olivebranch.analysis.hazard import HALF_LIVES, HazardPrior, fit_prior, weigh_exposure


def test_without_a_past_the_chance_is_the_priors():
    prior = HazardPrior(1.0, 100.0, 45.0)
    assert prior.chance(np.zeros(1), np.zeros(1), np.array([100.0]))[0] == pytest.approx(0.5)


def test_a_long_past_outweighs_the_prior():
    prior = HazardPrior(0.3, 100.0, 1e5)
    chance = prior.chance(np.array([3650.0]), np.array([36500.0]), np.array([10.0]))[0]
    assert chance == pytest.approx(1 - np.exp(-1), abs=0.01)


@pytest.mark.parametrize("window", [1.0, 10.0, 100.0])
def test_more_deeds_and_longer_windows_raise_it(window):
    prior = HazardPrior(0.3, 100.0, 45.0)
    deeds, exposure = np.array([0.0, 1.0, 5.0]), np.full(3, 60.0)
    chances = prior.chance(deeds, exposure, np.full(3, window))
    assert (np.diff(chances) > 0).all()
    assert (prior.chance(deeds, exposure, np.full(3, window + 1)) > chances).all()


def test_weighted_days():
    assert weigh_exposure(np.array([1e9]), 45.0)[0] == pytest.approx(45 / np.log(2))
    assert weigh_exposure(np.array([30.0]), 1e9)[0] == pytest.approx(30, rel=1e-3)


def test_the_prior_that_made_the_cases_is_found():
    chance, n = np.random.default_rng(3), 6000
    rates = chance.gamma(0.5, 1 / 50, n)
    past = chance.poisson(rates * 90).astype(float)
    hits = (chance.poisson(rates * 27) > 0).astype(float)
    days, window = np.full(n, 90.0), np.full(n, 27.0)
    found = fit_prior({1e5: past}, days, window, hits)
    truth = HazardPrior(0.5, 50.0, 1e5)
    assert found.shape / found.days == pytest.approx(0.01, rel=0.25)
    mine, best = (p.chance(past, days, window) for p in (found, truth))
    assert np.abs(mine - best).mean() < 0.02


def test_no_memory_longer_than_the_past_is_learnt():
    counts = {45.0: np.zeros(50), 365.0: np.repeat([0.0, 9.0], 25)}
    hits, window = np.repeat([0.0, 1.0], 25), np.full(50, 27.0)
    assert fit_prior(counts, np.full(50, 60.0), window, hits).half_life == 45.0
    assert fit_prior(counts, np.full(50, 700.0), window, hits).half_life == 365.0


def test_without_cases_the_prior_is_sane():
    prior = fit_prior({life: np.zeros(0) for life in HALF_LIVES}, np.zeros(0), np.zeros(0), np.zeros(0))
    assert 0 < prior.shape / prior.days < 0.1


def test_logistic_finds_planted_weights_and_a_pull_holds_them():
    chance = np.random.default_rng(5)
    columns = np.column_stack([np.ones(8000), chance.normal(size=8000)])
    hits = (chance.random(8000) < expit(columns @ np.array([-1.0, 0.8]))).astype(float)
    free = fit_logistic(columns, hits, np.zeros(2), np.zeros(2))
    assert free == pytest.approx([-1.0, 0.8], abs=0.1)
    held = fit_logistic(columns, hits, np.array([0.0, 0.2]), np.array([0.0, 1e9]))
    assert held[1] == pytest.approx(0.2, abs=1e-4)


def test_separated_cases_do_not_run_away():
    columns = np.column_stack([np.ones(40), np.repeat([0.0, 1.0], 20)])
    weights = fit_logistic(columns, np.repeat([0.0, 1.0], 20), np.zeros(2), np.array([0.5, 1.0]))
    assert np.isfinite(weights).all()


def test_platt_mends_overconfidence_and_leans_on_the_others_where_cases_are_few():
    chance = np.random.default_rng(7)
    truth = chance.uniform(0.1, 0.9, 5000)
    hits = (chance.random(5000) < truth).astype(float)
    loud = expit(2 * logit(truth))
    mended = apply_platt(loud, fit_platt(loud, hits))
    assert np.abs(mended - truth).mean() < 0.02
    assert fit_platt(loud[:3], hits[:3], (0.1, 0.7)) == pytest.approx((0.1, 0.7), abs=0.15)
    assert fit_platt(loud[:0], hits[:0], (0.1, 0.7)) == (0.1, 0.7)

"""Scores against figures worked by hand, and what must hold of them whatever the forecasts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olivebranch.analysis.scores import (
    Bootstrap,
    Interval,
    area_under_curve,
    brier_losses,
    calibration_error,
    calibration_floor,
    log_losses,
    murphy_parts,
    reliability_diagram,
)

FORECASTS = np.array([0.1, 0.1, 0.9, 0.9])
HITS = np.array([0.0, 1.0, 1.0, 1.0])

cases = st.lists(st.tuples(st.sampled_from([0.05, 0.2, 0.5, 0.7, 0.95]), st.booleans()), min_size=1, max_size=60)


def columns(rows):
    return np.array([p for p, _ in rows]), np.array([float(hit) for _, hit in rows])


def test_brier_and_log_score_by_hand():
    assert brier_losses(FORECASTS, HITS).mean() == pytest.approx((0.01 + 0.81 + 0.01 + 0.01) / 4)
    assert log_losses(FORECASTS, HITS).sum() == pytest.approx(-3 * np.log(0.9) - np.log(0.1))


def test_a_sure_miss_costs_much_and_not_everything():
    assert 9 < log_losses(np.array([0.0]), np.array([1.0]))[0] < 10


def test_auc_counts_ties_as_half():
    assert area_under_curve(FORECASTS, HITS) == pytest.approx((0.5 + 1 + 1) / 3)
    assert area_under_curve(np.full(4, 0.3), HITS) == pytest.approx(0.5)
    assert area_under_curve(FORECASTS, np.ones(4)) is None


def test_murphy_by_hand():
    parts = murphy_parts(FORECASTS, HITS)
    assert parts.reliability == pytest.approx((2 * 0.4**2 + 2 * 0.1**2) / 4)
    assert parts.resolution == pytest.approx((2 * 0.25**2 + 2 * 0.25**2) / 4)
    assert parts.uncertainty == pytest.approx(0.75 * 0.25)
    assert parts.within == pytest.approx(0, abs=1e-12)


@settings(deadline=None)
@given(cases)
def test_murphys_parts_add_up_to_the_brier_score(rows):
    forecasts, hits = columns(rows)
    parts = murphy_parts(forecasts, hits)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(float(brier_losses(forecasts, hits).mean()))


@settings(deadline=None)
@given(cases)
def test_every_case_is_in_one_bin(rows):
    forecasts, hits = columns(rows)
    diagram = reliability_diagram(forecasts, hits)
    assert sum(b.cases for b in diagram) == len(rows)
    assert [b.forecast for b in diagram] == sorted(b.forecast for b in diagram)


def test_calibration_error_by_hand():
    assert calibration_error(FORECASTS, HITS) == pytest.approx((2 * 0.4 + 2 * 0.1) / 4)


def test_perfect_forecasts_err_as_much_as_their_floor():
    chance = np.random.default_rng(1)
    forecasts = chance.uniform(0.05, 0.95, 4000)
    hits = (chance.random(4000) < forecasts).astype(float)
    floor = calibration_floor(forecasts)
    assert 0 < floor < 0.03
    assert abs(calibration_error(forecasts, hits) - floor) < 0.01
    assert calibration_error(np.clip(forecasts + 0.1, 0, 1), hits) > floor + 0.05


def test_bootstrap_draws_whole_dyads():
    """Ten days of each of twenty dyads that always agree carry the evidence of twenty, not two hundred."""
    hits = np.repeat(np.arange(20) % 2, 10).astype(float)
    whole = Bootstrap(np.repeat([f"d{i}" for i in range(20)], 10)).mean(hits)
    single = Bootstrap([f"c{i}" for i in range(200)]).mean(hits)
    assert whole.value == single.value == 0.5
    assert (whole.high - whole.low) > 2 * (single.high - single.low)


def test_skill_is_nought_against_itself_and_one_for_perfection():
    losses = brier_losses(FORECASTS, HITS)
    draw = Bootstrap(list("abcd"))
    assert draw.skill(losses, losses) == Interval(0.0, 0.0, 0.0)
    assert draw.skill(np.zeros(4), losses).value == 1.0
    assert draw.skill(losses, np.zeros(4)) == Interval(None, None, None)

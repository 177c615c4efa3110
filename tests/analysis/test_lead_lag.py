"""Lead and lag: found where it was put, with its lag and side, and not between strangers."""

import numpy as np
import pytest

from olivebranch.analysis.lead_lag import LEVEL, find_lead_lag


def persistent(draw, weeks, persistence):
    values = draw.normal(size=weeks + 30)
    for week in range(1, len(values)):
        values[week] += persistence * values[week - 1]
    return values[30:]


def follow(draw, leader, lag, strength):
    values = draw.normal(size=len(leader))
    for week in range(lag, len(leader)):
        values[week] += 0.3 * values[week - 1] + strength * leader[week - lag]
    return values


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_a_known_lead_is_found_with_its_lag(lag):
    draw, runs, right, wrong = np.random.default_rng(1), 12, 0, 0
    for _ in range(runs):
        leader = persistent(draw, 104, 0.4)
        found = find_lead_lag(leader, follow(draw, leader, lag, 0.8), 4)
        right += any((lead.leader, lead.lag) == (0, lag) for lead in found.leads)
        wrong += any((lead.leader, lead.lag) != (0, lag) for lead in found.leads)
    assert right / runs >= 0.9
    assert wrong / runs <= 0.2


@pytest.mark.parametrize("persistence", [0.0, 0.5, 1.0])
def test_strangers_do_not_lead_each_other(persistence):
    draw, runs = np.random.default_rng(2), 25
    found = [
        find_lead_lag(persistent(draw, 60, persistence), persistent(draw, 60, persistence), 4) for _ in range(runs)
    ]
    assert sum(bool(one.leads) for one in found) / runs <= 0.12


def test_moving_in_the_same_week_is_no_lead():
    draw = np.random.default_rng(3)
    one = draw.normal(size=104)
    found = find_lead_lag(one, one + draw.normal(scale=0.5, size=104), 4)
    assert found.leads == ()
    assert found.same_week > 0.7


def test_holm_never_lowers_a_p_value_and_keeps_their_order():
    draw = np.random.default_rng(4)
    leader = draw.normal(size=80)
    found = find_lead_lag(leader, follow(draw, leader, 2, 0.8), 4)
    by_p = sorted(found.tests, key=lambda test: test.p)
    assert all(test.p <= test.p_holm <= 1 for test in by_p)
    assert [test.p_holm for test in by_p] == sorted(test.p_holm for test in by_p)
    assert by_p[0].p_holm == pytest.approx(8 * by_p[0].p)
    assert all(lead.p_holm <= LEVEL for lead in found.leads)


def test_the_response_curve_rises_at_the_lag():
    draw = np.random.default_rng(5)
    leader = persistent(draw, 200, 0.2)
    found = find_lead_lag(leader, follow(draw, leader, 2, 1.0), 4)
    curve, back = found.responses
    assert found.fitted >= 2
    assert max(curve, key=lambda point: point.response).week == 2
    assert curve[2].low > 0
    assert curve[2].response == pytest.approx(1.0, abs=0.25)
    assert all(point.low <= 0.3 for point in back)


def test_a_wandering_series_is_told_from_one_with_a_level():
    draw = np.random.default_rng(6)
    found = find_lead_lag(np.cumsum(draw.normal(size=120)), draw.normal(size=120), 4)
    assert found.unit_root_p[0] > 0.10 > found.unit_root_p[1]

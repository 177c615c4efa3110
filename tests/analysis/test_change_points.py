"""Changes of level: found where they are, not found in noise, and judged by the three tests."""

from itertools import pairwise

import numpy as np
import pytest
from ruptures import Pelt

from olivebranch.analysis.change_points import PENALTIES, SHORTEST, WEEKS_BESIDE, _cut, find_breaks


def enough(weeks):
    return np.ones(weeks, dtype=bool)


def noise(draw, weeks, kind="white"):
    if kind == "heavy":
        return draw.standard_t(3, size=weeks)
    if kind == "sparse":  # a net of few loud deeds among twenty reports
        return np.array([draw.choice([-9.5, -6.0, 7.0], size=draw.binomial(20, 0.1)).sum() / 20 for _ in range(weeks)])
    shocks = draw.normal(size=weeks + 20)
    persistence = 0.3 if kind == "persistent" else 0.0
    for week in range(1, len(shocks)):
        shocks[week] += persistence * shocks[week - 1]
    return shocks[20:]


@pytest.mark.parametrize(("shift", "least"), [(2.0, 0.6), (3.0, 0.9)])
def test_a_known_change_is_found_where_it_is(shift, least):
    draw, runs, hits = np.random.default_rng(3), 30, 0
    for _ in range(runs):
        values = noise(draw, 60)
        values[30:] += shift
        hits += any(one.is_accepted and abs(one.at - 30) <= 2 for one in find_breaks(values, enough(60)))
    assert hits / runs >= least


@pytest.mark.parametrize("kind", ["white", "heavy", "sparse", "persistent"])
def test_noise_is_hardly_ever_accepted(kind):
    draw, runs = np.random.default_rng(4), 60
    accepted = sum(any(one.is_accepted for one in find_breaks(noise(draw, 60, kind), enough(60))) for _ in range(runs))
    assert accepted / runs < 0.10


def test_two_changes_bound_an_episode():
    values = noise(np.random.default_rng(5), 60)
    values[20:30] -= 4
    first, second = find_breaks(values, enough(60))
    assert (first.at, second.at) == (20, 30)
    assert first.before - first.after == pytest.approx(4, abs=1)
    assert (first.stop, second.start) == (30, 20)
    assert first.low <= first.at <= first.high


def test_a_change_near_the_end_is_a_candidate_with_its_reason():
    values = noise(np.random.default_rng(6), 60)
    values[55:] += 5
    (found,) = find_breaks(values, enough(60))
    assert found.at == 55
    assert found.reasons == (f"5 weeks with enough reports after it, {WEEKS_BESIDE} are needed",)


def test_grey_weeks_do_not_count_as_evidence():
    values = noise(np.random.default_rng(7), 60)
    values[30:] += 4
    is_enough = enough(60)
    is_enough[:25] = False
    (found,) = find_breaks(values, is_enough)
    assert not found.is_accepted
    assert found.reasons[0].startswith(f"{found.at - 25} weeks with enough reports before it")


def test_one_loud_week_is_no_change():
    values = noise(np.random.default_rng(8), 60)
    values[30] -= 40
    assert not [one for one in find_breaks(values, enough(60)) if one.is_accepted]


@pytest.mark.parametrize("values", [[], [1.0] * 3, [2.5] * 50])
def test_short_and_flat_series_have_no_change(values):
    assert find_breaks(np.array(values), enough(len(values))) == ()


def test_the_same_series_gives_the_same_answer():
    values = noise(np.random.default_rng(9), 80)
    values[40:] += 2
    assert find_breaks(values, enough(80)) == find_breaks(values.copy(), enough(80))


def test_the_fast_cut_is_pelt_with_l2():
    draw = np.random.default_rng(10)
    for factor in PENALTIES:
        values = np.repeat(draw.normal(scale=2, size=4), 9) + draw.normal(size=36)
        slow = Pelt(model="l2", jump=1, min_size=SHORTEST).fit(values[:, None]).predict(pen=factor * np.log(36))
        assert _cost(values, _cut(values, factor * np.log(36))) == pytest.approx(_cost(values, slow[:-1]))


def _cost(values, cut):
    bounds = [0, *cut, len(values)]
    return sum(((values[a:b] - values[a:b].mean()) ** 2).sum() for a, b in pairwise(bounds))

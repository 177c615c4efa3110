"""Whether one weekly series leads another: permutation tests lag by lag, and the response curve of a VAR.

Each series is first rid of what its own past tells (and, for the leader, the other's past): the rest of the leader at
week t-k is then held against the rest of the follower at week t. Trends and habits of either cannot pass for a lead.
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olivebranch.errors import MissingExtra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Series = NDArray[np.float64]

PERMUTATIONS = 1999
LEVEL = 0.05
"""A lead is told where its p value, after Holm over every direction and lag tested, is at or below this."""
RESPONSE_WEEKS = 8
BAND = 1.96
SEED = 20140929


@dataclass(frozen=True, slots=True)
class LagTest:
    """Does series `leader` (0 or 1) at week t-`lag` go with the other at week t?

    `effect` is the correlation (-1 to 1) of what their own pasts leave unexplained; `p` from PERMUTATIONS shuffles of
    the follower's rest (Freedman and Lane 1983), `p_holm` after Holm (1979) over every direction and lag.
    """

    leader: int
    lag: int
    effect: float
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class ResponsePoint:
    """The follower's answer `week` weeks after one point of score more in the leader, with its 95 % band."""

    week: int
    response: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LeadLag:
    """The tests of two series; `leads` holds the best lag of each direction that stands after Holm.

    `order` is the VAR's lag by BIC, `fitted` the lag that the response curves use: at least 1 and the lag of any lead.
    `responses` are the curves of 0 leading and of 1 leading. `unit_root_p` are the p values of augmented Dickey-Fuller
    tests: above 0.10 the series may wander without a level of its own.
    """

    order: int
    fitted: int
    same_week: float
    tests: tuple[LagTest, ...]
    leads: tuple[LagTest, ...]
    responses: tuple[tuple[ResponsePoint, ...], tuple[ResponsePoint, ...]]
    unit_root_p: tuple[float, float]


def find_lead_lag(one: "Series", other: "Series", max_lag: int) -> LeadLag:
    """Tests both directions and lags of 1 to `max_lag` weeks; two series of the same weeks, without gaps.

    Raises:
        MissingExtra: statsmodels is not installed.
    """
    pair = np.column_stack([one, other])
    model = _load_var()(pair)
    order = int(model.select_order(max_lag).bic)
    own = max(order, 1)
    tests = _correct([_test(pair, leader, own, lag) for leader in (0, 1) for lag in range(1, max_lag + 1)])
    leads = tuple(lead for leader in (0, 1) if (lead := _best(tests, leader)) is not None)
    fitted = max([own, *(lead.lag for lead in leads)])
    return LeadLag(
        order=order,
        fitted=fitted,
        same_week=_correlate(*(_rest(pair, side, own) for side in (0, 1))),
        tests=tests,
        leads=leads,
        responses=_respond(model.fit(fitted)),
        unit_root_p=(_unit_root(one), _unit_root(other)),
    )


def _test(pair: "Series", leader: int, own: int, lag: int) -> LagTest:
    ahead, behind = _rest(pair, leader, own)[:-lag], _rest(pair, 1 - leader, own)[lag:]
    found = _correlate(ahead, behind)
    draw = np.random.default_rng((SEED, leader, lag))
    shuffled = draw.permuted(np.tile(behind - behind.mean(), (PERMUTATIONS, 1)), axis=1)
    chance = shuffled @ (ahead - ahead.mean()) / (np.linalg.norm(ahead - ahead.mean()) * np.linalg.norm(shuffled[0]))
    p = (1 + int((np.abs(chance) >= abs(found) - 1e-12).sum())) / (PERMUTATIONS + 1)
    return LagTest(leader, lag, found, p, p)


def _rest(pair: "Series", side: int, own: int) -> "Series":
    """What a series' own last `own` weeks leave unexplained, from week `own` on (least squares)."""
    values = pair[:, side]
    weeks = len(values) - own
    past = np.column_stack([np.ones(weeks), *(values[own - k : len(values) - k] for k in range(1, own + 1))])
    explained: Series = past @ np.linalg.lstsq(past, values[own:], rcond=None)[0]
    return values[own:] - explained


def _correlate(one: "Series", other: "Series") -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _correct(tests: list[LagTest]) -> tuple[LagTest, ...]:
    """The tests in their order, with p values after Holm: none below that of a smaller one."""
    mended: dict[tuple[int, int], float] = {}
    worst = 0.0
    for place, test in enumerate(sorted(tests, key=lambda test: test.p)):
        worst = max(worst, min(1.0, test.p * (len(tests) - place)))
        mended[test.leader, test.lag] = worst
    return tuple(LagTest(t.leader, t.lag, t.effect, t.p, mended[t.leader, t.lag]) for t in tests)


def _best(tests: tuple[LagTest, ...], leader: int) -> LagTest | None:
    standing = [test for test in tests if test.leader == leader and test.p_holm <= LEVEL]
    return min(standing, key=lambda test: (test.p, -abs(test.effect)), default=None)


def _respond(fit: Any) -> tuple[tuple[ResponsePoint, ...], tuple[ResponsePoint, ...]]:
    """The impulse responses of the other series, with asymptotic bands (Lütkepohl 2005)."""
    curve = fit.irf(RESPONSE_WEEKS)
    errors = curve.stderr()
    one, other = (_response(curve.irfs, errors, leader) for leader in (0, 1))
    return one, other


def _response(curves: "Series", errors: "Series", leader: int) -> tuple[ResponsePoint, ...]:
    answers, spread = curves[:, 1 - leader, leader], BAND * errors[:, 1 - leader, leader]
    return tuple(
        ResponsePoint(week, float(answer), float(answer - wide), float(answer + wide))
        for week, (answer, wide) in enumerate(zip(answers, spread, strict=True))
    )


def _load_var() -> Any:
    try:
        from statsmodels.tsa.vector_ar.var_model import VAR  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra.needed_for("linkage", "archive") from error
    return VAR


def _unit_root(values: "Series") -> float:
    from statsmodels.tsa.stattools import adfuller  # type: ignore[import-untyped]

    with warnings.catch_warnings():  # of the shape of its answer in later versions; p stays the second part
        warnings.simplefilter("ignore", FutureWarning)
        return float(adfuller(values, autolag="BIC")[1])

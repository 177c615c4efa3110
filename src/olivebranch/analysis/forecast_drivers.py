"""What moves a forecast away from the pair's own hazard: each driver's column, and how it is said in plain words."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from olivebranch.analysis.calibration import logit
from olivebranch.analysis.forecast_features import NEVER_DAYS, SHORT_DAYS, SIDE_HALF_LIFE, Columns, name_count
from olivebranch.analysis.hazard import HazardPrior, weigh_exposure
from olivebranch.analysis.scores import Floats
from olivebranch.settings import STATE_DAYS

SELDOM = 5.0
"""Minus the log of a rate of about two deeds a year: what stands for "as often as most" where either side counts."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A column of the model: its name, the words for it, how it is counted, and whether only an overture gives it.

    `words` may name {count}, the figure of the question's row in the column `told`.
    """

    name: str
    words: str
    told: str | None
    measure: Callable[[Columns], Floats]
    is_of_overture: bool = False


def measure_hazard(columns: Columns, prior: HazardPrior, window: Floats) -> Floats:
    """The pair's own chance of the deed within `window` counted days, by its past alone."""
    exposure = weigh_exposure(_floats(columns, "past_days"), prior.half_life)
    return prior.chance(_floats(columns, name_count(prior.half_life)), exposure, window)


def measure_drivers(columns: Columns, prior: HazardPrior, window: Floats, usual: float) -> Floats:
    """Cases x (hazard, window, then each of DRIVERS).

    The hazard is the pair's own, as log odds within the `usual` window; the window what its own length (and how busy it
    was) adds to that; the others are mostly the logarithms of their counts.
    """
    hazard = logit(measure_hazard(columns, prior, np.full(len(window), usual)))
    longer = logit(measure_hazard(columns, prior, window)) - hazard
    return np.column_stack([hazard, longer, *(driver.measure(columns) for driver in DRIVERS)])


def _floats(columns: Columns, name: str) -> Floats:
    return np.asarray(columns[name], dtype=np.float64)


def _log(name: str) -> Callable[[Columns], Floats]:
    return lambda columns: np.log1p(_floats(columns, name))


def _side_rate(name: str) -> Callable[[Columns], Floats]:
    def measure(columns: Columns) -> Floats:
        return np.log((_floats(columns, name) + 0.5) / weigh_exposure(_floats(columns, "past_days"), SIDE_HALF_LIFE))

    return measure


def _other_side(columns: Columns) -> Floats:
    """Nothing for deeds done together: there the other side's deeds are this side's own."""
    return np.where(columns["is_either"].astype(bool), 0.0, _side_rate("other_side")(columns) + SELDOM)


def _since(columns: Columns) -> Floats:
    past = _floats(columns, "past_days")
    return np.log1p(np.minimum(_floats(columns, "days_since"), past)) - np.log1p(np.minimum(past, NEVER_DAYS))


def _volume(columns: Columns) -> Floats:
    return np.log((_floats(columns, "reports_90") + 1) / np.minimum(_floats(columns, "past_days"), STATE_DAYS))


def _surge(columns: Columns) -> Floats:
    short = (_floats(columns, "reports_30") + 2) / SHORT_DAYS
    long = (_floats(columns, "reports_90") + 6) / np.minimum(_floats(columns, "past_days"), STATE_DAYS)
    return np.asarray(np.log(short / long), dtype=np.float64)


def _conflict(columns: Columns) -> Floats:
    share = _floats(columns, "conflict_90") / np.maximum(_floats(columns, "reports_90"), 1)
    return np.asarray(share, dtype=np.float64)


def _next_day(columns: Columns) -> Floats:
    return np.where(_floats(columns, "first_day") == 1, 1.0, 0.0)


DRIVERS: tuple[Driver, ...] = (
    Driver("recent_deeds", "the deed in the last weeks", "deeds_recent", _log("deeds_recent")),
    Driver("days_since", "{count} days since the last such deed", "days_since", _since),
    Driver("volume", "{count} reports on the pair in 90 days", "reports_90", _volume),
    Driver("surge", "reports of the last 30 days against 90", "reports_30", _surge),
    Driver("conflict", "{count} of the pair's reports in 90 days are conflict", "conflict_90", _conflict),
    Driver("other_side", "the same deed by the other side", "other_side", _other_side),
    Driver("actor_any", "such deeds by this side towards anyone", "actor_any", _side_rate("actor_any")),
    Driver("recipient_any", "such deeds by anyone to the other side", "recipient_any", _side_rate("recipient_any")),
    Driver("talks", "{count} meetings, calls and visits of the pair reported in 30 days", "talks_30", _log("talks_30")),
    Driver("next_day", "deeds count from the next day on", None, _next_day),
    Driver("offers", "offers by this side on {count} of the last 30 days", "offers_30", _log("offers_30"), True),
    Driver("answers", "offers by the other on {count} of the last 30 days", "answers_30", _log("answers_30"), True),
    Driver("offer_of_deed", "this very deed offered in the last 30 days", None, _log("offers_deed_30"), True),
    Driver("fresh_offer", "an offer on the day or the three before", None, _log("offers_3"), True),
    Driver("fresh_offer_of_deed", "this very deed offered within three days", None, _log("offers_deed_3"), True),
)  # fmt: skip
"""Every driver beside the hazard, those that only an overture gives last."""

N_OWN = 2
"""Columns before those of DRIVERS: the pair's own hazard, and what the window's length adds."""
IS_OF_OVERTURE = np.array([False] * N_OWN + [driver.is_of_overture for driver in DRIVERS])

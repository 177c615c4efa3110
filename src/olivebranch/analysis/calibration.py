"""Ridge logistic weights that start from a given guess, and Platt's correction that leans on all classes together."""

import numpy as np

from olivebranch.analysis.scores import Floats

MAX_STEPS = 40
PLATT_PULL = 20.0
"""How many units of information hold a class's correction to that of all classes: few cases cannot move it far."""


def logit(chance: Floats) -> Floats:
    """Log odds."""
    return np.asarray(np.log(chance) - np.log1p(-chance), dtype=np.float64)


def expit(log_odds: Floats) -> Floats:
    """The probability of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))), dtype=np.float64)


def fit_logistic(columns: Floats, hits: Floats, start: Floats, pull: Floats) -> Floats:
    """The weights of a logistic model, each pulled to its `start` by a normal prior (Newton's method).

    Args:
        columns: cases x columns. hits: 1.0 where it happened.
        start: the prior's mean of each weight; pull: its precision, 0 for a free weight.
    """
    weights = start.copy()
    ridge = np.diag(pull + 1e-9)
    for _ in range(MAX_STEPS):
        chance = expit(columns @ weights)
        slope = columns.T @ (chance - hits) + pull * (weights - start)
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights - step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    return weights


def fit_platt(chances: Floats, hits: Floats, start: tuple[float, float] = (0.0, 1.0)) -> tuple[float, float]:
    """Platt's (1999) shift and slope of the log odds, pulled to `start`: (0, 1) leaves forecasts as they are."""
    if not len(hits):
        return start
    columns = np.column_stack([np.ones(len(hits)), logit(chances)])
    shift, slope = fit_logistic(columns, hits, np.array(start), np.full(2, PLATT_PULL))
    return float(shift), float(slope)


def apply_platt(chances: Floats, platt: tuple[float, float]) -> Floats:
    """Forecasts after the correction."""
    return expit(platt[0] + platt[1] * logit(chances))

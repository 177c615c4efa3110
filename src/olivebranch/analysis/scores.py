"""How good forecasts were: Brier with Murphy's parts, log score, AUC, reliability with its sampling floor, skill."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""A column of figures; probabilities lie from 0 to 1, hits are 0.0 or 1.0."""

BINS = 10
FLOOR_RUNS = 400
BOOTSTRAP_RUNS = 1000
SEED = 20180831
"""Fixed, so that a backtest says the same twice."""
SURE = 1e-4
"""A probability is held this far from 0 and 1 in the log score: one surprise must not outweigh all else."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval; all three are None where it cannot be made."""

    value: float | None
    low: float | None
    high: float | None

    def words(self) -> str:
        """As a table prints it: "+.06 [.00, .13]"."""
        if self.value is None or self.low is None or self.high is None:
            return "–"
        return f"{self.value:+.2f} [{self.low:+.2f}, {self.high:+.2f}]"


@dataclass(frozen=True, slots=True)
class Murphy:
    """The Brier score's parts (Murphy 1973): brier = reliability - resolution + uncertainty + within.

    `within` is what binning leaves: 0 where all forecasts of a bin are the same.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a reliability diagram: mean forecast, share that happened, number of cases."""

    forecast: float
    happened: float
    cases: int


def brier_losses(forecasts: Floats, hits: Floats) -> Floats:
    """Each forecast's squared error (Brier 1950)."""
    return np.asarray((forecasts - hits) ** 2, dtype=np.float64)


def log_losses(forecasts: Floats, hits: Floats) -> Floats:
    """Each forecast's surprise in nats: minus the log of the probability given to what happened."""
    held = np.clip(forecasts, SURE, 1 - SURE)
    return np.asarray(-np.log(np.where(hits > 0.5, held, 1 - held)), dtype=np.float64)


def area_under_curve(forecasts: Floats, hits: Floats) -> float | None:
    """The chance that a case that happened was given more than one that did not; None where either is missing."""
    happened = hits > 0.5
    n_happened, n_not = int(happened.sum()), int((~happened).sum())
    if not n_happened or not n_not:
        return None
    _, inverse, counts = np.unique(forecasts, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[happened].sum() - n_happened * (n_happened + 1) / 2) / (n_happened * n_not))


def bin_of(forecasts: Floats, bins: int = BINS) -> npt.NDArray[np.intp]:
    """The bin of each forecast: as many cases in each as ties allow, equal forecasts together."""
    edges = np.unique(np.quantile(forecasts, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.searchsorted(edges, forecasts, side="right")


def reliability_diagram(forecasts: Floats, hits: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """What was forecast beside what happened, by bins of about equal size, lowest first."""
    if not len(forecasts):
        return ()
    where = bin_of(forecasts, bins)
    return tuple(
        Bin(float(forecasts[where == b].mean()), float(hits[where == b].mean()), int((where == b).sum()))
        for b in np.unique(where)
    )


def calibration_error(forecasts: Floats, hits: Floats, bins: int = BINS) -> float:
    """The expected calibration error: the bins' mean gap between forecast and share, weighted by cases."""
    if not len(forecasts):
        return 0.0
    where = bin_of(forecasts, bins)
    return float(np.abs(np.bincount(where, weights=forecasts - hits)).sum() / len(forecasts))


def calibration_floor(forecasts: Floats, bins: int = BINS, runs: int = FLOOR_RUNS) -> float:
    """The calibration error that perfect forecasts of the same values would show by chance (mean of simulations)."""
    if not len(forecasts):
        return 0.0
    chance, where = np.random.default_rng(SEED), bin_of(forecasts, bins)
    gaps = [
        np.abs(np.bincount(where, weights=forecasts - (chance.random(len(forecasts)) < forecasts))).sum()
        for _ in range(runs)
    ]
    return float(np.mean(gaps) / len(forecasts))


def murphy_parts(forecasts: Floats, hits: Floats, bins: int = BINS) -> Murphy:
    """The parts of the Brier score over the bins of the reliability diagram."""
    rate, diagram = float(hits.mean()), reliability_diagram(forecasts, hits, bins)
    reliability = sum(b.cases * (b.forecast - b.happened) ** 2 for b in diagram) / len(hits)
    resolution = sum(b.cases * (b.happened - rate) ** 2 for b in diagram) / len(hits)
    uncertainty = rate * (1 - rate)
    brier = float(brier_losses(forecasts, hits).mean())
    return Murphy(reliability, resolution, uncertainty, brier - (reliability - resolution + uncertainty))


class Bootstrap:
    """Draws whole dyads with replacement, so that what one dyad's many days share is not counted as evidence.

    `blocks` names the block of each case. The draws are made once: figures made with the same object are paired.
    """

    def __init__(self, blocks: npt.NDArray[np.str_] | list[str], runs: int = BOOTSTRAP_RUNS) -> None:
        names, self._block = np.unique(np.asarray(blocks), return_inverse=True)
        self.n_blocks = len(names)
        chance = np.random.default_rng(SEED)
        shares = np.full(self.n_blocks, 1 / max(self.n_blocks, 1))
        self._draws = chance.multinomial(self.n_blocks, shares, size=runs).astype(np.float64)

    def skill(self, losses: Floats, baseline: Floats) -> Interval:
        """1 - loss / the baseline's loss: 0 no better, 1 perfect, below 0 worse; None without a loss to better."""
        return self._interval(losses, baseline, lambda mine, other: 1 - mine / other)

    def mean(self, values: Floats) -> Interval:
        """The mean of a column."""
        return self._interval(values, np.ones(len(values)), lambda total, cases: total / cases)

    def _interval(self, first: Floats, second: Floats, ratio: Callable[[Any, Any], Any]) -> Interval:
        if not len(first) or second.sum() <= 0:
            return Interval(None, None, None)
        tops = self._draws @ np.bincount(self._block, weights=first, minlength=self.n_blocks)
        bottoms = self._draws @ np.bincount(self._block, weights=second, minlength=self.n_blocks)
        good = bottoms > 0
        low, high = np.quantile(ratio(tops[good], bottoms[good]), [0.025, 0.975])
        return Interval(float(ratio(first.sum(), second.sum())), float(low), float(high))

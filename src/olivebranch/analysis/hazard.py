"""How often a pair does a deed by itself: a gamma-Poisson rate of its past, newer days weighing more."""

from dataclasses import dataclass

import numpy as np

from olivebranch.analysis.scores import Floats

HALF_LIVES: tuple[float, ...] = (45.0, 120.0, 365.0)
"""In how many days a deed's weight halves: the one that foretells best is taken for each class."""

START_SHAPE, START_DAYS = 0.3, 100.0
"""Where the prior of a class is looked for first: a deed in about 330 days, as for a middling class of 2011 to 2015."""
MAX_CASES = 6000
SURE = 1e-4


@dataclass(frozen=True, slots=True)
class HazardPrior:
    """What is believed of a pair of which nothing is known: Gamma(`shape`, `days`) deeds a day.

    Attributes:
        shape, days: the prior's shape and its rate in days; shape / days is the class's mean hazard a day.
        half_life: days in which a past deed's weight halves.
    """

    shape: float
    days: float
    half_life: float

    def chance(self, deeds: Floats, exposure: Floats, window: Floats) -> Floats:
        """The chance of at least one deed in `window` days, after `deeds` (weighted) in `exposure` (weighted) days.

        With a gamma posterior the count is negative binomial: 1 - ((days + exposure) / (days + exposure + window)) to
        the power of (shape + deeds).
        """
        seen = self.days + exposure
        none = np.exp((self.shape + deeds) * (np.log(seen) - np.log(seen + window)))
        return np.asarray(np.clip(1 - none, SURE, 1 - SURE), dtype=np.float64)

    def rate(self, deeds: Floats, exposure: Floats) -> Floats:
        """The posterior mean hazard, in deed days a day."""
        return np.asarray((self.shape + deeds) / (self.days + exposure), dtype=np.float64)


def weigh_exposure(days: Floats, half_life: float) -> Floats:
    """So many past days, each weighing half as much for every `half_life` that it lies back."""
    return np.asarray((1 - np.exp2(-days / half_life)) * half_life / np.log(2), dtype=np.float64)


def fit_prior(deeds: dict[float, Floats], days: Floats, window: Floats, hits: Floats) -> HazardPrior:
    """The prior under which what happened is likeliest (empirical Bayes), sought on a grid made finer twice.

    Args:
        deeds: weighted number of past deeds of each case, by half-life.
        days: past days that the archive shows of each case; window: days in which the deed would count.
        hits: 1.0 where it came. Without a case the start is kept.
    """
    some = slice(None, None, max(1, len(hits) // MAX_CASES))
    best = HazardPrior(START_SHAPE, START_DAYS, HALF_LIVES[0])
    if not len(hits):
        return best
    lowest = np.inf
    for half_life, counts in _learnable(deeds, days).items():
        exposure = weigh_exposure(days[some], half_life)
        prior, loss = _search(half_life, counts[some], exposure, window[some], hits[some])
        if loss < lowest:
            best, lowest = prior, loss
    return best


def _learnable(deeds: dict[float, Floats], days: Floats) -> dict[float, Floats]:
    """The half-lives no longer than the cases' own past (the median): others mean more as it grows."""
    longest = max(float(np.median(days)), min(deeds))
    return {half_life: counts for half_life, counts in deeds.items() if half_life <= longest}


def _search(
    half_life: float, deeds: Floats, exposure: Floats, window: Floats, hits: Floats
) -> tuple[HazardPrior, float]:
    prior, lowest = HazardPrior(START_SHAPE, START_DAYS, half_life), np.inf
    for reach, steps in ((3.0, 7), (1.0, 5), (0.4, 5)):
        middle = prior
        for shape in middle.shape * np.exp(np.linspace(-reach, reach, steps)):
            for length in middle.days * np.exp(np.linspace(-reach, reach, steps)):
                tried = HazardPrior(float(shape), float(length), half_life)
                loss = _loss(tried, tried.chance(deeds, exposure, window), hits)
                if loss < lowest:
                    prior, lowest = tried, loss
    return prior, lowest


def _loss(prior: HazardPrior, chance: Floats, hits: Floats) -> float:
    """The log score's sum, with a weak pull to the start so that a class without deeds gets a sane prior."""
    pull = np.log(prior.shape / START_SHAPE) ** 2 + np.log(prior.days / START_DAYS) ** 2
    return float(-np.log(np.where(hits > 0.5, chance, 1 - chance)).sum() + pull)

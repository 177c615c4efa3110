"""Counts, rates and the words for them: Wilson intervals, and the likelihood words of ICD 203."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LIKELIHOOD_WORDS: tuple[tuple[float, str], ...] = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)
"""Upper bounds of the seven likelihood terms of Intelligence Community Directive 203 (2015), D.6.e."""


def likelihood_words(probability: float) -> str:
    """The term of ICD 203 for a probability (0 to 1)."""
    return next(words for bound, words in LIKELIHOOD_WORDS if probability < bound)


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `cases` with a 95 % Wilson interval; the interval is (0, 1) where there is no case."""

    hits: int
    cases: int

    @property
    def share(self) -> float | None:
        """Hits over cases, None without a case."""
        return self.hits / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval (Wilson 1927)."""
        if not self.cases:
            return (0.0, 1.0)
        z = NormalDist().inv_cdf(0.975)
        share, n = self.hits / self.cases, self.cases
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        spread = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        low = centre - spread if self.hits else 0.0
        high = centre + spread if self.hits < n else 1.0
        return (low, high)

    def words(self) -> str:
        """As a brief prints it: "2 of 5 (95 % interval 12-77 %)"."""
        low, high = self.interval
        if not self.cases:
            return "no case"
        return f"{self.hits} of {self.cases} (95 % interval {low * 100:.0f}–{high * 100:.0f} %)"

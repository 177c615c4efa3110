"""Finds where the level of a weekly series changes, and says of each change whether it is accepted or a candidate.

The series, its loud weeks drawn in, is cut by PELT with the l2 cost (Killick, Fearnhead and Eckley 2012), as ruptures
computes it, under three penalties. A change is accepted if all three find it, at least 80 % of the block-bootstrap
runs find it again, and eight weeks that say enough lie on both sides; else it is a candidate, with the reasons.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from olivebranch.errors import MissingExtra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Series = NDArray[np.float64]

PENALTIES = (2.0, 2.5, 3.0)
"""Each times the long-run variance times the logarithm of the weeks: what one more change has to save."""
SHORTEST = 2
"""Weeks; a level shorter than this is not told apart from odd weeks."""
NEIGHBOURS, LOUDEST = 9, 3.0
"""A week over three noise units from the median of the nine around it is drawn in: one loud week is no level."""
TOLERANCE = 2
"""A change found within so many weeks of another is the same one."""
BOOTSTRAP_RUNS, BLOCK, SURVIVAL = 100, 4, 0.80
WEEKS_BESIDE = 8
REACH = 104
"""Weeks further than two years from the first or last change are not remade: they say nothing of it."""
SEED = 20140929


@dataclass(frozen=True, slots=True)
class Break:
    """A change of level at week `at` (the first week of the new level), as places in the series.

    `low` and `high` hold 95 % of the places at which bootstrap runs found it; `start` and `stop` bound the levels
    before and after; `before` and `after` are their means; `penalties` counts those of three that find it, `survival`
    the share (0 to 1) of bootstrap runs; it is accepted where `reasons` is empty.
    """

    at: int
    low: int
    high: int
    start: int
    stop: int
    before: float
    after: float
    penalties: int
    survival: float
    reasons: tuple[str, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether it met all three tests."""
        return not self.reasons


def find_breaks(values: "Series", is_enough: "NDArray[np.bool_]") -> tuple[Break, ...]:
    """Every change of level of a series without gaps, in order; `is_enough` marks the weeks that count as evidence.

    Raises:
        MissingExtra: ruptures is not installed.
    """
    if len(values) < 2 * SHORTEST or is_enough.sum() < WEEKS_BESIDE:
        return ()
    calm = _draw_in(values)
    scale = _penalty_scale(calm)
    cuts = [_cut(calm, factor * scale) for factor in PENALTIES] if scale > 0 else [[]]
    if not cuts[0]:
        return ()
    found = _bootstrap(calm, cuts[0], PENALTIES[1] * scale)
    bounds = [0, *cuts[0], len(values)]
    return tuple(
        _judge(values, is_enough, (start, at, stop), cuts, found)
        for start, at, stop in zip(bounds, bounds[1:], bounds[2:], strict=False)
    )


def _judge(
    values: "Series", is_enough: "NDArray[np.bool_]", place: tuple[int, int, int], cuts: list[list[int]],
    found: list[list[int]],
) -> Break:  # fmt: skip
    start, at, stop = place
    penalties = sum(_nearest(at, cut) is not None for cut in cuts)
    again = [near for run in found if (near := _nearest(at, run)) is not None]
    low, high = np.quantile(again, (0.025, 0.975), method="nearest") if again else (at, at)
    survival = len(again) / len(found)
    beside = int(is_enough[:at].sum()), int(is_enough[at:].sum())
    return Break(
        at=at,
        low=min(int(low), at),
        high=max(int(high), at),
        start=start,
        stop=stop,
        before=float(values[start:at].mean()),
        after=float(values[at:stop].mean()),
        penalties=penalties,
        survival=survival,
        reasons=tuple(_reasons(penalties, survival, *beside)),
    )


def _reasons(penalties: int, survival: float, before: int, after: int) -> list[str]:
    """Why a change is no more than a candidate."""
    reasons = []
    if penalties < len(PENALTIES):
        reasons.append(f"found under {penalties} of {len(PENALTIES)} penalties")
    if survival < SURVIVAL:
        reasons.append(f"found again in {survival * 100:.0f} % of bootstrap runs, {SURVIVAL * 100:.0f} % are needed")
    for weeks, side in ((before, "before"), (after, "after")):
        if weeks < WEEKS_BESIDE:
            reasons.append(f"{weeks} weeks with enough reports {side} it, {WEEKS_BESIDE} are needed")
    return reasons


def _nearest(at: int, places: list[int]) -> int | None:
    """The place nearest to `at`, None where it lies further than TOLERANCE."""
    near = min(places, key=lambda place: (abs(place - at), place), default=None)
    return near if near is not None and abs(near - at) <= TOLERANCE else None


def _cut(values: "Series", penalty: float) -> list[int]:
    """The first week of each new level."""
    found = _kernel().fit(values[:, None]).predict(pen=penalty)
    return [int(place) for place in found[:-1]]


def _kernel() -> Any:
    """PELT in C: with the linear kernel its cost is l2, and it looks at every week (jump 1)."""
    try:
        from ruptures import KernelCPD  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra.needed_for("finding change points", "archive") from error
    return KernelCPD(kernel="linear", min_size=SHORTEST)


def _bootstrap(values: "Series", cut: list[int], penalty: float) -> list[list[int]]:
    """The cuts of series remade from the levels and blocks of what is left of them, circular (Politis and Romano)."""
    first = max(0, cut[0] - REACH)
    near = values[first : cut[-1] + REACH]
    levels = _levels(near, [place - first for place in cut])
    rest, weeks = near - levels, len(near)
    draw = np.random.default_rng(SEED)
    starts = draw.integers(0, weeks, size=(BOOTSTRAP_RUNS, -(-weeks // BLOCK)))
    places = (starts[:, :, None] + np.arange(BLOCK)).reshape(BOOTSTRAP_RUNS, -1)[:, :weeks] % weeks
    return [[first + place for place in _cut(levels + rest[chosen], penalty)] for chosen in places]


def _levels(values: "Series", cut: list[int]) -> "Series":
    bounds = [0, *cut, len(values)]
    return np.concatenate([np.full(stop - start, values[start:stop].mean()) for start, stop in pairwise(bounds)])


def _draw_in(values: "Series") -> "Series":
    """The series with its loud weeks drawn in to LOUDEST noise units from the median around them."""
    reach = NEIGHBOURS // 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, reach, mode="reflect"), NEIGHBOURS)
    middle, far = np.median(around, axis=1), LOUDEST * np.sqrt(_difference_variance(values))
    return np.clip(values, middle - far, middle + far)


def _penalty_scale(values: "Series") -> float:
    """The long-run variance times the logarithm of the weeks; 0 for a series too flat to cut.

    The variance comes from week-to-week differences, the largest tenth left out so that changes do not hide
    themselves; it is widened by the autocorrelation of what a first cut leaves.
    """
    variance = _difference_variance(values)
    if variance <= 0:
        return 0.0
    size = float(np.log(len(values)))
    correlation = _autocorrelation(values - _levels(values, _cut(values, PENALTIES[-1] * variance * size)))
    return variance * (1 + correlation) / (1 - correlation) ** 2 * size


TRIMMED, TRIMMED_SHARE = 0.90, 0.623
"""Of a normal variable the nine tenths nearest to its mean hold this share of its mean square."""


def _difference_variance(values: "Series") -> float:
    squares = np.sort(np.diff(values) ** 2)
    kept = squares[: int(np.ceil(TRIMMED * len(squares)))]
    return float(kept.mean() / TRIMMED_SHARE / 2) or float(squares.mean() / 2)


def _autocorrelation(rest: "Series") -> float:
    """Of one week with the next, 0 to 0.6, mended for short series (Marriott and Pope 1954)."""
    total = float((rest**2).sum())
    if total == 0:
        return 0.0
    found = float((rest[1:] * rest[:-1]).sum()) / total
    return float(np.clip(found + (1 + 3 * found) / len(rest), 0.0, 0.6))

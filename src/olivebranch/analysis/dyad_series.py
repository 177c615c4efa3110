"""Words and deeds of one power towards another, by week or month, from a coded archive."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from olivebranch.analysis.dyad_rows import DayRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

By = Literal["week", "month"]
Basis = Literal["share", "counts"]
Kind = Literal["words", "deeds"]
KINDS: tuple[Kind, Kind] = ("words", "deeds")

MIN_REPORTS_PERIOD = 5
"""A week or month with fewer reports is grey: too few to say."""
PRIOR_REPORTS = 5
"""A week's figure per report is taken with so many reports at the dyad's own mean, so that thin weeks say little."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Words or deeds of a stretch: `count` of rows, `mean` and `net` (sum) of their PLOVER scores.

    `share` is count over all reports of the stretch, `per_report` net over all reports: words and deeds add up to the
    mean score of all. None where there is nothing to divide by.
    """

    count: int
    mean: float | None
    net: float
    share: float | None
    per_report: float | None


@dataclass(frozen=True, slots=True)
class Period:
    """A week (Monday to Sunday) or month, both days included; not `is_enough` under MIN_REPORTS_PERIOD reports.

    Not `is_whole` where the archive, `since` or `as_of` cuts it short. `score` is the mean score of all reports.
    """

    begins: date
    ends: date
    reports: int
    score: float | None
    words: Tally
    deeds: Tally
    is_enough: bool
    is_whole: bool


@dataclass(frozen=True)
class DyadDays:
    """The daily sums of one directed dyad and source between two days: `counts` and `nets` are (kind, row) arrays."""

    begins: date
    ends: date
    days: "NDArray[np.int64]"
    counts: "NDArray[np.int64]"
    nets: "NDArray[np.float64]"

    def tally(self, begins: date, ends: date) -> tuple[Tally, Tally]:
        """Words and deeds from one day to another, both included."""
        chosen = (self.days >= begins.toordinal()) & (self.days <= ends.toordinal())
        return _tallies(self.counts[:, chosen].sum(axis=1), self.nets[:, chosen].sum(axis=1))


@dataclass(frozen=True)
class DyadSeries:
    """Words and deeds by period: `counts` and `nets` are (kind, period) arrays, kinds in the order of KINDS."""

    starts: tuple[date, ...]
    stops: tuple[date, ...]
    counts: "NDArray[np.int64]"
    nets: "NDArray[np.float64]"
    is_whole: "NDArray[np.bool_]"

    @cached_property
    def reports(self) -> "NDArray[np.int64]":
        """Reports of each period, words and deeds together."""
        total: NDArray[np.int64] = self.counts.sum(axis=0)
        return total

    @property
    def is_enough(self) -> "NDArray[np.bool_]":
        """Whether each period has reports enough to say anything."""
        return self.reports >= MIN_REPORTS_PERIOD

    @property
    def scores(self) -> "NDArray[np.float64]":
        """The mean score of all reports of each period; nan where there is none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: NDArray[np.float64] = self.nets.sum(axis=0) / self.reports
        return mean

    def values(self, kind: Kind | None, basis: Basis) -> "NDArray[np.float64]":
        """What is searched for changes: the net of words, of deeds or (None) of both, as such or per report."""
        net = self.nets.sum(axis=0) if kind is None else self.nets[KINDS.index(kind)]
        if basis == "counts":
            summed: NDArray[np.float64] = net
            return summed
        usual = net.sum() / max(self.reports.sum(), 1)
        smoothed: NDArray[np.float64] = (net + PRIOR_REPORTS * usual) / (self.reports + PRIOR_REPORTS)
        return smoothed

    def whole(self) -> "DyadSeries":
        """The series without periods that were cut short."""
        places = np.flatnonzero(self.is_whole)
        low, high = (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)
        cut = slice(low, high)
        return DyadSeries(self.starts[cut], self.stops[cut], self.counts[:, cut], self.nets[:, cut], self.is_whole[cut])

    def periods(self) -> tuple[Period, ...]:
        """The periods as records."""
        return tuple(self._period(place) for place in range(len(self.starts)))

    def _period(self, place: int) -> Period:
        words, deeds = _tallies(self.counts[:, place], self.nets[:, place])
        reports = int(self.reports[place])
        return Period(
            begins=self.starts[place],
            ends=self.stops[place],
            reports=reports,
            score=float(self.nets[:, place].sum()) / reports if reports else None,
            words=words,
            deeds=deeds,
            is_enough=bool(self.is_enough[place]),
            is_whole=bool(self.is_whole[place]),
        )


def _tallies(counts: "NDArray[np.int64]", nets: "NDArray[np.float64]") -> tuple[Tally, Tally]:
    reports = int(counts.sum())
    words, deeds = (_tally(int(count), float(net), reports) for count, net in zip(counts, nets, strict=True))
    return words, deeds


def _tally(count: int, net: float, reports: int) -> Tally:
    return Tally(
        count=count,
        mean=net / count if count else None,
        net=net,
        share=count / reports if reports else None,
        per_report=net / reports if reports else None,
    )


def make_series(days: DyadDays, by: By) -> DyadSeries:
    """The daily sums by week (Monday to Sunday) or month, periods without a report included."""
    starts = _starts(days.begins, days.ends, by)
    stops = tuple(_next_start(start, by) - timedelta(days=1) for start in starts)
    places = np.searchsorted([start.toordinal() for start in starts], days.days, side="right") - 1
    counts, nets = np.zeros((2, len(starts)), np.int64), np.zeros((2, len(starts)))
    for kind in range(2):
        np.add.at(counts[kind], places, days.counts[kind])
        np.add.at(nets[kind], places, days.nets[kind])
    is_whole = np.array([days.begins <= a and b <= days.ends for a, b in zip(starts, stops, strict=True)], np.bool_)
    return DyadSeries(starts, stops, counts, nets, is_whole)


def _starts(begins: date, ends: date, by: By) -> tuple[date, ...]:
    start = begins - timedelta(days=begins.weekday()) if by == "week" else begins.replace(day=1)
    starts = []
    while start <= ends:
        starts.append(start)
        start = _next_start(start, by)
    return tuple(starts)


def _next_start(start: date, by: By) -> date:
    if by == "week":
        return start + timedelta(days=7)
    return date(start.year + start.month // 12, start.month % 12 + 1, 1)


def lay_days(rows: DayRows, source: str, begins: date, ends: date) -> DyadDays:
    """The daily sums of one source between two days; rows outside them are left out."""
    kept = [row for row in rows if row[0] == source and begins <= row[1] <= ends]
    days = np.array([row[1].toordinal() for row in kept], np.int64)
    is_deed = np.array([row[2] for row in kept], np.bool_)
    count, net = np.array([row[3] for row in kept], np.int64), np.array([row[4] for row in kept], np.float64)
    kinds = np.stack([~is_deed, is_deed])
    return DyadDays(begins, ends, days, kinds * count, kinds * net)

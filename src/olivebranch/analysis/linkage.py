"""Does one power's stance towards a second lead its stance, or another's, towards a third? It leads, never causes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from olivebranch.analysis.dyad_rows import (
    Coverage,
    DayRows,
    DyadQuestion,
    bound_days,
    choose_source,
    count_sources,
    fetch_days,
)
from olivebranch.analysis.dyad_series import MIN_REPORTS_PERIOD, DyadSeries, Kind, lay_days, make_series
from olivebranch.analysis.lead_lag import LeadLag, find_lead_lag
from olivebranch.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DEFAULT_MAX_LAG = 4
MIN_WEEKS = 30
"""Weeks that two series must share."""
MIN_ENOUGH_SHARE = 0.5
"""The part of those weeks in which each of them must have reports enough."""
WANDERING_P = 0.10


@dataclass(frozen=True, slots=True)
class LinkedSeries:
    """One of the two dyads: reports in the weeks shared, those weeks that say enough, the net score per report of each.

    `unit_root_p` is the p value of an augmented Dickey-Fuller test; `is_stationary` where it is at or below 0.10.
    Both are None where nothing was tested.
    """

    actor: str
    recipient: str
    reports: int
    enough_weeks: int
    values: tuple[float, ...]
    unit_root_p: float | None
    is_stationary: bool | None

    @property
    def name(self) -> str:
        """The dyad as printed, RUS>USA."""
        return f"{self.actor}>{self.recipient}"


@dataclass(frozen=True, slots=True)
class Linkage:
    """Two directed dyads over the whole weeks that they share; `found` is None where these say too little.

    `sentences` say which leads by how many weeks, or that there is no evidence; `of` is what was compared.
    """

    of: Kind | None
    source: str
    begins: date
    ends: date
    weeks: tuple[date, ...]
    max_lag: int
    coverage: tuple[Coverage, ...]
    series: tuple[LinkedSeries, LinkedSeries]
    found: LeadLag | None
    sentences: tuple[str, ...]


def find_linkage(
    con: "DuckDBPyConnection",
    one: DyadQuestion,
    other: DyadQuestion,
    *,
    of: Kind | None = None,
    max_lag: int = DEFAULT_MAX_LAG,
    coverage: Sequence[Coverage] = (),
) -> Linkage | None:
    """Whether `one` leads `other` or the other way, by 1 to `max_lag` weeks; None where the archive lacks either.

    Args:
        con: a connection with the view `coded_events`.
        one: the first dyad, and which rows may speak of it.
        other: the second dyad; its source and days are those of the first.
        of: words, deeds, or None for both together.
        max_lag: 1 to 26 weeks.
        coverage: what the archive holds, so that weeks without a report are told from weeks not covered.

    Raises:
        UsageError: twice the same dyad, a lag out of range, or no archive that has both.
        MissingExtra: statsmodels is not installed.
    """
    if (one.actor, one.recipient) == (other.actor, other.recipient):
        raise UsageError("linkage needs two different dyads, as in RUS:USA RUS:EU")
    if not 1 <= max_lag <= 26:
        raise UsageError(f"--max-lag is {max_lag}; give 1 to 26 weeks")
    asked = (one, other)
    rows = [fetch_days(con, replace(question, source=None)) for question in asked]
    if not all(rows):
        return None
    source = choose_source(_shared(rows), one.source)
    begins, ends = bound_days(rows, source, one, coverage)
    series = [make_series(lay_days(some, source, begins, ends), "week").whole() for some in rows]
    linked = [_link(question, weeks, of, None) for question, weeks in zip(asked, series, strict=True)]
    lack = _lack(series, linked, max_lag)
    found = None if lack else find_lead_lag(series[0].values(of, "share"), series[1].values(of, "share"), max_lag)
    if found is not None:
        linked = [_link(asked[side], series[side], of, found.unit_root_p[side]) for side in (0, 1)]
    first, second = linked
    return Linkage(
        of=of,
        source=source,
        begins=begins,
        ends=ends,
        weeks=series[0].starts,
        max_lag=max_lag,
        coverage=tuple(coverage),
        series=(first, second),
        found=found,
        sentences=(lack,) if lack or found is None else tuple(_sentences(found, linked)),
    )


def _shared(rows: list[DayRows]) -> Counter[str]:
    """For each source that has both dyads, the reports of the one that it has less of."""
    sums = [count_sources([some]) for some in rows]
    both = Counter({name: min(one[name] for one in sums) for name in sums[0] if all(name in one for one in sums)})
    if not both:
        raise UsageError("no archive has rows of both dyads")
    return both


def _link(question: DyadQuestion, weeks: DyadSeries, of: Kind | None, unit_root_p: float | None) -> LinkedSeries:
    return LinkedSeries(
        actor=question.actor,
        recipient=question.recipient,
        reports=int(weeks.reports.sum()),
        enough_weeks=int(weeks.is_enough.sum()),
        values=tuple(float(value) for value in weeks.values(of, "share")),
        unit_root_p=unit_root_p,
        is_stationary=None if unit_root_p is None else unit_root_p <= WANDERING_P,
    )


def _lack(series: list[DyadSeries], linked: list[LinkedSeries], max_lag: int) -> str:
    """Why nothing can be tested; empty where it can."""
    weeks, needed = len(series[0].starts), max(MIN_WEEKS, 6 * max_lag)
    if weeks < needed:
        return f"too few weeks to say: {weeks} whole weeks, {needed} are needed for lags up to {max_lag} weeks"
    for one in linked:
        if one.enough_weeks < MIN_ENOUGH_SHARE * weeks:
            held = f"{one.enough_weeks} of {weeks} weeks have {MIN_REPORTS_PERIOD} reports or more on {one.name}"
            return f"too few reports to say: {held}, half are needed"
        if np.ptp(one.values) == 0:
            return f"nothing to compare: {one.name} does not move"
    return ""


def _sentences(found: LeadLag, linked: list[LinkedSeries]) -> list[str]:
    tested = f"{len(linked[0].values)} weeks, {len(found.tests)} tests"
    if not found.leads:
        least = min(test.p_holm for test in found.tests)
        names = " or ".join(one.name for one in linked)
        return [f"no evidence that {names} leads the other ({tested}, smallest p {least:.2f} after Holm)"]
    said = []
    for lead in found.leads:
        ahead, behind = linked[lead.leader].name, linked[1 - lead.leader].name
        way = "warmer is followed by warmer" if lead.effect > 0 else "warmer is followed by colder"
        size = f"{lead.lag} week{'' if lead.lag == 1 else 's'}"
        said.append(f"{ahead} leads {behind} by {size}: {way} ({tested}, p {lead.p_holm:.3f} after Holm)")
    return said

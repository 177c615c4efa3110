"""The shipped base rates: how often coded overtures were followed by a deed, beside the dyads' other days."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from olivebranch.analysis.archive_controls import Lift, find_control_days, measure_lift
from olivebranch.analysis.archive_outcomes import follow_up
from olivebranch.analysis.archive_overtures import find_archive_overtures
from olivebranch.analysis.deeds import deed_classes, family_deeds, overture_codes, read_data
from olivebranch.analysis.likelihood import Rate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WINDOWS = (30, 90, 180)
DEEDS = ("cooperation", "meeting", "reversal", "sanction")
"""Looked for after every family, beside the family's own paired deed."""
STATES = ("all", "cold", "warm", "unknown")
ALL_FAMILIES = "any"
FOLLOWED = {"followed": "n_deeds > 0", "above": "is_above"}
"""What counts: a deed at all, or clearly more than the dyad's own year before leads to expect."""


@dataclass(frozen=True, slots=True)
class BaseRate:
    """How often overtures of a family were followed by a deed within a window, and their dyads' control days.

    `family` is one of `overture_codes.csv`, or `any`; `deed` a class of `deed_classes.csv`, `paired` marks the family's
    own; `measure` is `followed` (a deed at all) or `above` (clearly more than the dyad's past leads to expect).
    `n_overtures`, `n_followed` and `rate` are over all whose window was seen whole; `n_matched`, `matched_rate` over
    those with a control day like their own, which `control_rate`, `ratio` and `difference` (95 % intervals by a
    bootstrap over pairs of states) speak of. Empty (None) under ten control days. `controls`: `any` comparable days, or
    `clear` of any such overture in their window (`find_control_days` says what either does).
    """

    source: str
    period: str
    family: str
    deed: str
    is_paired: bool
    window_days: int
    measure: str
    controls: str
    dyad_state: str
    n_overtures: int
    n_dyads: int
    n_followed: int
    rate: float | None
    n_control_days: int
    n_matched: int
    matched_rate: float | None
    control_rate: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    volume: float | None
    control_volume: float | None


def measure_base_rates(
    con: "DuckDBPyConnection", *, source: str, since: date, until: date, pooled: bool, draws: int = 2000
) -> Iterator[BaseRate]:
    """Every base rate of one archive and period; `con` has the view `coded_events`."""
    find_archive_overtures(con, since=since, until=until, as_of=until, pooled=pooled)
    period = f"{since}/{until}"
    for family in (ALL_FAMILIES, *sorted({code.family for code in overture_codes().values()})):
        where = "true" if family == ALL_FAMILIES else f"family = '{family}'"
        con.execute(f"CREATE OR REPLACE TEMP TABLE of_family AS SELECT * FROM overtures WHERE {where}")
        paired = family_deeds()[family].deed if family in family_deeds() else None
        for window_days in sorted({*WINDOWS, deed_classes()[paired].window_days} if paired else WINDOWS):
            find_control_days(con, "of_family", window_days=window_days)
            find_control_days(con, "of_family", window_days=window_days, is_clear=True, into="clear_days")
            for deed in sorted({*DEEDS, paired} if paired else DEEDS):
                for measure, controls, state, lift in _measure(con, str(deed), window_days, draws):
                    yield _make_rate(
                        lift, source=source, period=period, family=family, deed=str(deed), is_paired=deed == paired,
                        window_days=window_days, measure=measure, controls=controls, dyad_state=state,
                    )  # fmt: skip


def _measure(
    con: "DuckDBPyConnection", deed: str, window_days: int, draws: int
) -> Iterator[tuple[str, str, str, Lift]]:
    of_class = deed_classes()[deed]
    for table in ("of_family", "control_days", "clear_days"):
        follow_up(
            con, table, deed=of_class.prefixes, window_days=window_days, sides=of_class.actor_side,
            into=f"followed_{table}",
        )  # fmt: skip
    for measure, followed in FOLLOWED.items():
        for controls, state in (*(("any", state) for state in STATES), ("clear", "all")):
            where = "true" if state == "all" else f"dyad_state = '{state}'"
            days = "followed_control_days" if controls == "any" else "followed_clear_days"
            lift = measure_lift(con, "followed_of_family", days, followed=followed, where=where, draws=draws)
            if lift.overtures.cases:
                yield measure, controls, state, lift


def _make_rate(lift: Lift, **names: Any) -> BaseRate:
    ratio_low, ratio_high = lift.ratio_interval or (None, None)
    difference_low, difference_high = lift.difference_interval or (None, None)
    return BaseRate(
        **names, n_overtures=lift.overtures.cases, n_dyads=lift.n_dyads, n_followed=lift.overtures.hits,
        rate=lift.overtures.share, n_control_days=lift.n_control_days, n_matched=lift.matched.cases,
        matched_rate=lift.matched.share, control_rate=lift.control_rate, ratio=lift.ratio, ratio_low=ratio_low,
        ratio_high=ratio_high, difference=lift.difference, difference_low=difference_low,
        difference_high=difference_high, volume=lift.mean_volume, control_volume=lift.mean_control_volume,
    )  # fmt: skip


@cache
def shipped_base_rates() -> tuple[BaseRate, ...]:
    """The base rates that come with the package (`analysis/data/base_rates.md` says how they were made)."""
    return tuple(_read_rate(row) for row in read_data("base_rates"))


def find_base_rate(
    family: str,
    deed: str,
    window_days: int,
    *,
    dyad_state: str = "all",
    measure: str = "followed",
    controls: str = "any",
) -> BaseRate | None:
    """The shipped rate with the most overtures for this question; None where no archive speaks of it."""
    rows = [
        row
        for row in shipped_base_rates()
        if (row.family, row.deed, row.window_days, row.dyad_state, row.measure, row.controls)
        == (family, deed, window_days, dyad_state, measure, controls)
    ]
    return max(rows, key=lambda row: row.n_overtures, default=None)


def describe_rate(rate: BaseRate) -> str:
    """A base rate in a sentence: how often, beside the same dyads' other days, the ratio with its interval."""
    words = (
        f"{rate.family}, {rate.deed} within {rate.window_days} days "
        f"({rate.source}, {rate.period.replace('/', ' to ')}): "
        f"{Rate(rate.n_followed, rate.n_overtures).words()}"
    )
    if rate.matched_rate is None or rate.control_rate is None or rate.ratio is None:
        return f"{words}; no control"
    beside = f"; beside control days {rate.matched_rate * 100:.0f} % against {rate.control_rate * 100:.0f} %"
    if rate.ratio_low is None or rate.ratio_high is None:
        return f"{words}{beside}, ratio {rate.ratio:.2f}"
    is_clear = rate.ratio_low > 1 or rate.ratio_high < 1
    finding = "" if is_clear else ": no more and no less likely than on the dyads' other days"
    return (
        f"{words}{beside}, ratio {rate.ratio:.2f} (95 % interval {rate.ratio_low:.2f}–{rate.ratio_high:.2f}){finding}"
    )


def write_cell(value: Any) -> str:
    """A value as the shipped table holds it: rates to four places, booleans yes or no, None empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _read_rate(row: dict[str, str]) -> BaseRate:
    readers: dict[Any, Any] = {str: str, int: int, bool: lambda text: text == "yes", float | None: _read_float}
    return BaseRate(**{column.name: readers[column.type](row[column.name]) for column in fields(BaseRate)})


def _read_float(text: str) -> float | None:
    return float(text) if text else None

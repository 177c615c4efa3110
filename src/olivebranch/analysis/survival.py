"""How soon the deed follows: survival curves, those whose time is not over counted as far as it was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from olivebranch.analysis.overture_rows import OvertureRow
from olivebranch.errors import MissingExtra

CURVE_DAYS = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """By `day` so large a share had been followed by their deed (Kaplan-Meier, 95 % log-log interval).

    `at_risk`: how many were still seen and not yet followed just before that day.
    """

    day: int
    followed: float
    low: float
    high: float
    at_risk: int


def survival_curve(rows: Sequence[OvertureRow]) -> tuple[CurvePoint, ...]:
    """The curve of counted, testable overtures; empty without one. Points end where nobody is seen any longer.

    Promises of restraint are left out: they are kept by what does not come.

    Raises:
        MissingExtra: lifelines is not installed.
    """
    seen = [times for row in rows if row.is_counted and not row.is_restraint and (times := _times(row)) is not None]
    if not seen:
        return ()
    try:
        from lifelines import KaplanMeierFitter
    except ImportError as error:
        raise MissingExtra.needed_for("a survival curve", "archive") from error
    fitter = KaplanMeierFitter().fit([days for days, _ in seen], [is_followed for _, is_followed in seen])
    is_complete = all(is_followed for _, is_followed in seen)
    interval = fitter.confidence_interval_cumulative_density_
    points: list[CurvePoint] = []
    for day in CURVE_DAYS:
        at_risk = sum(days >= day for days, _ in seen)
        if at_risk or (is_complete and not (points and points[-1].followed == 1)):
            followed = float(1 - fitter.predict(day))
            low, high = (followed if isnan(end) else float(end) for end in interval.loc[:day].iloc[-1])
            points.append(CurvePoint(day, followed, low, high, at_risk))
    return tuple(points)


def _times(row: OvertureRow) -> tuple[int, bool] | None:
    """Days until the deed, or until one could see no further; None where nothing was seen."""
    if row.days is not None and row.days > 0 and row.outcome in {"kept", "met", "late", "partly"}:
        return row.days, True
    return (row.watched_days, False) if row.watched_days else None

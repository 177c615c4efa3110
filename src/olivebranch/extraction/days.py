"""Stretches of the calendar: a week is Monday to Sunday, both ends of an interval belong to it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from olivebranch.records import Granularity

SEASON_MONTHS = 3
THIRD_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
THIRD_OF_YEAR = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
THIRD_OF_DECADE = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval of days, its granularity and, in words, what it was resolved from."""

    begins: date
    ends: date
    granularity: Granularity
    how: str


def day_of(day: date, how: str) -> Stretch:
    """One day."""
    return Stretch(day, day, "day", how)


def week_of(day: date, how: str) -> Stretch:
    """The week, Monday to Sunday, that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return Stretch(monday, monday + timedelta(days=6), "week", how)


def month_of(year: int, month: int, how: str, third: str | None = None) -> Stretch:
    """A month (numbers past 12 or under 1 run into other years), or its early, mid or late third."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    length = monthrange(year, month)[1]
    if third is None:
        return Stretch(date(year, month, 1), date(year, month, length), "month", how)
    first, last = THIRD_OF_MONTH[third]
    return Stretch(date(year, month, first), date(year, month, min(last, length)), "range", how)


def months_of(year: int, first: int, count: int, granularity: Granularity, how: str) -> Stretch:
    """`count` months from a month on, as a quarter, half or season."""
    begins, ends = month_of(year, first, how), month_of(year, first + count - 1, how)
    return Stretch(begins.begins, ends.ends, granularity, how)


def year_of(year: int, how: str, third: str | None = None) -> Stretch:
    """A year, or its early, mid or late third."""
    if third is None:
        return Stretch(date(year, 1, 1), date(year, 12, 31), "year", how)
    first, last = THIRD_OF_YEAR[third]
    return months_of(year, first, last - first + 1, "range", how)


def decade_of(year: int, how: str, third: str | None = None) -> Stretch:
    """The ten years from one that ends in 0, or their early, mid or late part."""
    first, last = THIRD_OF_DECADE[third] if third else (0, 9)
    return Stretch(date(year + first, 1, 1), date(year + last, 12, 31), "decade", how)


def season_of(year: int, first: int, how: str, third: str | None = None) -> Stretch:
    """A northern season by its first month; the winter of a year begins in its December."""
    if third is None:
        return months_of(year, first, SEASON_MONTHS, "season", how)
    month = first + {"early": 0, "mid": 1, "late": 2}[third]
    return months_of(year, month, 1, "range", how)


def shift_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def shift(day: date, count: int, unit: str) -> date:
    """A day moved by so many units (day, week, fortnight, month, quarter, year, decade; hours count as days)."""
    if unit in UNIT_MONTHS:
        return shift_months(day, count * UNIT_MONTHS[unit])
    return day + timedelta(days=count * UNIT_DAYS[unit])


UNIT_DAYS = {"hour": 0, "day": 1, "week": 7, "fortnight": 14}
UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


def unit_around(day: date, unit: str, how: str) -> Stretch:
    """The week, month, quarter, year or decade that holds a day."""
    if unit in {"day", "hour"}:
        return day_of(day, how)
    if unit in {"week", "fortnight"}:
        return week_of(day, how)
    if unit == "month":
        return month_of(day.year, day.month, how)
    if unit == "quarter":
        return months_of(day.year, (day.month - 1) // 3 * 3 + 1, 3, "quarter", how)
    if unit == "year":
        return year_of(day.year, how)
    return decade_of(day.year // 10 * 10, how)

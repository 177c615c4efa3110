"""Rules for days, months, seasons and years named as such: what each form means."""

from datetime import date

from olivebranch.extraction.date_setting import (
    STEPS,
    Groups,
    Rule,
    Setting,
    choose_nearest,
    choose_which,
    day_near,
    full_date,
    reach_of,
    years_around,
)
from olivebranch.extraction.days import Stretch, decade_of, month_of, months_of, season_of, year_of


def resolve_day_month(groups: Groups, setting: Setting) -> Stretch | None:
    """28 September 2014, Sept. 28, 2014-09-28, 28.09.2014."""
    month, day = int(groups.get("month") or groups["month_number"]), int(groups["day"])
    if "year" in groups:
        return full_date(int(groups["year"]), month, day)
    return day_near(month, day, setting)


def resolve_month_day_number(groups: Groups, setting: Setting) -> Stretch | None:
    """09/28/2014; a day that could as well be the month is left out."""
    if int(groups["day"]) <= 12 and groups["day"] != groups["month_number"]:
        return None
    return full_date(int(groups["year"]), int(groups["month_number"]), int(groups["day"]))


def resolve_day_range(groups: Groups, setting: Setting) -> Stretch | None:
    """Sept 5-6; from 30 August to 2 September 2013."""
    end = resolve_day_month({**groups, "month": groups.get("month2", groups["month"]), "day": groups["day2"]}, setting)
    begin = full_date(end.begins.year, int(groups["month"]), int(groups["day"])) if end else None
    if end is None or begin is None or begin.begins > end.begins:
        return None
    return reach_of(begin.begins, end.begins, f"from one day to the other: {end.how}")


def resolve_month(groups: Groups, setting: Setting) -> Stretch | None:
    """September 2014, late August, June, last March, March last year."""
    month, third = int(groups["month"]), groups.get("third") or groups.get("edge")
    if "year" in groups:
        return month_of(int(groups["year"]), month, "month and year", third)
    how = f"month nearest to {setting.against()}"
    if "which" in groups:
        how = f"{groups['which']} such month, against {setting.against()}"
        return choose_which(groups["which"], [month_of(year, month, how) for year in years_around(setting)], setting)
    return choose_nearest((month_of(year, month, how, third) for year in years_around(setting)), setting)


def resolve_month_of_year(groups: Groups, setting: Setting) -> Stretch | None:
    """March last year."""
    year = setting.published().year + STEPS[groups["which"]]
    return month_of(year, int(groups["month"]), f"month of {groups['which']} year, against {setting.against()}")


def resolve_month_range(groups: Groups, setting: Setting) -> Stretch | None:
    """From March to May (2014)."""
    end = resolve_month({k: v for k, v in groups.items() if k == "year"} | {"month": groups["month2"]}, setting)
    if end is None:
        return None
    first, last = int(groups["month"]), int(groups["month2"])
    begin = month_of(end.begins.year - (first > last), first, end.how)
    return reach_of(begin.begins, end.ends, f"from one month to the other: {end.how}")


def resolve_year(groups: Groups, setting: Setting) -> Stretch | None:
    """2009, early 2015, the end of 2014."""
    third = groups.get("third") or groups.get("edge")
    return year_of(int(groups["year"]), "the year" if third is None else f"{third} part of the year", third)


def resolve_year_range(groups: Groups, setting: Setting) -> Stretch | None:
    """2010-2012, 2007-08."""
    begin = int(groups["year"])
    end = int(groups["year2"]) if "year2" in groups else begin // 100 * 100 + int(groups["short_year"])
    if end <= begin:
        return None
    return reach_of(date(begin, 1, 1), date(end, 12, 31), "from one year to the other")


def resolve_decade(groups: Groups, setting: Setting) -> Stretch | None:
    """The 1990s, the late 1980s."""
    return decade_of(int(groups["decade"]), "the decade", groups.get("third"))


def resolve_quarter(groups: Groups, setting: Setting) -> Stretch | None:
    """The third quarter, the first half of 2014, Q3 2014, H1 2014."""
    is_half = groups.get("period", "").lower() == "half" or "half" in groups
    number = int(groups.get("ordinal") or groups.get("quarter") or groups["half"])
    length = 6 if is_half else 3
    if number > 12 // length:
        return None
    kind = "half" if is_half else "quarter"
    first = (number - 1) * length + 1
    if "year" in groups:
        return months_of(int(groups["year"]), first, length, "half" if is_half else "quarter", f"{kind} of the year")
    how = f"{kind} nearest to {setting.against()}"
    if "which" in groups:
        year = setting.published().year + STEPS[groups["which"]]
        return months_of(year, first, length, "half" if is_half else "quarter", how)
    found = [months_of(y, first, length, "half" if is_half else "quarter", how) for y in years_around(setting)]
    return choose_nearest(found, setting)


def resolve_season(groups: Groups, setting: Setting) -> Stretch | None:
    """Spring 2013, this winter, the summer of last year. Seasons are the northern ones."""
    first, third = int(groups["season"]), groups.get("third")
    if "year" in groups:
        return season_of(int(groups["year"]), first, "season and year", third)
    which = groups["which"]
    how = f"{which} such season, against {setting.against()}"
    if "of_year" in groups:
        return season_of(setting.published().year + STEPS[which], first, how, third)
    return choose_which(which, [season_of(year, first, how, third) for year in years_around(setting)], setting)


CALENDAR_RULES: dict[str, Rule] = {
    "day_month": resolve_day_month,
    "month_day_number": resolve_month_day_number,
    "day_range": resolve_day_range,
    "month": resolve_month,
    "month_of_year": resolve_month_of_year,
    "month_range": resolve_month_range,
    "year": resolve_year,
    "year_range": resolve_year_range,
    "decade": resolve_decade,
    "quarter": resolve_quarter,
    "season": resolve_season,
}
"""Each rule by the name that `date_forms` calls it."""

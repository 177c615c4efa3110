"""What each form of a date means: a rule a form, from its words and the day of publication to a stretch of days."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from olivebranch.extraction.days import (
    THIRD_OF_MONTH,
    Stretch,
    day_of,
    decade_of,
    month_of,
    months_of,
    season_of,
    shift,
    unit_around,
    week_of,
    year_of,
)
from olivebranch.extraction.outlook import Outlook
from olivebranch.records import Granularity

Groups = Mapping[str, str]
"""The slots of a matched form, by name: their values, not their words ("month" of "Sept." is "9")."""

Rule = Callable[[Groups, "Setting"], Stretch | None]

RECENT_DAYS = {"day": 10, "week": 42, "month": 183}
"""How far "recent" or "coming" days, weeks and months are taken to reach."""

FAR_DAYS, NEAR_DAYS = 240, 100
"""News writes the year of a day long past; without it a day soon to come is meant rather than one so far back."""

SOON_DAYS = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an expression stands: what it is resolved against. `before` is the word before it, lower case."""

    published_on: date | None
    outlook: Outlook | None
    anchor: Stretch | None
    before: str

    def published(self) -> date:
        """The day of publication; LookupError where it is not known, as a relative expression then means no day."""
        if self.published_on is None:
            raise LookupError("a relative date needs the day of publication")
        return self.published_on

    def against(self) -> str:
        """The day resolved against, in words."""
        return f"publication {self.published()}"


def choose_nearest(stretches: Iterable[Stretch], setting: Setting) -> Stretch:
    """The latest past or the next of several stretches as the outlook says, else the nearest either way."""
    on = setting.published()
    known = sorted(stretches, key=lambda stretch: stretch.begins)
    past = next((stretch for stretch in reversed(known) if stretch.begins <= on), known[0])
    coming = next((stretch for stretch in known if stretch.ends >= on), known[-1])
    gaps = {"back": (on - past.ends).days, "ahead": (coming.begins - on).days}
    outlook = setting.outlook or ("back" if gaps["back"] <= gaps["ahead"] else "ahead")
    other: Outlook = "ahead" if outlook == "back" else "back"
    if gaps[outlook] > FAR_DAYS and gaps[other] <= NEAR_DAYS:
        outlook = other
    return past if outlook == "back" else coming


def _years_around(setting: Setting) -> range:
    return range(setting.published().year - 2, setting.published().year + 3)


def _reach(begins: date, ends: date, how: str) -> Stretch:
    return Stretch(begins, ends, "range", how)


def _dated(year: int, month: int, day: int) -> Stretch | None:
    try:
        return day_of(date(year, month, day), "the full date")
    except ValueError:
        return None


def _day_near(month: int, day: int, setting: Setting) -> Stretch:
    days = [found for year in _years_around(setting) if (found := _dated(year, month, day))]
    chosen = choose_nearest(days, setting)
    return day_of(chosen.begins, f"day and month nearest to {setting.against()}")


def resolve_day_month(groups: Groups, setting: Setting) -> Stretch | None:
    """28 September 2014, Sept. 28, 2014-09-28, 28.09.2014."""
    month, day = int(groups.get("month") or groups["month_number"]), int(groups["day"])
    if "year" in groups:
        return _dated(int(groups["year"]), month, day)
    return _day_near(month, day, setting)


def resolve_month_day_number(groups: Groups, setting: Setting) -> Stretch | None:
    """09/28/2014; a day that could as well be the month is left out."""
    if int(groups["day"]) <= 12 and groups["day"] != groups["month_number"]:
        return None
    return _dated(int(groups["year"]), int(groups["month_number"]), int(groups["day"]))


def resolve_day_range(groups: Groups, setting: Setting) -> Stretch | None:
    """Sept 5-6; from 30 August to 2 September 2013."""
    end = resolve_day_month({**groups, "month": groups.get("month2", groups["month"]), "day": groups["day2"]}, setting)
    begin = _dated(end.begins.year, int(groups["month"]), int(groups["day"])) if end else None
    if end is None or begin is None or begin.begins > end.begins:
        return None
    return _reach(begin.begins, end.begins, f"from one day to the other: {end.how}")


def resolve_month(groups: Groups, setting: Setting) -> Stretch | None:
    """September 2014, late August, June, last March, March last year."""
    month, third = int(groups["month"]), groups.get("third") or groups.get("edge")
    if "year" in groups:
        return month_of(int(groups["year"]), month, "month and year", third)
    how = f"month nearest to {setting.against()}"
    if "which" in groups:
        how = f"{groups['which']} such month, against {setting.against()}"
        return _by_which(groups["which"], [month_of(year, month, how) for year in _years_around(setting)], setting)
    return choose_nearest((month_of(year, month, how, third) for year in _years_around(setting)), setting)


def resolve_month_of_year(groups: Groups, setting: Setting) -> Stretch | None:
    """March last year."""
    year = setting.published().year + STEPS[groups["which"]]
    return month_of(year, int(groups["month"]), f"month of {groups['which']} year, against {setting.against()}")


STEPS = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}


def _by_which(which: str, stretches: list[Stretch], setting: Setting) -> Stretch:
    on = setting.published()
    if which in {"last", "past"}:
        return max((s for s in stretches if s.ends < on), key=lambda s: s.begins)
    if which in {"next", "coming"}:
        return min((s for s in stretches if s.begins > on), key=lambda s: s.begins)
    return choose_nearest(stretches, setting)


def resolve_month_range(groups: Groups, setting: Setting) -> Stretch | None:
    """From March to May (2014)."""
    end = resolve_month({k: v for k, v in groups.items() if k == "year"} | {"month": groups["month2"]}, setting)
    if end is None:
        return None
    first, last = int(groups["month"]), int(groups["month2"])
    begin = month_of(end.begins.year - (first > last), first, end.how)
    return _reach(begin.begins, end.ends, f"from one month to the other: {end.how}")


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
    return _reach(date(begin, 1, 1), date(end, 12, 31), "from one year to the other")


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
    found = [months_of(y, first, length, "half" if is_half else "quarter", how) for y in _years_around(setting)]
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
    return _by_which(which, [season_of(year, first, how, third) for year in _years_around(setting)], setting)


def resolve_weekday(groups: Groups, setting: Setting) -> Stretch | None:
    """Sunday, last Friday, next Tuesday."""
    on, day, which = setting.published(), int(groups["weekday"]), groups.get("which", "")
    back, ahead = (on.weekday() - day) % 7, (day - on.weekday()) % 7
    name = on - timedelta(days=back)
    if which in {"last", "past"}:
        return day_of(on - timedelta(days=back or 7), f"last {name:%A} before {setting.against()}")
    if which == "next":
        monday = on + timedelta(days=7 - on.weekday())
        return day_of(monday + timedelta(days=day), f"{name:%A} of the week after {setting.against()}")
    if which == "coming":
        return day_of(on + timedelta(days=ahead or 7), f"coming {name:%A} after {setting.against()}")
    if setting.outlook == "ahead" or (which == "this" and setting.outlook is None):
        return day_of(on + timedelta(days=ahead), f"coming {name:%A}, as the words look ahead of {setting.against()}")
    return day_of(name, f"nearest past {name:%A} before {setting.against()}")


def resolve_weekday_of_week(groups: Groups, setting: Setting) -> Stretch | None:
    """Friday last week."""
    week = week_of(setting.published() + timedelta(weeks=STEPS[groups["which"]]), "")
    day = week.begins + timedelta(days=int(groups["weekday"]))
    return day_of(day, f"{day:%A} of {groups['which']} week, against {setting.against()}")


def resolve_eve(groups: Groups, setting: Setting) -> Stretch | None:
    """The eve of Tuesday's vote."""
    on = setting.published()
    coming = on + timedelta(days=(int(groups["weekday"]) - on.weekday()) % 7)
    return day_of(coming - timedelta(days=1), f"the day before the coming {coming:%A}, against {setting.against()}")


NEAR_DAY_STEPS = {
    "day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this": 0, "tomorrow": 1,
    "day after tomorrow": 2,
}  # fmt: skip


def resolve_near_day(groups: Groups, setting: Setting) -> Stretch | None:
    """Yesterday, today, tonight, tomorrow."""
    near = " ".join(groups["near"].lower().split())
    return day_of(setting.published() + timedelta(days=NEAR_DAY_STEPS[near]), f"day counted from {setting.against()}")


def resolve_overnight(groups: Groups, setting: Setting) -> Stretch | None:
    """The night before the day of publication."""
    on = setting.published()
    return _reach(on - timedelta(days=1), on, f"the night before {setting.against()}")


def resolve_feast(groups: Groups, setting: Setting) -> Stretch | None:
    """Christmas Day, New Year's Eve."""
    month, day = (int(part) for part in groups["feast"].split("-"))
    return _day_near(month, day, setting)


def resolve_bare_day(groups: Groups, setting: Setting) -> Stretch | None:
    """The 28th."""
    on, day = setting.published(), int(groups["ordinal_day"])
    months = (month_of(on.year, on.month + step, "") for step in (-2, -1, 0, 1, 2))
    days = [found for m in months if (found := _dated(m.begins.year, m.begins.month, day))]
    chosen = choose_nearest(days, setting)
    return day_of(chosen.begins, f"day of the month nearest to {setting.against()}")


def resolve_weekend(groups: Groups, setting: Setting) -> Stretch | None:
    """Over the weekend, this weekend, the weekend of Sept. 27."""
    if "month" in groups:
        held = resolve_day_month(groups, setting)
        return _weekend(held.begins, "the weekend around the day") if held else None
    on, which = setting.published(), groups.get("which", "the")
    own = on - timedelta(days=on.weekday())
    how = f"{which} weekend, against {setting.against()}"
    weekends = [_weekend(own + timedelta(weeks=step), how) for step in (-2, -1, 0, 1)]
    if which in STEPS and which != "this":
        return _by_which(which, weekends, setting)
    if setting.outlook == "ahead" or (which == "this" and setting.outlook is None and on.weekday() >= SOON_DAYS - 1):
        return weekends[2]
    return max((w for w in weekends if w.begins <= on), key=lambda w: w.begins)


def _weekend(day: date, how: str) -> Stretch:
    saturday = week_of(day, how).begins + timedelta(days=5)
    return _reach(saturday, saturday + timedelta(days=1), how)


def resolve_this_unit(groups: Groups, setting: Setting) -> Stretch | None:
    """Last month, earlier this month, by the end of the year."""
    on, unit, which = setting.published(), groups["unit1"], groups.get("which", "this")
    how = f"{which} {unit}, against {setting.against()}"
    if "whole" in groups and STEPS[which] > 0:
        return _reach(on, shift(on, 1, unit), f"the {unit} from {setting.against()} on")
    if which == "past" or ("whole" in groups and which == "last"):
        return _reach(shift(on, -1, unit), on, f"the {unit} up to {setting.against()}")
    whole = unit_around(shift(on.replace(day=1) if unit in {"month", "year"} else on, STEPS[which], unit), unit, how)
    within = groups.get("within", "").lower() or groups.get("edge", "")
    if within == "earlier" and which == "this":
        return _reach(whole.begins, on, f"{unit} so far, against {setting.against()}")
    if within == "later" and which == "this":
        return _reach(on, whole.ends, f"rest of the {unit}, against {setting.against()}")
    if within == "late" and "edge" in groups and setting.before in {"by", "until", "before"}:
        return _reach(max(on, whole.begins), whole.ends, f"up to the end of {how}")
    return _part_of(whole, within, unit) if within in THIRD_OF_MONTH else whole


def _part_of(whole: Stretch, part: str, unit: str) -> Stretch:
    """The early, mid or late part of a stretch."""
    if unit == "month":
        return month_of(whole.begins.year, whole.begins.month, whole.how, part)
    if unit == "year":
        return year_of(whole.begins.year, whole.how, part)
    length = (whole.ends - whole.begins).days + 1
    first, last = {"early": (0, length // 3), "mid": (length // 3, 2 * length // 3), "late": (length // 2, length - 1)}[
        part
    ]
    return _reach(whole.begins + timedelta(days=first), whole.begins + timedelta(days=last), whole.how)


def resolve_mid_unit(groups: Groups, setting: Setting) -> Stretch | None:
    """Midweek, mid-year."""
    whole = unit_around(setting.published(), groups["unit1"], f"against {setting.against()}")
    return _part_of(whole, "mid", groups["unit1"])


def resolve_week_of(groups: Groups, setting: Setting) -> Stretch | None:
    """The week of Oct. 6."""
    held = resolve_day_month(groups, setting)
    return week_of(held.begins, "the week around the day") if held else None


def resolve_year_end(groups: Groups, setting: Setting) -> Stretch | None:
    """Year-end."""
    return year_of(setting.published().year, f"end of the year of {setting.against()}", "late")


def resolve_ago(groups: Groups, setting: Setting) -> Stretch | None:
    """Two years ago, several months ago. Decades ago means no year."""
    on, unit = setting.published(), groups["unit"]
    if unit == "decade":
        return None
    if "vague_number" not in groups:
        return unit_around(shift(on, -int(groups["number"]), unit), unit, f"counted back from {setting.against()}")
    count = int(groups["vague_number"])
    if unit == "year":
        return None
    ends = shift(on, -count // 2, unit)
    return Stretch(shift(on, -count * 3 // 2, unit), ends, "vague", f"counted back roughly from {setting.against()}")


def resolve_window(groups: Groups, setting: Setting) -> Stretch | None:
    """The past two months, recent weeks, the coming days. Decades mean no year."""
    on = setting.published()
    if "vague" in groups:
        return _vague_window(groups["vague"].lower(), groups["unit"].lower(), setting)
    unit = groups["unit"]
    if unit == "decade":
        return None
    count = int(groups.get("number") or groups["vague_number"])
    granularity: Granularity = "vague" if "vague_number" in groups else "range"
    if groups["which"].lower() in {"next", "coming"}:
        return Stretch(on, shift(on, count, unit), granularity, f"counted on from {setting.against()}")
    return Stretch(shift(on, -count, unit), on, granularity, f"counted back from {setting.against()}")


def _vague_window(word: str, unit: str, setting: Setting) -> Stretch:
    on, reach = setting.published(), timedelta(days=RECENT_DAYS[unit])
    if word in {"coming", "next"}:
        return Stretch(on, on + reach, "vague", f"the {reach.days} days after {setting.against()}")
    return Stretch(on - reach, on, "vague", f"the {reach.days} days up to {setting.against()}")


def resolve_within(groups: Groups, setting: Setting) -> Stretch | None:
    """Within 30 days: from the day of publication on."""
    on = setting.published()
    unit = groups["unit"].lower().rstrip("s")
    return _reach(on, shift(on, int(groups["number"]), unit), f"counted on from {setting.against()}")


def resolve_count_ahead(groups: Groups, setting: Setting) -> Stretch | None:
    """In two weeks, where the words look ahead ("in two weeks they lost" is a length of time)."""
    if setting.outlook != "ahead":
        return None
    unit = groups["unit"].lower().rstrip("s")
    if unit == "decade":
        return None
    day = shift(setting.published(), int(groups.get("number", 1)), unit)
    return unit_around(day, unit, f"counted on from {setting.against()}")


TURNS = {"earlier": -1, "before": -1, "previous": -1, "same": 0, "later": 1, "after": 1, "afterwards": 1}


def resolve_from_anchor(groups: Groups, setting: Setting) -> Stretch | None:
    """A day earlier, the next day: from the last day named before."""
    if setting.anchor is None:
        return None
    unit = groups["unit"].lower().rstrip("s")
    if unit in {"day", "week"} and setting.anchor.granularity != "day":
        return None
    count = TURNS.get(groups["turn"].lower(), 1) * int(groups.get("number", 1))
    return unit_around(shift(setting.anchor.begins, count, unit), unit, f"counted from {setting.anchor.begins}")


def resolve_weekday_from_anchor(groups: Groups, setting: Setting) -> Stretch | None:
    """The following Monday: from the last day named before."""
    anchor = setting.anchor
    if anchor is None or anchor.granularity != "day":
        return None
    ahead = (int(groups["weekday"]) - anchor.begins.weekday()) % 7
    gap = ahead - 7 if groups["turn"].lower() == "previous" else ahead or 7
    return day_of(anchor.begins + timedelta(days=gap), f"weekday counted from {anchor.begins}")


def resolve_nine_eleven(groups: Groups, setting: Setting) -> Stretch | None:
    """9/11: the day that the attacks are named by."""
    return day_of(date(2001, 9, 11), "the day of the attacks known by it")


RULES: dict[str, Rule] = {
    name.removeprefix("resolve_"): rule for name, rule in globals().copy().items() if name.startswith("resolve_")
}
"""Every rule by the name that `date_forms` calls it."""

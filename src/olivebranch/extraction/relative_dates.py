"""Rules for expressions that count from the day of publication, or from the last day named."""

from datetime import date, timedelta

from olivebranch.extraction.date_rules import resolve_day_month
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
)
from olivebranch.extraction.days import THIRD_OF_MONTH, Stretch, day_of, month_of, shift, unit_around, week_of, year_of
from olivebranch.records import Granularity

RECENT_DAYS = {"day": 10, "week": 42, "month": 183}
"""How far "recent" or "coming" days, weeks and months are taken to reach."""

SOON_DAYS = 4


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
    return reach_of(on - timedelta(days=1), on, f"the night before {setting.against()}")


def resolve_feast(groups: Groups, setting: Setting) -> Stretch | None:
    """Christmas Day, New Year's Eve."""
    month, day = (int(part) for part in groups["feast"].split("-"))
    return day_near(month, day, setting)


def resolve_bare_day(groups: Groups, setting: Setting) -> Stretch | None:
    """The 28th."""
    on, day = setting.published(), int(groups["ordinal_day"])
    months = (month_of(on.year, on.month + step, "") for step in (-2, -1, 0, 1, 2))
    days = [found for m in months if (found := full_date(m.begins.year, m.begins.month, day))]
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
        return choose_which(which, weekends, setting)
    if setting.outlook == "ahead" or (which == "this" and setting.outlook is None and on.weekday() >= SOON_DAYS - 1):
        return weekends[2]
    return max((w for w in weekends if w.begins <= on), key=lambda w: w.begins)


def _weekend(day: date, how: str) -> Stretch:
    saturday = week_of(day, how).begins + timedelta(days=5)
    return reach_of(saturday, saturday + timedelta(days=1), how)


def resolve_this_unit(groups: Groups, setting: Setting) -> Stretch | None:
    """Last month, earlier this month, by the end of the year."""
    on, unit, which = setting.published(), groups["unit1"], groups.get("which", "this")
    how = f"{which} {unit}, against {setting.against()}"
    if "whole" in groups and STEPS[which] > 0:
        return reach_of(on, shift(on, 1, unit), f"the {unit} from {setting.against()} on")
    if which == "past" or ("whole" in groups and which == "last"):
        return reach_of(shift(on, -1, unit), on, f"the {unit} up to {setting.against()}")
    whole = unit_around(shift(on.replace(day=1) if unit in {"month", "year"} else on, STEPS[which], unit), unit, how)
    within = groups.get("within", "").lower() or groups.get("edge", "")
    if within == "earlier" and which == "this":
        return reach_of(whole.begins, on, f"{unit} so far, against {setting.against()}")
    if within == "later" and which == "this":
        return reach_of(on, whole.ends, f"rest of the {unit}, against {setting.against()}")
    if within == "late" and "edge" in groups and setting.before in {"by", "until", "before"}:
        return reach_of(max(on, whole.begins), whole.ends, f"up to the end of {how}")
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
    return reach_of(whole.begins + timedelta(days=first), whole.begins + timedelta(days=last), whole.how)


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
    return reach_of(on, shift(on, int(groups["number"]), unit), f"counted on from {setting.against()}")


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


RELATIVE_RULES: dict[str, Rule] = {
    "weekday": resolve_weekday,
    "weekday_of_week": resolve_weekday_of_week,
    "eve": resolve_eve,
    "near_day": resolve_near_day,
    "overnight": resolve_overnight,
    "feast": resolve_feast,
    "bare_day": resolve_bare_day,
    "weekend": resolve_weekend,
    "this_unit": resolve_this_unit,
    "mid_unit": resolve_mid_unit,
    "week_of": resolve_week_of,
    "year_end": resolve_year_end,
    "ago": resolve_ago,
    "window": resolve_window,
    "within": resolve_within,
    "count_ahead": resolve_count_ahead,
    "from_anchor": resolve_from_anchor,
    "weekday_from_anchor": resolve_weekday_from_anchor,
    "nine_eleven": resolve_nine_eleven,
}
"""Each rule by the name that `date_forms` calls it."""

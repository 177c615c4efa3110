"""What the rules for dates share: where an expression stands, and which of several like days it means."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from olivebranch.extraction.days import (
    Stretch,
    day_of,
)
from olivebranch.extraction.outlook import Outlook

Groups = Mapping[str, str]
"""The slots of a matched form, by name: their values, not their words ("month" of "Sept." is "9")."""

Rule = Callable[[Groups, "Setting"], Stretch | None]

FAR_DAYS, NEAR_DAYS = 240, 100
"""News writes the year of a day long past; without it a day soon to come is meant rather than one so far back."""


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


def years_around(setting: Setting) -> range:
    return range(setting.published().year - 2, setting.published().year + 3)


def reach_of(begins: date, ends: date, how: str) -> Stretch:
    return Stretch(begins, ends, "range", how)


def full_date(year: int, month: int, day: int) -> Stretch | None:
    try:
        return day_of(date(year, month, day), "the full date")
    except ValueError:
        return None


def day_near(month: int, day: int, setting: Setting) -> Stretch:
    days = [found for year in years_around(setting) if (found := full_date(year, month, day))]
    chosen = choose_nearest(days, setting)
    return day_of(chosen.begins, f"day and month nearest to {setting.against()}")


STEPS = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}


def choose_which(which: str, stretches: list[Stretch], setting: Setting) -> Stretch:
    on = setting.published()
    if which in {"last", "past"}:
        return max((s for s in stretches if s.ends < on), key=lambda s: s.begins)
    if which in {"next", "coming"}:
        return min((s for s in stretches if s.begins > on), key=lambda s: s.begins)
    return choose_nearest(stretches, setting)

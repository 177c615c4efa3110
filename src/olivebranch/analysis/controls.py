"""How often the same deed followed on a dyad's other days: without it a rate of keeping measures traffic."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta

from olivebranch import settings
from olivebranch.analysis.likelihood import Rate
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.ledger.rows import Criterion


def control_rate(judge: OutcomeJudge, source: str, targets: set[str], criterion: Criterion) -> Rate | None:
    """The rate of the criterion's deed after days without an overture; None under ten such days: then no control.

    A control day lies in a complete stretch of its dyad, more than 14 days after any overture of either side, and is
    like one of this side's overture days in season and in how much was reported before it; its
    window (from day 4, as for overtures) overlaps no other's. For restraint the rate is that of the act *not* coming.
    """
    if not criterion.is_testable or criterion.window_days is None:
        return None
    followed = [
        _is_followed(judge, source, target, criterion, day)
        for target in sorted(targets)
        for day in control_days(judge, source, target, criterion)
    ]
    if len(followed) < settings.MIN_CONTROL_DAYS:
        return None
    hits = sum(followed)
    is_restraint = (criterion.family or "").startswith("restraint")
    return Rate(len(followed) - hits if is_restraint else hits, len(followed))


def control_days(judge: OutcomeJudge, source: str, target: str, criterion: Criterion) -> Iterator[date]:
    """The control days of one directed dyad, oldest first."""
    spoken = [
        overture.said_on
        for one, other in ((source, target), (target, source))
        for overture in judge.view.overtures(sources={one}, targets={other})
        if overture.said_on
    ]
    likeness = Likeness(judge, source, target)
    window, gap = timedelta(days=criterion.window_days or 0), timedelta(days=settings.CONTROL_GAP_DAYS)
    day = date.min
    for stretch in judge.stretches(source, target, criterion.family):
        day = max(day, stretch.begins)
        while day + window <= min(stretch.ends, judge.day):
            if any(said <= day <= said + gap for said in spoken) or not likeness.holds(day):
                day += timedelta(days=1)
            else:
                yield day
                day += window


class Likeness:
    """Which days of a directed dyad are like its overture days: near in the year, with about as many reports before.

    Without an overture to be like, every day will do.
    """

    def __init__(self, judge: OutcomeJudge, source: str, target: str) -> None:
        facts = judge.facts_between(source, target) + judge.facts_between(target, source)
        self._days = sorted(fact.happened_from for fact in facts if fact.happened_from)
        said = [o.said_on for o in judge.view.overtures(sources={source}, targets={target}) if o.said_on]
        self._models = [(_day_of_year(day), self._volume(day)) for day in said]

    def holds(self, day: date) -> bool:
        """Whether some overture day is within 45 days of the year and within twice, or half, the reports."""
        if not self._models:
            return True
        volume, place = self._volume(day) + 1, _day_of_year(day)
        for model_place, model_volume in self._models:
            apart = abs(place - model_place)
            ratio = volume / (model_volume + 1)
            if min(apart, 365 - apart) <= settings.CONTROL_SEASON_DAYS and 0.5 <= ratio <= 2:
                return True
        return False

    def _volume(self, day: date) -> int:
        """Reports of both directions in the 90 days before a day."""
        begins = day - timedelta(days=settings.STATE_DAYS)
        return bisect_left(self._days, day) - bisect_left(self._days, begins)


def _day_of_year(day: date) -> int:
    return day.timetuple().tm_yday


def _is_followed(judge: OutcomeJudge, source: str, target: str, criterion: Criterion, day: date) -> bool:
    begins = day + timedelta(days=settings.SAME_STORY_DAYS + 1)
    return bool(judge.deeds(source, target, criterion, begins, day + timedelta(days=criterion.window_days or 0)))

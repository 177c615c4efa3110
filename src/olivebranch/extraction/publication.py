"""Dates a story from its own text, with the evidence, where nothing better is given."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from olivebranch.codebook import load_table
from olivebranch.codebook.tables import DatedOccasion, first_day, last_day
from olivebranch.extraction.date_forms import FoundForm, find_forms, passes_guard
from olivebranch.extraction.date_rules import CALENDAR_RULES
from olivebranch.extraction.date_setting import Setting
from olivebranch.extraction.outlook import judge_outlook
from olivebranch.records import Document, Span

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2035, 12, 31)
"""Stories are looked for between these days."""

NAMED_DAYS = 6
"""A bare weekday names a day at most this far from the day of publication."""

STAMP_FURNITURE = frozenset({"dateline", "byline", "navigation"})
STAMP_WORDS = re.compile(r"\b(?:published|posted|updated|last updated|created|first published|issued)\b", re.IGNORECASE)
DATELINE = re.compile(r"^[A-Z][A-Z.,'/ -]{2,40}[,:]? .{0,20}?\([A-Z][\w ]+\)|^[A-Z][A-Z.'/ -]{2,40}, ")
DATELINE_REACH = 60
ORDINAL = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b")
ANNIVERSARY = "anniversary: "
EVE = re.compile(r"\bon the eve of\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one piece of the text allows the day of publication to be, and in words why."""

    days: frozenset[date]
    why: str
    is_strong: bool = True


def infer_published_on(document: Document, occasions: Sequence[DatedOccasion] | None = None) -> tuple[date | None, str]:
    """The day of publication as far as the text alone tells it, and the evidence in one sentence.

    Args:
        document: the story; a day of publication that its article has is not looked at.
        occasions: rows to use in place of the table `dated_occasions`.

    Returns:
        the day, or None where the text leaves more than one (the sentence then gives the window) or says nothing.

    Example: a caption's "69th session of the General Assembly … on Saturday" is 2014-09-27; with "on the eve of" a
    meeting that is "set to meet Tuesday" the story is of Monday 2014-09-29.
    """
    rows = load_table("dated_occasions") if occasions is None else tuple(occasions)
    found = [
        *_from_stamps(document),
        *_from_occasions(document, rows),
        *_from_eve(document),
        *_from_full_dates(document),
    ]
    used, days = _intersect(found)
    if not any(evidence.is_strong for evidence in used):
        return None, "nothing in the text dates the story to the day"
    reasons = "; ".join(evidence.why for evidence in used)
    if len(days) == 1:
        return next(iter(days)), f"inferred from the text: {reasons}"
    first, last = min(days), max(days)
    if (last - first).days > 366:
        return None, f"the text leaves the year open: {reasons}"
    return None, f"the text alone leaves {first} to {last}: {reasons}"


def _intersect(found: Iterable[Evidence]) -> tuple[list[Evidence], frozenset[date]]:
    """The days that all evidence allows; what contradicts the evidence before it is left aside."""
    days = _days(FIRST_DAY, LAST_DAY)
    used: list[Evidence] = []
    for evidence in found:
        rest = days & evidence.days
        if rest and rest != days:
            days, used = rest, [*used, evidence]
    return used, days


@cache
def _days(first: date, last: date) -> frozenset[date]:
    return frozenset(date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def _resolve(found: FoundForm) -> tuple[date, date] | None:
    """The days of a form that needs no day of publication."""
    try:
        stretch = CALENDAR_RULES[found.form.rule](found.groups, Setting(None, None, None, ""))
    except (LookupError, ValueError, OverflowError):
        return None
    return (stretch.begins, stretch.ends) if stretch else None


def _from_stamps(document: Document) -> Iterator[Evidence]:
    """Datelines and lines such as "Published 29 September 2014"; a stamp without its year allows any year's day."""
    for paragraph in document.paragraphs:
        text = document.words(paragraph.span)
        head = DATELINE.match(text)
        is_stamp = paragraph.furniture in STAMP_FURNITURE or (len(text) < 80 and STAMP_WORDS.search(text))
        if not is_stamp and not head:
            continue
        for form in find_forms(text if is_stamp else text[:DATELINE_REACH]):
            if form.form.rule != "day_month":
                continue
            words = text[slice(*form.span)]
            days = _resolve(form)
            if days:
                yield Evidence(_days(*days), f"the story is stamped “{words}”")
            elif "month" in form.groups:
                yield Evidence(
                    _any_year(int(form.groups["month"]), int(form.groups["day"])), f"the story is stamped “{words}”"
                )


def _any_year(month: int, day: int) -> frozenset[date]:
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    return frozenset(
        d
        for year in years
        for d in _days(date(year, month, 1), date(year, month, 28)) | _month_end(year, month)
        if d.day == day
    )


def _month_end(year: int, month: int) -> frozenset[date]:
    begin = date(year, month, 28)
    return frozenset(begin + timedelta(days=step) for step in range(4) if (begin + timedelta(days=step)).month == month)


def _from_occasions(document: Document, rows: Sequence[DatedOccasion]) -> Iterator[Evidence]:
    """Occasions whose days are known, named beside a weekday or "today"; captions count, page furniture or not."""
    for sentence in document.sentences:
        text = document.words(sentence.span)
        lower = " ".join(text.lower().replace("’", "'").split())
        hits = [(row, phrase) for row in rows if (phrase := _phrase_in(lower, row))]
        longest = max((len(phrase) for _, phrase in hits), default=0)
        named = [row for row, phrase in hits if len(phrase) == longest]
        forms = _forms_in(document, sentence.span)
        if not named or any(form.form.rule == "year" for form in forms):
            continue
        yield from _from_named(document, named, lower, forms)


def _phrase_in(lower: str, row: DatedOccasion) -> str | None:
    return next((phrase for phrase in sorted(row.phrases, key=len, reverse=True) if phrase in lower), None)


def _forms_in(document: Document, span: Span) -> list[FoundForm]:
    """The forms in a stretch of the text, with the text's offsets, that their guards let through."""
    found = []
    for form in find_forms(document.parse.text[slice(*span)]):
        moved = FoundForm((form.span[0] + span[0], form.span[1] + span[0]), form.form, form.groups)
        words = document.parse.char_span(*moved.span, alignment_mode="expand")
        if words is not None and passes_guard(moved, words):
            found.append(moved)
    return found


def _from_named(
    document: Document, rows: list[DatedOccasion], lower: str, forms: list[FoundForm]
) -> Iterator[Evidence]:
    for form in forms:
        allowed: set[date] = set()
        held: set[date] = set()
        for day in (day for row in rows for day in _days_of(row, lower)):
            near = _published_around(document, form, day)
            allowed |= near
            held |= {day} if near else set()
        if allowed:
            when = f"“{document.words(form.span)}”"
            which = f"{rows[0].occasion}" if len(rows) == 1 else "an occasion held every year"
            days = ", ".join(str(day) for day in sorted(held)[:3])
            yield Evidence(frozenset(allowed), f"{which}, named with {when}, was on {days}")


def _days_of(row: DatedOccasion, lower: str) -> frozenset[date]:
    begins, ends = first_day(row.begins), last_day(row.ends)
    if not row.occasion.startswith(ANNIVERSARY):
        return _days(begins, ends)
    number = ORDINAL.search(lower)
    return frozenset({begins.replace(year=begins.year + int(number[1]))}) if number else frozenset()


def _published_around(document: Document, form: FoundForm, day: date) -> frozenset[date]:
    """The days on which a story could call `day` by the words of a form; none where it could not."""
    rule, groups = form.form.rule, form.groups
    if rule == "weekday" and "which" not in groups:
        if int(groups["weekday"]) != day.weekday():
            return frozenset()
        if _outlook(document, form) == "ahead":
            return _days(day - timedelta(days=NAMED_DAYS), day)
        return _days(day, day + timedelta(days=NAMED_DAYS))
    if rule == "near_day":
        step = {"yesterday": 1, "last night": 1, "tomorrow": -1}.get(groups["near"].lower(), 0)
        return frozenset({day + timedelta(days=step)})
    return frozenset()


def _outlook(document: Document, form: FoundForm) -> str | None:
    words = document.parse.char_span(*form.span, alignment_mode="expand")
    return judge_outlook(words.root) if words is not None else None


def _from_eve(document: Document) -> Iterator[Evidence]:
    """ "On the eve of" a meeting, where the story knows one coming weekday: it is of the day before that weekday."""
    text = document.parse.text
    open_spans = [s.span for s in document.sentences if s.furniture is None]
    eve = next((found for span in open_spans if (found := EVE.search(text, *span))), None)
    if eve is None:
        return
    forms = [form for span in open_spans for form in _forms_in(document, span) if form.form.rule in {"weekday", "eve"}]
    coming = [
        f for f in forms if f.form.rule == "eve" or ("which" not in f.groups and _outlook(document, f) == "ahead")
    ]
    weekdays = {int(form.groups["weekday"]) for form in coming}
    if len(weekdays) == 1:
        eve_day = (weekdays.pop() - 1) % 7
        words = document.words(coming[0].span)
        days = frozenset(day for day in _days(FIRST_DAY, LAST_DAY) if day.weekday() == eve_day)
        yield Evidence(days, f"“{eve[0]}” with “{words}” still to come makes it a {min(days):%A}", is_strong=False)


def _from_full_dates(document: Document) -> Iterator[Evidence]:
    """Days named in full that the story tells as past: it is no older than the latest of them."""
    latest: tuple[date, str] | None = None
    for sentence in document.sentences:
        if sentence.furniture is not None:
            continue
        for form in _forms_in(document, sentence.span):
            days = _resolve(form)
            words = document.words(form.span)
            if days and days[0] == days[1] and _follows_today(document, form):
                yield Evidence(_days(*days), f"“today, {words}”")
            if days and form.form.rule in {"day_month", "month", "year"} and _outlook(document, form) == "back":
                latest = max(latest or (date.min, ""), (days[0], words))
            elif not days and form.form.rule == "day_month" and "weekday" in form.groups:
                yield _from_weekday_of(form, words)
    if latest is not None and FIRST_DAY <= latest[0] <= LAST_DAY:
        is_full = len(latest[1]) > len("2014")
        yield Evidence(_days(latest[0], LAST_DAY), f"“{latest[1]}” is told as past", is_strong=is_full)


def _follows_today(document: Document, form: FoundForm) -> bool:
    before: str = document.parse.text[: form.span[0]]
    return before.rstrip(" ,(").lower().endswith("today")


def _from_weekday_of(form: FoundForm, words: str) -> Evidence:
    """ "Monday, Sept. 22": the years in which that day is a Monday, the story within half a year of it."""
    named = [
        day
        for day in _any_year(int(form.groups["month"]), int(form.groups["day"]))
        if day.weekday() == int(form.groups["weekday"])
    ]
    reach = timedelta(days=183)
    days = frozenset(d for day in named for d in _days(max(FIRST_DAY, day - reach), min(LAST_DAY, day + reach)))
    return Evidence(
        days, f"“{words}” falls on that weekday in {', '.join(str(d.year) for d in sorted(named))}", is_strong=False
    )

"""The Python face: `read` a text and `brief` a reading, with what a notebook shows of either."""

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

from olivebranch.analysis.brief import Brief
from olivebranch.errors import UsageError
from olivebranch.intake.articles import Given, make_article
from olivebranch.ledger import Ledger
from olivebranch.pipeline import brief_stories, load_chronologies, read_article
from olivebranch.records import Reading
from olivebranch.surfaces.html import write_html

COLORS = {"statement": "#dbe9c4", "overture": "#f6dc9a", "event": "#cfdff2"}


class ShownReading(Reading):
    """A reading that a notebook shows as its text with statements, overtures and events marked."""

    def _repr_html_(self) -> str:
        marks = [(span, "statement", a.why) for a in self.attributions for span in a.content.spans]
        marks += [(event.trigger, "event", event.why) for event in self.events]
        marks += [(o.span, "overture", o.why) for o in self.overtures]
        return f'<div style="white-space:pre-wrap;max-width:46rem">{_marked(self.article.text, marks)}</div>'


class ShownBrief(Brief):
    """A brief that a notebook shows as its page."""

    def _repr_html_(self) -> str:
        frame = 'sandbox="allow-popups" style="width:100%;height:40rem;border:0"'
        return f'<iframe srcdoc="{escape(write_html(self))}" {frame}></iframe>'


def read(
    text: str, *, published_on: date | str | None = None, outlet: str | None = None, url: str | None = None
) -> ShownReading:
    """All that a story says: statements, actors, events, overtures, each with its place in the text.

    Args:
        text: the story as plain text.
        published_on: the day of publication, as a date or "YYYY-MM-DD"; without it the text's own evidence is used.

    Raises:
        EmptyStory, NotEnglish: there is nothing to read.
        UsageError: `published_on` is no day.

    Example: `read("Iran is ready to talk, its foreign minister said on Sunday.", published_on="2013-09-23")`
    """
    article = make_article(text, "the text given", Given(_as_day(published_on), outlet, url))
    return ShownReading.model_validate(read_article(article).model_dump())


def brief(
    reading: Reading | Sequence[Reading],
    *,
    ledger: str | Path | Ledger = ":memory:",
    dyad: str | None = None,
    as_of: date | str | None = None,
) -> ShownBrief:
    """The brief on one or more readings, beside what the ledger holds.

    Args:
        ledger: a file, an open `Ledger`, or `:memory:` (the bundled chronologies are loaded into it).
        dyad: the directed pair to answer for, as in "RUS:USA"; default, that of the strongest overture.
        as_of: use only what was known by this day; default, the latest day read.

    Raises:
        LedgerError: the ledger cannot be opened. UsageError: a malformed dyad or day, or no reading.
    """
    readings = (reading,) if isinstance(reading, Reading) else tuple(reading)
    if not readings:
        raise UsageError("there is no reading to brief; give at least one")
    if isinstance(ledger, Ledger):
        return _brief(readings, ledger, dyad, as_of)
    with Ledger(ledger) as opened:
        return _brief(readings, opened, dyad, as_of)


def _brief(readings: tuple[Reading, ...], ledger: Ledger, dyad: str | None, as_of: date | str | None) -> ShownBrief:
    load_chronologies(ledger)
    found = brief_stories(readings, ledger, dyad=dyad, as_of=_as_day(as_of))
    return ShownBrief.model_validate(found.model_dump())


def _as_day(day: date | str | None) -> date | None:
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"'{day}' is no day; write it as 2014-09-29") from error


def _marked(text: str, marks: list[tuple[tuple[int, int], str, str]]) -> str:
    """The text with spans coloured by kind; where kinds overlap the later one of the list shows."""
    kinds: list[tuple[str, str] | None] = [None] * len(text)
    for (start, end), kind, why in marks:
        kinds[start:end] = [(kind, why)] * (end - start)
    parts, place = [], 0
    while place < len(text):
        end = place
        while end < len(text) and kinds[end] == kinds[place]:
            end += 1
        words, mark = escape(text[place:end]), kinds[place]
        parts.append(words if mark is None else _mark(words, *mark))
        place = end
    return "".join(parts)


def _mark(words: str, kind: str, why: str) -> str:
    return f'<mark title="{escape(kind)}: {escape(why)}" style="background:{COLORS[kind]}">{words}</mark>'

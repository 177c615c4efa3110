"""Reads RSS and Atom files: an article for every entry that has words of its own."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from olivebranch.errors import IntakeError, UnreadableStory
from olivebranch.intake.articles import Given, make_article
from olivebranch.intake.html import extract_fragment
from olivebranch.records import Article


def read_feed(data: bytes, name: str, given: Given) -> Iterator[Article | tuple[str, IntakeError]]:
    """The articles of a feed; a bad entry gives (its name, the error) and the others go on. Nothing is fetched.

    Raises:
        UnreadableStory: no entry can be read.
    """
    import feedparser

    feed = feedparser.parse(BytesIO(data))
    if not feed.entries:
        raise UnreadableStory(f"{name}: is a feed without entries; download it again")
    for number, entry in enumerate(feed.entries, start=1):
        entry_name = f"{name}, entry {number}"
        try:
            yield _make_entry_article(entry, feed.feed.get("title"), entry_name, given)
        except IntakeError as error:
            yield entry_name, error


def _make_entry_article(entry: Any, outlet: str | None, name: str, given: Given) -> Article:
    """The longest text that the entry carries: its content, or its summary."""
    texts = [content.get("value", "") for content in entry.get("content", [])] + [entry.get("summary", "")]
    published_on, why = _find_day(entry)
    return make_article(
        max((extract_fragment(text) for text in texts), key=len),
        name,
        given,
        title=extract_fragment(entry.get("title", "")),
        outlet=(entry.get("source") or {}).get("title") or outlet,
        url=entry.get("link"),
        published_on=published_on,
        published_on_why=why,
    )


def _find_day(entry: Any) -> tuple[date | None, str | None]:
    for key in ("published", "created", "updated"):
        parsed = entry.get(f"{key}_parsed")
        if parsed:
            return date(parsed.tm_year, parsed.tm_mon, parsed.tm_mday), f"feed entry's {key}: {entry.get(key)}"
    return None, None

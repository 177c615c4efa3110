"""Makes an Article of a text and what is known about it; every reader of a kind of file ends here."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from olivebranch import settings
from olivebranch.errors import StoryTooLarge, UnreadableStory
from olivebranch.intake.text import check_text
from olivebranch.records import Article


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of the stories; it wins over what the files say."""

    published_on: date | None = None
    outlet: str | None = None
    url: str | None = None


def make_article(
    text: str,
    name: str,
    given: Given,
    *,
    article_id: str | None = None,
    title: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    published_on: date | None = None,
    published_on_why: str | None = None,
) -> Article:
    """The article of one story, checked; `name` is what a message calls it.

    Without an `article_id` of its own, the id is the first 16 hex digits of the SHA-256 of text and outlet. The day is
    `given` where the caller gave one, `metadata` where the file says it (`published_on_why` then names the evidence).

    Raises:
        EmptyStory, NotEnglish, StoryTooLarge: each message names the story and says what to do.
    """
    encoded = text.encode("utf-8", errors="replace")
    check_size(len(encoded), name)
    check_text(text, name)
    outlet = given.outlet or _blank_to_none(outlet)
    how = "metadata" if published_on else "unknown"
    if given.published_on:
        published_on, how, published_on_why = given.published_on, "given", "given by the caller"
    return Article(
        id=_blank_to_none(article_id) or sha256(encoded + b"\0" + (outlet or "").encode()).hexdigest()[:16],
        title=_blank_to_none(title),
        outlet=outlet,
        url=given.url or _blank_to_none(url),
        text=text,
        sha256=sha256(encoded).hexdigest(),
        published_on=published_on,
        published_on_how=how,
        published_on_why=published_on_why if published_on else None,
    )


def check_size(size: int, name: str) -> None:
    """Refuses a story of more than `settings.MAX_STORY_BYTES` bytes.

    Raises:
        StoryTooLarge: the message says the limit.
    """
    if size > settings.MAX_STORY_BYTES:
        limit = settings.MAX_STORY_BYTES // 2**20
        raise StoryTooLarge(f"{name}: is larger than {limit} MB; split it into its stories, or give them as JSON Lines")


def parse_day(value: Any, name: str) -> date | None:
    """The day of a cell: a date, a datetime, or text that begins YYYY-MM-DD; None where it is empty.

    Raises:
        UnreadableStory: anything else.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date) or not str(value).strip():
        return value or None
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError as error:
        raise UnreadableStory(f"{name}: published_on is '{value}'; write it YYYY-MM-DD") from error


def _blank_to_none(value: str | None) -> str | None:
    return (value or "").strip() or None

"""When a coded act happened: the date that governs its words, or the day of its saying."""

from olivebranch.extraction.dates import date_for
from olivebranch.extraction.predicates import Match
from olivebranch.records import Attribution, DateMention, Days, Document, EventDate, Granularity, Span

UTTERED = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "CONCEDE"})
"""Types that are done by being said: one that is only wished or supposed did not happen."""


def date_event(
    match: Match,
    document: Document,
    dates: tuple[DateMention, ...],
    attributions: tuple[Attribution, ...],
    *,
    is_done: bool,
) -> EventDate | None:
    """The day of an act, or of its saying where the act is done by saying; None where the story tells none.

    `is_done`: whether the act is told as done; then a day still to come is that of something else ("asked them to
    put off the vote of 11 May").
    """
    mention = date_for(match.span, document, dates)
    published = document.article.published_on
    is_to_come = mention is not None and published is not None and mention.from_ > published
    if mention is not None and not (is_done and is_to_come):
        return EventDate(
            from_=mention.from_, to=mention.to, granularity=mention.granularity, span=mention.span, how=mention.how
        )
    return _said_on(match, attributions) if match.phrase.type in UTTERED else None


def _said_on(match: Match, attributions: tuple[Attribution, ...]) -> EventDate | None:
    """Of an act that is done by saying, the day of the saying: where the trigger reports it, or in the words said."""
    start = match.trigger.idx
    for statement in attributions:
        if statement.said_on is None:
            continue
        is_cue = statement.cue is not None and _holds(statement.cue.span, start)
        if is_cue or any(_holds(span, start) for span in statement.content.spans):
            return _as_event_date(statement.said_on)
    return None


def _holds(span: Span, offset: int) -> bool:
    return span[0] <= offset < span[1]


def _as_event_date(days: Days) -> EventDate:
    granularity: Granularity = "day" if days.from_ == days.to else "range"
    return EventDate(from_=days.from_, to=days.to, granularity=granularity, how="the day of the statement")

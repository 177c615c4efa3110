"""Joins the mentions of one act: a later mention names the first, a mention within another's words is none."""

from olivebranch.extraction.participants import same_side
from olivebranch.records import Event, EventActor


def link_mentions(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events, each later mention of one told before naming the first in `same_as`; the first has their date."""
    linked: list[Event] = []
    for event in events:
        first = next((known for known in linked if known.same_as is None and _is_same(known, event)), None)
        linked.append(event.model_copy(update={"same_as": first.id}) if first else event)
    return tuple(_with_date(event, linked) for event in linked)


def _with_date(event: Event, linked: list[Event]) -> Event:
    """An act told without a date has that of its first mention that tells one."""
    if event.date is not None or event.same_as is not None:
        return event
    told = next((later.date for later in linked if later.same_as == event.id and later.date), None)
    return event.model_copy(update={"date": told}) if told is not None else event


def _is_same(known: Event, event: Event) -> bool:
    """The same type between the same sides, not told apart by date, mode or standing."""
    if (
        known.type != event.type
        or not _meet(known.actors, event.actors)
        or not _meet(known.recipients, event.recipients)
    ):
        return False
    if known.factuality != event.factuality and "asserted" in {known.factuality, event.factuality}:
        return False
    if known.date and event.date and (known.date.from_, known.date.to) != (event.date.from_, event.date.to):
        return False
    return (known.cameo or "")[:2] == (event.cameo or "")[:2] and {a.code for a in event.actors} <= {
        a.code for a in known.actors
    }


def _meet(ones: tuple[EventActor, ...], others: tuple[EventActor, ...]) -> bool:
    return any(same_side(one, other) for one in ones for other in others)

"""Turns a reading into the ledger's rows: its events as facts, its overtures with their criteria."""

from collections import Counter
from collections.abc import Iterable, Mapping

from olivebranch.codebook import load_table
from olivebranch.ledger.rows import Criterion, Fact, LedgerOverture
from olivebranch.records import Attribution, Event, EventActor, Overture, Reading


def event_ids(reading: Reading) -> list[str]:
    """The ledger's key of each event: article, place of its words and type, so that a re-reading gives it again."""
    return _told_apart(f"{reading.article.id}:event:{e.trigger[0]}-{e.trigger[1]}:{e.type}" for e in reading.events)


def overture_ids(reading: Reading) -> list[str]:
    """The ledger's key of each overture: article, place of its words and whose it is."""
    return _told_apart(f"{reading.article.id}:overture:{o.span[0]}-{o.span[1]}:{o.from_}" for o in reading.overtures)


def _told_apart(keys: Iterable[str]) -> list[str]:
    """A key that comes again (two acts told by one verb) gets its number: the second is "…:2"."""
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        seen[key] += 1
        numbered.append(key if seen[key] == 1 else f"{key}:{seen[key]}")
    return numbered


def facts_of(reading: Reading, story_id: str) -> list[Fact]:
    """The facts of a story: its events once each, later mentions left out."""
    scores = {row.type: row.score for row in load_table("plover_types")}
    return [
        _fact_of(reading, event, key, story_id, scores[event.type])
        for event, key in zip(reading.events, event_ids(reading), strict=True)
        if event.same_as is None
    ]


def _fact_of(reading: Reading, event: Event, key: str, story_id: str, score: float) -> Fact:
    article = reading.article
    place = next((s.span for s in reading.sentences if s.id == event.sentence), event.trigger)
    return Fact(
        fact_id=key, origin="story", article_id=article.id,
        span=event.trigger, actors=_codes(event.actors), actor_sectors=_sectors(event.actors),
        recipients=_codes(event.recipients), recipient_sectors=_sectors(event.recipients),
        type=event.type, mode=event.mode, cameo=event.cameo, is_deed=event.is_deed, factuality=event.factuality,
        score=score, summary=reading.line(place), regime=None,
        happened_from=event.date.from_ if event.date else None, happened_to=event.date.to if event.date else None,
        known_on=article.published_on, basis="stated", reference=article.url or article.outlet, story_id=story_id,
    )  # fmt: skip


def _codes(actors: Iterable[EventActor]) -> tuple[str, ...]:
    return tuple(actor.code for actor in actors)


def _sectors(actors: Iterable[EventActor]) -> tuple[str, ...]:
    return tuple(actor.sector or "" for actor in actors)


def overtures_of(
    reading: Reading, story_id: str, criteria: Mapping[str, Criterion], states: Mapping[str, str]
) -> list[LedgerOverture]:
    """The overtures of a story, each with the criterion and the dyad's state given for it."""
    said = {attribution.id: attribution for attribution in reading.attributions}
    return [
        _overture_of(reading, o, key, said.get(o.attribution or ""), story_id, criteria[o.id], states.get(o.id))
        for o, key in zip(reading.overtures, overture_ids(reading), strict=True)
    ]


def _overture_of(
    reading: Reading, overture: Overture, key: str, statement: Attribution | None, story_id: str,
    criterion: Criterion, state: str | None,
) -> LedgerOverture:  # fmt: skip
    article = reading.article
    said_on = overture.said_on.to if overture.said_on else article.published_on
    return LedgerOverture(
        overture_id=key, origin="story", article_id=article.id, span=overture.span, source=overture.from_,
        targets=overture.to, who=statement.source.name if statement else None,
        office=statement.source.office if statement else None, grade=overture.grade,
        is_restraint=overture.is_restraint, words=reading.line(overture.span),
        cost_flags=tuple(overture.cost_flags), said_on=said_on, known_on=article.published_on, dyad_state=state,
        basis="stated", reference=article.url or article.outlet, criterion=criterion, outcome=None, story_id=story_id,
    )  # fmt: skip

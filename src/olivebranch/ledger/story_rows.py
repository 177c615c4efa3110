"""Turns a reading into the ledger's rows: its events as facts, its overtures with their criteria."""

from collections.abc import Iterable

from olivebranch.codebook import load_table
from olivebranch.ledger.rows import Criterion, Fact, LedgerOverture
from olivebranch.records import Attribution, Event, EventActor, Overture, Reading


def record_id(article_id: str, kind: str, span: tuple[int, int], what: str) -> str:
    """A key that a re-reading keeps: the article, the record's kind, its words' place and what it is."""
    return f"{article_id}:{kind}:{span[0]}-{span[1]}:{what}"


def facts_of(reading: Reading, story_id: str) -> list[Fact]:
    """The facts of a story: its events once each, later mentions left out."""
    scores = {row.type: row.score for row in load_table("plover_types")}
    facts = {}
    for event in reading.events:
        if event.same_as is None:
            fact = _fact_of(reading, event, story_id, scores[event.type])
            facts.setdefault(fact.fact_id, fact)
    return list(facts.values())


def _fact_of(reading: Reading, event: Event, story_id: str, score: float) -> Fact:
    article = reading.article
    sentence = next(sentence for sentence in reading.sentences if sentence.id == event.sentence)
    return Fact(
        fact_id=record_id(article.id, "event", event.trigger, event.type), origin="story", article_id=article.id,
        span=event.trigger, actors=_codes(event.actors), actor_sectors=_sectors(event.actors),
        recipients=_codes(event.recipients), recipient_sectors=_sectors(event.recipients),
        type=event.type, mode=event.mode, cameo=event.cameo, is_deed=event.is_deed, factuality=event.factuality,
        score=score, summary=" ".join(reading.words(sentence.span).split()), regime=None,
        happened_from=event.date.from_ if event.date else None, happened_to=event.date.to if event.date else None,
        known_on=article.published_on, basis="stated", reference=article.url or article.outlet, story_id=story_id,
    )  # fmt: skip


def _codes(actors: Iterable[EventActor]) -> tuple[str, ...]:
    return tuple(actor.code for actor in actors)


def _sectors(actors: Iterable[EventActor]) -> tuple[str, ...]:
    return tuple(actor.sector or "" for actor in actors)


def overtures_of(reading: Reading, story_id: str, criteria: dict[str, Criterion]) -> list[LedgerOverture]:
    """The overtures of a story, each with the criterion given for it."""
    attributions = {attribution.id: attribution for attribution in reading.attributions}
    found = {}
    for overture in reading.overtures:
        kept = _overture_of(
            reading, overture, attributions.get(overture.attribution or ""), story_id, criteria[overture.id]
        )
        found.setdefault(kept.overture_id, kept)
    return list(found.values())


def _overture_of(
    reading: Reading, overture: Overture, attribution: Attribution | None, story_id: str, criterion: Criterion
) -> LedgerOverture:
    article = reading.article
    said_on = overture.said_on.to if overture.said_on else article.published_on
    return LedgerOverture(
        overture_id=record_id(article.id, "overture", overture.span, overture.from_), origin="story",
        article_id=article.id, span=overture.span, source=overture.from_, targets=overture.to,
        who=attribution.source.name if attribution else None, office=attribution.source.office if attribution else None,
        grade=overture.grade, is_restraint=overture.is_restraint, words=" ".join(reading.words(overture.span).split()),
        cost_flags=tuple(overture.cost_flags), said_on=said_on, known_on=article.published_on, dyad_state=None,
        basis="stated", reference=article.url or article.outlet, criterion=criterion, outcome=None, story_id=story_id,
    )  # fmt: skip

"""Makes an event of every overture: an offer that was uttered is an act of words beside the others."""

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.records import Document, Event, EventActor, EventDate, Overture

AGREE_CODES = {
    "meeting": "036", "easing": "0354", "withdrawal": "0356", "ceasefire": "0356", "release": "0353", "aid": "033",
    "trade": "0311", "disarmament": "0356", "agreement": "037", "cooperation": "031", "relations": "030",
}  # fmt: skip
"""CAMEO's code for the offer of each family of acts."""


def add_offers(events: tuple[Event, ...], overtures: tuple[Overture, ...], document: Document) -> tuple[Event, ...]:
    """The events with an AGREE for each overture: an offer that was uttered is asserted, whatever its condition.

    What an overture speaks of as possible is no event beside it; ids are given anew in text order.
    """
    codebook = load_codebook()
    kept = [event for event in events if not any(_is_spoken_of(event, overture) for overture in overtures)]
    for overture in overtures:
        covering = {"AGREE"} if overture.grade != "step" else {"AGREE", "RETREAT", "AID", "COOPERATE", "SUPPORT"}
        told = any(e.type in covering and overture.span[0] <= e.trigger[0] < overture.span[1] for e in kept)
        if not told:
            kept.append(_offer_event(overture, document, codebook))
    kept.sort(key=lambda event: event.trigger)
    numbers = {event.id: f"e{n}" for n, event in enumerate(kept, 1) if event.id}
    return tuple(
        event.model_copy(update={"id": f"e{n}", "same_as": numbers.get(event.same_as or "")})
        for n, event in enumerate(kept, 1)
    )


def _is_spoken_of(event: Event, overture: Overture) -> bool:
    inside = overture.span[0] <= event.trigger[0] < overture.span[1]
    unreal = {"conditional", "wished", "denied"} if overture.is_restraint else {"conditional", "wished"}
    return inside and event.factuality in unreal and event.actors[0].code in {overture.from_, *overture.to}


def _offer_event(overture: Overture, document: Document, codebook: Codebook) -> Event:
    sentence = document.sentence_at(overture.span[0])
    is_release = overture.proposed_act == "release" and overture.grade in {"specific", "step"}
    return Event(
        id="",
        sentence=sentence.id if sentence else document.sentences[0].id,
        trigger=overture.trigger or overture.span,
        actors=(EventActor(code=overture.from_, name=codebook.name_of(overture.from_)),),
        recipients=tuple(EventActor(code=code, name=codebook.name_of(code)) for code in overture.to),
        type="CONCEDE" if is_release else "AGREE",
        cameo=AGREE_CODES.get(overture.proposed_act or "", "030"),
        is_deed=False,
        factuality="asserted",
        according_to=overture.attribution,
        date=_offer_date(overture),
        why=f"overture {overture.id}: {overture.why}",
    )


def _offer_date(overture: Overture) -> EventDate | None:
    days = overture.said_on
    if days is None:
        return None
    return EventDate(
        from_=days.from_, to=days.to, granularity="day" if days.from_ == days.to else "range", how="said then"
    )

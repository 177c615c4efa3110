"""Makes readings, facts and chronologies by hand, so that ledger, analysis and surfaces are tested without the reader."""

import hashlib
from datetime import date, timedelta

from olivebranch.ledger.chronology import Chronology
from olivebranch.ledger.rows import Coverage, Criterion, Fact, LedgerOverture, Outcome
from olivebranch.records import (
    Accord,
    Article,
    Assessment,
    Attribution,
    Content,
    Days,
    Decision,
    Event,
    EventActor,
    EventDate,
    Hedge,
    Overture,
    Position,
    Reading,
    Sentence,
    Source,
)

DAY = date(2014, 5, 8)

LINES = (
    "We are ready to lift the ban on dairy from Poland if Warsaw sits down with us, Minister Ivan Petrov said Sunday.",
    "Russia might not answer the latest measures, he suggested.",
    "Russia banned dairy imports from Poland in March 2014.",
    "Russia allegedly sent soldiers across the border.",
    "The two sides signed a tentative ceasefire, brokered by the OSCE.",
    "Ministers of the European Union meet in Brussels on Tuesday to review the sanctions.",
    "It is an empty promise, said Anna Nowak of the Centre for Eastern Studies.",
    "Photo: A. Nobody/Agency",
)


def make_article(
    text, *, published_on=None, outlet=None, url=None, title=None, article_id=None, how="given"
) -> Article:
    """An article of a text as it is."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Article(
        id=article_id or hashlib.sha256(f"{digest}{outlet}".encode("utf-8", "replace")).hexdigest()[:16], title=title,
        outlet=outlet, url=url, text=text, sha256=digest, published_on=published_on,
        published_on_how=how if published_on else "unknown",
    )  # fmt: skip


def make_reading(
    lines=LINES, *, outlet="The Gazette", url="https://example.org/a", title="Is it meant?", published_on=DAY,
    article_id=None, how="given", codes=("RUS", "POL"),
) -> Reading:  # fmt: skip
    """A reading of eight sentences that has one record of every kind; the lines may be any text at all."""
    text = "\n\n".join(lines)
    places = _places(lines)
    article = make_article(
        text, published_on=published_on, outlet=outlet, url=url, title=title, article_id=article_id, how=how
    )
    sentences = tuple(
        Sentence(id=f"s{n}", span=place, paragraph=n - 1, furniture="credit" if n == len(places) else None)
        for n, place in enumerate(places, 1)
    )
    one, two = codes
    said = Days(from_=published_on - timedelta(days=4), to=published_on - timedelta(days=4)) if published_on else None
    return Reading(
        article=article, sentences=sentences,
        attributions=(
            Attribution(id="t1", kind="direct", content=Content(spans=(places[0],)), said_on=said, why="said",
                        source=Source(name="Ivan Petrov", country=one, office="Minister of Trade", sector="GOV", is_named=True)),
            Attribution(id="t2", kind="indirect", content=Content(spans=(places[1],)), said_on=said, why="suggested",
                        source=Source(name="Ivan Petrov", country=one, office="Minister of Trade", sector="GOV", is_named=True)),
            Attribution(id="t3", kind="direct", content=Content(spans=(places[6],)), why="said",
                        source=Source(name="Anna Nowak", affiliation="Centre for Eastern Studies", is_expert=True, is_named=True)),
        ),
        events=(
            make_event("e1", "s3", places[2], one, two, date_=(date(2014, 3, 1), date(2014, 3, 31))),
            make_event("e2", "s4", places[3], one, two, type_="MOBILIZE", cameo="152", factuality="alleged"),
            make_event("e3", "s2", places[1], one, two, type_="ACCUSE", cameo="111", is_deed=False, according_to="t2"),
            make_event("e4", "s3", (places[2][0], places[2][0] + 6), one, two, same_as="e1"),
        ),
        overtures=(
            make_overture("o1", places[0], one, (two,), grade="conditional", act="easing", attribution="t1", said=said,
                          condition=places[0], flags=("public", "specific")),
            make_overture("o2", places[1], one, (two,), act="restraint_sanctions", attribution="t2", said=said,
                          is_restraint=True, hedges=(Hedge(span=places[1], kind="modal"),)),
        ),
        accords=(Accord(id="c1", span=places[4], parties=(one, two), mediator="OSCE", subject="ceasefire",
                        status="tentative", why="signed"),),
        decisions=(Decision(id="d1", span=places[5], body="EU", what="review of the sanctions", place="Brussels",
                            on=Days(from_=date(2014, 5, 13), to=date(2014, 5, 13)), why="meet to review"),),
        positions=(Position(id="p1", span=places[5], who="POL", on="d1", position="against", why="said so"),),
        assessments=(Assessment(id="x1", span=places[6], who="Anna Nowak", affiliation="Centre for Eastern Studies",
                                side=two, about=one, stance="doubts", attribution="t3", why="empty promise"),),
    )  # fmt: skip


def _places(lines):
    places, start = [], 0
    for line in lines:
        places.append((start, start + len(line)))
        start += len(line) + 2
    return places


def make_event(
    id_, sentence, trigger, one, two, *, type_="SANCTION", cameo="163", factuality="asserted", is_deed=True, date_=None,
    according_to=None, same_as=None, sectors=("GOV", "GOV"),
) -> Event:  # fmt: skip
    when = EventDate(from_=date_[0], to=date_[1], granularity="day", how="given") if date_ else None
    return Event(
        id=id_, sentence=sentence, trigger=trigger, actors=(EventActor(code=one, name=one, sector=sectors[0]),),
        recipients=(EventActor(code=two, name=two, sector=sectors[1]),), type=type_, cameo=cameo, is_deed=is_deed,
        factuality=factuality, according_to=according_to, same_as=same_as, date=when, why="verb",
    )  # fmt: skip


def make_overture(
    id_, span, one, to, *, grade="wish", act=None, attribution=None, said=None, is_restraint=False, condition=None,
    flags=("public",), hedges=(),
) -> Overture:  # fmt: skip
    return Overture(
        id=id_, span=span, from_=one, to=to, grade=grade, is_restraint=is_restraint, said_on=said, proposed_act=act,
        attribution=attribution, cost_flags=flags, hedges=hedges, condition=condition, why="offer",
    )  # fmt: skip


def make_fact(id_, day, one="RUS", two="POL", *, cameo="085", type_="RETREAT", **changes) -> Fact:
    """A chronology's fact on a day."""
    fields = {
        "fact_id": id_, "origin": "test", "article_id": None, "span": None, "actors": (one,), "actor_sectors": ("",),
        "recipients": (two,), "recipient_sectors": ("",), "type": type_, "mode": None, "cameo": cameo,
        "is_deed": type_ not in {"CONSULT", "AGREE", "SUPPORT", "ACCUSE"}, "factuality": "asserted", "score": 6.0,
        "summary": id_, "regime": None, "happened_from": day, "happened_to": day, "known_on": day, "basis": "checked",
        "reference": "ref",
    }  # fmt: skip
    return Fact(**(fields | changes))


def make_ledger_overture(
    id_, said_on, one="RUS", to=("POL",), *, family="easing", cameo=("085",), days=180, **changes
) -> LedgerOverture:
    """A chronology's overture, its criterion running from the day it was said."""
    closes = said_on + timedelta(days=days) if days else None
    fields = {
        "overture_id": id_, "origin": "test", "article_id": None, "span": None, "source": one, "targets": to,
        "who": "Ivan Petrov", "office": "Minister", "grade": "specific",
        "is_restraint": (family or "").startswith("restraint"), "words": f"words of {id_}", "cost_flags": ("public",),
        "said_on": said_on, "known_on": said_on, "dyad_state": "cold", "basis": "checked", "reference": "ref",
        "criterion": Criterion(family, cameo if family else (), days if family else None, said_on, closes, "a deed"),
        "outcome": None,
    }  # fmt: skip
    return LedgerOverture(**(fields | changes))


def make_chronology(*, facts=(), overtures=(), outcomes=(), coverage=(), name="test", sha256="1") -> Chronology:
    """A chronology of these rows; `outcomes` are (overture_id, Outcome)."""
    return Chronology(name, sha256, tuple(facts), tuple(overtures), tuple(outcomes), tuple(coverage))


def make_outcome(outcome, known_on, happened_on=None) -> Outcome:
    return Outcome(outcome, "completed", known_on, happened_on, (), None)


def make_coverage(begins, ends, *types, one="RUS", two="POL") -> Coverage:
    return Coverage("test", one, two, begins, ends, types, "by hand")

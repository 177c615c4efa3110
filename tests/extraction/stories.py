"""Reads a text by the extraction's own steps, as the pipeline does, for the tests of events and overtures."""

import hashlib
from datetime import date
from typing import NamedTuple

from olivebranch.codebook import load_codebook
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.attribution import ATTRIBUTORS
from olivebranch.extraction.coders import CODERS
from olivebranch.extraction.dates import find_dates
from olivebranch.extraction.overtures import find_overtures
from olivebranch.records import ActorMention, Article, Attribution, DateMention, Document, Event, Overture
from olivebranch.text import make_document

DAY = date(2015, 6, 10)


class Story(NamedTuple):
    """A text and what was found in it."""

    document: Document
    dates: tuple[DateMention, ...]
    actors: tuple[ActorMention, ...]
    attributions: tuple[Attribution, ...]
    events: tuple[Event, ...]
    overtures: tuple[Overture, ...]


def read_story(text: str, day: date = DAY) -> Story:
    """What the rules find in a text published on a day."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    article = Article(id="x", text=text, sha256=digest, published_on=day, published_on_how="given")
    document = make_document(article)
    dates = find_dates(document, day)
    actors = find_actors(document, load_codebook(), day)
    attributions = ATTRIBUTORS["rules"](document, actors, dates)
    events = CODERS["rules"](document, actors, attributions, dates)
    overtures = find_overtures(document, actors, attributions, events, (), dates)
    return Story(document, dates, actors, attributions, events, overtures)

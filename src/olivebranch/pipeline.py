"""Joins the rooms: a story to a reading, a reading to the ledger, the ledger to a brief. Start reading here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from olivebranch import settings
from olivebranch.analysis.brief import Brief
from olivebranch.analysis.compose import compose_brief
from olivebranch.analysis.criteria import fix_criteria
from olivebranch.analysis.dyads import fix_states
from olivebranch.analysis.question import parse_dyad
from olivebranch.codebook import load_codebook
from olivebranch.errors import UsageError
from olivebranch.extraction.accords import find_accords
from olivebranch.extraction.actors import find_actors
from olivebranch.extraction.assessments import find_assessments
from olivebranch.extraction.attribution import ATTRIBUTORS
from olivebranch.extraction.coders import CODERS
from olivebranch.extraction.dates import find_dates, infer_published_on
from olivebranch.extraction.decisions import find_decisions, find_positions
from olivebranch.extraction.overtures import add_offers, find_overtures
from olivebranch.extraction.trained_overtures import weigh_overtures
from olivebranch.ledger import Ledger, View, Writer, read_chronology
from olivebranch.records import Article, Document, Reading
from olivebranch.text import make_document


def read_article(
    article: Article, *, attributor: str | None = None, coder: str | None = None, is_story: bool = True
) -> Reading:
    """All that one story says. Pure: the same article gives the same reading, in any process.

    Args:
        coder: `trained` or `rules`; None is `settings.CODER`.
        attributor: the same, and `rules-wide`; None goes with the coder.
        is_story: False for a sentence by itself, no line of which is taken for a headline or for furniture.

    Raises:
        UsageError: no attributor or coder of that name.
        WeightsError: the trained weights are missing or damaged.
    """
    coder = coder or settings.CODER
    attributor = attributor or coder
    if attributor not in ATTRIBUTORS or coder not in CODERS:
        raise UsageError(f"attributors are {', '.join(ATTRIBUTORS)}; coders are {', '.join(CODERS)}")
    document = make_document(article, is_story=is_story)
    document = _date_story(_name_story(document))
    article = document.article
    dates = find_dates(document, article.published_on)
    actors = find_actors(document, load_codebook(), article.published_on)
    attributions = ATTRIBUTORS[attributor](document, actors, dates)
    events = CODERS[coder](document, actors, attributions, dates)
    decisions = find_decisions(document, actors, dates)
    weigh = weigh_overtures if coder == "trained" else None
    overtures = find_overtures(document, actors, attributions, events, decisions, dates, weigh)
    return Reading(
        article=article,
        sentences=document.sentences,
        attributions=attributions,
        actors=actors,
        events=add_offers(events, overtures, document),
        overtures=overtures,
        accords=find_accords(document, actors, dates),
        decisions=decisions,
        positions=find_positions(document, attributions, decisions, actors),
        assessments=find_assessments(document, attributions, actors),
        dates=dates,
    )


def _name_story(document: Document) -> Document:
    """The headline as the title, where the source gave none."""
    headline = next((p for p in document.paragraphs if p.role == "headline"), None)
    if document.article.title or headline is None:
        return document
    title = document.line(headline.span)
    return replace(document, article=document.article.model_copy(update={"title": title}))


def _date_story(document: Document) -> Document:
    """Where nothing better is given, the day that the text itself tells, marked as inferred, with its evidence."""
    article = document.article
    if article.published_on is not None:
        return document
    day, why = infer_published_on(document)
    found = {"published_on": day, "published_on_how": "inferred" if day else "unknown", "published_on_why": why}
    return replace(document, article=article.model_copy(update=found))


def add_readings(readings: Iterable[Reading], ledger: Ledger) -> int:
    """Puts readings into a ledger, each overture with its criterion fixed; gives how many were new or changed."""
    writer = Writer(ledger)
    return sum(writer.add_reading(reading, fix_criteria(reading), fix_states(reading, ledger)) for reading in readings)


def bundled_chronologies() -> list[Path]:
    """The folders of the chronologies that come with olivebranch, in a wheel or in a checkout."""
    here = Path(__file__).resolve().parent
    for home in (here / "examples", here.parent.parent / "examples"):
        folders = sorted(folder.parent for folder in home.glob("*/facts.csv"))
        if folders:
            return folders
    return []


def load_chronologies(ledger: Ledger) -> int:
    """Adds the bundled chronologies that the ledger lacks, or has in an older version; gives how many were added."""
    writer = Writer(ledger)
    return sum(writer.add_chronology(read_chronology(folder)) for folder in bundled_chronologies())


def brief_stories(
    readings: tuple[Reading, ...], ledger: Ledger, *, dyad: str | None = None, as_of: date | None = None
) -> Brief:
    """Puts the stories into the ledger and composes the brief, as of a day (default: the latest day read).

    Raises:
        UsageError: `dyad` is malformed or names an unknown code (nothing is written then), or `as_of` is before
            every story.
        LedgerError: the ledger cannot be written.
    """
    if dyad is not None:
        parse_dyad(dyad)
    add_readings(readings, ledger)
    days = [reading.article.published_on for reading in readings if reading.article.published_on]
    return compose_brief(readings, View(ledger, as_of or max(days, default=None)), dyad)

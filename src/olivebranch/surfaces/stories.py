"""Reads what the command line was given: articles to readings, failures told in one line each, the others go on."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import typer

from olivebranch import settings
from olivebranch.intake import IntakeFailure, read_stories
from olivebranch.pipeline import read_article
from olivebranch.records import Reading
from olivebranch.surfaces.layout import write_plain
from olivebranch.surfaces.options import NOTHING_READ, SOME_FAILED


@dataclass
class Found:
    """What was read, and how many stories failed."""

    readings: tuple[Reading, ...] = ()
    failures: list[IntakeFailure] = field(default_factory=list)


def read_all(paths: list[str], published_on: date | None, *, coder: str | None = None) -> Found:
    """The readings of all stories; each that fails gives one line on standard error."""
    found = Found()
    readings = []
    for story in read_stories(paths, published_on=published_on):
        if isinstance(story, IntakeFailure):
            _tell(story)
            found.failures.append(story)
        else:
            readings.append(read_article(story, coder=coder))
    found.readings = tuple(readings)
    return found


def iter_documents(
    paths: list[str], published_on: date | None, *, attributor: str | None, coder: str | None
) -> Iterator[dict[str, Any]]:
    """The contract's documents in the order given, an error document in the place of a story that fails."""
    for story in read_stories(paths, published_on=published_on):
        if isinstance(story, IntakeFailure):
            _tell(story)
            yield {
                "schema_version": settings.SCHEMA_VERSION,
                "article": {"id": story.name},
                "error": {"code": story.error.code, "message": str(story.error)},
            }
        else:
            yield read_article(story, attributor=attributor, coder=coder).model_dump(mode="json", by_alias=True)


def print_documents(documents: Iterable[dict[str, Any]], *, jsonl: bool) -> int:
    """Prints documents as lines, or as one object or array, each as it comes; gives the exit code."""
    good, bad = 0, 0
    waiting: str | None = None
    for document in documents:
        good, bad = good + ("error" not in document), bad + ("error" in document)
        if jsonl:
            typer.echo(json.dumps(document, ensure_ascii=False))
            continue
        if waiting is not None:
            typer.echo(f"{'[' if good + bad == 2 else ''}{waiting},")
        waiting = json.dumps(document, ensure_ascii=False, indent=2)
    if waiting is not None:
        typer.echo(waiting + ("]" if good + bad > 1 else ""))
    if good == 0:
        return NOTHING_READ
    return SOME_FAILED if bad else 0


def _tell(failure: IntakeFailure) -> None:
    typer.echo(f"olivebranch: {write_plain(str(failure.error))}", err=True)

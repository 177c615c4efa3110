"""`olivebranch code`: the events of loose sentences, a JSON line in, a JSON line out."""

import json
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from olivebranch import settings
from olivebranch.errors import OlivebranchError, UnreadableStory, UsageError

if TYPE_CHECKING:
    from olivebranch.records import Event, EventActor

CHUNK = 16
"""Lines that a process takes at a time."""

HALF = re.compile(r"[\ud800-\udfff]")
"""Halves of characters, which JSON can write and UTF-8 cannot."""

Task = tuple[int, str, str]
"""A line's number from 1, the line, the coder's name."""


def code(
    source: Annotated[str, typer.Option("--input", help='Lines of {"id", "text", "date"}; - for standard input.')],
    output: Annotated[str, typer.Option("--output", help="The file to write; - for standard output.")] = "-",
    coder: Annotated[
        Optional[str],  # noqa: UP045  (typer reads it at run time)
        typer.Option(help="Who codes: trained, or rules, which needs no weights. Default: as read does."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="The line that sums up, on standard error, as JSON.")] = False,
) -> None:
    """Codes the events of loose sentences, each by itself: a line out for each line in, in order.

    Example: olivebranch code --input sentences.jsonl --output events.jsonl --jobs 2
    """
    from olivebranch.surfaces.lines import Pace, open_lines, tell_failure
    from olivebranch.surfaces.options import NOTHING_READ, SOME_FAILED

    coder = coder or settings.CODER
    _check_coder(coder)
    pace = Pace("sentences", as_json=as_json)
    with _open_input(source) as lines, open_lines(output) as write:
        tasks = ((number, line, coder) for number, line in enumerate(lines, 1) if line.strip())
        for coded in _code_all(tasks, jobs):
            if error := coded.get("error"):
                tell_failure(f"{source}: {error['message']}")
            write(coded)
            pace.add(failed="error" in coded)
    if pace.done == 0:
        tell_failure(f"{source}: has no lines to read")
    else:
        pace.sum_up()
    if pace.failed == pace.done:
        raise typer.Exit(NOTHING_READ)
    raise typer.Exit(SOME_FAILED if pace.failed else 0)


def _check_coder(name: str) -> None:
    """Sees to it that the coder is there before a line is read.

    Raises:
        UsageError: there is none of that name.
        WeightsError: it needs weights that are missing or damaged.
    """
    from olivebranch.extraction.coders import CODERS
    from olivebranch.extraction.event_model import load_event_model

    if name not in CODERS:
        raise UsageError(f"there is no '{name}': coders are {', '.join(CODERS)}")
    if name == "trained":
        load_event_model()


@contextmanager
def _open_input(path: str) -> Iterator[Iterable[str]]:
    """The lines of a file or of standard input; bytes that are no UTF-8 become replacement characters.

    Raises:
        UsageError: the file cannot be opened.
    """
    if path == "-":
        yield (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)
        return
    try:
        file = open(path, encoding="utf-8", errors="replace", newline="\n")  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    with file:
        yield file


def _code_all(tasks: Iterator[Task], jobs: int) -> Iterator[dict[str, Any]]:
    """The lines coded, in order; a few thousand at most are in memory."""
    if jobs == 1:
        yield from map(code_line, tasks)
        return
    # Spawned, not forked: a network's threads do not live on in a fork.
    with multiprocessing.get_context("spawn").Pool(jobs, _start_process) as pool:
        while block := list(islice(tasks, jobs * CHUNK * 8)):
            yield from pool.imap(code_line, block, CHUNK)


def _start_process() -> None:
    """One thread a process, and interrupts left to the one that started it."""
    os.environ["OLIVEBRANCH_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def code_line(task: Task) -> dict[str, Any]:
    """The events of one line, or `error` in their place.

    Example: `{"id": 7, "text": "Peru expelled Chile's envoy.", "date": "2014-05-08"}` gives SANCTION, PER to CHL.
    """
    number, line, coder = task
    identity = None
    try:
        row = _parse_line(number, line)
        identity = row.get("id")
        return {"id": identity, "events": [write_event(event) for event in _code_row(number, row, coder)]}
    except OlivebranchError as error:
        return {"id": identity, "error": {"code": error.code, "message": str(error)}}
    except Exception as error:  # a fault of ours in one sentence must not lose the million others
        message = f"line {number}: {type(error).__name__}: {error}"
        return {"id": identity, "error": {"code": "unexpected_error", "message": message}}


def _parse_line(number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UnreadableStory(f"line {number}: is not JSON ({error}); write one object a line") from error
    if not isinstance(row, dict):
        raise UnreadableStory(f'line {number}: is no object; write {{"id": …, "text": "…", "date": "…"}}')
    return row


def _code_row(number: int, row: dict[str, Any], coder: str) -> "tuple[Event, ...]":
    from olivebranch.intake.articles import check_size, parse_day
    from olivebranch.pipeline import read_article
    from olivebranch.records import Article

    if not isinstance(row.get("text"), str):
        raise UnreadableStory(f'line {number}: has no "text"; write {{"id": …, "text": "…", "date": "…"}}')
    text = HALF.sub("\ufffd", row["text"])  # one for one, so that no offset moves
    check_size(len(text.encode()), f"line {number}")
    day = parse_day(row.get("date"), f"line {number}")
    how = "given" if day else "unknown"
    article = Article(id=str(row.get("id")), text=text, sha256="", published_on=day, published_on_how=how)
    return read_article(article, attributor="rules", coder=coder, is_story=False).events


def write_event(event: "Event") -> dict[str, Any]:
    """An event as `code` prints it; spans are code points of the line's `text`."""
    return {
        "actors": [_write_actor(actor) for actor in event.actors],
        "recipients": [_write_actor(actor) for actor in event.recipients],
        "type": event.type,
        "mode": event.mode,
        "cameo": event.cameo,
        "factuality": event.factuality,
        "trigger": list(event.trigger),
        "probability": event.probability,
        "runner_up": event.runner_up,
        "why": event.why,
    }


def _write_actor(actor: "EventActor") -> dict[str, Any]:
    return {
        "code": actor.code,
        "country": country_of(actor.code),
        "sector": actor.sector,
        "name": actor.name,
        "span": list(actor.span) if actor.span else None,
    }


def country_of(code: str) -> str | None:
    """The country that a code is of, or belongs to; None for what stands above countries, as EU."""
    from olivebranch.codebook import load_codebook
    from olivebranch.errors import CodebookError

    codebook = load_codebook()
    if codebook.is_state(code):
        return code
    try:
        return codebook.organisation(code).country
    except CodebookError:
        return None

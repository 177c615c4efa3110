"""`olivebranch add CORPUS…`: whole corpora of stories into the ledger, by one process, several, or a Ray cluster."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from olivebranch.surfaces.options import NOTHING_READ, SOME_FAILED, AsJson, LedgerPath, day_of

if TYPE_CHECKING:
    from olivebranch.corpus_runs import CorpusReport
    from olivebranch.intake import IntakeFailure
    from olivebranch.records import Article


def add(
    corpus: Annotated[
        list[str],
        typer.Argument(
            metavar="CORPUS…",
            help="Text, HTML, JSONL, Parquet or feed files, or folders of them; - for standard input.",
        ),
    ],
    published_on: Annotated[
        Optional[datetime],  # noqa: UP045  (typer reads it at run time)
        typer.Option("--published-on", formats=["%Y-%m-%d"], help="Day of publication, where the story does not say."),
    ] = None,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Read in so many processes. Default: in this one."),
    ] = None,
    ray: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Read on the Ray cluster at this address; local starts one on this machine."),
    ] = None,
    coder: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="How stories are read: trained, or rules, which needs no weights."),
    ] = None,
    ledger: LedgerPath = None,
    as_json: AsJson = False,
) -> None:
    """Reads whole corpora into the ledger; what is there already is not read again, so a run that was stopped goes on.

    Exit code 1 where a story failed, 3 where none was read.

    Example: olivebranch add stories/ archive.jsonl --workers 2 --ledger my.duckdb
    """
    from olivebranch.corpus_runs import add_corpus, choose_reader
    from olivebranch.intake import read_stories
    from olivebranch.intake.folders import iter_files
    from olivebranch.ledger import Ledger, View, default_path
    from olivebranch.pipeline import load_chronologies

    reader = choose_reader(coder)
    stories = read_stories(iter_files(corpus), published_on=day_of(published_on))
    begun, has_article = _begin(stories)
    with Ledger((ledger or default_path()) if has_article else ":memory:") as opened, _shown(corpus) as progress:
        if has_article:
            load_chronologies(opened)
        report = add_corpus(chain(begun, stories), opened, reader, workers=workers, ray=ray, progress=progress)
        counts = View(opened).counts()
    _print_report(report, counts, as_json)
    if not report.new + report.known:
        raise typer.Exit(NOTHING_READ)
    raise typer.Exit(SOME_FAILED if report.failed else 0)


def _begin(stories: "Iterator[Article | IntakeFailure]") -> "tuple[list[Article | IntakeFailure], bool]":
    """What comes up to the first story that can be read, and whether there is one: without any, no ledger is made."""
    from olivebranch.records import Article

    begun: list[Article | IntakeFailure] = []
    for story in stories:
        begun.append(story)
        if isinstance(story, Article):
            return begun, True
    return begun, False


@contextmanager
def _shown(corpus: list[str]) -> "Iterator[Callable[[CorpusReport], None]]":
    """Failures as they come, on standard error; where that is a terminal, stories a second and the time left too."""
    from time import monotonic

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from olivebranch.intake.folders import count_stories
    from olivebranch.surfaces.layout import write_plain

    console, begun, told = Console(stderr=True, highlight=False), monotonic(), 0
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as line:
        task = line.add_task("reading", total=count_stories(corpus) if console.is_terminal else None)

        def show(report: "CorpusReport") -> None:
            nonlocal told
            for _, message in report.failures[told:]:
                console.print(f"olivebranch: {write_plain(message)}", markup=False, soft_wrap=True)
            told = len(report.failures)
            rate = (report.stories - report.known) / max(monotonic() - begun, 0.001)
            counts = f"{report.stories:,} stories, {report.failed:,} failed, {rate:.1f} a second"
            line.update(task, completed=report.stories, description=counts)

        yield show


def _print_report(report: "CorpusReport", counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        shown = {
            "stories": report.stories,
            "new": report.new,
            "known": report.known,
            "failed": report.failed,
            "failures": [{"story": story, "message": message} for story, message in report.failures],
            "rows": counts,
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    rows = ", ".join(f"{count} {table}" for table, count in counts.items())
    typer.echo(f"{report.new} new or changed, {report.known} known, {report.failed} failed; {rows}")

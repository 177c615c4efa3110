"""The command line: thin over the pipeline; exit codes 0 good, 1 some failed, 2 wrong use, 3 nothing read, 4 ledger."""

import io
import sys
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from olivebranch import __version__
from olivebranch.errors import OlivebranchError, UsageError
from olivebranch.surfaces.code_commands import code
from olivebranch.surfaces.codebook_commands import members, who
from olivebranch.surfaces.corpus_commands import add
from olivebranch.surfaces.evaluate_commands import evaluate_app
from olivebranch.surfaces.forecast_commands import backtest, forecast
from olivebranch.surfaces.import_commands import import_
from olivebranch.surfaces.ledger_commands import ledger_app
from olivebranch.surfaces.options import day_of
from olivebranch.surfaces.overture_commands import overtures
from olivebranch.surfaces.relations_commands import linkage, relations

if TYPE_CHECKING:
    from olivebranch.analysis.brief import Brief

app = typer.Typer(
    name="olivebranch",
    help="Reads the news and answers the headline's question: does this power mean it this time?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(ledger_app, name="ledger")
app.add_typer(evaluate_app, name="evaluate")
app.command()(add)
app.command()(code)
app.command()(who)
app.command()(members)
app.command("import")(import_)
app.command()(overtures)
app.command()(relations)
app.command()(linkage)
app.command()(forecast)
app.command()(backtest)

INTERRUPTED = 130


class Format(StrEnum):
    """How a brief is printed."""

    text = "text"
    markdown = "markdown"
    html = "html"
    json = "json"


Stories = Annotated[
    list[str],
    typer.Argument(metavar="STORY…", help="Text, HTML, JSONL, Parquet or feed files; - for standard input."),
]
PublishedOn = Annotated[
    Optional[datetime],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--published-on", formats=["%Y-%m-%d"], help="Day of publication, where the story does not say."),
]
LedgerPath = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--ledger", help="The ledger file, or :memory:. Default: OLIVEBRANCH_LEDGER, else the user's data folder."
    ),
]


CoderName = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(help="How stories are read: trained, or rules, which needs no weights."),
]


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    """Reads the news and answers the headline's question: does this power mean it this time?"""
    if version:
        typer.echo(f"olivebranch {__version__}")
        raise typer.Exit


@app.command()
def brief(
    stories: Stories,
    dyad: Annotated[Optional[str], typer.Option(help="The directed pair to answer for, as in RUS:USA.")] = None,  # noqa: UP045
    published_on: PublishedOn = None,
    as_of: Annotated[
        Optional[datetime],  # noqa: UP045
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="Use only what was known by this day. Default: the latest day read.",
        ),
    ] = None,
    ledger: LedgerPath = None,
    format: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.text,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    coder: CoderName = None,
) -> None:
    """Reads stories, puts them into the ledger and prints the brief.

    Example: olivebranch brief story.txt --published-on 2014-05-08 --dyad RUS:UKR
    """
    from olivebranch.analysis.question import parse_dyad
    from olivebranch.ledger import Ledger, default_path
    from olivebranch.pipeline import brief_stories, load_chronologies
    from olivebranch.surfaces.options import NOTHING_READ, SOME_FAILED
    from olivebranch.surfaces.stories import read_all

    if dyad is not None:
        parse_dyad(dyad)
    found = read_all(stories, day_of(published_on), coder=coder)
    if not found.readings:
        raise typer.Exit(NOTHING_READ)
    with Ledger(ledger or default_path()) as opened:
        load_chronologies(opened)
        answer = brief_stories(found.readings, opened, dyad=dyad, as_of=day_of(as_of))
    _print_brief(answer, Format.json if as_json else format)
    raise typer.Exit(SOME_FAILED if found.failures else 0)


def _print_brief(answer: "Brief", format: Format) -> None:
    if format is Format.json:
        typer.echo(answer.model_dump_json(indent=2))
    elif format is Format.markdown:
        from olivebranch.surfaces.markdown import write_markdown

        typer.echo(write_markdown(answer), nl=False)
    elif format is Format.html:
        from olivebranch.surfaces.html import write_html

        typer.echo(write_html(answer), nl=False)
    else:
        from rich.console import Console

        from olivebranch.surfaces.terminal import print_brief

        print_brief(answer, Console(highlight=False, soft_wrap=False))


@app.command()
def read(
    stories: Stories,
    published_on: PublishedOn = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One document, or an array where several stories are read (default).")
    ] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One document a line, in the order given.")] = False,
    coder: CoderName = None,
    attributor: Annotated[Optional[str], typer.Option(help="Attributions by another way than the coder's.")] = None,  # noqa: UP045
) -> None:
    """Reads stories and prints all that was found in them, by the contract of `olivebranch schema`.

    Example: olivebranch read story.html --json > reading.json
    """
    from olivebranch.surfaces.stories import iter_documents, print_documents

    del as_json  # the default, named for scripts that say so
    documents = iter_documents(stories, day_of(published_on), attributor=attributor, coder=coder)
    raise typer.Exit(print_documents(documents, jsonl=jsonl))


@app.command()
def schema(
    of: Annotated[str, typer.Argument(help="reading or brief.")] = "reading",
) -> None:
    """Prints the JSON Schema of a reading, or of a brief.

    Example: olivebranch schema > reading.schema.json
    """
    import json

    from olivebranch.analysis.brief import Brief
    from olivebranch.records import Reading

    kinds: dict[str, type[Reading] | type[Brief]] = {"reading": Reading, "brief": Brief}
    if of not in kinds:
        raise UsageError(f"there is no schema of '{of}'; say reading or brief")
    typer.echo(json.dumps(kinds[of].model_json_schema(mode="serialization"), indent=2))


def main() -> None:
    """Runs the command line; every error of ours is one line and its own exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        exit_code = app(standalone_mode=False) or 0
    except OlivebranchError as error:
        _fail(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _fail("interrupted; what was finished is kept", INTERRUPTED)
    except Exception as error:
        # Wrong options come as exceptions of click or of typer's own copy of it, whichever typer uses.
        if not hasattr(error, "format_message"):
            raise
        _fail(error.format_message(), getattr(error, "exit_code", UsageError.exit_code))
    if exit_code == INTERRUPTED:  # typer turns the interrupt into this code before we see it
        _fail("interrupted; what was finished is kept", INTERRUPTED)
    sys.exit(exit_code)


def _fail(message: str, exit_code: int) -> NoReturn:
    from olivebranch.surfaces.layout import write_plain

    typer.echo(f"olivebranch: {write_plain(message)}", err=True)
    sys.exit(exit_code)

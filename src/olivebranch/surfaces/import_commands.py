"""`olivebranch import icews|gdelt|polecat|csv FILE…`: puts event archives beside the ledger."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from olivebranch.surfaces.options import NOTHING_READ, SOME_FAILED, AsJson, LedgerPath, day_of, open_archive

if TYPE_CHECKING:
    from olivebranch.archive_import import ImportReport
    from olivebranch.ledger.archive import Archive

COUNTS = ("read", "written", "known", "rejected")


def import_(
    format: Annotated[str, typer.Argument(help="icews, gdelt, polecat or csv (Parquet too).")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Event files: plain, gz, zip or Parquet.")],
    map: Annotated[
        Optional[list[str]],  # noqa: UP045  (typer reads it at run time)
        typer.Option("--map", help="csv only: our column = the file's, as in happened_on=Date; repeat it."),
    ] = None,
    mapping: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--mapping", help="csv only: a TOML or JSON file of such pairs."),
    ] = None,
    day_format: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--day-format", help="csv only: how days are written, as in %d/%m/%Y. Default: ISO or 20180601."),
    ] = None,
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--name", help="csv only: the archive's name; its source is csv:NAME. Default: the file's name."),
    ] = None,
    names_dyads: Annotated[
        Optional[bool],  # noqa: UP045
        typer.Option(
            "--names-dyads/--no-names-dyads",
            help="Whether single dyads may be shown; no, where the biggest actors were left out. Default: as detected.",
        ),
    ] = None,
    sampled_before: Annotated[
        Optional[datetime],  # noqa: UP045
        typer.Option("--sampled-before", formats=["%Y-%m-%d"], help="Rows before this day are only a sample."),
    ] = None,
    ledger: LedgerPath = None,
    archive: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--archive", help="The folder of the archive. Default: OLIVEBRANCH_ARCHIVE, else beside the ledger."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Puts whole event archives beside the ledger; what was imported before adds nothing, a broken-off import goes on.

    Exit code 1 where a file could not be read, 3 where no row was read. Rejected rows lie in the archive's rejects/.

    Example: olivebranch import gdelt 2018*.export.CSV.zip --ledger my.duckdb
    """
    from olivebranch.archive_import import import_archives
    from olivebranch.intake.archives import ImportOptions, read_mapping

    options = ImportOptions(
        name=name,
        mapping=read_mapping(map or [], mapping),
        day_format=day_format,
        names_dyads=names_dyads,
        sampled_before=day_of(sampled_before),
    )
    place = open_archive(archive, ledger)
    with _shown_progress(len(files)) as progress:
        report = import_archives(files, format, place, options, progress=progress)
    _print_report(report, place, as_json)
    if not report.total("read"):
        raise typer.Exit(NOTHING_READ)
    raise typer.Exit(SOME_FAILED if report.failures else 0)


@contextmanager
def _shown_progress(files: int) -> Iterator[Callable[[str, int], None]]:
    """A line on standard error, where that is a terminal: file, rows read, rows a second."""
    from time import monotonic

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console, begun, rows_of = Console(stderr=True), monotonic(), dict[str, int]()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as line:
        task = line.add_task(f"{files} files", total=None)

        def show(name: str, rows: int) -> None:
            rows_of[name] = rows
            rate = sum(rows_of.values()) / max(monotonic() - begun, 0.001)
            line.update(task, description=f"{name} ({len(rows_of)} of {files}): {rows:,} rows, {rate:,.0f} a second")

        yield show


def _print_report(report: "ImportReport", archive: "Archive", as_json: bool) -> None:
    resolution = archive.resolution(report.sources) if report.sources else []
    if as_json:
        shown: dict[str, Any] = {
            "archive": str(archive.path),
            "files": [
                {k: v for k, v in asdict(part).items() if k in ("name", "is_done", *COUNTS)} for part in report.parts
            ],
            "failures": [{"file": file, "why": why} for file, why in report.failures],
            "total": {count: report.total(count) for count in COUNTS},
            "resolution": [row._asdict() for row in resolution],
            "coverage": [row._asdict() for row in archive.coverage()],
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))
        return
    _print_counts(report)
    for row in resolution:
        typer.echo(
            f"{row.source}: {row.rows:,} rows held; both ends a country {row.both_countries:.0%}, "
            f"within one country {row.within_country:.0%}, state to state {row.state_pairs:.0%}, "
            f"repeats of the same day {row.repeats:.0%}"
        )
    for _, why in report.failures:
        typer.echo(f"olivebranch: {why}", err=True)


def _print_counts(report: "ImportReport") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("file", box=None)
    for count in COUNTS:
        table.add_column(count, justify="right")
    rows = [(part.name, *(getattr(part, count) for count in COUNTS)) for part in report.parts]
    if len(rows) > 1:
        rows.append(("all", *(report.total(count) for count in COUNTS)))
    for file, *counts in rows:
        table.add_row(Text(str(file)), *(f"{count:,}" for count in counts))
    Console(highlight=False).print(table)

"""`olivebranch overtures RUS:USA`: every overture of one side to the other, and what followed."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from olivebranch.surfaces.options import AsJson, LedgerPath, day_of, open_archive

if TYPE_CHECKING:
    from olivebranch.analysis.overture_report import OvertureReport

Day = Optional[datetime]  # noqa: UP045  (typer reads it at run time)


def overtures(
    dyad: Annotated[str, typer.Argument(help="The directed pair, as in RUS:USA.")],
    since: Annotated[
        Day, typer.Option("--since", formats=["%Y-%m-%d"], help="Only those said from this day on.")
    ] = None,
    as_of: Annotated[
        Day, typer.Option("--as-of", formats=["%Y-%m-%d"], help="Use only what was known by this day.")
    ] = None,
    ledger: LedgerPath = None,
    archive: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--archive", help="The folder of coded archives. Default: the one beside the ledger."),
    ] = None,
    expand_groups: Annotated[
        bool, typer.Option("--expand-groups", help="Count what was offered to a group that the other side belongs to.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Lists the overtures of one side to the other and what followed, beside the dyad's other days.

    Example: olivebranch overtures RUS:USA --since 2014-01-01 --as-of 2015-12-31
    """
    from olivebranch.analysis.overture_report import report_overtures
    from olivebranch.analysis.question import parse_dyad
    from olivebranch.ledger import View
    from olivebranch.surfaces.ledger_commands import open_to_read

    pair = parse_dyad(dyad)
    with open_to_read(ledger) as opened:
        report = report_overtures(
            View(opened, day_of(as_of)), open_archive(archive, ledger), *pair,
            since=day_of(since), expand_groups=expand_groups,
        )  # fmt: skip
    _print(report, as_json)


def _print(report: "OvertureReport", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(write_report(report), default=str, ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from olivebranch.surfaces.overture_layout import lay_out_overtures
    from olivebranch.surfaces.terminal import print_blocks

    print_blocks(lay_out_overtures(report), Console(highlight=False, soft_wrap=False))


def write_report(report: "OvertureReport") -> dict[str, Any]:
    """The report as JSON: every rate with its hits, cases, share and 95 % interval."""
    written: dict[str, Any] = _write(asdict(report), report)
    return written


def _write(plain: Any, value: Any) -> Any:
    """Rates keep their share and interval, which `asdict` leaves out; all else stays as it is."""
    from olivebranch.analysis.likelihood import Rate

    if isinstance(value, Rate):
        return {**plain, "share": value.share, "interval": value.interval}
    if isinstance(plain, dict) and isinstance(value, dict):
        return {str(key): _write(part, value[key]) for key, part in plain.items()}
    if isinstance(plain, dict):
        return {key: _write(part, getattr(value, key)) for key, part in plain.items()}
    if isinstance(plain, list | tuple):
        return [_write(part, whole) for part, whole in zip(plain, value, strict=True)]
    return plain

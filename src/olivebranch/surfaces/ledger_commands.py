"""`olivebranch ledger show | check | correct | undo`: the store by hand."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from olivebranch.surfaces.options import AsJson, day_of

if TYPE_CHECKING:
    from olivebranch.ledger import Ledger

ledger_app = typer.Typer(help="Shows the ledger, checks it, corrects it.", no_args_is_help=True)

LedgerPath = Annotated[
    Optional[str],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--ledger", help="The ledger file. Default: OLIVEBRANCH_LEDGER, else the user's data folder."),
]
Who = Annotated[str, typer.Option("--who", help="Who makes the correction.")]
Why = Annotated[str, typer.Option("--why", help="Why, in a sentence.")]


@ledger_app.command()
def show(
    dyad: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A directed pair, as in RUS:USA; without it, what the ledger holds."),
    ] = None,
    corrections: Annotated[bool, typer.Option("--corrections", help="List the corrections.")] = False,
    as_of: Annotated[
        Optional[datetime],  # noqa: UP045
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="What was known by this day."),
    ] = None,
    ledger: LedgerPath = None,
    as_json: AsJson = False,
) -> None:
    """Shows what the ledger holds: its counts, a dyad's facts and overtures, or the corrections.

    Example: olivebranch ledger show RUS:USA --as-of 2014-09-29
    """
    from olivebranch.analysis.question import parse_dyad
    from olivebranch.ledger import View

    pair = parse_dyad(dyad) if dyad else None
    with open_to_read(ledger) as opened:
        view = View(opened, day_of(as_of))
        if corrections:
            rows: list[dict[str, Any]] = [asdict(correction) for correction in view.corrections()]
        elif pair:
            source, target = pair
            rows = [{"kind": "fact", **asdict(fact)} for fact in view.facts(sources={source}, targets={target})]
            rows += [{"kind": "overture", **asdict(o)} for o in view.overtures(sources={source}, targets={target})]
        else:
            rows = [view.counts()]
    _print_rows(rows, as_json)


@ledger_app.command()
def check(ledger: LedgerPath = None, as_json: AsJson = False) -> None:
    """Looks for contradictions: lifted before imposed, out of office, known too early, outcomes without evidence.

    Exit code 0 where there is none, 1 where there are some.

    Example: olivebranch ledger check --ledger my.duckdb
    """
    from datetime import date

    from olivebranch.analysis.contradictions import Record, count_kinds, find_contradictions
    from olivebranch.codebook import load_codebook
    from olivebranch.ledger import View

    with open_to_read(ledger) as opened:
        view = View(opened)
        record = Record(view.facts(), view.overtures(), view.coverage())
    found = find_contradictions(record, load_codebook(), date.today())
    if as_json:
        typer.echo(json.dumps([asdict(fault) for fault in found], ensure_ascii=False, indent=2))
    else:
        for fault in found:
            typer.echo(f"{fault.record_id}  {fault.kind}: {fault.why}")
        looked = f"{len(record.facts)} facts and {len(record.overtures)} overtures"
        typer.echo(f"{looked}: {_listed(count_kinds(found)) or 'no contradiction'}")
    raise typer.Exit(1 if found else 0)


@ledger_app.command()
def correct(
    record: Annotated[str, typer.Argument(help="The record's id, as `ledger show` prints it.")],
    field: Annotated[str, typer.Argument(help="The field: type, factuality, grade, outcome, is_counted, …")],
    value: Annotated[str, typer.Argument(help='What it should read; "" for not known.')],
    who: Who,
    why: Why,
    ledger: LedgerPath = None,
    as_json: AsJson = False,
) -> None:
    """Corrects a record: a new row with who, when and why; the record itself is never edited.

    Example: olivebranch ledger correct 2014-08-06-food-ban factuality alleged --who "A. Editor" --why "decree not seen"
    """
    from olivebranch.ledger import Ledger, Writer, default_path

    with Ledger(ledger or default_path()) as opened:
        number = Writer(opened).correct(record, field, value, who=who, why=why)
    typer.echo(json.dumps({"correction_id": number}) if as_json else f"correction {number} recorded")


@ledger_app.command()
def undo(
    correction: Annotated[int, typer.Argument(help="The number of the correction.")],
    who: Who,
    why: Why,
    ledger: LedgerPath = None,
    as_json: AsJson = False,
) -> None:
    """Takes a correction back, by a row of its own.

    Example: olivebranch ledger undo 3 --who "A. Editor" --why "the decree was a draft"
    """
    from olivebranch.ledger import Ledger, Writer, default_path

    with Ledger(ledger or default_path()) as opened:
        number = Writer(opened).undo(correction, who=who, why=why)
    typer.echo(json.dumps({"correction_id": number}) if as_json else f"correction {correction} taken back by {number}")


def open_to_read(path: str | None) -> "Ledger":
    """The ledger for reading only, beside other readers; a new one is made first, with the bundled chronologies."""
    from pathlib import Path

    from olivebranch.ledger import Ledger, default_path

    place = path or default_path()
    if Path(place).exists():
        return Ledger(place, read_only=True)
    from olivebranch.pipeline import load_chronologies

    opened = Ledger(place)
    load_chronologies(opened)
    return opened


def _print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False, indent=2))
        return
    from olivebranch.surfaces.layout import write_plain

    for row in rows:
        typer.echo(
            _line({name: write_plain(value) if isinstance(value, str) else value for name, value in row.items()})
        )


def _line(row: dict[str, Any]) -> str:
    if row.get("kind") == "fact":
        return _fact_line(row)
    if row.get("kind") == "overture":
        return _overture_line(row)
    return _listed(row)


def _fact_line(row: dict[str, Any]) -> str:
    sides = f"{','.join(row['actors'])}>{','.join(row['recipients'])}"
    coded = " ".join(part for part in (row["type"], row["cameo"], row["factuality"]) if part)
    return f"{row['happened_from'] or row['known_on']}  {sides}  {coded}  {row['summary']}  [{row['fact_id']}]"


def _overture_line(row: dict[str, Any]) -> str:
    outcome = row["outcome"]["outcome"] if row["outcome"] else "-"
    sides = f"{row['source']}>{','.join(row['targets'])}"
    said = f"overture, {row['grade']}: {row['words']}"
    return f"{row['said_on']}  {sides}  {said}  outcome: {outcome}  [{row['overture_id']}]"


def _listed(row: dict[str, Any]) -> str:
    return ", ".join(f"{value} {name}" if isinstance(value, int) else f"{name}: {value}" for name, value in row.items())

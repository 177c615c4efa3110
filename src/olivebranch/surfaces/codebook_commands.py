"""`olivebranch who` and `olivebranch members`: what the codebook knows, and on what basis."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Optional

import typer

from olivebranch.surfaces.options import AsJson

On = Annotated[
    Optional[datetime],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--on", formats=["%Y-%m-%d"], help="The day. Default: today."),
]


def who(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A person's name or surname, titles and “former” allowed."),
    ] = None,
    office: Annotated[Optional[str], typer.Option("--office", help="An office, as in “foreign minister”.")] = None,  # noqa: UP045
    of: Annotated[Optional[str], typer.Option("--of", help="The country or body, as in RUS.")] = None,  # noqa: UP045
    on: On = None,
    gaps: Annotated[
        bool,
        typer.Option("--gaps", help="List the days since 1990 with no known head, foreign or defence minister."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Who held which office on a day.

    Example: olivebranch who Lavrov --on 2014-09-29
    """
    from olivebranch.codebook import load_codebook
    from olivebranch.codebook.queries import find_holdings
    from olivebranch.errors import UsageError

    codebook, day = load_codebook(), _day(on)
    if of is not None:
        of = _known_code(of)
    if gaps:
        _print_gaps(of, day, as_json)
        return
    if name:
        found = [holding for holding in find_holdings(codebook, name, day) if of in {None, holding.of}]
    elif office and of:
        found = list(codebook.holders_of(of, office, day))
    else:
        raise UsageError("say a name, or both --office and --of, or --gaps")
    rows = [_holding_row(holding) for holding in found]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        days = f"{row['from'] or '?'} to {row['to'] or 'today'}"
        acting = ", acting" if row["acting"] else ""
        typer.echo(f"{row['name']}: {row['office']}, {row['of']}, {days}{acting} ({row['reference'] or row['basis']})")
    if not rows:
        typer.echo(f"nobody of that name or office is known on {day}")


def _known_code(words: str) -> str:
    """The code itself, in capitals.

    Raises:
        UsageError: the codebook has no such code.
    """
    from olivebranch.codebook import load_codebook
    from olivebranch.errors import UsageError

    code = words.strip().upper()
    if load_codebook().resolve(code) != code:
        raise UsageError(f"'{words}' is no code of the codebook: codes are as in RUS or EU")
    return code


def _print_gaps(of: str | None, until: date, as_json: bool) -> None:
    from olivebranch.codebook import load_codebook
    from olivebranch.codebook.queries import find_gaps

    rows = [
        {"of": gap.of, "kind": gap.kind, "from": gap.begins.isoformat(), "to": gap.ends and gap.ends.isoformat()}
        for gap in find_gaps(load_codebook(), of, until)
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['of']}  {row['kind']}: nobody known from {row['from']} to {row['to'] or 'today'}")
    if not rows:
        typer.echo("no gaps")


def _holding_row(holding: Any) -> dict[str, Any]:
    return {
        "name": holding.person.name, "office": holding.office.title, "kind": holding.office.kind, "of": holding.of,
        "from": holding.known_from, "to": holding.known_to, "acting": holding.acting, "basis": holding.basis,
        "reference": holding.reference,
    }  # fmt: skip


def members(
    body: Annotated[str, typer.Argument(help="A body's code, as in EU.")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """The members of a body on a day.

    Example: olivebranch members EU --on 2014-09-30
    """
    from olivebranch.codebook import load_codebook

    codebook, day, body = load_codebook(), _day(on), _known_code(body)
    rows = [
        {"code": m.member, "name": codebook.name_of(m.member), "from": m.begins, "to": m.ends}
        for m in codebook.memberships(body, day)
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        typer.echo(
            "\n".join(f"{row['code']}  {row['name']}, since {row['from'] or '?'}" for row in rows) or "no members known"
        )


def _day(moment: datetime | None) -> date:
    return moment.date() if moment else date.today()

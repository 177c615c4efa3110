"""`olivebranch who` and `olivebranch members`: what the codebook knows, and on what basis."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Optional

import typer

On = Annotated[
    Optional[datetime],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--on", formats=["%Y-%m-%d"], help="The day. Default: today."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def who(
    name: Annotated[Optional[str], typer.Argument(help="A person's name or surname.")] = None,  # noqa: UP045
    office: Annotated[Optional[str], typer.Option("--office", help="An office, as in “foreign minister”.")] = None,  # noqa: UP045
    of: Annotated[Optional[str], typer.Option("--of", help="The country or body, as in RUS.")] = None,  # noqa: UP045
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Who held which office on a day.

    Example: olivebranch who Lavrov --on 2014-09-29
    """
    from olivebranch.codebook import load_codebook
    from olivebranch.errors import UsageError

    codebook, day = load_codebook(), _day(on)
    if name:
        found = [holding for holding in codebook.holdings(name, day) if of in {None, holding.of}]
    elif office and of:
        found = list(codebook.holders_of(of, office, day))
    else:
        raise UsageError("say a name, or both --office and --of")
    rows = [_holding_row(holding) for holding in found]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        days = f"{row['from'] or '?'} to {row['to'] or 'today'}"
        typer.echo(f"{row['name']}: {row['office']}, {row['of']}, {days} ({row['basis']})")
    if not rows:
        typer.echo(f"nobody of that name or office is known on {day}")


def _holding_row(holding: Any) -> dict[str, Any]:
    return {
        "name": holding.person.name, "office": holding.office.title, "kind": holding.office.kind, "of": holding.of,
        "from": _iso(holding.begins), "to": _iso(holding.ends), "acting": holding.acting, "basis": holding.basis,
        "reference": holding.reference,
    }  # fmt: skip


def _iso(day: date) -> str | None:
    return None if day in {date.min, date.max} else day.isoformat()


def members(
    body: Annotated[str, typer.Argument(help="A body's code, as in EU.")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """The members of a body on a day.

    Example: olivebranch members EU --on 2014-09-30
    """
    from olivebranch.codebook import load_codebook
    from olivebranch.errors import UsageError

    codebook, day = load_codebook(), _day(on)
    if codebook.resolve(body) != body:
        raise UsageError(f"'{body}' is no code of the codebook")
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

"""`olivebranch relations` and `olivebranch linkage`: how powers stand towards each other, from coded archives."""

import json
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, Optional

import typer

from olivebranch.surfaces.options import NOTHING_READ, AsJson, day_of, open_archive

if TYPE_CHECKING:
    from olivebranch.analysis.dyad_rows import Coverage, DyadQuestion
    from olivebranch.ledger.archive import Archive


class Step(StrEnum):
    """The periods of a series."""

    week = "week"
    month = "month"


class Of(StrEnum):
    """What linkage compares."""

    all = "all"
    words = "words"
    deeds = "deeds"


Since = Annotated[
    Optional[datetime],  # noqa: UP045  (typer reads it at run time)
    typer.Option("--since", formats=["%Y-%m-%d"], help="Only what happened from this day on."),
]
AsOf = Annotated[
    Optional[datetime],  # noqa: UP045
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Use only what was known by this day. Default: all."),
]
Source = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--source", help="The archive to read, as in icews. Default: the fullest on the dyad; never a sum."),
]
ExpandGroups = Annotated[
    bool, typer.Option("--expand-groups", help="Let a group or body stand for its member states of each day.")
]
LedgerPath = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--ledger", help="The ledger whose archive is read. Default: OLIVEBRANCH_LEDGER, else the user's."),
]
ArchivePath = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--archive", help="The archive's folder, instead of the one beside the ledger."),
]


def relations(
    dyad: Annotated[str, typer.Argument(metavar="DYAD", help="A directed pair, as in RUS:USA; its mirror comes too.")],
    by: Annotated[Step, typer.Option("--by", help="Weeks (Monday to Sunday) or months.")] = Step.week,
    since: Since = None,
    as_of: AsOf = None,
    counts: Annotated[
        bool, typer.Option("--counts", help="Show sums instead of figures per report of the dyad; JSON has both.")
    ] = False,
    plot: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--plot", help="Draw a page into this file, as in rus-usa.html."),
    ] = None,
    source: Source = None,
    expand_groups: ExpandGroups = False,
    ledger: LedgerPath = None,
    archive: ArchivePath = None,
    as_json: AsJson = False,
) -> None:
    """Words and deeds of one power towards another and back, where their level changed, and how cold it is now.

    Example: olivebranch relations RUS:USA --since 2018-01-01 --plot rus-usa.html
    """
    from olivebranch.analysis.relations import find_relations

    question = _ask(dyad, since, as_of, source, expand_groups)
    opened = open_archive(archive, ledger)
    coverage = _coverage(opened)
    found = find_relations(
        opened.connect(), question, by=by.value, basis="counts" if counts else "share", coverage=coverage
    )
    if found is None:
        _say_nothing(coverage, [question])
    if plot is not None:
        from olivebranch.surfaces.relations_plot import draw_relations

        draw_relations(found, Path(plot))
    if as_json:
        typer.echo(_write_json(found))
        return
    from rich.console import Console

    from olivebranch.surfaces.relations_terminal import print_relations

    print_relations(found, Console(highlight=False, soft_wrap=False))
    if plot is not None:
        typer.echo(f"drawn: {plot}")


def linkage(
    one: Annotated[str, typer.Argument(metavar="DYAD", help="A directed pair, as in RUS:USA.")],
    other: Annotated[str, typer.Argument(metavar="DYAD", help="Another one, as in RUS:EU.")],
    max_lag: Annotated[int, typer.Option("--max-lag", help="The longest lead looked for, in weeks (1 to 26).")] = 4,
    of: Annotated[Of, typer.Option("--of", help="Compare words, deeds, or all.")] = Of.all,
    since: Since = None,
    as_of: AsOf = None,
    source: Source = None,
    expand_groups: ExpandGroups = False,
    ledger: LedgerPath = None,
    archive: ArchivePath = None,
    as_json: AsJson = False,
) -> None:
    """Whether the weekly stance of one dyad leads that of another, by how many weeks; it never says causes.

    Example: olivebranch linkage USA:PRK KOR:PRK --max-lag 6
    """
    from olivebranch.analysis.linkage import find_linkage

    questions = [_ask(dyad, since, as_of, source, expand_groups) for dyad in (one, other)]
    opened = open_archive(archive, ledger)
    coverage = _coverage(opened)
    compared: Literal["words", "deeds"] | None = "words" if of is Of.words else "deeds" if of is Of.deeds else None
    found = find_linkage(opened.connect(), *questions, of=compared, max_lag=max_lag, coverage=coverage)
    if found is None:
        _say_nothing(coverage, questions)
    if as_json:
        typer.echo(_write_json(found))
        return
    from rich.console import Console

    from olivebranch.surfaces.linkage_terminal import print_linkage

    print_linkage(found, Console(highlight=False, soft_wrap=False))


def _ask(
    dyad: str, since: datetime | None, as_of: datetime | None, source: str | None, expand_groups: bool
) -> "DyadQuestion":
    from olivebranch.analysis.dyad_rows import DyadQuestion
    from olivebranch.analysis.question import parse_dyad
    from olivebranch.errors import UsageError

    begins, ends = day_of(since), day_of(as_of)
    if begins and ends and begins > ends:
        raise UsageError(f"--since {begins} is later than --as-of {ends}")
    return DyadQuestion(*parse_dyad(dyad), begins, ends, source, expand_groups)


def _coverage(archive: "Archive") -> "tuple[Coverage, ...]":
    from olivebranch.analysis.dyad_rows import Coverage

    return tuple(Coverage(*line) for line in archive.coverage())


def _say_nothing(coverage: "tuple[Coverage, ...]", questions: "list[DyadQuestion]") -> NoReturn:
    """Says why there is nothing to show, and stops."""
    from olivebranch.surfaces.relations_words import write_coverage

    dyads = " or ".join(f"{question.actor}:{question.recipient}" for question in questions)
    if not coverage:
        said = "the archive is empty; fill it with: olivebranch import icews FILES"
    else:
        said = f"no row on {dyads} that may be shown by name; the archive holds {'; '.join(write_coverage(coverage))}"
    typer.echo(f"olivebranch: {said}", err=True)
    raise typer.Exit(NOTHING_READ)


def _write_json(found: Any) -> str:
    return json.dumps(asdict(found), default=_write_value, ensure_ascii=False, indent=2)


def _write_value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

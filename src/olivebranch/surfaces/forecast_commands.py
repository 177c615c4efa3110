"""`olivebranch forecast` and `olivebranch backtest`: how likely a deed is, and how good such forecasts were."""

import csv
import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from olivebranch.errors import UsageError
from olivebranch.surfaces.options import AsJson, LedgerPath, day_of, open_archive

if TYPE_CHECKING:
    from olivebranch.analysis.forecast import Forecast, Forecaster, Question
    from olivebranch.ledger.archive import Archive

Day = Optional[datetime]  # noqa: UP045  (typer reads it at run time)
DAYS = ["%Y-%m-%d"]
ArchivePath = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--archive", help="The archive's folder. Default: OLIVEBRANCH_ARCHIVE, else beside the ledger."),
]
Sources = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--source", help="Use only this archive (icews, gdelt, …); may be given again. Default: all."),
]


def forecast(
    dyad: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="Who does it, to whom, as in RUS:USA. Not with --questions or --score."),
    ] = None,
    deed: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--deed", help="meeting, easing, aid, … or a CAMEO code. Default: each open overture's own."),
    ] = None,
    by: Annotated[
        Day, typer.Option("--by", formats=DAYS, help="The last day that counts. Default: the deed's window.")
    ] = None,
    as_of: Annotated[
        Day,
        typer.Option("--as-of", formats=DAYS, help="Use only what was known by then. Default: the archive's last day."),
    ] = None,
    questions: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--questions", help="CSV with columns dyad, deed, as_of, by: answers all of them."),
    ] = None,
    score: Annotated[
        bool, typer.Option("--score", help="Score the forecasts made so far whose windows closed.")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Write each forecast into the track record.")
    ] = True,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Use the fitted figures that ship, not the archive's own.")
    ] = False,
    source: Sources = None,
    ledger: LedgerPath = None,
    archive: ArchivePath = None,
    as_json: AsJson = False,
) -> None:
    """Says how likely a deed is by a day, beside the pair's own rate, the class's and this side's record.

    Example: olivebranch forecast RUS:USA --deed meeting --by 2018-08-31 --as-of 2018-07-31
    """
    from olivebranch.analysis.forecast import Forecaster
    from olivebranch.ledger.store import default_path

    _check_words(dyad, deed, by, questions, score)
    place = ledger or default_path()
    held = open_archive(archive, place)
    if score:
        _print_score(held, place, as_json)
        return
    if held.is_empty:
        _print_without_archive(dyad, deed, as_json)
        return
    with held.connect() as con:
        forecaster = Forecaster(con, sources=source, shipped_only=shipped)
        asked = (
            _read_questions(questions) if questions else _ask(forecaster, str(dyad), deed, day_of(as_of), day_of(by))
        )
        forecaster.last_known()
        answers = forecaster.answer(asked)
    if record:
        _record(answers, held, place)
    _print_answers(answers, dyad, is_one=bool(deed), as_json=as_json)


def backtest(
    archive: ArchivePath = None,
    train_until: Annotated[
        Day, typer.Option("--train-until", formats=DAYS, help="Last day that fitting may look at.")
    ] = None,
    test_from: Annotated[
        Day, typer.Option("--test-from", formats=DAYS, help="First day on which a question is put.")
    ] = None,
    test_until: Annotated[
        Day, typer.Option("--test-until", formats=DAYS, help="Last such day. Default: the last whose window is over.")
    ] = None,
    window: Annotated[
        Optional[list[int]],  # noqa: UP045
        typer.Option(
            "--window", min=5, max=365, help="Length of the windows in days; may be given again. Default: 30."
        ),
    ] = None,
    refit: Annotated[int, typer.Option("--refit", min=0, help="Fit anew after so many days of the test; 0: once.")] = 0,
    deed: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--deed", help="Only this class or CAMEO code; may be given again. Default: every class."),
    ] = None,
    pooled: Annotated[bool, typer.Option("--pooled", help="Take in archives that lack the biggest powers.")] = False,
    source: Sources = None,
    ledger: LedgerPath = None,
    as_json: AsJson = False,
) -> None:
    """Forecasts the past and scores it: fitted up to one day, asked from another, beside every baseline.

    Example: olivebranch backtest --train-until 2018-04-30 --test-from 2018-05-01 --test-until 2018-07-31
    """
    from datetime import timedelta

    from olivebranch.analysis.backtest import run_backtest
    from olivebranch.analysis.deeds import find_deed_class
    from olivebranch.analysis.forecast import Forecaster
    from olivebranch.ledger.store import default_path

    cut, first = day_of(train_until), day_of(test_from)
    if cut is None or first is None:
        raise UsageError("say --train-until and --test-from, as in --train-until 2018-04-30 --test-from 2018-05-01")
    held = open_archive(archive, ledger or default_path())
    if held.is_empty:
        raise UsageError(
            "there is no archive to test on; make one with `olivebranch import`, or name one with --archive"
        )
    with held.connect() as con:
        last = Forecaster(con, sources=source).last_known() or first
        results = [
            run_backtest(
                con, train_until=cut, test_from=first, test_until=day_of(test_until) or last - timedelta(days=days),
                window_days=days, deeds=[find_deed_class(name) for name in deed] if deed else None,
                refit_days=refit or None, pooled=pooled, sources=source,
            )
            for days in window or [30]
        ]  # fmt: skip
    if as_json:
        said = {"archive": held.digest(), "windows": [result.as_json() for result in results]}
        typer.echo(json.dumps(said, indent=2))
        return
    from olivebranch.surfaces.forecast_layout import lay_out_backtest

    for result in results:
        for line in lay_out_backtest(result):
            typer.echo(line)


def _check_words(dyad: str | None, deed: str | None, by: Day, questions: Path | None, score: bool) -> None:
    if sum((dyad is not None, questions is not None, score)) != 1:
        raise UsageError("say a dyad, as in RUS:USA, or --questions FILE, or --score: one of them")
    if by is not None and deed is None:
        raise UsageError("--by needs --deed: an open overture's criterion has its own last day")


def _ask(
    forecaster: "Forecaster", dyad: str, deed: str | None, as_of: date | None, by: date | None
) -> "list[Question]":
    from olivebranch.analysis.deeds import find_deed_class
    from olivebranch.analysis.forecast import make_question
    from olivebranch.analysis.question import parse_dyad

    actor, recipient = parse_dyad(dyad)
    last = forecaster.last_known()
    day = as_of or last
    if day is None:
        raise UsageError("the archive names no pair of states (its biggest powers are left out); import another")
    if deed is not None:
        return [make_question(actor, recipient, find_deed_class(deed), day, by)]
    return forecaster.open_overtures(actor, recipient, day)


def _read_questions(path: Path) -> "list[Question]":
    """The questions of a CSV file.

    Raises:
        UsageError: it cannot be read, lacks a column, or a line makes no question.
    """
    from olivebranch.analysis.deeds import find_deed_class
    from olivebranch.analysis.forecast import make_question
    from olivebranch.analysis.question import parse_dyad

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error
    found = []
    for number, row in enumerate(rows, 2):
        try:
            days = [date.fromisoformat(row[name].strip()) for name in ("as_of", "by")]
            found.append(make_question(*parse_dyad(row["dyad"]), find_deed_class(row["deed"].strip()), *days))
        except (KeyError, AttributeError, ValueError, UsageError) as error:
            raise UsageError(f"{path}, line {number}: {error}; columns are dyad, deed, as_of, by") from error
    return found


def _record(answers: "list[Forecast]", held: "Archive", ledger: str) -> None:
    from olivebranch.analysis.track_record import make_entry
    from olivebranch.ledger.forecasts import ForecastFile

    inputs = held.digest()
    ForecastFile.beside(ledger).add([make_entry(answer, inputs) for answer in answers])


def _print_score(held: "Archive", ledger: str, as_json: bool) -> None:
    from olivebranch.analysis.track_record import score_entries, sum_up
    from olivebranch.ledger.forecasts import ForecastFile

    kept = ForecastFile.beside(ledger)
    new = 0
    if not held.is_empty:
        with held.connect() as con:
            new = kept.add(score_entries(con, list(kept.read()), held.digest()))
    summary = asdict(sum_up(kept.read())) | {"new": new}
    if as_json:
        typer.echo(json.dumps(summary, indent=2))
        return
    from olivebranch.surfaces.forecast_layout import track_line

    typer.echo(track_line(summary))


def _print_without_archive(dyad: str | None, deed: str | None, as_json: bool) -> None:
    """No archive: the class rates that ship, and how to get one."""
    from olivebranch.analysis.question import parse_dyad
    from olivebranch.surfaces.forecast_layout import lay_out_class_rates, shipped_rates

    if dyad is not None:
        parse_dyad(dyad)
    rates = shipped_rates(deed)
    message = "No archive of coded events: no forecast for a pair. Make one with `olivebranch import`."
    if as_json:
        typer.echo(
            json.dumps({"dyad": dyad, "deed": deed, "probability": None, "why": [message], "class_rates": rates})
        )
        return
    for line in (message, *lay_out_class_rates(rates)):
        typer.echo(line)


def _print_answers(answers: "list[Forecast]", dyad: str | None, *, is_one: bool, as_json: bool) -> None:
    if as_json:
        said: list[dict[str, Any]] = [answer.as_json() for answer in answers]
        typer.echo(json.dumps(said[0] if is_one else said, ensure_ascii=False, indent=2))
        return
    from olivebranch.surfaces.forecast_layout import lay_out_forecast

    if not answers:
        typer.echo(f"{dyad}: no overture is open. Ask of a deed with --deed, as in --deed meeting.")
    for answer in answers:
        for line in lay_out_forecast(answer):
            typer.echo(line)

"""Forecasts of the past, scored: fitted up to one day, asked from another, no window across the cut."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from olivebranch import settings
from olivebranch.analysis.archive_controls import find_control_days, measure_lift
from olivebranch.analysis.archive_outcomes import FIRST_DAY, follow_up
from olivebranch.analysis.baselines import (
    BASELINES,
    DyadRate,
    Rows,
    hazards,
    last_outcomes,
    own_record_chance,
    own_records,
    pick_rows,
)
from olivebranch.analysis.deeds import DeedClass, deed_classes, family_deeds
from olivebranch.analysis.forecast_features import Columns
from olivebranch.analysis.forecast_model import ForecastModel, counted_days, fit_model, pair_names
from olivebranch.analysis.forecast_questions import ask_past
from olivebranch.analysis.scores import (
    Bin,
    Bootstrap,
    Interval,
    Murphy,
    area_under_curve,
    brier_losses,
    calibration_error,
    calibration_floor,
    log_losses,
    murphy_parts,
    reliability_diagram,
)
from olivebranch.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MIN_SCORED = 20
"""A class with fewer questions in the test is counted and not scored."""
MIN_GAIN = 0.005
"""Less skill than this is nothing, however sure."""
PAIRED, ANY_DAY, AFTER_OVERTURE = "paired", "any_day", "overture"


@dataclass(frozen=True, slots=True)
class Scores:
    """How the forecasts of one class and kind of day fared.

    Attributes:
        deed: a class, or `paired`: each overture's own deed. days: `overture` or `any_day` (the grid).
        cases, pairs, hits: questions of the test, pairs of states, how often the deed came. trained: questions of the
            same kind that the baselines were fitted on; class_rate: their share of hits.
        brier, murphy, log_score (nats), auc, calibration_error, calibration_floor, reliability: of the model.
        skill: Brier skill over each baseline. own_record_used: questions with ten resolved cases of the side's own.
        overture_gain: skill of the model with what the overture adds over the same without; overture_finding: in words.
    """

    deed: str
    days: str
    cases: int
    pairs: int
    hits: int
    trained: int
    class_rate: float
    brier: float | None = None
    murphy: Murphy | None = None
    log_score: float | None = None
    auc: float | None = None
    calibration_error: float | None = None
    calibration_floor: float | None = None
    reliability: tuple[Bin, ...] = ()
    skill: dict[str, Interval] | None = None
    own_record_used: int = 0
    overture_gain: Interval | None = None
    overture_finding: str | None = None


@dataclass(frozen=True, slots=True)
class LiftRow:
    """The deed after overtures against the same dyads' placebo days (as `Lift`), within the test."""

    deed: str
    overtures: str
    cases: int
    matched: int
    placebo_days: int
    rate: float | None
    placebo_rate: float | None
    ratio: Interval
    finding: str


@dataclass(frozen=True, slots=True)
class Backtest:
    """A backtest of one window length."""

    train_until: date
    test_from: date
    test_until: date
    window_days: int
    fits: int
    trained: int
    scores: tuple[Scores, ...]
    lifts: tuple[LiftRow, ...]

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        days = {name: getattr(self, name).isoformat() for name in ("train_until", "test_from", "test_until")}
        return asdict(self) | days


def run_backtest(
    con: "DuckDBPyConnection",
    *,
    train_until: date,
    test_from: date,
    test_until: date,
    window_days: int,
    deeds: Collection[DeedClass] | None = None,
    refit_days: int | None = None,
    pooled: bool = False,
    sources: Collection[str] | None = None,
) -> Backtest:
    """Fits on questions whose windows closed by `train_until`, forecasts those put from `test_from` to `test_until`.

    Args:
        con: a connection with `coded_events`; its temporary tables are remade.
        test_until: last day on which a question is put; its window may run on as far as the archive does.
        refit_days: fit anew after so many days of the test, on all windows closed by then; None: one fit.
        pooled: take in archives whose biggest powers were left out.

    Raises:
        UsageError: the days are not in order, or the archive has no question in the training or in the test.
    """
    if not train_until < test_from <= test_until:
        raise UsageError("--train-until must lie before --test-from, and that not after --test-until")
    asked_deeds = tuple(deeds or deed_classes().values())
    more = {"window_days": window_days, "pooled": pooled, "sources": sources}
    fits: list[tuple[Columns, Columns, ForecastModel]] = []
    for cut, first, last in _segments(train_until, test_from, test_until, refit_days):
        train = ask_past(con, asked_deeds, since=None, until=cut, **more)  # type: ignore[arg-type]
        test = ask_past(con, asked_deeds, since=first, until=last + timedelta(days=window_days), **more)  # type: ignore[arg-type]
        test = pick_rows(test, test["on_day"] >= np.datetime64(first))
        _check_cases(train, cut, "training")
        names = [deed.deed for deed in asked_deeds]
        fits.append((train, test, fit_model(train, names, window_days=window_days, until=cut, origin="archive")))
    forecasts = _join([_forecast(*fit) for fit in fits])
    _check_cases(forecasts, test_from, "test")
    lifts = tuple(_find_lifts(con, asked_deeds, test_from, test_until, window_days))
    return Backtest(
        train_until, test_from, test_until, window_days, len(fits), len(fits[0][0]["deed"]),
        tuple(_score_all(forecasts, asked_deeds)), lifts,
    )  # fmt: skip


def _segments(
    train_until: date, test_from: date, test_until: date, refit_days: int | None
) -> Iterator[tuple[date, date, date]]:
    """The stretches of the test, each with the last day that its model may look at."""
    if not refit_days:
        yield train_until, test_from, test_until
        return
    gap, first = test_from - train_until, test_from
    while first <= test_until:
        last = min(first + timedelta(days=refit_days - 1), test_until)
        yield first - gap, first, last
        first = last + timedelta(days=1)


def _check_cases(columns: Columns, day: date, part: str) -> None:
    if not len(columns["deed"]):
        raise UsageError(
            f"the archive has no question of the {part} around {day}: no pair of states with 5 reports in 90 days "
            "whose window is over and covered; say other days, or import more"
        )


def _forecast(train: Columns, test: Columns, model: ForecastModel) -> Columns:
    """The test's questions with the model's forecast, the same without the overture, and every baseline."""
    window = counted_days(test, model.window_days)
    made: Columns = {
        name: np.zeros(len(test["deed"])) for name in ("forecast", "with", "without", "trained", *BASELINES)
    }
    for deed in model.deeds:
        rows = test["deed"] == deed
        if rows.any():
            some = pick_rows(test, rows)
            made["forecast"][rows] = model.chance(deed, some, window[rows])
            made["with"][rows] = model.chance(deed, some, window[rows], with_overture=True)
            made["without"][rows] = model.chance(deed, some, window[rows], with_overture=False)
    made["dyad_hazard"] = hazards(model, test)
    train_hazard = hazards(model, train)
    for of_train, of_test in _alike(train, test, list(model.deeds)):
        made["trained"][of_test] = of_train.sum()
        hits, share = train["hit"][of_train].astype(float), _share(train["hit"][of_train])
        made["class_rate"][of_test] = share
        gate = DyadRate.fit(train_hazard[of_train], train["family"][of_train].astype(str), hits)
        made["dyad_rate"][of_test] = gate.chance(made["dyad_hazard"][of_test], test["family"][of_test].astype(str))
    hits, cases = own_records(_join([train, test]), test, model.window_days)
    made["own_cases"] = cases
    made["own_record"] = own_record_chance(hits, cases, made["class_rate"])
    made["last_outcome"] = last_outcomes(test, model.window_days)
    made["always_half"] = np.full(len(test["deed"]), 0.5)
    return test | made


def _alike(train: Columns, test: Columns, deeds: list[str]) -> Iterator[tuple[Rows, Rows]]:
    """Questions of one class and one kind of day, in the training and in the test."""
    for deed in deeds:
        for said in (True, False):
            of_train, of_test = ((c["deed"] == deed) & (c["is_overture"] == said) for c in (train, test))
            yield of_train, of_test


def _share(hits: Any) -> float:
    """The share of hits, one case of either kind added, so that a class without a hit is not ruled out."""
    return float((hits.sum() + 0.5) / (len(hits) + 1))


def _join(parts: list[Columns]) -> Columns:
    names = set.intersection(*(set(part) for part in parts))
    return {name: np.concatenate([part[name] for part in parts]) for name in sorted(names)}


def _score_all(columns: Columns, deeds: Collection[DeedClass]) -> Iterator[Scores]:
    said = columns["is_overture"].astype(bool)
    paired = said & columns["is_paired"].astype(bool)
    if paired.any():
        yield score_cases(pick_rows(columns, paired), PAIRED, AFTER_OVERTURE)
    for deed in deeds:
        mine = columns["deed"] == deed.deed
        for days, rows in ((AFTER_OVERTURE, mine & said), (ANY_DAY, mine & ~said)):
            if rows.any():
                yield score_cases(pick_rows(columns, rows), deed.deed, days)


def score_cases(columns: Columns, deed: str, days: str) -> Scores:
    """The scores of questions of one kind, each with its forecast, its baselines and its hit."""
    hits, forecast = columns["hit"].astype(float), columns["forecast"]
    pairs = pair_names(columns)
    counts = (
        len(hits),
        len(np.unique(pairs)),
        int(hits.sum()),
        _n_trained(columns),
        float(columns["class_rate"].mean()),
    )
    if len(hits) < MIN_SCORED:
        return Scores(deed, days, *counts)
    losses, chance = brier_losses(forecast, hits), Bootstrap(pairs)
    gain = chance.skill(brier_losses(columns["with"], hits), brier_losses(columns["without"], hits))
    return Scores(
        deed, days, *counts, float(losses.mean()), murphy_parts(forecast, hits),
        float(log_losses(forecast, hits).mean()), area_under_curve(forecast, hits), calibration_error(forecast, hits),
        calibration_floor(forecast), reliability_diagram(forecast, hits),
        {name: chance.skill(losses, brier_losses(columns[name], hits)) for name in BASELINES},
        int((columns["own_cases"] >= settings.MIN_CASES_OWN_RATE).sum()), gain, gain_words(gain),
    )  # fmt: skip


def _n_trained(columns: Columns) -> int:
    """Questions that the baselines were fitted on: those of each class and kind in the test."""
    kinds = {(str(deed), int(n)) for deed, n in zip(columns["deed"], columns["trained"], strict=True)}
    return sum(n for _, n in kinds)


def gain_words(gain: Interval) -> str:
    """What the overture adds to the forecast, said as a finding."""
    if gain.value is None or gain.low is None or gain.high is None:
        return "what the overture adds is not known: too few cases"
    if gain.low > 0 and gain.value >= MIN_GAIN:
        return "the overture adds to the forecast"
    is_worse = gain.high < 0 and gain.value <= -MIN_GAIN
    return "the overture misleads the forecast" if is_worse else "the overture adds nothing"


def _find_lifts(
    con: "DuckDBPyConnection", deeds: Collection[DeedClass], since: date, until: date, window_days: int
) -> Iterator[LiftRow]:
    """Each deed after its own offers, and after any overture, against placebo days of the same dyads.

    Placebo days are matched by dyad, season and volume, lie over 14 days after any overture and do not overlap.
    """
    offers: dict[str, list[str]] = {}
    for family, code in family_deeds().items():
        offers.setdefault(str(code.deed), []).append(family)
    for deed in deeds:
        for which, families in (("of this deed", offers.get(deed.deed)), ("any", None)):
            if which == "any" or families:
                listed = "true" if families is None else f"list_contains({sorted(families)!r}, family)"
                con.execute(
                    "CREATE OR REPLACE TEMP TABLE said_in_test AS "
                    f"FROM overtures WHERE {listed} AND on_day BETWEEN ? AND ?",
                    [since, until],
                )
                yield _lift_row(con, deed, which, window_days)


def _lift_row(con: "DuckDBPyConnection", deed: DeedClass, which: str, window_days: int) -> LiftRow:
    find_control_days(con, "said_in_test", window_days=window_days, into="placebo_days")
    for table in ("said_in_test", "placebo_days"):
        follow_up(
            con, table, deed=deed.prefixes, window_days=window_days, sides=deed.actor_side, first_day=FIRST_DAY,
            into=f"{table}_followed",
        )  # fmt: skip
    lift = measure_lift(con, "said_in_test_followed", "placebo_days_followed")
    low, high = lift.ratio_interval or (None, None)
    ratio = Interval(lift.ratio, low, high)
    return LiftRow(
        deed.deed, which, lift.overtures.cases, lift.matched.cases, lift.n_control_days, lift.matched.share,
        lift.control_rate, ratio, lift_words(ratio),
    )  # fmt: skip


def lift_words(ratio: Interval) -> str:
    """Whether the deed is likelier after an overture than on the dyads' other days."""
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return "no control: too few comparable days"
    if ratio.low > 1:
        return "likelier than on other days"
    return "less likely than on other days" if ratio.high < 1 else "no more likely than on other days"

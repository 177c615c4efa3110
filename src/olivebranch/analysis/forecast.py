"""How likely is it that this deed is done by that day? For any pair and deed, with or without an overture."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from olivebranch import settings
from olivebranch.analysis.archive_outcomes import follow_criteria
from olivebranch.analysis.archive_overtures import find_archive_overtures
from olivebranch.analysis.backtest import gain_words
from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.deeds import DeedClass, deed_classes
from olivebranch.analysis.forecast_drivers import DRIVERS, Driver
from olivebranch.analysis.forecast_features import Columns, add_features, fetch_columns, gather_history
from olivebranch.analysis.forecast_model import DeedModel, ForecastModel, Track, fit_model
from olivebranch.analysis.forecast_questions import ask_past
from olivebranch.analysis.likelihood import Rate, likelihood_words
from olivebranch.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WINDOWS = (7, 14, 30, 60, 90, 180)
"""Window lengths that a model is fitted for; a question takes the one nearest to its own (in ratio)."""
MONTHLY_FROM_DAYS = 120
"""Where the archive's past is at least so long, the model is that of the month before, so that questions share it."""
MIN_PUSH = 0.05
"""A driver that moves the log odds by less is not worth a line."""
SURE_CASES, SURE_REPORTS, SURE_STRETCH = 300, 20, 1.5
"""What moderate confidence needs: cases, reports on the pair, a window at most so much longer than the fitted one."""
MAX_DRIVERS = 5

Basis = Literal["forecast", "class_rate", "counts"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question: does `actor` do `deed` to `recipient` from `counts_from` to `by` (inclusive), as known on `as_of`?

    `said_on` and `family` tell of the overture whose criterion it is, where it is one.
    """

    actor: str
    recipient: str
    deed: DeedClass
    as_of: date
    by: date
    counts_from: date
    said_on: date | None = None
    family: str | None = None

    @property
    def window(self) -> int:
        """Days from the day of asking to the last."""
        return (self.by - self.as_of).days


def make_question(actor: str, recipient: str, deed: DeedClass, as_of: date, by: date | None = None) -> Question:
    """A question without an overture: deeds count from the day after `as_of`; `by` defaults to the class's window.

    Raises:
        UsageError: `by` is not after `as_of`.
    """
    last = by or as_of + timedelta(days=deed.window_days)
    if last <= as_of:
        raise UsageError(f"--by {last} is not after the day of the forecast, {as_of}; say a later day, or --as-of")
    return Question(actor, recipient, deed, as_of, last, as_of + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Forecast:
    """An answer. `probability`, `interval`, `likelihood` and `confidence` are None where cases are too few to say.

    `cases`: resolved questions of the class (deed and window, any dyad, not overlapping) and how many the deed came in.
    `baselines`: class_rate, dyad_rate (the pair's own calibrated hazard, no overture used), own_record, last_outcome,
    always_half; each an object with `share`, None where it may not be said. `drivers`: what moves the probability away
    from the mean case. `rests_on`: what the confidence rests on. `why`: sentences.
    """

    dyad: str
    deed: str
    codes: tuple[str, ...]
    as_of: date
    by: date
    counts_from: date
    basis: Basis
    probability: float | None
    interval: tuple[float, float] | None
    likelihood: str | None
    confidence: str | None
    rests_on: tuple[str, ...]
    cases: int
    hits: int
    reports_90: int
    baselines: dict[str, dict[str, Any]]
    drivers: tuple[dict[str, Any], ...]
    overture: dict[str, Any] | None
    model: dict[str, Any]
    why: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it: days as text, tuples as arrays."""
        days = {name: getattr(self, name).isoformat() for name in ("as_of", "by", "counts_from")}
        said: dict[str, Any] = json.loads(json.dumps(asdict(self) | days))
        return said


@cache
def shipped_models() -> dict[int, ForecastModel]:
    """The fitted figures that ship, by window length."""
    text = files("olivebranch.analysis").joinpath("data", "forecast_coefficients.json").read_text(encoding="utf-8")
    return {model["window_days"]: ForecastModel.from_json(model) for model in json.loads(text)["models"]}


def nearest_window(days: int, among: Sequence[int] = WINDOWS) -> int:
    """The window length nearest to `days` in ratio."""
    return min(among, key=lambda window: abs(np.log(window / max(days, 1))))


class Forecaster:
    """Answers questions from one archive; models are fitted once for each month and window length.

    Args:
        con: a connection with `coded_events`. sources: only these archives.
        shipped_only: use the shipped figures even where the archive has cases enough.
    """

    def __init__(
        self, con: "DuckDBPyConnection", *, sources: Sequence[str] | None = None, shipped_only: bool = False
    ) -> None:
        self.con, self.sources, self.shipped_only = con, sources, shipped_only
        self._models: dict[tuple[date, int, tuple[str, ...]], ForecastModel] = {}

    def last_known(self) -> date | None:
        """The last day of which the archive knows anything; None where it is empty."""
        scope = [list(self.sources) if self.sources else None] * 2
        rows = self.con.execute(
            "SELECT min(happened_on), max(coalesce(known_on, happened_on)) FROM coded_events "
            "WHERE names_dyads AND NOT is_sampled AND (? IS NULL OR list_contains(?, source))",
            scope,
        ).fetchall()
        self._begins, last = rows[0]
        return last  # type: ignore[no-any-return]

    def open_overtures(self, actor: str, recipient: str, as_of: date) -> list[Question]:
        """A question for the criterion of each overture of this side that is open: its window not over, no deed yet."""
        find_archive_overtures(self.con, since=date.min, until=as_of, as_of=as_of, sources=self.sources)
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE of_dyad AS FROM overtures WHERE (actor = ? AND recipient = ?) "
            "OR (is_mutual AND actor = ? AND recipient = ?)",
            [actor, recipient, recipient, actor],
        )
        follow_criteria(self.con, "of_dyad", into="criteria")
        rows = self.con.execute(
            "SELECT deed, said_on, window_days, family FROM criteria WHERE outcome = 'open' ORDER BY said_on, deed"
        ).fetchall()
        return [self._criterion(actor, recipient, as_of, *row) for row in rows]

    @staticmethod
    def _criterion(
        actor: str, recipient: str, as_of: date, deed: str, said_on: date, window_days: int, family: str
    ) -> Question:
        starts = max(as_of + timedelta(days=1), said_on + timedelta(days=settings.SAME_STORY_DAYS + 1))
        ends = said_on + timedelta(days=window_days)
        return Question(actor, recipient, deed_classes()[deed], as_of, ends, starts, said_on, family)

    def answer(self, questions: Sequence[Question]) -> list[Forecast]:
        """The forecasts, in the order of the questions."""
        models = [self._model_for(question) for question in questions]
        rows = self._measure(questions)
        return [_Answer(q, m, row).forecast() for q, m, row in zip(questions, models, rows, strict=True)]

    def _measure(self, questions: Sequence[Question]) -> list[Columns]:
        """What was known of each question on its day, as columns of one row; empty where nothing was."""
        if not questions:
            return []
        deeds = {question.deed.deed: question.deed for question in questions}
        last = max(question.as_of for question in questions)
        gather_history(self.con, deeds=tuple(deeds.values()), until=last, sources=self.sources)
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE questions (question BIGINT, actor VARCHAR, recipient VARCHAR, on_day DATE, "
            "deed VARCHAR, first_day INTEGER)"
        )
        self.con.executemany(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?)",
            [
                (n, q.actor, q.recipient, q.as_of, q.deed.deed, (q.counts_from - q.as_of).days)
                for n, q in enumerate(questions)
            ],
        )
        columns = fetch_columns(self.con, add_features(self.con))
        place = {int(number): i for i, number in enumerate(columns["question"])}
        own = self._own_records(questions)
        found = []
        for number in range(len(questions)):
            rows = [place[number]] if number in place else []
            one = {name: column[rows] for name, column in columns.items()}
            found.append(one | {"own": np.array([own[number]])} if rows else {"own": np.array([own[number]])})
        return found

    def _own_records(self, questions: Sequence[Question]) -> list[tuple[int, int]]:
        """Hits and cases of each side's earlier offers of the deed, resolved by the day."""
        follow_criteria(self.con, "overtures", into="criteria")
        found = []
        for q in questions:
            row = self.con.execute(
                "SELECT count(*) FILTER (n_deeds > 0), count(*) FROM criteria WHERE is_covered AND actor = ? "
                "AND recipient = ? AND deed = ? AND said_on + window_days <= ?",
                [q.actor, q.recipient, q.deed.deed, q.as_of],
            ).fetchall()[0]
            found.append((int(row[0]), int(row[1])))
        return found

    def _model_for(self, question: Question) -> ForecastModel:
        """The model of the month before and the nearest window with cases enough; else the shipped one."""
        window, deed = nearest_window(question.window), question.deed
        for length in [w for w in reversed(WINDOWS) if w <= window] if not self.shipped_only else []:
            model = self._fitted(self._cut(question.as_of), length, deed)
            if model is not None and model.deeds[deed.deed].windows >= settings.MIN_CASES_FORECAST:
                return model
        shipped = [length for length, model in shipped_models().items() if deed.deed in model.deeds]
        if shipped:
            return shipped_models()[nearest_window(question.window, shipped)]
        return self._fitted(self._cut(question.as_of), WINDOWS[0], deed) or _no_model(question)

    def _cut(self, as_of: date) -> date:
        month = as_of.replace(day=1) - timedelta(days=1)
        begins = getattr(self, "_begins", None)
        return month if begins and (month - begins).days >= MONTHLY_FROM_DAYS else as_of

    def _fitted(self, cut: date, window_days: int, deed: DeedClass) -> ForecastModel | None:
        known = deed_classes()
        deeds = {**known, deed.deed: deed}
        key = (cut, window_days, () if deed.deed in known else (deed.deed,))
        if key not in self._models:
            cases = ask_past(
                self.con, tuple(deeds.values()), since=None, until=cut, window_days=window_days, sources=self.sources
            )
            self._models[key] = fit_model(cases, deeds, window_days=window_days, until=cut, origin="archive")
        return self._models[key]


def _no_model(question: Question) -> ForecastModel:
    raise UsageError(f"there is nothing to forecast '{question.deed.deed}' from; import an archive first")


@dataclass(frozen=True, slots=True)
class _Answer:
    """One question with its model and what was known of it."""

    question: Question
    fitted: ForecastModel
    row: Columns

    def forecast(self) -> Forecast:
        q, model = self.question, self._model
        basis, chance = self._basis(), self._chance()
        said = chance if basis == "forecast" else None
        interval = _interval(chance, model.tracks) if said is not None else None
        confidence, rests_on = self._confidence()
        return Forecast(
            f"{q.actor}:{q.recipient}", q.deed.deed, q.deed.prefixes, q.as_of, q.by, q.counts_from, basis,
            None if said is None else round(said, 4), interval, None if said is None else likelihood_words(said),
            confidence if said is not None else None, rests_on, model.windows, model.window_hits, self._reports,
            self._baselines(), self._drivers() if said is not None else (), self._overture(),
            {
                "fitted_on": self.fitted.origin, "until": self.fitted.until.isoformat(),
                "window_days": self.fitted.window_days,
            },
            tuple(self._why(basis)),
        )  # fmt: skip

    @property
    def _model(self) -> DeedModel:
        return self.fitted.deeds[self.question.deed.deed]

    @property
    def _is_measured(self) -> bool:
        return "reports_90" in self.row

    @property
    def _reports(self) -> int:
        return int(self.row["reports_90"][0]) if self._is_measured else 0

    @property
    def _window(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        return np.array([float((self.question.by - self.question.counts_from).days + 1)])

    def _chance(self) -> float:
        if not self._is_measured:
            return 0.0
        return float(self.fitted.chance(self.question.deed.deed, self.row, self._window)[0])

    def _basis(self) -> Basis:
        cases = self._model.windows
        if cases >= settings.MIN_CASES_FORECAST and self._reports >= settings.MIN_REPORTS_FORECAST:
            return "forecast"
        return "class_rate" if cases >= settings.MIN_CASES_CLASS_RATE else "counts"

    def _baselines(self) -> dict[str, dict[str, Any]]:
        q, model = self.question, self._model
        rate = Rate(model.window_hits, model.windows)
        offers, own = Rate(model.offer_hits, model.offers), Rate(*map(int, self.row["own"][0]))
        measured = self._is_measured and self._reports >= settings.MIN_REPORTS_FORECAST
        since = int(self.row["days_since"][0]) if self._is_measured else None
        dyad = float(self.fitted.dyad_rate(q.deed.deed, self.row, self._window)[0]) if measured else None
        return {
            "dyad_rate": {"share": None if dyad is None else round(dyad, 4)},
            "class_rate": _told(rate, settings.MIN_CASES_CLASS_RATE) | {"window_days": self.fitted.window_days},
            "class_rate_after_offers": _told(offers, settings.MIN_CASES_CLASS_RATE)
            | {"window_days": self.fitted.window_days},
            "own_record": _told(own, settings.MIN_CASES_OWN_RATE),
            "last_outcome": {"share": None if since is None else float(since < q.window)},
            "always_half": {"share": 0.5},
        }

    def _drivers(self) -> tuple[dict[str, Any], ...]:
        pushes = self.fitted.pushes(self.question.deed.deed, self.row, self._window)[0]
        weights = self._model.weights if self._model.uses_overture else self._model.weights_without
        order = sorted(range(len(DRIVERS)), key=lambda i: -abs(pushes[i]))
        return tuple(
            _driver(DRIVERS[i], self.row, float(pushes[i]), float(weights[-len(DRIVERS) + i]))
            for i in order[:MAX_DRIVERS]
            if abs(pushes[i]) >= MIN_PUSH
        )

    def _overture(self) -> dict[str, Any] | None:
        q = self.question
        if q.said_on is None:
            return None
        gain = self._model.gain
        return {
            "said_on": q.said_on.isoformat(), "family": q.family, "used": self._model.uses_overture,
            "gain": asdict(gain), "finding": gain_words(gain),
        }  # fmt: skip

    def _confidence(self) -> tuple[str, tuple[str, ...]]:
        """Moderate where the archive's own cases, the pair's reports and the window allow it; never high."""
        longer = self.question.window / self.fitted.window_days
        grounds = (
            (self.fitted.origin == "archive", f"figures fitted on {self._origin()}"),
            (self._model.windows >= SURE_CASES, f"{self._model.windows} resolved cases of the class"),
            (self._reports >= SURE_REPORTS, f"{self._reports} reports on the pair in {settings.STATE_DAYS} days"),
            (longer <= SURE_STRETCH, f"a window {longer:.1f} times the one fitted ({self.fitted.window_days} days)"),
        )
        return "moderate" if all(good for good, _ in grounds) else "low", tuple(words for _, words in grounds)

    def _origin(self) -> str:
        where = "this archive" if self.fitted.origin == "archive" else "the figures that ship"
        return f"{where}, to {day_words(self.fitted.until)}"

    def _why(self, basis: Basis) -> list[str]:
        model, rate = self._model, Rate(self._model.window_hits, self._model.windows)
        lines = [f"Of all pairs of states, {rate.words()} did this within {self.fitted.window_days} days."]
        if basis == "counts":
            lines.append(
                f"No percentage: {model.windows} resolved cases of this class, "
                f"{settings.MIN_CASES_CLASS_RATE} are needed."
            )
        elif basis == "class_rate":
            lines.append(
                f"No forecast for this pair: {self._reports} reports in {settings.STATE_DAYS} days "
                f"({settings.MIN_REPORTS_FORECAST} are needed), {model.windows} resolved cases "
                f"({settings.MIN_CASES_FORECAST} are needed). The class rate stands in, and is marked so."
            )
        gain = model.gain
        if gain.value is not None:
            words = gain_words(gain)
            lines.append(f"{words[0].upper()}{words[1:]} for this deed: skill {gain.words()} over the same without it.")
        if self.fitted.origin != "archive":
            lines.append(f"The archive has too few cases of its own, or was not to be used: {self._origin()}.")
            if self.question.as_of <= self.fitted.until:
                lines.append("They were fitted on months that this question asks about: no fair test of a forecast.")
        return lines


def _told(rate: Rate, needed: int) -> dict[str, Any]:
    """Counts always; share and interval only from so many cases."""
    said: dict[str, Any] = {"hits": rate.hits, "cases": rate.cases, "share": None, "interval": None}
    if rate.cases >= needed and rate.share is not None:
        said |= {"share": round(rate.share, 4), "interval": [round(end, 4) for end in rate.interval]}
    return said


def _driver(driver: Driver, row: Columns, push: float, weight: float) -> dict[str, Any]:
    count = round(float(row[driver.told][0])) if driver.told else None
    return {
        "driver": driver.name, "words": driver.words.format(count=count), "value": count,
        "effect": "raises" if push > 0 else "lowers", "odds_ratio": round(float(np.exp(push)), 2),
        "sign": "+" if weight > 0 else "-",
    }  # fmt: skip


def _interval(chance: float, tracks: Sequence[Track]) -> tuple[float, float] | None:
    """How far off cases forecast alike were, out of fold: their share's interval, moved from their mean to `chance`."""
    if not tracks:
        return None
    alike = max((t for t in tracks if t.from_ <= chance), key=lambda t: t.from_, default=tracks[0])
    low, high = chance + alike.low - alike.forecast, chance + alike.high - alike.forecast
    return round(max(0.0, min(low, chance)), 4), round(min(1.0, max(high, chance)), 4)

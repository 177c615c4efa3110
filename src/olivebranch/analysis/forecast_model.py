"""The model: the pair's own hazard, moved by what else is known; one set of weights that each class of deeds bends."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from olivebranch import settings
from olivebranch.analysis.calibration import apply_platt, expit, fit_logistic, fit_platt
from olivebranch.analysis.forecast_drivers import DRIVERS, IS_OF_OVERTURE, N_OWN, measure_drivers, measure_hazard
from olivebranch.analysis.forecast_features import Columns, name_count
from olivebranch.analysis.hazard import HALF_LIVES, HazardPrior, fit_prior
from olivebranch.analysis.scores import Bootstrap, Floats, Interval, bin_of, brier_losses

PULL_SHARED, PULL_CLASS = 100.0, 300.0
"""Precision that holds a driver's weight (per standard deviation) to 0, and a class's own to that of all classes."""
PULL_HAZARD, PULL_LEVEL, PULL_WINDOW = 0.1, 0.5, 1e9
"""The hazard's slope is held to 1 with a tenth of that; a class's level hardly at all; the window's weight is 1."""
MAX_SHARED_CASES = 20_000
FOLDS = 4
MIN_BIN_CASES = 60


@dataclass(frozen=True, slots=True)
class Track:
    """How cases that were forecast alike turned out, out of fold: mean forecast, share that happened, its interval."""

    from_: float
    forecast: float
    happened: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class DeedModel:
    """The model of one class of deeds.

    Attributes:
        weights: level, hazard, window, then each driver, per standard deviation; weights_without: the same fitted
            without an overture's drivers (their weights 0).
        platt, platt_without: shift and slope of the last correction.
        cases, hits: questions that it was fitted on. windows, window_hits: of these, in windows that do not overlap
            within a pair: what "n cases" says. offers, offer_hits: after an offer of this very deed.
        hazard_platt: the correction that makes of the pair's own hazard the dyad's calibrated rate.
        tracks: by rising forecast. gain: skill of the model over the same without the overture, on days of overtures,
            out of fold.
    """

    prior: HazardPrior
    weights: tuple[float, ...]
    weights_without: tuple[float, ...]
    platt: tuple[float, float]
    platt_without: tuple[float, float]
    hazard_platt: tuple[float, float]
    cases: int
    hits: int
    windows: int
    window_hits: int
    offers: int
    offer_hits: int
    tracks: tuple[Track, ...]
    gain: Interval

    @property
    def uses_overture(self) -> bool:
        """Whether an overture may move the forecast: only where that made it better in training, clear of chance."""
        return self.gain.low is not None and self.gain.low > 0


@dataclass(frozen=True, slots=True)
class ForecastModel:
    """Fitted models by class. `centre` and `spread` scale the drivers; fitting looked at nothing after `until`."""

    window_days: int
    until: date
    origin: str
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    deeds: dict[str, DeedModel]

    def chance(self, deed: str, columns: Columns, window: Floats, *, with_overture: bool | None = None) -> Floats:
        """The probability of each question of one class.

        Args:
            window: days in which the deed counts. with_overture: whether what the overture says is used; None: only
            where it earned that in training.
        """
        model = self.deeds[deed]
        if with_overture is None:
            with_overture = model.uses_overture
        scaled = self._scaled(columns, model.prior, window)
        weights = np.array(model.weights if with_overture else model.weights_without)
        raw = expit(scaled @ weights)
        return apply_platt(raw, model.platt if with_overture else model.platt_without)

    def pushes(self, deed: str, columns: Columns, window: Floats) -> Floats:
        """Cases x drivers: by how much each driver moves the log odds from where they are in the mean case."""
        model = self.deeds[deed]
        weights, platt = (
            (model.weights, model.platt) if model.uses_overture else (model.weights_without, model.platt_without)
        )
        scaled = self._scaled(columns, model.prior, window)[:, 1 + N_OWN :]
        return np.asarray(scaled * np.array(weights)[1 + N_OWN :] * platt[1], dtype=np.float64)

    def dyad_rate(self, deed: str, columns: Columns, window: Floats) -> Floats:
        """The pair's own calibrated chance: its hazard alone, no overture and no other driver used."""
        model = self.deeds[deed]
        return apply_platt(measure_hazard(columns, model.prior, window), model.hazard_platt)

    def _scaled(self, columns: Columns, prior: HazardPrior, window: Floats) -> Floats:
        raw = measure_drivers(columns, prior, window, usual_days(self.window_days))
        return _scale(raw, np.array(self.centre), np.array(self.spread))

    def as_json(self) -> dict[str, Any]:
        """The fitted figures, to be kept in a file."""
        return asdict(self) | {"until": self.until.isoformat(), "drivers": [driver.name for driver in DRIVERS]}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ForecastModel":
        """The model that `as_json` gave."""
        deeds = {name: _deed_from_json(parts) for name, parts in stored["deeds"].items()}
        return cls(
            stored["window_days"], date.fromisoformat(stored["until"]), stored["origin"], tuple(stored["centre"]),
            tuple(stored["spread"]), deeds,
        )  # fmt: skip


def _deed_from_json(parts: dict[str, Any]) -> DeedModel:
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in parts.items()}
    made |= {
        "prior": HazardPrior(**parts["prior"]),
        "gain": Interval(**parts["gain"]),
        "tracks": tuple(Track(**track) for track in parts["tracks"]),
    }
    return DeedModel(**made)


def counted_days(columns: Columns, window_days: int) -> Floats:
    """In how many days of its window each question's deed counts: from its first_day to the last."""
    return np.asarray(window_days - columns["first_day"] + 1, dtype=np.float64)


def usual_days(window_days: int) -> float:
    """In how many days a deed counts after an overture: from day 4 to the window's last."""
    return float(window_days - settings.SAME_STORY_DAYS)


def fit_model(cases: Columns, deeds: Iterable[str], *, window_days: int, until: date, origin: str) -> ForecastModel:
    """Fits every class of `deeds` to the questions `cases` (as `add_outcomes` gives them).

    Deterministic. Raises nothing for want of cases: a class without any has the weights of all classes.
    """
    return _Fitting(cases, sorted(deeds), window_days).model(until, origin)


class _Fitting:
    """The cases as arrays, each fitted and forecast in turn."""

    def __init__(self, cases: Columns, deeds: list[str], window_days: int) -> None:
        self.cases, self.deeds, self.window_days = cases, deeds, window_days
        self.hits = cases["hit"].astype(np.float64)
        self.of = np.searchsorted(np.array(deeds), cases["deed"]) if len(deeds) else np.zeros(0, np.intp)
        self.pairs = pair_names(cases)
        # A window busier than the past would teach that all deeds come oftener than they do: its days count for more.
        self.window = counted_days(cases, window_days) * cases["busyness"]
        self.priors = {deed: self._fit_prior(np.flatnonzero(self.of == i)) for i, deed in enumerate(deeds)}
        raw = self._measure()
        self.centre, self.spread = _scaling(raw)
        self.scaled = _scale(raw, self.centre, self.spread)

    def model(self, until: date, origin: str) -> ForecastModel:
        everything = np.ones(len(self.hits), dtype=bool)
        weights, without = self._fit(everything, True), self._fit(everything, False)
        folded, folded_without = self._out_of_fold()
        shared = fit_platt(folded, self.hits)
        deeds = {
            deed: self._deed(i, (weights[i], without[i]), (folded, folded_without), shared)
            for i, deed in enumerate(self.deeds)
        }
        return ForecastModel(self.window_days, until, origin, _rounded(self.centre), _rounded(self.spread), deeds)

    def _fit_prior(self, rows: npt.NDArray[np.intp]) -> HazardPrior:
        counts = {life: self.cases[name_count(life)][rows].astype(np.float64) for life in HALF_LIVES}
        days = self.cases["past_days"][rows].astype(np.float64)
        return fit_prior(counts, days, self.window[rows], self.hits[rows])

    def _measure(self) -> Floats:
        raw, usual = np.zeros((len(self.hits), len(DRIVERS) + N_OWN)), usual_days(self.window_days)
        for i, deed in enumerate(self.deeds):
            rows = self.of == i
            some = {name: column[rows] for name, column in self.cases.items()}
            raw[rows] = measure_drivers(some, self.priors[deed], self.window[rows], usual)
        return raw

    def _fit(self, rows: npt.NDArray[np.bool_], with_overture: bool) -> list[Floats]:
        """The weights of each class, from these rows: first those of all classes, then each class's own."""
        shared, levels = self._fit_shared(rows, with_overture)
        pull = np.concatenate([[PULL_LEVEL], _pulls(PULL_CLASS)])
        used = _used(with_overture)
        found = []
        for i in range(len(self.deeds)):
            mine, start = rows & (self.of == i), np.concatenate([levels[i : i + 1], shared])
            weights = np.zeros(len(start))
            weights[used] = fit_logistic(self.scaled[mine][:, used], self.hits[mine], start[used], pull[used])
            found.append(weights)
        return found

    def _fit_shared(self, rows: npt.NDArray[np.bool_], with_overture: bool) -> tuple[Floats, Floats]:
        """The weights of hazard and drivers over all classes, and each class's level."""
        some = np.flatnonzero(rows)
        some = some[:: max(1, len(some) // MAX_SHARED_CASES)]
        n, used = len(self.deeds), _used(with_overture)[1:]
        levels = (self.of[some][:, None] == np.arange(n)).astype(np.float64)
        columns = np.column_stack([levels, self.scaled[some][:, 1:][:, used]])
        start = np.concatenate([np.zeros(n), np.ones(N_OWN), np.zeros(used.sum() - N_OWN)])
        pull = np.concatenate([np.full(n, 1.0), _pulls(PULL_SHARED)[used]])
        fitted = fit_logistic(columns, self.hits[some], start, pull)
        shared = np.zeros(len(DRIVERS) + N_OWN)
        shared[used] = fitted[n:]
        return shared, fitted[:n]

    def _out_of_fold(self) -> tuple[Floats, Floats]:
        """Each case forecast by weights that never saw its pair: with and without the overture's drivers."""
        _, number = np.unique(self.pairs, return_inverse=True)
        chances = (np.full(len(self.hits), 0.5), np.full(len(self.hits), 0.5))
        for fold in range(FOLDS):
            held = number % FOLDS == fold
            for with_overture, chance in zip((True, False), chances, strict=True):
                for i, weights in enumerate(self._fit(~held, with_overture)):
                    mine = held & (self.of == i)
                    chance[mine] = expit(self.scaled[mine] @ weights)
        return chances

    def _deed(
        self, i: int, weights: tuple[Floats, Floats], folded: tuple[Floats, Floats], shared: tuple[float, float]
    ) -> DeedModel:
        mine = self.of == i
        hits, pairs = self.hits[mine], self.pairs[mine]
        platts = [fit_platt(chance[mine], hits, shared) for chance in folded]
        chance, without = (apply_platt(c[mine], p) for c, p in zip(folded, platts, strict=True))
        apart, said = self._apart(mine), self.cases["is_overture"][mine].astype(bool)
        offered = said & self.cases["is_paired"][mine].astype(bool)
        some = {name: column[mine] for name, column in self.cases.items()}
        hazard = measure_hazard(some, self.priors[self.deeds[i]], self.window[mine])
        gain = _gain(chance[said], without[said], hits[said], pairs[said])
        used = chance if gain.low is not None and gain.low > 0 else without
        return DeedModel(
            self.priors[self.deeds[i]], _rounded(weights[0]), _rounded(weights[1]), _rounded(platts[0]),
            _rounded(platts[1]), _rounded(fit_platt(hazard, hits)), int(mine.sum()), int(hits.sum()), int(apart.sum()),
            int(hits[apart].sum()), int(offered.sum()), int(hits[offered].sum()), past_tracks(used, hits, pairs), gain,
        )  # fmt: skip

    def _apart(self, mine: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """One question of each directed dyad and window length: cases that do not overlap."""
        keys = np.array([
            f"{actor}>{recipient} {day.astype('datetime64[D]').astype(int) // self.window_days}"
            for actor, recipient, day in zip(
                self.cases["actor"][mine], self.cases["recipient"][mine], self.cases["on_day"][mine], strict=True
            )
        ] or [""][:0])  # fmt: skip
        first = np.zeros(len(keys), dtype=bool)
        first[np.unique(keys, return_index=True)[1]] = True
        return first


def pair_names(cases: Columns) -> npt.NDArray[np.str_]:
    """The undirected pair of each case: what a bootstrap draws and a fold holds out."""
    actors, recipients = cases["actor"].astype(str), cases["recipient"].astype(str)
    is_first = actors < recipients
    low, high = np.where(is_first, actors, recipients), np.where(is_first, recipients, actors)
    return np.char.add(np.char.add(low, "-"), high)


def past_tracks(chances: Floats, hits: Floats, pairs: npt.NDArray[np.str_]) -> tuple[Track, ...]:
    """How cases forecast alike turned out: up to ten bins, each with an interval from a bootstrap over pairs."""
    if not len(hits):
        return ()
    where = bin_of(chances, max(1, min(10, len(hits) // MIN_BIN_CASES)))
    found = []
    for b in np.unique(where):
        mine = where == b
        share = Bootstrap(pairs[mine], 400).mean(hits[mine])
        found.append(
            Track(
                round(float(chances[mine].min()), 4),
                round(float(chances[mine].mean()), 4),
                round(share.value or 0.0, 4),
                round(share.low or 0.0, 4),
                round(share.high or 0.0, 4),
                int(mine.sum()),
            )
        )
    return tuple(found)


def _gain(chance: Floats, without: Floats, hits: Floats, pairs: npt.NDArray[np.str_]) -> Interval:
    if not len(hits):
        return Interval(None, None, None)
    gain = Bootstrap(pairs).skill(brier_losses(chance, hits), brier_losses(without, hits))
    return Interval(*(None if end is None else round(end, 4) for end in (gain.value, gain.low, gain.high)))


def _pulls(strength: float) -> Floats:
    """How firmly each of (hazard, window, drivers) is held to where it starts."""
    return np.concatenate([[strength * PULL_HAZARD, PULL_WINDOW], np.full(len(DRIVERS), strength)])


def _used(with_overture: bool) -> npt.NDArray[np.bool_]:
    """Which of (level, hazard, drivers) are fitted."""
    return np.concatenate([[True], ~IS_OF_OVERTURE | with_overture])


def _scaling(raw: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each driver; hazard and window keep their scale, so that 1 leaves them be."""
    if not len(raw):
        return np.zeros(raw.shape[1]), np.ones(raw.shape[1])
    centre, spread = raw.mean(axis=0), raw.std(axis=0)
    centre[:N_OWN], spread[:N_OWN] = 0.0, 1.0
    spread[spread < 1e-9] = 1.0
    return centre, spread


def _scale(raw: Floats, centre: Floats, spread: Floats) -> Floats:
    return np.column_stack([np.ones(len(raw)), (raw - centre) / spread])


def _rounded(values: Iterable[float]) -> tuple[Any, ...]:
    return tuple(round(float(value), 5) for value in values)

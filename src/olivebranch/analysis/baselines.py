"""What every forecast stands beside: the pair's own hazard, plain and calibrated, the class, its record, habit."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from olivebranch import settings
from olivebranch.analysis.calibration import expit, fit_logistic, logit
from olivebranch.analysis.deeds import family_deeds
from olivebranch.analysis.forecast_drivers import measure_hazard
from olivebranch.analysis.forecast_features import Columns
from olivebranch.analysis.forecast_model import ForecastModel, counted_days
from olivebranch.analysis.scores import Floats

Rows = npt.NDArray[np.bool_]

BASELINES = ("class_rate", "dyad_rate", "dyad_hazard", "own_record", "last_outcome", "always_half")
"""In the order that they are printed; `dyad_rate`, the hazard calibrated by family, is the gate."""
FAMILY_PULL, SLOPE_PULL = 1.0, 0.1


def hazards(model: ForecastModel, columns: Columns) -> Floats:
    """Each question's hazard by the prior of its class."""
    found, window = np.zeros(len(columns["deed"])), counted_days(columns, model.window_days)
    for deed, fitted in model.deeds.items():
        rows = columns["deed"] == deed
        if rows.any():
            found[rows] = measure_hazard(pick_rows(columns, rows), fitted.prior, window[rows])
    return found


def pick_rows(columns: Columns, rows: Rows) -> Columns:
    """The same columns, of these rows only."""
    return {name: column[rows] for name, column in columns.items()}


@dataclass(frozen=True, slots=True)
class DyadRate:
    """The gate: a logistic of family and hazard, fitted on the same days as it is held against."""

    weights: Floats

    @classmethod
    def fit(cls, hazard: Floats, families: npt.NDArray[np.str_], hits: Floats) -> "DyadRate":
        """Fits level, slope (held weakly to 1) and a level for each family (held to 0)."""
        columns = cls._columns(hazard, families)
        start = np.zeros(columns.shape[1])
        start[1] = 1.0
        pull = np.full(columns.shape[1], FAMILY_PULL)
        pull[:2] = 0.01, SLOPE_PULL
        return cls(fit_logistic(columns, hits, start, pull))

    def chance(self, hazard: Floats, families: npt.NDArray[np.str_]) -> Floats:
        """The calibrated chance of each question."""
        return expit(self._columns(hazard, families) @ self.weights)

    @staticmethod
    def _columns(hazard: Floats, families: npt.NDArray[np.str_]) -> Floats:
        dummies = [(families == name).astype(np.float64) for name in (*sorted(family_deeds()), "vague", "diplomatic")]
        return np.column_stack([np.ones(len(hazard)), logit(hazard), *dummies])


def own_records(past: Columns, asked: Columns, window_days: int) -> tuple[Floats, Floats]:
    """Hits and cases of the same side's earlier offers of the deed to the same addressee, resolved before each day."""
    kept: dict[tuple[str, str, str], list[tuple[int, bool]]] = defaultdict(list)
    offered = past["is_overture"] & past["is_paired"]
    for key, day, hit in zip(_keys(past, offered), _days(past)[offered], past["hit"][offered], strict=True):
        kept[key].append((int(day), bool(hit)))
    hits, cases = np.zeros(len(asked["deed"])), np.zeros(len(asked["deed"]))
    everything = np.ones(len(asked["deed"]), dtype=bool)
    for row, (key, day) in enumerate(zip(_keys(asked, everything), _days(asked), strict=True)):
        resolved = [hit for said, hit in set(kept.get(key, ())) if said + window_days <= day]
        hits[row], cases[row] = sum(resolved), len(resolved)
    return hits, cases


def own_record_chance(hits: Floats, cases: Floats, otherwise: Floats) -> Floats:
    """The record as a rate from ten resolved cases on, else `otherwise` (the class's)."""
    enough = cases >= settings.MIN_CASES_OWN_RATE
    return np.where(enough, hits / np.maximum(cases, 1), otherwise)


def last_outcomes(asked: Columns, window_days: int) -> Floats:
    """1.0 where the deed came in the window of the same length that ended on the day, else 0.0."""
    return (asked["days_since"] < counted_days(asked, window_days)).astype(np.float64)


def _keys(columns: Columns, rows: Rows) -> list[tuple[str, str, str]]:
    return list(zip(columns["deed"][rows], columns["actor"][rows], columns["recipient"][rows], strict=True))


def _days(columns: Columns) -> npt.NDArray[np.int64]:
    return columns["on_day"].astype("datetime64[D]").astype(np.int64)

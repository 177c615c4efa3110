"""Questions of the past whose answers are known: overture days and a grid of other days, each asked of every deed."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from olivebranch import settings
from olivebranch.analysis.archive_outcomes import FIRST_DAY
from olivebranch.analysis.deeds import DeedClass, family_deeds
from olivebranch.analysis.forecast_features import (
    MIN_HISTORY_DAYS,
    Columns,
    add_features,
    add_outcomes,
    fetch_columns,
    gather_history,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GRID_DAYS = 10
MAX_GRID = 25_000
"""Dyad-days of the grid; where an archive has more, its days lie further apart."""
PAST_DAYS = 3 * 365
"""Questions are put in so many days before the last, so that old habits do not weigh for ever."""


def ask_past(
    con: "DuckDBPyConnection",
    deeds: Collection[DeedClass],
    *,
    since: date | None,
    until: date,
    window_days: int,
    pooled: bool = False,
    sources: Collection[str] | None = None,
) -> Columns:
    """Every question that was asked from `since` on and whose window was over by `until`, with what was known and hit.

    One row for each deed and origin. Origins: the days of overtures (is_overture, family, is_paired where the deed is
    that overture's own; counted from day 4), and a grid of days of every dyad (every tenth, or sparser; half of them
    counted from the next day, half from day 4). Only dyads with 5 reports in the 90 days before. Nothing that became
    known after `until` is looked at.
    """
    gather_history(con, deeds=deeds, until=until, pooled=pooled, sources=sources)
    ask_days(con, deeds, since=since, until=until, window_days=window_days)
    return answer_questions(con, deeds, window_days=window_days)


def ask_days(
    con: "DuckDBPyConnection", deeds: Iterable[DeedClass], *, since: date | None, until: date, window_days: int
) -> None:
    """Makes the temporary table `questions` of overture days and the grid, with windows that close by `until`."""
    begins = max(since or date.min, date.fromordinal(max(until.toordinal() - PAST_DAYS, 1)))
    con.execute("CREATE OR REPLACE TEMP TABLE asked_deeds (deed VARCHAR)")
    con.executemany("INSERT INTO asked_deeds VALUES (?)", [(deed.deed,) for deed in deeds])
    con.execute("CREATE OR REPLACE TEMP TABLE pairs_of_family (family VARCHAR, deed VARCHAR)")
    con.executemany("INSERT INTO pairs_of_family VALUES (?, ?)", [(f, c.deed) for f, c in family_deeds().items()])
    con.execute(f"CREATE OR REPLACE TEMP TABLE origins AS {ORIGINS}", [begins, until, window_days, MAX_GRID])
    con.execute(f"CREATE OR REPLACE TEMP TABLE questions AS {QUESTIONS}")


ORIGINS = f"""
WITH spans AS (
    SELECT greatest(begins + {MIN_HISTORY_DAYS}, ?) AS first, least(ends, ?) - ? AS last FROM stretches),
dyads AS (
    SELECT actor, recipient, ('0x' || substr(md5(actor || recipient), 1, 6))::INTEGER AS place
    FROM pair_history GROUP BY actor, recipient HAVING sum(n) >= {settings.MIN_REPORTS_FORECAST}),
steps AS (
    SELECT greatest({GRID_DAYS}, ceil((SELECT count(*) FROM dyads) * sum(greatest(last - first, 0)) / ?))::INTEGER
           AS step FROM spans),
grid AS (
    SELECT actor, recipient, place, step, first,
           unnest(generate_series(first + place % step, last, to_days(step)))::DATE AS on_day
    FROM dyads CROSS JOIN spans CROSS JOIN steps WHERE last >= first)
SELECT actor, recipient, on_day, false AS is_overture, '' AS family,
       if((place // step + (on_day - first) // step) % 2 = 0, 1, {FIRST_DAY}) AS first_day
FROM grid
UNION ALL
SELECT actor, recipient, on_day, true, family, {FIRST_DAY}
FROM overtures JOIN spans ON on_day BETWEEN first AND last"""

QUESTIONS = """
SELECT row_number() OVER (ORDER BY on_day, actor, recipient, deed, family, is_overture) AS question,
       o.*, deed, p.family IS NOT NULL AS is_paired
FROM origins AS o CROSS JOIN asked_deeds LEFT JOIN pairs_of_family AS p USING (family, deed)"""


def answer_questions(con: "DuckDBPyConnection", deeds: Iterable[DeedClass], *, window_days: int) -> Columns:
    """The table `questions` with features and hits, as columns; pairs with under 5 reports left out."""
    add_features(con, "questions", into="featured_all")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE featured AS FROM featured_all "
        f"WHERE reports_90 >= {settings.MIN_REPORTS_FORECAST}"
    )
    add_outcomes(con, "featured", deeds, window_days=window_days)
    return fetch_columns(con, "cases")

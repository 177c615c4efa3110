"""Every overture of a coded archive: which rows are one, who spoke first, and how the dyad stood on that day."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from olivebranch import settings
from olivebranch.analysis.archive_events import gather_events
from olivebranch.analysis.deeds import family_deeds, overture_codes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAME_OVERTURE_DAYS = 14
"""Statements of one family on one dyad within so many days of the first are one overture."""

MIN_PAST_DAYS = 30
"""Nothing is matched on the volume of a dyad whose past is shorter than this."""


def find_archive_overtures(
    con: "DuckDBPyConnection",
    *,
    since: date,
    until: date,
    pooled: bool = False,
    as_of: date | None = None,
    sources: Collection[str] | None = None,
    dyad: tuple[str, str] | None = None,
) -> str:
    """Makes the temporary table `overtures` from the connection's `coded_events` and gives its name.

    A row is one overture: statements of one family (CAMEO 03x) by one state to another within 14 days of the first.
    A statement that the archive has in both directions on one day and under one code is one, of both sides: it belongs
    to the overture that either side has open and makes it mutual, else it opens a mutual one (its actor is then the
    alphabetically first).

    Columns: id, actor, recipient, said_on (the first statement; also on_day), last_on, cameo (the most specific code
    of the first day), family, is_testable, is_mutual, mutual_on (day on which it became so), n_statements (days and
    codes), reports, dyad_state (cold, warm, unknown), reports_90 (rows of both directions in the 90 days before),
    mean_90 (their mean Goldstein score), conflict_90 (share of them below 0), volume (see `add_state`), flags.
    Flags rest on days 0 to 3 only, so that a forecast may use them: specific (a four-digit code), repeated, mutual,
    answered (the other side's own 03x on days 1 to 3), machinery_in_place (a meeting in the 90 days before).

    Args:
        since, until: first and last day of a first statement (inclusive).
        pooled, as_of, sources, dyad: as in `gather_events`, whose tables this makes.
    """
    gather_events(con, pooled=pooled, as_of=as_of, sources=sources, dyad=dyad)
    _load_codes(con)
    con.execute(f"CREATE OR REPLACE TEMP TABLE said AS {SAID}", [until])
    con.execute(f"CREATE OR REPLACE TEMP TABLE opened AS {OPENED}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE overtures AS {OVERTURES}", [sorted(family_deeds()), since])
    return "overtures"


def add_state(origins: str) -> str:
    """SQL: `origins` (actor, recipient, on_day, …) with dyad_state, reports_90, mean_90, conflict_90 and volume.

    Both directions of the 90 days before the day. Cold: mean at or below 0, or 30 % conflict rows; unknown under 10.
    `volume` is reports_90 as it would be in 90 days, where the archive's stretch began less than that before: a short
    past makes no busy dyad quiet. None in the first 30 days of a stretch.
    """
    return f"""
    WITH sums AS (
        SELECT o.*, coalesce(b.n, 0) - coalesce(a.n, 0) AS reports_90,
               coalesce(b.score, 0) - coalesce(a.score, 0) AS score_90,
               coalesce(b.conflict, 0) - coalesce(a.conflict, 0) AS conflicts_90,
               least({settings.STATE_DAYS}, o.on_day - s.begins) AS past_days
        FROM (SELECT *, least(actor, recipient) AS low, greatest(actor, recipient) AS high,
                     on_day - 1 AS day_before, on_day - {settings.STATE_DAYS + 1} AS day_outside
              FROM {origins}) AS o
        ASOF LEFT JOIN pair_days AS b ON o.low = b.low AND o.high = b.high AND o.day_before >= b.day
        ASOF LEFT JOIN pair_days AS a ON o.low = a.low AND o.high = a.high AND o.day_outside >= a.day
        ASOF LEFT JOIN stretches AS s ON o.on_day >= s.begins)
    SELECT * EXCLUDE (low, high, day_before, day_outside, score_90, conflicts_90, past_days),
           if(past_days >= {MIN_PAST_DAYS}, reports_90 * {settings.STATE_DAYS} / past_days, NULL) AS volume,
           if(reports_90 > 0, score_90 / reports_90, NULL) AS mean_90,
           if(reports_90 > 0, conflicts_90 / reports_90, NULL) AS conflict_90,
           CASE WHEN reports_90 < {settings.MIN_REPORTS_STATE} THEN 'unknown'
                WHEN mean_90 <= 0 OR conflict_90 >= {settings.COLD_CONFLICT_SHARE} THEN 'cold'
                ELSE 'warm' END AS dyad_state
    FROM sums"""


def _load_codes(con: "DuckDBPyConnection") -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE overture_codes (code VARCHAR, family VARCHAR)")
    rows = [(row.code, row.family) for row in overture_codes().values()]
    con.executemany("INSERT INTO overture_codes VALUES (?, ?)", rows)


# `side` says who spoke: 1 the pair's first in the alphabet, 2 the other, 3 both on the same day under the same code.
SAID = """
SELECT least(actor, recipient) AS low, greatest(actor, recipient) AS high, family, day, cameo,
       bit_or(if(actor < recipient, 1, 2)) AS side, sum(reports) AS reports
FROM state_events JOIN overture_codes ON cameo = code
WHERE is_at_home AND day <= ?
GROUP BY ALL"""

# A state that goes through the turns of a pair and family in order: since when each side's overture is open, and what
# was opened. A mirrored turn joins the side that has none open to the other's. Turns far apart are gone through apart.
OPENED = f"""
WITH turns AS (SELECT DISTINCT low, high, family, day, side FROM said),
marked AS (
    SELECT *, coalesce(day - lag(day) OVER turns_of > {SAME_OVERTURE_DAYS}, true) AS is_new
    FROM turns WINDOW turns_of AS (PARTITION BY low, high, family ORDER BY day, side DESC)),
numbered AS (
    SELECT *, count(*) FILTER (is_new) OVER
        (PARTITION BY low, high, family ORDER BY day, side DESC ROWS UNBOUNDED PRECEDING) AS spell
    FROM marked),
spells AS (
    SELECT low, high, family, list({{
        'low_on': if(side & 1 > 0, day, NULL), 'high_on': if(side & 2 > 0, day, NULL),
        'opened': [{{'day': day, 'side': side, 'joined': NULL::DATE}}]}} ORDER BY day, side DESC) AS turns
    FROM numbered GROUP BY low, high, family, spell),
gone_through AS (
    SELECT low, high, family, list_reduce(turns, lambda s, t: CASE
        WHEN t.opened[1].side = 1 AND t.opened[1].day - s.low_on <= {SAME_OVERTURE_DAYS} THEN s
        WHEN t.opened[1].side = 2 AND t.opened[1].day - s.high_on <= {SAME_OVERTURE_DAYS} THEN s
        WHEN t.opened[1].side < 3 THEN {{
            'low_on': coalesce(t.low_on, s.low_on), 'high_on': coalesce(t.high_on, s.high_on),
            'opened': s.opened || t.opened}}
        WHEN t.low_on - s.low_on <= {SAME_OVERTURE_DAYS} AND t.low_on - s.high_on <= {SAME_OVERTURE_DAYS} THEN s
        WHEN t.low_on - s.low_on <= {SAME_OVERTURE_DAYS} THEN {{
            'low_on': s.low_on, 'high_on': s.low_on,
            'opened': s.opened || [{{'day': s.low_on, 'side': 1, 'joined': t.low_on}}]}}
        WHEN t.low_on - s.high_on <= {SAME_OVERTURE_DAYS} THEN {{
            'low_on': s.high_on, 'high_on': s.high_on,
            'opened': s.opened || [{{'day': s.high_on, 'side': 2, 'joined': t.low_on}}]}}
        ELSE {{'low_on': t.low_on, 'high_on': t.high_on, 'opened': s.opened || t.opened}} END).opened AS opened
    FROM spells)
SELECT low, high, family, one.day AS said_on, one.side AS opened_by, min(one.joined) AS joined_on
FROM (SELECT low, high, family, unnest(opened) AS one FROM gone_through)
GROUP BY low, high, family, one.day, one.side"""

# Each statement goes to the overture that its side had open then: its own, or the other's that it had joined.
OVERTURES = f"""
WITH voices AS (
    SELECT *, 1 AS voice, if(opened_by = 2, joined_on, said_on) AS heard_on FROM opened WHERE heard_on IS NOT NULL
    UNION ALL
    SELECT *, 2 AS voice, if(opened_by = 1, joined_on, said_on) AS heard_on FROM opened WHERE heard_on IS NOT NULL),
spoken AS (
    SELECT *, 1 AS voice FROM said WHERE side & 1 > 0 UNION ALL SELECT *, 2 AS voice FROM said WHERE side & 2 > 0),
members AS (
    SELECT DISTINCT s.low, s.high, s.family, v.said_on, v.opened_by, v.joined_on, s.day, s.cameo, s.side, s.reports
    FROM spoken AS s ASOF JOIN voices AS v
      ON s.low = v.low AND s.high = v.high AND s.family = v.family AND s.voice = v.voice AND s.day >= v.heard_on),
whole AS (
    SELECT if(opened_by = 2, high, low) AS actor, if(opened_by = 2, low, high) AS recipient, said_on, said_on AS on_day,
           max(day) AS last_on, min_by(cameo, (day, -length(cameo), cameo)) AS cameo, family,
           opened_by = 3 OR joined_on IS NOT NULL AS is_mutual, if(opened_by = 3, said_on, joined_on) AS mutual_on,
           count(*) AS n_statements, sum(reports)::INTEGER AS reports,
           count(DISTINCT day) FILTER (day <= said_on + {settings.SAME_STORY_DAYS}) > 1 AS is_repeated
    FROM members GROUP BY low, high, family, said_on, opened_by, joined_on),
stated AS ({add_state("whole")}),
with_answer AS (
    SELECT w.*, r.day AS answered_on FROM stated AS w
    ASOF LEFT JOIN (SELECT DISTINCT actor, recipient, day FROM state_events WHERE starts_with(cameo, '03')) AS r
      ON w.actor = r.recipient AND w.recipient = r.actor AND w.on_day < r.day),
with_meeting AS (
    SELECT w.*, m.day AS met_on FROM (SELECT *, on_day - 1 AS day_before FROM with_answer) AS w
    ASOF LEFT JOIN (SELECT DISTINCT actor, recipient, day FROM state_events WHERE starts_with(cameo, '04')) AS m
      ON w.actor = m.actor AND w.recipient = m.recipient AND w.day_before >= m.day)
SELECT md5(concat_ws('|', actor, recipient, family, said_on))[:16] AS id,
       w.* EXCLUDE (is_repeated, answered_on, met_on, day_before),
       list_contains(?, family) AS is_testable,
       list_filter([
           if(length(cameo) = 4, 'specific', NULL), if(is_repeated, 'repeated', NULL),
           if(mutual_on <= said_on + {settings.SAME_STORY_DAYS}, 'mutual', NULL),
           if(answered_on <= said_on + {settings.SAME_STORY_DAYS} AND NOT coalesce(mutual_on <= answered_on, false),
              'answered', NULL),
           if(met_on >= said_on - {settings.STATE_DAYS}, 'machinery_in_place', NULL)],
           lambda flag: flag IS NOT NULL) AS flags
FROM with_meeting AS w
WHERE said_on >= ?
ORDER BY said_on, actor, recipient, family"""

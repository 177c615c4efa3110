"""The other days of the same dyads, and how much likelier a deed is after an overture than after them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from olivebranch import settings
from olivebranch.analysis.archive_overtures import MIN_PAST_DAYS, add_state
from olivebranch.analysis.likelihood import Rate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEP_DAYS = 5
"""Every fifth day of a dyad is tried as a control day: five and seven share no factor, so all weekdays are tried."""

VOLUME_RATIO = 1.5
"""A control day has at most so many times, and at least one over so many times, an overture day's reports (plus 1)."""

BLOCKS = {"pair": "least(actor, recipient), greatest(actor, recipient)", "month": "date_trunc('month', on_day)"}
DRAWS, SEED = 2000, 20140928


def find_control_days(
    con: "DuckDBPyConnection",
    overtures: str = "overtures",
    *,
    window_days: int,
    is_clear: bool = False,
    into: str = "control_days",
) -> str:
    """Makes the temporary table `into`: days of the overtures' dyads that are like their overture days but without one.

    A control day lies in a stretch of the archive with its whole window, more than 14 days after any statement of an
    overture of either side (whatever its family), and is like one of the dyad's `overtures`: within 45 days of it in
    the year, and with about as many reports in the 90 days before. Windows of one dyad overlap no other.

    With `is_clear`, none of `overtures` is opened within a control window either. Without it, what an overture brought
    counts for control days shortly before it, so the lift is too small; with it, only quiet times are left to compare
    with, so the lift is too large (that of hostile acts too, which no overture brings). The truth lies between.

    Columns: actor, recipient, on_day, and those of `add_state`. Reads the tables that `find_archive_overtures` made.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE pairs AS {_pairs(overtures)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE quiet_days AS {_quiet_days(overtures, window_days, is_clear)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE picked_days AS {_picked_days(overtures, window_days)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {add_state('picked_days')}")
    return into


def _pairs(overtures: str) -> str:
    """SQL: the pairs of states that made overtures, by number: numbers are joined and sorted faster than names."""
    return f"""
    SELECT row_number() OVER (ORDER BY low, high)::INTEGER AS pair, low, high
    FROM (SELECT DISTINCT least(actor, recipient) AS low, greatest(actor, recipient) AS high FROM {overtures})"""


def _quiet_days(overtures: str, window_days: int, is_clear: bool) -> str:
    """SQL: the days tried, each pair's reports in the 90 days before; none near an overture.

    Days tried, days with reports and days with overtures are one list, gone through once by windows over each pair.
    """
    no_overture_within = f"(opens_on IS NULL OR opens_on - day > {window_days})" if is_clear else "true"
    return f"""
    WITH days AS (
        SELECT unnest(generate_series(begins, least(ends, as_of) - {window_days}, INTERVAL {STEP_DAYS} DAY))::DATE
               AS day, begins
        FROM stretches CROSS JOIN horizon),
    listed AS (
        SELECT pair, day - {EPOCH} AS day, least({settings.STATE_DAYS}, day - begins)::SMALLINT AS past,
               NULL::INTEGER AS n, NULL::INTEGER AS heard, NULL::INTEGER AS opened
        FROM pairs CROSS JOIN days
        UNION ALL
        SELECT pair, day - {EPOCH}, NULL, n_on_day::INTEGER, NULL, NULL FROM pair_days JOIN pairs USING (low, high)
        UNION ALL
        SELECT DISTINCT pair, day - {EPOCH}, NULL, NULL, day - {EPOCH}, NULL FROM said JOIN pairs USING (low, high)
        UNION ALL
        SELECT DISTINCT pair, on_day - {EPOCH}, NULL, NULL, NULL, on_day - {EPOCH}
        FROM {overtures} JOIN pairs ON low = least(actor, recipient) AND high = greatest(actor, recipient)),
    seen AS (
        SELECT pair, day, past, max(heard) OVER (to_day RANGE UNBOUNDED PRECEDING) AS heard_on,
               min(opened) OVER (to_day RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS opens_on,
               coalesce(sum(n) OVER (to_day RANGE BETWEEN {settings.STATE_DAYS} PRECEDING AND 1 PRECEDING), 0)
               AS reports
        FROM listed WINDOW to_day AS (PARTITION BY pair ORDER BY day))
    SELECT pair, {EPOCH} + day::INTEGER AS on_day, reports * {settings.STATE_DAYS} / past AS volume
    FROM seen
    WHERE past >= {MIN_PAST_DAYS} AND (heard_on IS NULL OR day - heard_on > {settings.CONTROL_GAP_DAYS})
      AND {no_overture_within}"""


EPOCH = "DATE '1970-01-01'"


def _picked_days(overtures: str, window_days: int) -> str:
    """SQL: of the days that are like an overture day, the first, and each next whose window overlaps none before."""
    return f"""
    WITH models AS (
        SELECT DISTINCT pair, actor = low AS is_low, on_day, volume
        FROM {overtures} JOIN pairs ON low = least(actor, recipient) AND high = greatest(actor, recipient)),
    alike AS (
        SELECT DISTINCT c.pair, o.is_low, c.on_day
        FROM quiet_days AS c JOIN models AS o ON c.pair = o.pair AND {IS_ALIKE}),
    picked AS (
        SELECT pair, is_low, unnest(list_reduce(list([on_day] ORDER BY on_day), lambda taken, day:
            CASE WHEN day[1] - taken[-1] >= {window_days} THEN taken || day ELSE taken END)) AS on_day
        FROM alike GROUP BY pair, is_low)
    SELECT if(is_low, low, high) AS actor, if(is_low, high, low) AS recipient, on_day
    FROM picked JOIN pairs USING (pair)"""


_DAYS_APART = "abs(dayofyear(c.on_day) - dayofyear(o.on_day))"
IS_ALIKE = f"""c.volume + 1 BETWEEN (o.volume + 1) / {VOLUME_RATIO} AND (o.volume + 1) * {VOLUME_RATIO}
    AND least({_DAYS_APART}, 365 - {_DAYS_APART}) <= {settings.CONTROL_SEASON_DAYS}"""
"""SQL: whether day `c` may stand as a control of overture `o` of the same dyad."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A deed after overtures beside the same deed after the same dyads' control days.

    `overtures` are all whose window is over and covered; `matched` those that have a control day like their own. The
    control rate is the mean, over the matched, of the share followed of each one's own control days; `ratio` is the
    matched rate over it and `difference` the matched rate less it, each with a 95 % interval from a bootstrap over
    pairs of states. None where there are under 10 control days: no control. Volumes are mean reports in 90 days before:
    how alike the two sets are.
    """

    overtures: Rate
    n_dyads: int
    n_control_days: int
    matched: Rate
    control_rate: float | None = None
    ratio: float | None = None
    ratio_interval: tuple[float, float] | None = None
    difference: float | None = None
    difference_interval: tuple[float, float] | None = None
    mean_volume: float | None = None
    mean_control_volume: float | None = None


def measure_lift(
    con: "DuckDBPyConnection",
    overtures: str,
    controls: str,
    *,
    followed: str = "n_deeds > 0",
    where: str = "true",
    blocks: Literal["pair", "month"] = "pair",
    draws: int = DRAWS,
) -> Lift:
    """The lift of `overtures` over `controls`, both tables followed up in the same way.

    `followed` and `where` are SQL over the columns of `follow_up`: what counts as followed, and which rows are in.
    `blocks` are drawn again whole: pairs of states, or the months of a single pair.
    """
    return _make_lift(con.execute(_by_block(overtures, controls, followed, where, BLOCKS[blocks])).fetchnumpy(), draws)


def _by_block(overtures: str, controls: str, followed: str, where: str, block: str) -> str:
    """SQL: sums by block; each overture stands beside the mean of the control days that are like its own."""

    def rows(table: str) -> str:
        return f"""SELECT row_number() OVER () AS number, actor, recipient, on_day, volume, ({followed})::INT AS hit
                   FROM {table} WHERE is_covered AND is_over AND ({followed}) IS NOT NULL AND ({where})"""

    return f"""
    WITH o AS ({rows(overtures)}), c AS ({rows(controls)}),
    matched AS (
        SELECT o.number, avg(c.hit) AS expected, avg(c.volume) AS volume, list(c.number) AS days
        FROM o JOIN c ON c.actor = o.actor AND c.recipient = o.recipient AND {IS_ALIKE} GROUP BY o.number)
    SELECT count(*) AS n, sum(hit) AS hits, count(DISTINCT (actor, recipient)) AS dyads, count(expected) AS matched,
           coalesce(sum(hit) FILTER (expected IS NOT NULL), 0) AS matched_hits, coalesce(sum(expected), 0) AS expected,
           coalesce(sum(o.volume) FILTER (expected IS NOT NULL), 0) AS volume,
           coalesce(sum(m.volume), 0) AS control_volume,
           coalesce(len(list_distinct(flatten(list(days)))), 0) AS control_days
    FROM o LEFT JOIN matched AS m ON o.number = m.number
    GROUP BY {block} ORDER BY {block}"""


def _make_lift(rows: dict[str, Any], draws: int) -> Lift:
    total = {name: float(values.sum()) for name, values in rows.items()}
    matched = Rate(int(total["matched_hits"]), int(total["matched"]))
    counts = (Rate(int(total["hits"]), int(total["n"])), int(total["dyads"]), int(total["control_days"]), matched)
    if total["control_days"] < settings.MIN_CONTROL_DAYS:
        return Lift(*counts)
    n, hits, expected = total["matched"], total["matched_hits"], total["expected"]
    ratios, differences = _resample(rows, draws)
    return Lift(
        *counts,
        expected / n,
        hits / expected if expected else None,
        ratios,
        (hits - expected) / n,
        differences,
        total["volume"] / n,
        total["control_volume"] / n,
    )


def _resample(rows: dict[str, Any], draws: int) -> tuple[tuple[float, float] | None, tuple[float, float]]:
    """The 95 % intervals of ratio and difference, whole pairs of states drawn again with the same seed every time."""
    import numpy as np

    has = rows["matched"] > 0
    sums = np.stack([rows[name][has].astype(float) for name in ("matched", "matched_hits", "expected")])
    chooser, pairs = np.random.default_rng(SEED), sums.shape[1]
    drawn = np.stack([sums @ np.bincount(chooser.integers(0, pairs, pairs), minlength=pairs) for _ in range(draws)])
    n, hits, expected = drawn.T
    differences = np.quantile((hits - expected) / n, [0.025, 0.975])
    # A draw without a deed on any control day has no ratio; where those are many, no interval can be given.
    has_ratio = expected > 0
    ratios = np.quantile(hits[has_ratio] / expected[has_ratio], [0.025, 0.975]) if has_ratio.mean() > 0.975 else None
    return (None if ratios is None else _ends(ratios)), _ends(differences)


def _ends(interval: Any) -> tuple[float, float]:
    return float(interval[0]), float(interval[1])

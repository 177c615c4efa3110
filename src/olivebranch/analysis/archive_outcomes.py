"""What followed in a coded archive: the first deed of a kind after any days of any dyads, and what could be seen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from olivebranch import settings
from olivebranch.analysis.deeds import DeedClass, OvertureCode, Side, deed_classes, family_deeds
from olivebranch.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIRST_DAY = settings.SAME_STORY_DAYS + 1
"""Deeds count from this day after the words: days 0 to 3 are the same story and prove nothing."""

EXPECTATION_DAYS, MIN_EXPECTATION_DAYS = 365, 90
"""What a dyad's past leads to expect is taken from so many days before; from fewer than the second, nothing is."""
EXCESS = 1.645
"""Over what chance gives in 19 of 20: Anscombe's root of a Poisson count, 2(√(n+3/8) − √(m+3/8)), one-sided."""


def follow_up(
    con: "DuckDBPyConnection",
    table: str,
    *,
    deed: Sequence[str],
    window_days: int,
    sides: Side = "actor",
    first_day: int = FIRST_DAY,
    into: str = "followed",
) -> str:
    """Makes the temporary table `into`: the rows of `table` (actor, recipient, on_day, …) with what followed each.

    The same for overtures, control days and the origins of forecasts. Reads the tables of `gather_events`.

    Columns added: days_to_deed (of the first deed from `first_day` on, within the window; None without one), deed_code
    (its CAMEO code), n_deeds (deed days in the window, a day counted once), is_same_story (one on days 0 to
    first_day - 1), next_deed_days (days to the first from `first_day` on, however late, for survival), expected_deeds
    (what the dyad's year before leads to expect in the window; None where under 90 of its days are covered), is_above
    (clearly more than expected), watched_days (how long after the day the archive can be seen), is_covered (the whole
    window lies in a stretch of the archive), is_over (it ended by the horizon), outcome (kept, or met where all of
    `deed` is 04x; lapsed; open; not_examined).

    Args:
        deed: CAMEO prefixes.
        window_days: last day that counts.
        sides: whose deed counts: the actor's towards the recipient, or either's.

    Raises:
        UsageError: a prefix that is no beginning of a CAMEO code.
    """
    good = "met" if all(prefix.startswith("04") for prefix in deed) else "kept"
    con.execute(f"CREATE OR REPLACE TEMP TABLE deed_days AS {_deed_days(deed, sides)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {_followed(table, window_days, sides, first_day, good)}")
    return into


def follow_class(con: "DuckDBPyConnection", table: str, deed: DeedClass, *, into: str = "followed") -> str:
    """`follow_up` by a class of deeds, within its own window."""
    return follow_up(con, table, deed=deed.prefixes, window_days=deed.window_days, sides=deed.actor_side, into=into)


def follow_criteria(con: "DuckDBPyConnection", table: str = "overtures", *, into: str = "outcomes") -> str:
    """Makes `into`: each testable overture followed up by its family's own criterion.

    Columns as of `follow_up`, and deed, window_days; outcome tells kept (or met) from partly (within the window a deed
    of the broader class, as 08x for 085) and late (the deed itself within as many days again). A mutual overture is
    kept by either side's deed. Those that name no deed are left out.
    """
    rows = " UNION ALL BY NAME ".join(
        _follow_family(con, table, code, is_mutual)
        for _, code in sorted(family_deeds().items())
        for is_mutual in (False, True)
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {rows}")
    return into


def _follow_family(con: "DuckDBPyConnection", table: str, code: OvertureCode, is_mutual: bool) -> str:
    """SQL: the overtures of one family, followed up."""
    criterion, broad = deed_classes()[str(code.deed)], deed_classes()[str(code.broad or code.deed)]
    window = criterion.window_days
    sides: Side = "either" if is_mutual else criterion.actor_side
    name = f"{'mutual' if is_mutual else 'own'}_{code.family}"
    where = f"family = '{code.family}' AND is_mutual = {is_mutual}"
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {table} WHERE {where}")
    con.execute(f"CREATE OR REPLACE TEMP VIEW days_of_{name} AS SELECT id, actor, recipient, on_day FROM {name}")
    followed = follow_up(con, name, deed=criterion.prefixes, window_days=window, sides=sides, into=f"followed_{name}")
    broadly = follow_up(
        con, f"days_of_{name}", deed=broad.prefixes, window_days=window, sides=sides, into=f"broadly_{name}"
    )
    return f"""
    SELECT f.* EXCLUDE (outcome), '{criterion.deed}' AS deed, {window} AS window_days,
           CASE WHEN f.outcome IN ('kept', 'met', 'open') THEN f.outcome WHEN b.n_deeds > 0 THEN 'partly'
                WHEN f.next_deed_days <= 2 * {window} THEN 'late' ELSE f.outcome END AS outcome
    FROM {followed} AS f JOIN {broadly} AS b USING (id)"""


def match_prefixes(deed: Sequence[str]) -> str:
    """SQL: whether `cameo` begins with one of the prefixes.

    Raises:
        UsageError: a prefix that is no beginning of a CAMEO code.
    """
    for prefix in deed or ("",):
        if not (prefix.isascii() and prefix.isdigit() and 2 <= len(prefix) <= 4):
            raise UsageError(f"'{prefix}' is no beginning of a CAMEO code; say two to four digits, such as 04 or 085")
    return "(" + " OR ".join(f"starts_with(cameo, '{prefix}')" for prefix in deed) + ")"


def _deed_days(deed: Sequence[str], sides: Side) -> str:
    """SQL: a row for each directed dyad (pair, where either side counts) and day with a deed, with a running count."""
    ends = _ends(sides)
    return f"""
    WITH days AS (
        SELECT {ends}, day, min(cameo) AS code FROM state_events WHERE {match_prefixes(deed)} GROUP BY ALL)
    SELECT *, count(*) OVER (PARTITION BY one, other ORDER BY day ROWS UNBOUNDED PRECEDING) AS n FROM days"""


def _ends(sides: Side) -> str:
    if sides == "either":
        return "least(actor, recipient) AS one, greatest(actor, recipient) AS other"
    return "actor AS one, recipient AS other"


def _followed(table: str, window_days: int, sides: Side, first_day: int, good: str) -> str:
    def count_to(name: str) -> str:
        return f"""ASOF LEFT JOIN deed_days AS {name} ON o.one = {name}.one AND o.other = {name}.other
                   AND o.{name}_on >= {name}.day"""

    return f"""
    WITH origins AS (
        SELECT *, {_ends(sides)}, on_day + {first_day} AS first_on, on_day + {window_days} AS last_day_on,
               on_day + {first_day - 1} AS story_on, on_day - 1 AS before_on,
               on_day - {EXPECTATION_DAYS + 1} AS year_on
        FROM {table}),
    joined AS (
        SELECT o.*, f.day AS deed_on, f.code AS next_code,
               coalesce(last_day.n, 0) - coalesce(story.n, 0) AS n_deeds,
               coalesce(story.n, 0) > coalesce(before.n, 0) AS is_same_story,
               coalesce(before.n, 0) - coalesce(year.n, 0) AS year_deeds,
               s.begins, s.ends, h.as_of
        FROM origins AS o
        ASOF LEFT JOIN deed_days AS f ON o.one = f.one AND o.other = f.other AND o.first_on <= f.day
        {count_to("last_day")} {count_to("story")} {count_to("before")} {count_to("year")}
        ASOF LEFT JOIN stretches AS s ON o.on_day >= s.begins
        CROSS JOIN horizon AS h),
    measured AS (
        SELECT *, deed_on - on_day AS next_deed_days, greatest(least(ends, as_of) - on_day, 0) AS watched_days,
               least({EXPECTATION_DAYS}, on_day - begins) AS past_days, last_day_on <= as_of AS is_over,
               watched_days >= {window_days} AS is_covered
        FROM joined)
    SELECT * EXCLUDE (one, other, first_on, last_day_on, story_on, before_on, year_on, deed_on, next_code, year_deeds,
                      begins, ends, as_of, past_days, next_deed_days, watched_days, n_deeds, is_same_story, is_covered,
                      is_over),
           if(n_deeds > 0, next_deed_days, NULL) AS days_to_deed, if(n_deeds > 0, next_code, NULL) AS deed_code,
           n_deeds::INTEGER AS n_deeds, is_same_story,
           if(next_deed_days <= watched_days, next_deed_days, NULL) AS next_deed_days, watched_days,
           if(past_days >= {MIN_EXPECTATION_DAYS}, year_deeds * {window_days - first_day + 1} / past_days, NULL)
               AS expected_deeds,
           2 * (sqrt(n_deeds + 0.375) - sqrt(expected_deeds + 0.375)) > {EXCESS} AS is_above,
           coalesce(is_covered, false) AS is_covered, is_over,
           CASE WHEN n_deeds > 0 THEN '{good}' WHEN NOT is_over THEN 'open'
                WHEN coalesce(is_covered, false) THEN 'lapsed' ELSE 'not_examined' END AS outcome
    FROM measured"""

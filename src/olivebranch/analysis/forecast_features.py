"""What a forecast may know on its day: one row a question, counted from the archive in a few set-based steps."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from olivebranch import settings
from olivebranch.analysis.archive_events import SCOPE
from olivebranch.analysis.archive_outcomes import follow_up
from olivebranch.analysis.archive_overtures import find_archive_overtures
from olivebranch.analysis.deeds import DeedClass, overture_codes
from olivebranch.analysis.hazard import HALF_LIVES

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection

Columns = dict[str, "np.ndarray[Any, Any]"]
"""A table as columns by name, all of one length."""

SHORT_DAYS = 30
RECENT_HALF_LIFE, SIDE_HALF_LIFE = 14, 60
"""In how many days a deed's weight halves where it stands for what is recent, and for what either side does."""
NEVER_DAYS = 400
"""Days since the last deed where none is known."""
ENOUGH_DEEDS = 50
"""So many deeds of the whole world are added before one window is called busier than another."""
MIN_HISTORY_DAYS = 28
"""A question is put from this day of an archive's stretch on: before it there is no past to speak of."""


def gather_history(
    con: "DuckDBPyConnection",
    *,
    deeds: Iterable[DeedClass],
    until: date,
    pooled: bool = False,
    sources: Collection[str] | None = None,
) -> None:
    """Makes the temporary tables that questions are answered from, as known on `until`.

    Beside those of `find_archive_overtures` (whose overtures run to `until`):
    `history`: actor, recipient, day, known_on, cameo, score: acts between states, a dyad, day and code once.
    `pair_history`: of each directed dyad and day what either side did, counted. `deed_history`: deed, actor, recipient,
    day, known_on: days with a deed of each class (turned round too, where either side counts). `deed_actors` and
    `deed_recipients`: the same by one end. `offer_history`: days with an offer of each deed.
    """
    find_archive_overtures(con, since=date.min, until=until, pooled=pooled, as_of=until, sources=sources)
    listed = sorted(sources) if sources is not None else None
    con.execute(f"CREATE OR REPLACE TEMP TABLE history AS {HISTORY}", [until, pooled, listed, listed])
    con.execute(f"CREATE OR REPLACE TEMP TABLE pair_history AS {PAIR_HISTORY}")
    _load_deed_codes(con, deeds)
    con.execute(f"CREATE OR REPLACE TEMP TABLE deed_history AS {DEED_HISTORY}")
    for end in ("actor", "recipient"):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE deed_{end}s AS "
            f"SELECT deed, {end} AS power, day, known_on, count(*) AS n FROM deed_history GROUP BY ALL"
        )
    con.execute(f"CREATE OR REPLACE TEMP TABLE offer_history AS {OFFER_HISTORY}")


def _load_deed_codes(con: "DuckDBPyConnection", deeds: Iterable[DeedClass]) -> None:
    """The codes of each deed, and the codes with which it is offered (by its pair, or by a broader reading)."""
    con.execute("CREATE OR REPLACE TEMP TABLE deed_prefixes (deed VARCHAR, prefix VARCHAR, is_either BOOLEAN)")
    con.execute("CREATE OR REPLACE TEMP TABLE offer_codes (deed VARCHAR, code VARCHAR)")
    prefixes = [(deed.deed, prefix, deed.actor_side == "either") for deed in deeds for prefix in deed.prefixes]
    offers = {(name, row.code) for row in overture_codes().values() for name in (row.deed, row.broad) if name}
    con.executemany("INSERT INTO deed_prefixes VALUES (?, ?, ?)", prefixes)
    con.executemany("INSERT INTO offer_codes VALUES (?, ?)", sorted(offers))


HISTORY = f"""
SELECT actor, recipient, happened_on AS day, min(coalesce(known_on, happened_on)) AS known_on, cameo,
       avg(score) AS score
FROM coded_events
WHERE {SCOPE} AND is_state_pair AND NOT is_repeat AND NOT is_former AND actor <> recipient AND cameo IS NOT NULL
GROUP BY actor, recipient, happened_on, cameo"""

PAIR_HISTORY = """
WITH both_ways AS (
    SELECT actor, recipient, day, known_on, cameo, score, true AS is_own FROM history
    UNION ALL
    SELECT recipient, actor, day, known_on, cameo, score, false FROM history)
SELECT actor, recipient, day, known_on, count(*) AS n, count(*) FILTER (score < 0) AS conflict,
       count(*) FILTER (starts_with(cameo, '04')) AS talks,
       count(*) FILTER (starts_with(cameo, '03') AND is_own) AS offers,
       count(*) FILTER (starts_with(cameo, '03') AND NOT is_own) AS answers
FROM both_ways GROUP BY actor, recipient, day, known_on"""

DEED_HISTORY = """
WITH codes AS (SELECT DISTINCT cameo FROM history),
deed_codes AS (SELECT DISTINCT deed, cameo, is_either FROM codes JOIN deed_prefixes ON starts_with(cameo, prefix)),
acts AS (SELECT deed, is_either, actor, recipient, day, known_on FROM history JOIN deed_codes USING (cameo)),
both_ways AS (
    SELECT deed, actor, recipient, day, known_on FROM acts
    UNION ALL
    SELECT deed, recipient, actor, day, known_on FROM acts WHERE is_either)
SELECT deed, actor, recipient, day, min(known_on) AS known_on FROM both_ways GROUP BY deed, actor, recipient, day"""

OFFER_HISTORY = """
SELECT o.deed, h.actor, h.recipient, h.day, min(h.known_on) AS known_on
FROM history AS h JOIN offer_codes AS o ON h.cameo = o.code GROUP BY o.deed, h.actor, h.recipient, h.day"""


def add_features(con: "DuckDBPyConnection", questions: str = "questions", *, into: str = "featured") -> str:
    """Makes `into`: the rows of `questions` (question, actor, recipient, on_day, deed, …) with what was known then.

    Columns added, all counted from rows known by the day itself and of the same stretch of the archive: past_days (the
    stretch up to the day), reports_90, reports_30, conflict_90, talks_30, offers_30 and answers_30 (days with 03x by
    this side, by the other), offers_3 (1 where by this side on the day or the three before), offers_deed_30 and
    offers_deed_3 (1 where this very deed was offered), deeds_<half-life> (weighted number of days with the deed),
    deeds_recent, days_since, other_side, actor_any, recipient_any (weighted numbers), is_either (the deed is done
    together: either side's counts).
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE origin_days AS {_origin_days(questions)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {_asked(questions)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {_featured(questions)}")
    return into


def _origin_days(questions: str) -> str:
    """SQL: the days asked of, with the beginning of their stretch and what was reported of the pair before."""
    return f"""
    WITH days AS (SELECT DISTINCT actor, recipient, on_day FROM {questions}),
    begun AS (SELECT d.*, s.begins FROM days AS d ASOF JOIN stretches AS s ON d.on_day >= s.begins),
    near AS (
        SELECT b.actor, b.recipient, b.on_day, h.* EXCLUDE (actor, recipient, day, known_on),
               b.on_day - h.day < {SHORT_DAYS} AS is_short, b.on_day - h.day <= {settings.SAME_STORY_DAYS} AS is_fresh
        FROM begun AS b JOIN pair_history AS h
          ON h.actor = b.actor AND h.recipient = b.recipient AND h.day <= b.on_day AND h.known_on <= b.on_day
         AND h.day > b.on_day - {settings.STATE_DAYS} AND h.day >= b.begins),
    counted AS (
        SELECT actor, recipient, on_day, sum(n) AS reports_90, sum(conflict) AS conflict_90,
               sum(n) FILTER (is_short) AS reports_30, sum(talks) FILTER (is_short) AS talks_30,
               count(*) FILTER (is_short AND offers > 0) AS offers_30,
               max(is_fresh AND offers > 0)::INTEGER AS offers_3,
               count(*) FILTER (is_short AND answers > 0) AS answers_30
        FROM near GROUP BY actor, recipient, on_day)
    SELECT b.*, b.on_day - b.begins + 1 AS past_days, c.* EXCLUDE (actor, recipient, on_day)
    FROM begun AS b LEFT JOIN counted AS c USING (actor, recipient, on_day)"""


def _asked(questions: str) -> str:
    return f"""
    SELECT DISTINCT q.deed, q.actor, q.recipient, q.on_day, o.begins
    FROM {questions} AS q JOIN origin_days AS o USING (actor, recipient, on_day)"""


def _by_end(end: str) -> str:
    """SQL: how much of the deed one end did, or had done to it, with whomever; newer days weigh more."""
    return f"""
    SELECT a.deed, a.{end}, a.on_day, sum(h.n * {_weight(SIDE_HALF_LIFE)}) AS {end}_any
    FROM (SELECT DISTINCT deed, {end}, on_day, begins FROM asked) AS a
    JOIN deed_{end}s AS h ON h.deed = a.deed AND h.power = a.{end} AND {BEFORE}
    GROUP BY a.deed, a.{end}, a.on_day"""


BEFORE = "h.day <= a.on_day AND h.known_on <= a.on_day AND h.day >= a.begins"


def _weight(half_life: float) -> str:
    return f"exp(-ln(2) * (a.on_day - h.day) / {half_life})"


def name_count(half_life: float) -> str:
    """The column that holds the deeds weighted with a half-life."""
    return f"deeds_{half_life:.0f}"


def _featured(questions: str) -> str:
    weighed = ", ".join(f"sum({_weight(life)}) AS {name_count(life)}" for life in HALF_LIVES)
    zeros = ", ".join(f"coalesce({name_count(life)}, 0) AS {name_count(life)}" for life in HALF_LIVES)
    key = "deed, actor, recipient, on_day"
    return f"""
    WITH own AS (
        SELECT a.deed, a.actor, a.recipient, a.on_day, {weighed}, sum({_weight(RECENT_HALF_LIFE)}) AS deeds_recent,
               min(a.on_day - h.day) AS days_since
        FROM asked AS a JOIN deed_history AS h
          ON h.deed = a.deed AND h.actor = a.actor AND h.recipient = a.recipient AND {BEFORE} GROUP BY ALL),
    other AS (
        SELECT a.deed, a.actor, a.recipient, a.on_day, sum({_weight(SIDE_HALF_LIFE)}) AS other_side
        FROM asked AS a JOIN deed_history AS h
          ON h.deed = a.deed AND h.actor = a.recipient AND h.recipient = a.actor AND {BEFORE} GROUP BY ALL),
    offered AS (
        SELECT a.deed, a.actor, a.recipient, a.on_day, 1 AS offers_deed_30,
               max(h.day >= a.on_day - {settings.SAME_STORY_DAYS})::INTEGER AS offers_deed_3
        FROM asked AS a JOIN offer_history AS h
          ON h.deed = a.deed AND h.actor = a.actor AND h.recipient = a.recipient AND {BEFORE}
         AND h.day > a.on_day - {SHORT_DAYS} GROUP BY ALL),
    by_actor AS ({_by_end("actor")}),
    by_recipient AS ({_by_end("recipient")}),
    kinds AS (SELECT deed, bool_or(is_either) AS is_either FROM deed_prefixes GROUP BY deed)
    SELECT q.*, k.is_either, o.past_days, coalesce(reports_90, 0) AS reports_90, coalesce(reports_30, 0) AS reports_30,
           coalesce(conflict_90, 0) AS conflict_90, coalesce(talks_30, 0) AS talks_30,
           coalesce(offers_30, 0) AS offers_30, coalesce(answers_30, 0) AS answers_30,
           coalesce(offers_3, 0) AS offers_3, coalesce(offers_deed_30, 0) AS offers_deed_30,
           coalesce(offers_deed_3, 0) AS offers_deed_3, {zeros}, coalesce(deeds_recent, 0) AS deeds_recent,
           coalesce(days_since, {NEVER_DAYS}) AS days_since, coalesce(other_side, 0) AS other_side,
           coalesce(actor_any, 0) AS actor_any, coalesce(recipient_any, 0) AS recipient_any
    FROM {questions} AS q
    JOIN origin_days AS o USING (actor, recipient, on_day) JOIN kinds AS k USING (deed)
    LEFT JOIN own USING ({key}) LEFT JOIN other USING ({key}) LEFT JOIN offered USING ({key})
    LEFT JOIN by_actor USING (deed, actor, on_day) LEFT JOIN by_recipient USING (deed, recipient, on_day)"""


def add_outcomes(
    con: "DuckDBPyConnection", featured: str, deeds: Iterable[DeedClass], *, window_days: int, into: str = "cases"
) -> str:
    """Makes `into`: each row of `featured` (with its first_day) that can be judged, with hit and busyness.

    hit: whether the deed came (by `follow_up`). busyness: how many such deeds the world did in the window, over what
    its past in the archive's stretch up to the day would give.
    Only questions whose window lies wholly in a stretch of the archive and is over.
    """
    first_days = [int(row[0]) for row in con.execute(f"SELECT DISTINCT first_day FROM {featured}").fetchall()]
    con.execute("CREATE OR REPLACE TEMP TABLE judged (question BIGINT, hit BOOLEAN)")
    for deed in deeds:
        for first_day in sorted(first_days):
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE of_deed AS SELECT question, actor, recipient, on_day FROM {featured} "
                "WHERE deed = ? AND first_day = ?",
                [deed.deed, first_day],
            )
            follow_up(
                con, "of_deed", deed=deed.prefixes, window_days=window_days, sides=deed.actor_side,
                first_day=first_day, into="of_deed_followed",
            )  # fmt: skip
            con.execute(
                "INSERT INTO judged SELECT question, n_deeds > 0 FROM of_deed_followed WHERE is_covered AND is_over"
            )
    con.execute(f"CREATE OR REPLACE TEMP TABLE busy_days AS {_busy_days(featured, window_days)}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT f.*, j.hit, coalesce(b.busyness, 1) AS busyness "
        f"FROM {featured} AS f JOIN judged AS j USING (question) "
        "LEFT JOIN busy_days AS b USING (deed, on_day, first_day)"
    )
    return into


def _busy_days(featured: str, window_days: int) -> str:
    """SQL: the world's deeds of a class in each window over what its past would give; ENOUGH_DEEDS added to both."""
    return f"""
    WITH acts AS (
        SELECT deed, day, sum(count(*)) OVER (PARTITION BY deed ORDER BY day) AS n
        FROM deed_history GROUP BY deed, day),
    asked_on AS (
        SELECT DISTINCT f.deed, f.on_day, f.first_day, s.begins - 1 AS start_on,
               f.on_day + f.first_day - 1 AS gap_on, f.on_day + {window_days} AS last_on
        FROM {featured} AS f ASOF JOIN stretches AS s ON f.on_day >= s.begins),
    counted AS (
        SELECT a.*, coalesce(w.n, 0) - coalesce(g.n, 0) AS ahead,
               (coalesce(b.n, 0) - coalesce(z.n, 0)) * (last_on - gap_on) / (on_day - start_on) AS expected
        FROM asked_on AS a
        ASOF LEFT JOIN acts AS w ON a.deed = w.deed AND a.last_on >= w.day
        ASOF LEFT JOIN acts AS g ON a.deed = g.deed AND a.gap_on >= g.day
        ASOF LEFT JOIN acts AS b ON a.deed = b.deed AND a.on_day >= b.day
        ASOF LEFT JOIN acts AS z ON a.deed = z.deed AND a.start_on >= z.day)
    SELECT deed, on_day, first_day, (ahead + {ENOUGH_DEEDS}) / (expected + {ENOUGH_DEEDS}) AS busyness FROM counted"""


def fetch_columns(con: "DuckDBPyConnection", table: str) -> Columns:
    """A table as columns, in the order of its questions."""
    import numpy as np

    rows = con.execute(f"SELECT * FROM {table} ORDER BY question").fetchnumpy()
    return {name: np.ma.filled(column) for name, column in rows.items()}

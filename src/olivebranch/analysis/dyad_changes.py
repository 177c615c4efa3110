"""Where the level of a dyad's words or deeds changed, between which days, and the rows that moved it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from olivebranch.analysis.change_points import WEEKS_BESIDE, Break, find_breaks
from olivebranch.analysis.dyad_rows import DyadQuestion, filter_rows
from olivebranch.analysis.dyad_series import KINDS, PRIOR_REPORTS, Basis, DyadSeries, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

MOVING_ROWS, ROWS_PER_ACT = 5, 2
"""Rows shown for a change, and how many of them may be of one act (three digits of CAMEO)."""


@dataclass(frozen=True, slots=True)
class MovingRow:
    """A row of the archive, of an act that moved the level, with how much (in the units of the change, signed).

    `moved` is the part of this row, `act_moved` that of all rows of its act, those after less those before: what was
    as common before as after moved nothing. A row of before (not `is_after`) moved it by having no like after it.
    """

    happened_on: date
    cameo: str | None
    type: str | None
    mode: str | None
    actor_name: str | None
    recipient_name: str | None
    score: float
    reports: int
    outlet: str | None
    story: str | None
    source: str
    source_row: str
    is_after: bool
    moved: float
    act_moved: float


@dataclass(frozen=True, slots=True)
class Change:
    """A change of level of words or deeds. `day` is the Monday of the first week of the new level.

    It lies between `low` and `high` in 95 % of bootstrap runs. `before` and `after` are mean weekly figures: net
    score per report (basis share) or net score (counts). `until` is the day of the next change, None where the level
    holds to the end. Accepted where it survived `penalties` of three, `survival` (0 to 1) of bootstrap runs, with
    enough weeks on both sides; else a candidate, for the `reasons`.
    """

    series: Kind
    basis: Basis
    status: Literal["accepted", "candidate"]
    day: date
    low: date
    high: date
    until: date | None
    before: float
    after: float
    penalties: int
    survival: float
    reasons: tuple[str, ...]
    rows: tuple[MovingRow, ...]

    def words(self) -> str:
        """As a line says it: "deeds colder from 2018-03-26, -0.9 to -2.4 a report, accepted"."""
        turn = "warmer" if self.after > self.before else "colder"
        unit = "a report" if self.basis == "share" else "a week"
        return f"{self.series} {turn} from {self.day}, {self.before:+.1f} to {self.after:+.1f} {unit}, {self.status}"


def find_changes(
    con: "DuckDBPyConnection", question: DyadQuestion, weeks: DyadSeries, bases: tuple[Basis, ...]
) -> tuple[Change, ...]:
    """The changes of level of whole weeks, by basis, series and day.

    Raises:
        MissingExtra: ruptures is not installed.
    """
    found = [
        (basis, kind, broken)
        for basis in bases
        for kind in KINDS
        for broken in find_breaks(weeks.values(kind, basis), weeks.is_enough)
    ]
    moving = _find_moving_rows(con, question, weeks, found)
    return tuple(_change(weeks, *one, moving[place]) for place, one in enumerate(found))


def _change(weeks: DyadSeries, basis: Basis, kind: Kind, broken: Break, rows: list[MovingRow]) -> Change:
    crowded = _crowding(weeks, broken) if (kind, basis) == ("words", "share") else ""
    reasons = (*broken.reasons, crowded) if crowded else broken.reasons
    return Change(
        series=kind,
        basis=basis,
        status="candidate" if reasons else "accepted",
        day=weeks.starts[broken.at],
        low=weeks.starts[broken.low],
        high=weeks.stops[broken.high],
        until=weeks.starts[broken.stop] if broken.stop < len(weeks.starts) else None,
        before=broken.before,
        after=broken.after,
        penalties=broken.penalties,
        survival=broken.survival,
        reasons=reasons,
        rows=tuple(rows),
    )


def _crowding(weeks: DyadSeries, broken: Break) -> str:
    """Says so where words count for less only since deeds take more of the reports: half or more of the change.

    Net per report is the share of words times their mean; the change splits into that of either at the other's middle.
    """
    sides = (slice(broken.start, broken.at), slice(broken.at, broken.stop))
    counts = [int(weeks.counts[0, side].sum()) for side in sides]
    if not all(counts):
        return ""
    shares = [count / int(weeks.reports[side].sum()) for count, side in zip(counts, sides, strict=True)]
    means = [float(weeks.nets[0, side].sum()) / count for count, side in zip(counts, sides, strict=True)]
    by_tone = (means[1] - means[0]) * sum(shares) / 2
    by_share = (shares[1] - shares[0]) * sum(means) / 2
    if by_tone * (by_tone + by_share) > abs(by_tone + by_share) ** 2 / 2:
        return ""
    tone = f"{means[0]:+.1f} to {means[1]:+.1f}"
    return (
        f"most of it is the share of words ({shares[0] * 100:.0f} to {shares[1] * 100:.0f} %), not their mean ({tone})"
    )


Found = list[tuple[Basis, Kind, Break]]


def _find_moving_rows(
    con: "DuckDBPyConnection", question: DyadQuestion, weeks: DyadSeries, found: Found
) -> dict[int, list[MovingRow]]:
    """For each change the rows nearest to it of the acts whose coming or going pushed its two levels furthest apart."""
    weights = [(number, *line) for number, one in enumerate(found) for line in _weights(weeks, *one)]
    moving: dict[int, list[MovingRow]] = defaultdict(list)
    if not weights:
        return moving
    condition, values = filter_rows(question)
    columns: list[list[Any]] = [list(column) for column in zip(*weights, strict=True)]
    weeks_told = sorted(columns[3])
    told = con.execute(
        f"""WITH weights AS (SELECT unnest(?) AS change, unnest(?) AS turn, unnest(?) AS turned_on, unnest(?) AS week,
                                    unnest(?) AS of_deeds, unnest(?) AS is_after, unnest(?) AS weight),
            told AS (SELECT *, coalesce(left(cameo, 3), type) AS act, score * weight AS moved
                     FROM coded_events JOIN weights
                       ON week = date_trunc('week', happened_on)::DATE AND is_deed = of_deeds
                     WHERE {condition} AND happened_on BETWEEN ?::DATE AND ?::DATE + 6),
            ranked AS (SELECT *, sum(moved) OVER (PARTITION BY change, act) AS act_moved,
                              row_number() OVER (PARTITION BY change, act ORDER BY moved * turn > 0 DESC,
                                                 abs(happened_on - turned_on), reports DESC, source_row) AS of_act
                       FROM told),
            placed AS (SELECT *, row_number() OVER (PARTITION BY change
                                                    ORDER BY act_moved * turn <= 0, of_act > {ROWS_PER_ACT},
                                                    round(act_moved * turn, 9) DESC, act, of_act) AS nth
                       FROM ranked)
            SELECT change, happened_on, cameo, type, mode, actor_name, recipient_name, score, reports, outlet, story,
                   source, source_row, is_after, moved, act_moved
            FROM placed WHERE nth <= {MOVING_ROWS} ORDER BY change, nth""",
        [*columns, *values, weeks_told[0], weeks_told[-1]],
    )
    for number, *row in told.fetchall():
        moving[number].append(MovingRow(*row))
    return moving


def _weights(
    weeks: DyadSeries, basis: Basis, kind: Kind, broken: Break
) -> "Iterator[tuple[int, date, date, bool, bool, float]]":
    """Which way it turned and on which day, week, is_deed, is_after, and what a point of score then moves the level by.

    The level moved by the mean of up to eight weeks after less the mean of up to eight before; a week's figure is its
    net over its reports (and the prior ones), or its net.
    """
    low, high = max(broken.start, broken.at - WEEKS_BESIDE), min(broken.stop, broken.at + WEEKS_BESIDE)
    turn = 1 if broken.after > broken.before else -1
    for place in range(low, high):
        is_after = place >= broken.at
        over = float(weeks.reports[place] + PRIOR_REPORTS) if basis == "share" else 1.0
        share = 1 / (high - broken.at) if is_after else -1 / (broken.at - low)
        yield turn, weeks.starts[broken.at], weeks.starts[place], kind == "deeds", is_after, share / over

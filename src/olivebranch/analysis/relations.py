"""How one power stands towards another: words and deeds over time, where their level changed, how cold it is now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from olivebranch import settings
from olivebranch.analysis.dyad_changes import Change, find_changes
from olivebranch.analysis.dyad_rows import (
    Coverage,
    DyadQuestion,
    bound_days,
    choose_source,
    count_sources,
    cut_off,
    fetch_days,
)
from olivebranch.analysis.dyad_series import (
    MIN_REPORTS_PERIOD,
    Basis,
    By,
    DyadDays,
    DyadSeries,
    Period,
    Tally,
    lay_days,
    make_series,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MIN_WEEKS_RANK = 26
"""A week is ranked among the dyad's own only from half a year of them."""


@dataclass(frozen=True, slots=True)
class Rank:
    """The last week that says enough, among the dyad's earlier weeks that do (`weeks`, the first on `since`).

    `colder_than` is the percentage (0 to 100) of them with a higher mean score, ties counted half.
    """

    week: date
    score: float
    colder_than: float
    weeks: int
    since: date

    def words(self) -> str:
        """As a brief says it."""
        return f"colder than {self.colder_than:.0f} % of its own {self.weeks} weeks since {self.since:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Direction:
    """One directed dyad: its periods, changes of level (of both series, on both bases), and last 90 days.

    `rank` is None where too few weeks say enough; `rank_why` then says so. `enough_weeks` of `weeks` are not grey.
    """

    actor: str
    recipient: str
    reports: int
    weeks: int
    enough_weeks: int
    rank: Rank | None
    rank_why: str
    words_90: Tally
    deeds_90: Tally
    changes: tuple[Change, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Relations:
    """A dyad and its mirror, from one source, both days included; `others` are reports in sources not used."""

    by: By
    basis: Basis
    source: str
    begins: date
    ends: date
    as_of: date | None
    expand_groups: bool
    others: dict[str, int]
    coverage: tuple[Coverage, ...]
    directions: tuple[Direction, Direction]


@dataclass(frozen=True, slots=True)
class RelationLine:
    """What a brief says of a directed dyad in one line.

    `last_change` is the latest accepted change of level per report, else the latest candidate.
    """

    actor: str
    recipient: str
    source: str
    ends: date
    rank: Rank | None
    rank_why: str
    words: Tally
    deeds: Tally
    last_change: Change | None

    def text(self) -> str:
        """The line, as in "colder than 96 % of its own weeks since 2007-01; words +1.2 (40), deeds -6.1 (12) …"."""
        cold = self.rank.words() if self.rank else self.rank_why
        recent = f"{_tally_words('words', self.words)}, {_tally_words('deeds', self.deeds)}"
        change = f"; last change: {self.last_change.words()}" if self.last_change else "; no change of level found"
        return f"{cold}; {recent} in the {settings.STATE_DAYS} days to {self.ends}{change}"


def find_relations(
    con: "DuckDBPyConnection",
    question: DyadQuestion,
    *,
    by: By = "week",
    basis: Basis = "share",
    coverage: Sequence[Coverage] = (),
) -> Relations | None:
    """A dyad and its mirror from an archive's `coded_events`; None where it holds no row on them.

    Args:
        question: the dyad, and which rows may speak of it.
        by: the periods given; changes and ranks are always of weeks.
        basis: what is shown first; both are worked out.
        coverage: what the archive holds, so that weeks without a report are told from weeks not covered.

    Raises:
        UsageError: a group without rows of its own, or a source that has none on the dyad.
        MissingExtra: ruptures is not installed.
    """
    asked = (question, question.mirrored())
    rows = [fetch_days(con, replace(one, source=None)) for one in asked]
    sums = count_sources(rows)
    if not sums:
        return None
    source = choose_source(sums, question.source)
    begins, ends = bound_days(rows, source, question, coverage)
    used = [DyadQuestion(q.actor, q.recipient, begins, cut_off(q.as_of, ends), source, q.expand_groups) for q in asked]
    laid = [lay_days(some, source, begins, ends) for some in rows]
    one, mirror = (_direct(con, q, days, by) for q, days in zip(used, laid, strict=True))
    return Relations(
        by=by,
        basis=basis,
        source=source,
        begins=begins,
        ends=ends,
        as_of=question.as_of,
        expand_groups=question.expand_groups,
        others={name: count for name, count in sorted(sums.items()) if name != source},
        coverage=tuple(coverage),
        directions=(one, mirror),
    )


def relation_line(con: "DuckDBPyConnection", dyad: tuple[str, str], as_of: date | None = None) -> RelationLine | None:
    """The line that a brief gives on a directed dyad, from what was known by `as_of`; None without a row on it.

    Raises:
        UsageError: a group without rows of its own.
        MissingExtra: ruptures is not installed.
    """
    question = DyadQuestion(*dyad, as_of=as_of)
    rows = fetch_days(con, question)
    if not rows:
        return None
    source = choose_source(count_sources([rows]), None)
    begins, ends = bound_days([rows], source, question, ())
    days = lay_days(rows, source, begins, ends)
    used = DyadQuestion(*dyad, since=begins, as_of=as_of, source=source)
    weeks = make_series(days, "week").whole()
    changes = find_changes(con, used, weeks, ("share",))
    rank, why = _rank(weeks)
    words, deeds = days.tally(ends - timedelta(days=settings.STATE_DAYS - 1), ends)
    return RelationLine(*dyad, source, ends, rank, why, words, deeds, max(changes, key=_weight, default=None))


def _direct(con: "DuckDBPyConnection", question: DyadQuestion, days: DyadDays, by: By) -> Direction:
    weeks = make_series(days, "week").whole()
    rank, why = _rank(weeks)
    words, deeds = days.tally(days.ends - timedelta(days=settings.STATE_DAYS - 1), days.ends)
    return Direction(
        actor=question.actor,
        recipient=question.recipient,
        reports=int(days.counts.sum()),
        weeks=len(weeks.starts),
        enough_weeks=int(weeks.is_enough.sum()),
        rank=rank,
        rank_why=why,
        words_90=words,
        deeds_90=deeds,
        changes=find_changes(con, question, weeks, ("share", "counts")),
        periods=make_series(days, by).periods(),
    )


def _rank(weeks: DyadSeries) -> tuple[Rank | None, str]:
    """The last week that says enough among the earlier ones, or why there is none."""
    places = np.flatnonzero(weeks.is_enough)
    if len(places) <= MIN_WEEKS_RANK:
        held = f"{len(places)} whole weeks have {MIN_REPORTS_PERIOD} reports or more"
        return None, f"too few weeks to rank: {held}, {MIN_WEEKS_RANK + 1} are needed"
    scores = weeks.scores[places]
    last, earlier = scores[-1], scores[:-1]
    colder = float((earlier > last).mean() + (earlier == last).mean() / 2) * 100
    return Rank(weeks.starts[places[-1]], float(last), colder, len(earlier), weeks.starts[places[0]]), ""


def _weight(change: Change) -> tuple[bool, date, bool]:
    return change.status == "accepted", change.day, change.series == "deeds"


def _tally_words(name: str, tally: Tally) -> str:
    mean = "none" if tally.mean is None else f"{tally.mean:+.1f}"
    return f"{name} {mean} ({tally.count})"

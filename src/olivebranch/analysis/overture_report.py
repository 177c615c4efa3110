"""The whole answer to `overtures RUS:USA`: every overture of ledger and archive, the record, controls, lift, curves."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from olivebranch.analysis.archive_controls import Lift, find_control_days, measure_lift
from olivebranch.analysis.archive_outcomes import follow_class, follow_criteria
from olivebranch.analysis.archive_overtures import find_archive_overtures
from olivebranch.analysis.base_rates import describe_rate, find_base_rate
from olivebranch.analysis.controls import control_rate
from olivebranch.analysis.deeds import deed_classes, family_deeds
from olivebranch.analysis.likelihood import Rate
from olivebranch.analysis.outcomes import OutcomeJudge
from olivebranch.analysis.overture_rows import READING_DAYS, OvertureRow, archive_rows, ledger_rows
from olivebranch.analysis.record import KEPT_LENIENTLY, RESOLVED
from olivebranch.analysis.survival import CurvePoint, survival_curve
from olivebranch.codebook import load_codebook
from olivebranch.ledger.rows import Criterion
from olivebranch.ledger.view import View

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from olivebranch.ledger.archive import Archive


@dataclass(frozen=True, slots=True)
class Tally:
    """The record in counts. Rates rest on resolved, counted overtures; meetings (`met`) are apart from deeds.

    `leniently` also takes in what was done in part or late. `readings`: at each day, how many were followed by then
    of how many could be read. `states`: the outcomes by how the dyad stood when it was said.
    """

    counts: dict[str, int]
    states: dict[str, dict[str, int]]
    in_full: Rate
    leniently: Rate
    met: Rate
    readings: dict[int, Rate]
    curve: tuple[CurvePoint, ...]
    meeting_curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A family's deed after this dyad's overtures beside its other days.

    `control` is None where there are under ten of them; ratio and difference with intervals come from archives only.
    """

    family: str
    deed: str
    window_days: int
    followed: Rate | None
    control: Rate | None
    lift: Lift | None


@dataclass(frozen=True, slots=True)
class Source:
    """The overtures of the ledger, or of one archive, with their record and controls; `note` says what is not there."""

    name: str
    begins: date | None
    ends: date | None
    rows: tuple[OvertureRow, ...]
    tally: Tally
    controls: tuple[Control, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OvertureReport:
    """All of it: the ledger's overtures and each archive's apart. `base_rates` are sentences on any two states."""

    actor: str
    recipient: str
    as_of: date
    sources: tuple[Source, ...]
    base_rates: tuple[str, ...]


def report_overtures(
    view: View,
    archive: "Archive",
    actor: str,
    recipient: str,
    *,
    since: date | None = None,
    expand_groups: bool = False,
) -> OvertureReport:
    """What followed the overtures of `actor` to `recipient`, as known on the view's day (None: the last day known)."""
    coverage = archive.coverage()
    as_of = None if view.as_of == date.max else view.as_of
    known = as_of or max([*_last_days(view), *(row.ends for row in coverage)], default=date.today())
    sources = [report_ledger(OutcomeJudge(view, known), actor, recipient, since=since, expand_groups=expand_groups)]
    if coverage:
        con = archive.connect()
        for name in sorted({row.source for row in coverage}):
            sources.append(report_archive(con, name, actor, recipient, since=since, as_of=as_of))
    families = {row.family for source in sources for row in source.rows if row.family}
    return OvertureReport(actor, recipient, known, tuple(sources), tuple(_base_rates(families)))


def _last_days(view: View) -> list[date]:
    """The last day that the ledger knew of anything."""
    articles = [row["published_on"] for row in view.articles() if row["published_on"]]
    return [*articles, *(fact.known_on for fact in view.facts() if fact.known_on)]


def _base_rates(families: Collection[str]) -> Iterable[str]:
    """What the shipped tables say of offers of these families, by their paired deed and window."""
    for family, code in sorted(family_deeds().items()):
        if family in families or code.deed in families:
            deed = deed_classes()[str(code.deed)]
            found = find_base_rate(family, deed.deed, deed.window_days)
            if found is not None and found.rate is not None:
                yield describe_rate(found)


def report_ledger(
    judge: OutcomeJudge, source: str, target: str, *, since: date | None = None, expand_groups: bool = False
) -> Source:
    """The ledger's own overtures of `source` to `target` said from `since` on."""
    rows = ledger_rows(judge, source, target, expand_groups=expand_groups)
    rows = [row for row in rows if since is None or (row.said_on is not None and row.said_on >= since)]
    criteria = {
        row.family: Criterion(row.family, row.cameo, row.window_days, None, None, row.criterion)
        for row in rows
        if row.outcome != "untestable" and row.family
    }
    controls = tuple(
        Control(family, family, criterion.window_days or 0, _followed(rows, family), rate, None)
        for family, criterion in sorted(criteria.items())
        for rate in [control_rate(judge, source, {target}, criterion)]
    )
    days = [row.said_on for row in rows if row.said_on]
    return Source("ledger", min(days, default=None), max(days, default=None), tuple(rows), tally(rows), controls)


def report_archive(
    con: "DuckDBPyConnection",
    archive: str,
    source: str,
    target: str,
    *,
    since: date | None = None,
    as_of: date | None = None,
) -> Source:
    """One archive's overtures of `source` to `target`; only from rows that name this dyad (`names_dyads`)."""
    until = as_of or date.max
    find_archive_overtures(
        con, since=since or date.min, until=until, as_of=as_of, sources=[archive], dyad=(source, target)
    )
    follow_criteria(con)
    rows = archive_rows(con, source, target, archive)
    begins, ends = con.execute("SELECT min(begins), max(ends) FROM stretches").fetchall()[0]
    note = _why_empty(source, target, begins)
    controls = tuple(_archive_controls(con, source, target))
    return Source(archive, begins, ends, tuple(rows), tally(rows), controls, note)


def _why_empty(source: str, target: str, begins: date | None) -> str | None:
    if begins is None:
        return "This archive's biggest powers were left out: it serves pooled figures, and no dyad of it is shown."
    codebook = load_codebook()
    bodies = [code for code in (source, target) if not codebook.is_state(code)]
    return f"Archives are searched for overtures between states; {', '.join(bodies)} is none." if bodies else None


def tally(rows: Sequence[OvertureRow]) -> Tally:
    """The record of these overtures in counts."""
    counted = [row for row in rows if row.is_counted]
    promised = [row for row in counted if not row.is_meeting]
    meetings = [row for row in counted if row.is_meeting]
    by_state = {state: [row for row in rows if row.dyad_state == state] for state in ("cold", "warm", "unknown")}
    return Tally(
        counts=_count(rows),
        states={state: _count(of_state) for state, of_state in by_state.items() if of_state},
        in_full=_rate(promised, {"kept"}),
        leniently=_rate(promised, KEPT_LENIENTLY),
        met=_rate(meetings, {"met"}),
        readings={day: _read(promised, day) for day in READING_DAYS},
        curve=survival_curve(promised),
        meeting_curve=survival_curve(meetings),
    )


def _count(rows: Iterable[OvertureRow]) -> dict[str, int]:
    return dict(sorted(Counter(row.outcome for row in rows).items()))


def _rate(rows: Iterable[OvertureRow], good: Collection[str]) -> Rate:
    """Of those resolved. A deed seen early in an open window is left out: its like without a deed would be too."""
    resolved = [row for row in rows if row.outcome in {*RESOLVED, "met"} and not _is_early(row)]
    return Rate(sum(row.outcome in good for row in resolved), len(resolved))


def _is_early(row: OvertureRow) -> bool:
    return row.watched_days is not None and row.stage is None and row.watched_days < (row.window_days or 0)


def _read(rows: Iterable[OvertureRow], day: int) -> Rate:
    readings = [reading for row in rows if not row.is_restraint and (reading := row.readings.get(day)) is not None]
    return Rate(sum(readings), len(readings))


def _followed(rows: Iterable[OvertureRow], family: str) -> Rate:
    of_family = [row for row in rows if row.is_counted and row.family == family]
    return _rate(of_family, {"kept", "met"})


def _archive_controls(con: "DuckDBPyConnection", source: str, target: str) -> Iterable[Control]:
    for family, code in sorted(family_deeds().items()):
        deed = deed_classes()[str(code.deed)]
        con.execute(
            "CREATE OR REPLACE TEMP TABLE of_dyad AS SELECT * FROM overtures WHERE family = ? "
            "AND ((actor = ? AND recipient = ?) OR (is_mutual AND recipient = ?))",
            [family, source, target, source],
        )
        if con.execute("SELECT count(*) FROM of_dyad").fetchall()[0][0]:
            find_control_days(con, "of_dyad", window_days=deed.window_days)
            follow_class(con, "of_dyad", deed, into="followed_overtures")
            follow_class(con, "control_days", deed, into="followed_controls")
            lift = measure_lift(con, "followed_overtures", "followed_controls", blocks="month")
            yield Control(family, deed.deed, deed.window_days, lift.overtures, _control(con, lift), lift)


def _control(con: "DuckDBPyConnection", lift: Lift) -> Rate | None:
    if lift.control_rate is None:
        return None
    ((hits, cases),) = con.execute(
        "SELECT count(*) FILTER (n_deeds > 0), count(*) FROM followed_controls WHERE is_covered AND is_over"
    ).fetchall()
    return Rate(hits, cases)

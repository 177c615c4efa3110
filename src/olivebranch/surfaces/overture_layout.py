"""Lays out what `olivebranch overtures` found as headings, paragraphs, tables and a small curve of text."""

from collections.abc import Iterator, Sequence

from olivebranch.analysis.criteria import day_words
from olivebranch.analysis.likelihood import Rate
from olivebranch.analysis.naming import name_code, name_codes
from olivebranch.analysis.overture_report import Control, OvertureReport, Source, Tally
from olivebranch.analysis.overture_rows import OvertureRow
from olivebranch.analysis.survival import CurvePoint
from olivebranch.surfaces.layout import Block, Heading, Items, Paragraph, Table

BAR = 30
"""Characters of a curve's longest bar."""
MANY_ROWS = 200
"""So many overtures of one source are printed, the newest; `--json` and `--since` give the others."""


def lay_out_overtures(report: OvertureReport) -> Iterator[Block]:
    """The blocks of a report: the question, then each source with its record, controls, curve and overtures."""
    yield Heading(f"What followed the overtures of {name_code(report.actor)} to {name_code(report.recipient)}", 1)
    yield Paragraph(f"As known on {day_words(report.as_of)}. {_summary(report)}", is_strong=True)
    for source in report.sources:
        yield from _source(source)
    if report.base_rates:
        yield Heading("Such overtures between any two states")
        yield Items(report.base_rates)
    yield Heading("How to read it")
    yield Items(NOTES)


NOTES = (
    "A deed counts from day 4: days 0 to 3 are the same story. Its kind and window were fixed beforehand.",
    "In full: kept. Leniently: kept, in part, or late. A meeting that took place is met, and stands apart from deeds.",
    "Open: the window is not over. Not examined: nobody looked. Untestable: no measure was named. None is in a rate.",
    "The dyad's other days say how often the same deed comes without an overture; the difference is the finding.",
)


def _summary(report: OvertureReport) -> str:
    counts = [f"{len(source.rows)} in {source.name}" for source in report.sources if source.rows]
    return f"Overtures found: {', '.join(counts)}." if counts else "No overture was found."


def _source(source: Source) -> Iterator[Block]:
    span = f", {day_words(source.begins)} to {day_words(source.ends)}" if source.begins and source.ends else ""
    yield Heading(f"{source.name}{span}")
    if source.note:
        yield Paragraph(source.note)
    if not source.rows:
        yield Paragraph("No overture here.")
        return
    yield Paragraph(_record(source.tally))
    yield Items(tuple(_state(state, counts) for state, counts in source.tally.states.items()))
    if source.controls:
        headers = ("offer", "deed, window", "after overtures", "other days", "difference", "ratio")
        yield Table(headers, tuple(_control(control) for control in source.controls))
    yield from _curve("Followed by their deed", source.tally.curve)
    yield from _curve("Meetings offered that took place", source.tally.meeting_curve)
    yield from _readings(source.tally)
    yield from _rows(source.rows)


def _record(tally: Tally) -> str:
    counts = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in tally.counts.items())
    return (
        f"{counts}. Followed by deeds in full {tally.in_full.words()}, leniently {tally.leniently.words()}; "
        f"meetings offered that took place {tally.met.words()}."
    )


def _state(state: str, counts: dict[str, int]) -> str:
    return f"{state}: " + ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in counts.items())


def _control(control: Control) -> tuple[str, ...]:
    lift = control.lift
    other = control.control.words() if control.control else "no control: under 10 comparable days"
    cells = (
        (_points(lift.difference, lift.difference_interval), _ratio(lift.ratio, lift.ratio_interval)) if lift else ()
    )
    return (
        control.family,
        f"{control.deed}, {control.window_days} days",
        _words(control.followed),
        other,
        *(cells or ("–", "–")),
    )


def _words(rate: Rate | None) -> str:
    return rate.words() if rate else "–"


def _points(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "–"
    between = f" ({interval[0] * 100:+.0f} to {interval[1] * 100:+.0f})" if interval else ""
    return f"{value * 100:+.0f} points{between}"


def _ratio(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" + (f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else "")


def _curve(title: str, points: Sequence[CurvePoint]) -> Iterator[Block]:
    if points:
        yield Paragraph(f"{title}, by day (those still open counted as far as they were seen):")
        yield Items(tuple(map(_bar, points)))


def _bar(point: CurvePoint) -> str:
    filled = round(point.followed * BAR)
    interval = f"{point.low * 100:.0f}–{point.high * 100:.0f} %"
    return (
        f"day {point.day:3d} {'█' * filled}{'·' * (BAR - filled)} {point.followed * 100:3.0f} % "
        f"({interval}), {point.at_risk} still seen"
    )


def _readings(tally: Tally) -> Iterator[Block]:
    read = [f"{day} days: {rate.words()}" for day, rate in tally.readings.items() if rate.cases]
    if read:
        yield Paragraph("Deeds at the interim readings: " + "; ".join(read) + ".")


def _rows(rows: Sequence[OvertureRow]) -> Iterator[Block]:
    shown = rows[-MANY_ROWS:]
    if len(shown) < len(rows):
        yield Paragraph(f"The newest {len(shown)} of {len(rows)}:")
    headers = ("said", "the words", "grade, flags", "dyad", "what would count", "outcome", "evidence")
    yield Table(headers, tuple(map(_row, shown)))


def _row(row: OvertureRow) -> tuple[str, ...]:
    who = ", ".join(part for part in (row.who, row.office) if part)
    to = "" if row.grade is None else f" (to {name_codes(row.recipients)})"
    flags = dict.fromkeys([row.grade or row.family or "", *row.flags, *(["both sides"] if row.is_mutual else [])])
    apart = f"; not counted: {row.not_counted_why}" if row.not_counted_why else ""
    stage = f", {row.stage}" if row.stage else ""
    days = f", day {row.days}" if row.days is not None else ""
    evidence = ", ".join(row.evidence) + (f" ({row.rung})" if row.rung else "")
    return (
        day_words(row.said_on),
        (f"{who}: " if who else "") + row.words + to,
        ", ".join(flag.replace("_", " ") for flag in flags if flag),
        row.dyad_state,
        row.criterion or "names no measure",
        f"{row.outcome.replace('_', ' ')}{stage}{days}: {row.why}{apart}",
        evidence or "–",
    )

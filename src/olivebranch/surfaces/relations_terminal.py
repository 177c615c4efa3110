"""Prints relations in the terminal: words and deeds as sparklines, changes of level with their rows."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from olivebranch.analysis.dyad_rows import Coverage
from olivebranch.analysis.dyad_series import KINDS, Basis, Kind, Period
from olivebranch.analysis.relations import Direction, Relations
from olivebranch.surfaces.relations_words import (
    shown_changes,
    write_change,
    write_coverage,
    write_lines,
    write_measure,
    write_moving,
    write_name,
    write_others,
    write_score,
    write_title,
)

BLOCKS = "▁▂▃▄▅▆▇█"
GREY = "·"
LABEL = 8
RANGE = 16


def print_relations(relations: Relations, console: Console) -> None:
    """Prints a dyad and its mirror on a console."""
    console.print(Text(write_title(relations), style="bold"))
    console.print(Text(write_measure(relations), style="dim"))
    for direction in relations.directions:
        _print_direction(relations, direction, console)
    console.print()
    print_coverage(relations.coverage, console)
    if relations.others:
        console.print(Text(write_others(relations), style="dim"))


def _print_direction(relations: Relations, direction: Direction, console: Console) -> None:
    console.print()
    console.print(Text(write_name(direction), style="bold underline"))
    for line in write_lines(direction):
        console.print(Text(line))
    _print_sparklines(direction.periods, relations.basis, console)
    changes = shown_changes(relations, direction)
    if not changes:
        console.print(Text("No change of level found, of words or of deeds."))
    for change in changes:
        mark = "● " if change.status == "accepted" else "○ "
        console.print(Text(mark + write_change(change), style="bold" if change.status == "accepted" else ""))
        for row in change.rows:
            console.print(Padding(_moving_line(*write_moving(row)), (0, 0, 0, 2), expand=False))


def _moving_line(day: str, code: str, what: str, who: str, score: str, row: str) -> Text:
    text = Text(f"{day} {code} ", style="dim")
    text.append(f"{what}: {who}, {score}", style="not dim")
    text.append(f" [{row}]")
    return text


def _print_sparklines(periods: Sequence[Period], basis: Basis, console: Console) -> None:
    """Both series on one scale, the latest periods that fit; grey ones as dots, cold ones in red."""
    room = max(console.width - LABEL - RANGE, 10)
    shown = periods[-room:]
    figures = {kind: [_figure(period, kind, basis) for period in shown] for kind in KINDS}
    told = [figure for some in figures.values() for figure in some if figure is not None]
    if not told:
        console.print(Text("Every period is grey: there are too few reports to draw.", style="dim"))
        return
    low, high = min(*told, 0.0), max(*told, 0.0)
    for kind in KINDS:
        console.print(_sparkline(kind, figures[kind], low, high))
    console.print(Text(" " * LABEL + _axis([period.begins for period in shown]), style="dim"))
    if len(shown) < len(periods):
        drawn = f"The latest {len(shown)} of {len(periods)} are drawn"
        console.print(Text(f"{drawn}; --by month or --plot has more.", style="dim"))


def _sparkline(kind: Kind, figures: Sequence[float | None], low: float, high: float) -> Text:
    text = Text(f"{kind:<{LABEL}}")
    for figure in figures:
        if figure is None:
            text.append(GREY, style="dim")
        else:
            step = int((figure - low) / (high - low) * len(BLOCKS)) if high > low else 0
            text.append(BLOCKS[min(step, len(BLOCKS) - 1)], style="red" if figure < 0 else "green")
    told = [figure for figure in figures if figure is not None]
    text.append(f" {write_score(min(told))} to {write_score(max(told))}" if told else "", style="dim")
    return text


def _figure(period: Period, kind: Kind, basis: Basis) -> float | None:
    """What is drawn of a period; None where it is grey or cut short."""
    if not (period.is_enough and period.is_whole):
        return None
    tally = period.words if kind == "words" else period.deeds
    return tally.per_report if basis == "share" else tally.net


def _axis(starts: Sequence[date]) -> str:
    """The month, or over two years the year, under each period that opens one and has room for it."""
    form = "%b" if (starts[-1] - starts[0]).days <= 731 else "%Y"
    line, before = "", ""
    for place, start in enumerate(starts):
        label = f"{start:{form}}"
        if label != before and len(line) <= place and place + len(label) <= len(starts):
            line = f"{line.ljust(place)}{label} "
        before = label
    return line


def print_coverage(coverage: tuple[Coverage, ...], console: Console) -> None:
    """Prints what the archive holds."""
    for line in write_coverage(coverage):
        console.print(Text(f"Archive {line}.", style="dim"))

"""Prints linkage in the terminal: the sentence, then the tests and response curves that it rests on."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from olivebranch.analysis.lead_lag import PERMUTATIONS, LeadLag, ResponsePoint
from olivebranch.analysis.linkage import Linkage, LinkedSeries
from olivebranch.surfaces.layout import write_plain
from olivebranch.surfaces.relations_terminal import print_coverage
from olivebranch.surfaces.relations_words import MINUS


def print_linkage(linkage: Linkage, console: Console) -> None:
    """Prints two dyads' lead and lag on a console."""
    for sentence in linkage.sentences:
        console.print(Text(f"{sentence[0].upper()}{sentence[1:]}.", style="bold"))
    what = linkage.of or "words and deeds together"
    span = f"{linkage.begins} to {linkage.ends}, source {write_plain(linkage.source)}"
    console.print(Text(f"Weekly net score per report, {what}; {span}.", style="dim"))
    for one in linkage.series:
        console.print(Text(f"{one.name}: {one.reports:,} reports, {one.enough_weeks} weeks with enough{_wander(one)}."))
    if linkage.found is not None:
        _print_found(linkage.found, linkage.series, console)
    print_coverage(linkage.coverage, console)


def _wander(one: LinkedSeries) -> str:
    if one.unit_root_p is None:
        return ""
    level = "keeps to a level" if one.is_stationary else "may wander without a level of its own"
    return f"; {level} (augmented Dickey-Fuller p {one.unit_root_p:.2f})"


def _print_found(found: LeadLag, series: Sequence[LinkedSeries], console: Console) -> None:
    console.print(Text(f"In the same week they go together by {_signed(found.same_week)} (correlation; no lead)."))
    console.print()
    table = RichTable(title=f"Tests, {PERMUTATIONS} permutations", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for header in ("who leads", "weeks", "effect", "p", "p after Holm"):
        table.add_column(header, justify="left" if header == "who leads" else "right")
    for test in found.tests:
        name = f"{series[test.leader].name} leads {series[1 - test.leader].name}"
        style = "bold" if test in found.leads else ""
        cells = (name, str(test.lag), _signed(test.effect), f"{test.p:.3f}", f"{test.p_holm:.3f}")
        table.add_row(*(Text(cell, style=style) for cell in cells))
    console.print(table)
    console.print()
    console.print(Text(f"Response to one point more, VAR({found.fitted}); lag by BIC {found.order}; 95 % bands"))
    for leader, curve in enumerate(found.responses):
        name = f"{series[leader].name} then {series[1 - leader].name}"
        console.print(Text(f"  {name}: {', '.join(_point(point) for point in curve[1:])}"))


def _point(point: ResponsePoint) -> str:
    return f"{point.week} w {_signed(point.response)} [{_signed(point.low)}, {_signed(point.high)}]"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", MINUS)

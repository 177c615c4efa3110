"""Draws relations as one HTML page that needs nothing else: words and deeds, grey stretches, changes of level."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader

from olivebranch import __version__
from olivebranch.analysis.dyad_changes import Change
from olivebranch.analysis.dyad_series import KINDS, Basis, Kind, Period
from olivebranch.analysis.relations import Direction, Relations
from olivebranch.errors import MissingExtra, UsageError
from olivebranch.surfaces.relations_words import (
    MOVING_HEADERS,
    shown_changes,
    write_change,
    write_coverage,
    write_lines,
    write_measure,
    write_moving,
    write_name,
    write_others,
    write_title,
)

if TYPE_CHECKING:
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]

COLOURS: dict[Kind, str] = {"words": "#2f6db5", "deeds": "#c4541a"}
INK, SOFT, GREY = "#1d2321", "#6b7572", "rgba(128,134,131,0.16)"
AXIS_TITLES: dict[Basis, str] = {"share": "net score per report", "counts": "net score"}
PANEL_HEIGHT = 430


def draw_relations(relations: Relations, path: Path) -> None:
    """Writes the page; its script is inside it, nothing is fetched.

    Raises:
        UsageError: the file's name does not end in .html, or it cannot be written.
        MissingExtra: Plotly is not installed.
    """
    if path.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--plot writes a page: name a file that ends in .html, not '{path.name}'")
    page = write_page(relations)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def write_page(relations: Relations) -> str:
    """The page as text: the picture, then its findings in words, each change with the rows that moved it."""
    environment = Environment(loader=PackageLoader("olivebranch.surfaces"), autoescape=True, trim_blocks=True)
    return environment.get_template("relations.html.jinja").render(
        title=write_title(relations),
        measure=write_measure(relations),
        figure=_make_figure(relations).to_html(full_html=False, include_plotlyjs=True, config={"displaylogo": False}),
        directions=[_tell(relations, direction) for direction in relations.directions],
        headers=MOVING_HEADERS,
        coverage=list(write_coverage(relations.coverage)),
        others=write_others(relations),
        version=__version__,
    )


def _tell(relations: Relations, direction: Direction) -> dict[str, Any]:
    changes = [
        {"words": write_change(one), "is_accepted": one.status == "accepted", "rows": map(write_moving, one.rows)}
        for one in shown_changes(relations, direction)
    ]
    return {"name": write_name(direction), "lines": list(write_lines(direction)), "changes": changes}


def _make_figure(relations: Relations) -> "Figure":
    """Two panels for each direction on one time axis: the series with their changes, and the reports behind them."""
    try:
        from plotly.subplots import make_subplots  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra.needed_for("--plot", "web") from error
    names = [write_name(direction) for direction in relations.directions]
    figure = make_subplots(
        rows=4, cols=1, shared_xaxes=True, row_heights=[0.36, 0.14, 0.36, 0.14], vertical_spacing=0.045,
        subplot_titles=[names[0], "", names[1], ""],
    )  # fmt: skip
    figure.update_annotations(font_size=17)
    for place, direction in enumerate(relations.directions):
        _draw_direction(figure, relations, direction, row=2 * place + 1)
    figure.update_layout(
        height=2 * PANEL_HEIGHT, margin={"l": 70, "r": 20, "t": 60, "b": 40}, plot_bgcolor="white", barmode="stack",
        font={"family": "Georgia, serif", "size": 14, "color": INK}, hovermode="x unified",
        legend={"orientation": "h", "y": 1.05, "x": 0, "xanchor": "left"},
    )  # fmt: skip
    figure.update_xaxes(showgrid=False, ticks="outside", tickcolor=SOFT, range=_days(relations))
    figure.update_yaxes(gridcolor="#eceeed", zeroline=False)
    return figure


def _days(relations: Relations) -> list[str]:
    periods = relations.directions[0].periods
    return [str(periods[0].begins - timedelta(days=4)), str(periods[-1].ends)]


def _draw_direction(figure: "Figure", relations: Relations, direction: Direction, row: int) -> None:
    for kind in KINDS:
        for trace in _traces(direction.periods, kind, relations.basis):
            figure.add_trace(trace | {"showlegend": trace["showlegend"] and row == 1}, row=row, col=1)
        figure.add_trace(_bars(direction.periods, kind), row=row + 1, col=1)
    figure.add_hline(y=0, line={"color": SOFT, "width": 1}, row=row, col=1)  # Plotly draws none on an empty panel
    for begins, ends in _grey_stretches(direction.periods):
        figure.add_vrect(x0=str(begins), x1=str(ends), fillcolor=GREY, line_width=0, row=row, col=1)
    for change in shown_changes(relations, direction):
        _draw_change(figure, change, direction, row)
    title, span = AXIS_TITLES[relations.basis], _span(direction.periods, relations.basis)
    figure.update_yaxes(title_text=title, range=span, row=row, col=1)
    figure.update_yaxes(title_text="reports", row=row + 1, col=1)


def _traces(periods: tuple[Period, ...], kind: Kind, basis: Basis) -> Iterator[dict[str, Any]]:
    """The series, broken where it is grey, and the figures of grey periods as faint points."""
    figures = [_figure(period, kind, basis) for period in periods]
    told = [period.is_enough and period.is_whole for period in periods]
    hover = [_hover(period, kind) for period in periods]
    shared = {"type": "scatter", "x": [str(period.begins) for period in periods], "legendgroup": kind, "name": kind}
    yield shared | {
        "mode": "lines+markers", "y": [one if is_told else None for one, is_told in zip(figures, told, strict=True)],
        "line": {"color": COLOURS[kind], "width": 2}, "marker": {"size": 5}, "showlegend": True,
        "text": hover, "hovertemplate": "%{text}",
    }  # fmt: skip
    yield shared | {
        "mode": "markers", "y": [None if is_told else one for one, is_told in zip(figures, told, strict=True)],
        "marker": {"size": 5, "color": COLOURS[kind], "opacity": 0.35}, "showlegend": False,
        "text": hover, "hovertemplate": "%{text} (too few to say)",
    }  # fmt: skip


def _figure(period: Period, kind: Kind, basis: Basis) -> float | None:
    tally = period.words if kind == "words" else period.deeds
    return tally.per_report if basis == "share" else tally.net


def _hover(period: Period, kind: Kind) -> str:
    tally = period.words if kind == "words" else period.deeds
    mean = "no report" if tally.mean is None else f"mean {tally.mean:+.1f}, {tally.count} of {period.reports} reports"
    per_report = "" if tally.per_report is None else f"; per report {tally.per_report:+.2f}"
    return f"{mean}, net {tally.net:+.1f}{per_report}"


def _bars(periods: tuple[Period, ...], kind: Kind) -> dict[str, Any]:
    counts = [(period.words if kind == "words" else period.deeds).count for period in periods]
    return {
        "type": "bar", "x": [str(period.begins) for period in periods], "y": counts, "name": kind, "showlegend": False,
        "marker": {"color": COLOURS[kind], "opacity": 0.7, "line": {"width": 0}}, "hovertemplate": "%{y}",
    }  # fmt: skip


def _grey_stretches(periods: tuple[Period, ...]) -> Iterator[tuple[date, date]]:
    """From when to when there is too little to say, or the archive holds only a part; half a period either side."""
    for is_grey, run in groupby(periods, key=lambda period: not (period.is_enough and period.is_whole)):
        stretch = list(run)
        if is_grey:
            half = (stretch[0].ends - stretch[0].begins) / 2
            yield stretch[0].begins - half, stretch[-1].begins + half


def _span(periods: tuple[Period, ...], basis: Basis) -> list[float]:
    """The range of the axis, with room for the labels above."""
    told = [figure for period in periods for kind in KINDS if (figure := _figure(period, kind, basis)) is not None]
    low, high = min([0.0, *told]), max([0.0, *told])
    room = (high - low or 1) * 0.05
    return [low - room, high + 5 * room]


def _draw_change(figure: "Figure", change: Change, direction: Direction, row: int) -> None:
    """A line on the day, solid where accepted, the days that it may have been shaded, the level after it drawn."""
    colour = COLOURS[change.series]
    is_accepted = change.status == "accepted"
    line = {"color": colour, "width": 2 if is_accepted else 1.5, "dash": "solid" if is_accepted else "dot"}
    figure.add_vrect(
        x0=str(change.low), x1=str(change.high), fillcolor=colour, opacity=0.10, line_width=0, row=row, col=1
    )
    figure.add_vline(x=str(change.day), line=line, row=row, col=1)
    until = change.until or direction.periods[-1].ends
    figure.add_shape(
        type="line", x0=str(change.day), x1=str(until), y0=change.after, y1=change.after, row=row, col=1,
        line={"color": colour, "width": 5}, opacity=0.35,
    )  # fmt: skip
    turn = "▲" if change.after > change.before else "▼"
    figure.add_annotation(
        x=str(change.day), xref="x", y=1 if change.series == "words" else 0.91,
        yref=f"y{'' if row == 1 else row} domain",
        text=f"{turn} {change.day.day} {change.day:%b}{'' if is_accepted else ' ?'}", showarrow=False,
        xanchor="left", font={"size": 12, "color": colour}, bgcolor="rgba(255,255,255,0.8)",
    )  # fmt: skip

"""Draws docs/images/coverage.svg from the codebook: who is known in leading offices, by state and year."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import groupby

from docs_pages import DOCS, Pages, run_builder

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.codebook.queries import GAP_KINDS, Gap, find_gaps
from olivebranch.codebook.tables import Country, first_day, last_day

FIRST_YEAR, LAST_YEAR = 1990, 2026
LAST_DAY = date(2026, 1, 31)
"""The tables speak of the end of 2025 and little after: of 2026 its first month counts."""

HEADS = ("Head of state", "Head of government", "Foreign minister", "Defence minister")
COLORS = {"known": "#4f7f3a", "partly": "#a9c98a", "gap": "#f0b27a"}
WORDS = {"known": "known all year, handovers aside", "partly": "known for part of it", "gap": "nobody known"}
LABEL, GUTTER, CELL, ROW, TOP = 152, 18, 5, 11, 112
PANEL = CELL * (LAST_YEAR - FIRST_YEAR + 1)
WIDTH = LABEL + len(HEADS) * (PANEL + GUTTER) + 8
STYLE = """
  .page { fill: #fffdf7 }
  text { fill: #26241f; font-family: ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 9px }
  .title { font-size: 17px; font-weight: 600 }
  .head { font-size: 12px; font-weight: 600 }
  .note { fill: #6a655a; font-size: 10.5px }
  .year { fill: #6a655a; font-size: 9px }
  .state { text-anchor: end }
  .line { stroke: #fffdf7; stroke-width: 1 }
"""
Marks = dict[int, str]
"""What is known of one office of one state, by year; years without the state are left out."""


def build_pages() -> Pages:
    """The picture."""
    codebook = load_codebook()
    states = sorted((row for row in codebook.table("countries") if _lives(row)), key=lambda row: row.name)
    marks = _read_marks(codebook, states)
    height = TOP + ROW * len(states) + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>Who is known in the leading offices of {len(states)} states, {FIRST_YEAR} to {LAST_YEAR}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
        *_legend(len(states)),
        *_heads(marks),
        *_rows(states, marks),
        *_decades(height),
        "</svg>",
    ]
    return {DOCS / "images" / "coverage.svg": "\n".join(parts) + "\n"}


def _lives(state: Country) -> bool:
    return last_day(state.ends) >= date(FIRST_YEAR, 1, 1)


def _read_marks(codebook: Codebook, states: list[Country]) -> dict[tuple[str, str], Marks]:
    gaps: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in find_gaps(codebook, until=LAST_DAY):
        gaps[gap.of, gap.kind].append(gap)
    return {(row.iso3, kind): _mark_years(row, gaps[row.iso3, kind]) for row in states for kind in GAP_KINDS}


def _mark_years(state: Country, gaps: list[Gap]) -> Marks:
    marks: Marks = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        first = max(date(year, 1, 1), first_day(state.begins))
        last = min(date(year, 12, 31), last_day(state.ends), LAST_DAY)
        lived = (last - first).days + 1
        if lived > 0:
            missing = sum(_shared_days(gap, first, last) for gap in gaps)
            marks[year] = "known" if not missing else "gap" if missing >= lived else "partly"
    return marks


def _shared_days(gap: Gap, first: date, last: date) -> int:
    return max(0, (min(gap.ends or LAST_DAY, last) - max(gap.begins, first)).days + 1)


def _left(panel: int) -> int:
    return LABEL + panel * (PANEL + GUTTER)


def _legend(count: int) -> Iterator[str]:
    title = f"Whom the codebook knows: {count} states, {FIRST_YEAR}–{LAST_YEAR}"
    yield f'<text class="title" x="12" y="28">{title}</text>'
    x = 12
    for mark, color in COLORS.items():
        yield f'<rect x="{x}" y="42" width="14" height="11" fill="{color}"/>'
        yield f'<text class="note" x="{x + 20}" y="51">{WORDS[mark]}</text>'
        x += 46 + 6 * len(WORDS[mark])
    yield f'<text class="note" x="{x}" y="51">blank: no such state then</text>'


def _heads(marks: dict[tuple[str, str], Marks]) -> Iterator[str]:
    for panel, (kind, head) in enumerate(zip(GAP_KINDS, HEADS, strict=True)):
        cells = [mark for (_, of_kind), row in marks.items() if of_kind == kind for mark in row.values()]
        share = sum(mark == "known" for mark in cells) / len(cells)
        yield f'<text class="head" x="{_left(panel)}" y="78">{head}</text>'
        yield f'<text class="note" x="{_left(panel)}" y="91">{share:.0%} of state-years known</text>'
        for year in range(FIRST_YEAR, LAST_YEAR, 10):
            yield f'<text class="year" x="{_left(panel) + CELL * (year - FIRST_YEAR)}" y="{TOP - 5}">{year}</text>'


def _rows(states: list[Country], marks: dict[tuple[str, str], Marks]) -> Iterator[str]:
    for number, state in enumerate(states):
        y = TOP + ROW * number
        yield f'<text class="state" x="{LABEL - 6}" y="{y + ROW - 3}">{escape(_short_name(state.name))}</text>'
        for panel, kind in enumerate(GAP_KINDS):
            yield from _stretches(_left(panel), y, marks[state.iso3, kind])


def _short_name(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"


def _stretches(left: int, y: int, row: Marks) -> Iterator[str]:
    """One bar for each stretch of years of one kind."""
    for mark, years in groupby(row, key=lambda year: row[year]):
        run = list(years)
        x, width = left + CELL * (run[0] - FIRST_YEAR), CELL * len(run)
        yield f'<rect x="{x}" y="{y}" width="{width}" height="{ROW - 1}" fill="{COLORS[mark]}"/>'


def _decades(height: int) -> Iterator[str]:
    for panel in range(len(HEADS)):
        for year in range(FIRST_YEAR + 10, LAST_YEAR, 10):
            x = _left(panel) + CELL * (year - FIRST_YEAR)
            yield f'<path class="line" d="M{x} {TOP} V{height - 14}"/>'


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "draw_coverage.py", __doc__ or ""))

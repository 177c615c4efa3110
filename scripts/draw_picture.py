"""Draws docs/images/story-to-record.svg from the brief of the bundled story: its words, the criterion, the record."""

import sys
from collections.abc import Iterator
from html import escape
from textwrap import wrap

from docs_pages import DOCS, ROOT, Pages, run_builder

import olivebranch as ob
from olivebranch.analysis.brief import Brief
from olivebranch.analysis.naming import name_codes
from olivebranch.records import Reading, Span

STORY = ROOT / "examples" / "stories" / "troop-pullback-2014-05-08.txt"
DAY = "2014-05-08"

WIDTH, HEIGHT = 960, 336
PANELS = ((0, 408), (440, 250), (722, 238))
"""Left edge and width of the three panels."""
SIZE = 12.5
ADVANCE = 0.602 * SIZE
"""Width of a monospaced letter; `textLength` holds every browser to it, so that the marks fit the words."""
COLUMNS, LINE, MOST_LINES = 50, 21, 10
TOP = 84
COLORS = {"statement": "#dbe9c4", "overture": "#f6cf73"}
STYLE = """
  .panel { fill: #fffdf7; stroke: #c9c2ae }
  text { fill: #26241f; font-family: ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px }
  .head { font-size: 15px; font-weight: 600 }
  .note { fill: #6a655a; font-size: 12px }
  .strong { font-weight: 600 }
  .number { font-size: 25px; font-weight: 600; fill: #4f6b22 }
  .story { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12.5px }
  .arrow { fill: #8a8574 }
"""


def build_pages() -> Pages:
    """The picture."""
    reading = ob.read(STORY.read_text(encoding="utf-8"), published_on=DAY)
    brief = ob.brief(reading)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(brief.question)}</title>",
        f"<style>{STYLE}</style>",
        *_panels(),
        *_story(reading, brief),
        *_criterion(brief),
        *_record(brief),
        "</svg>",
    ]
    return {DOCS / "images" / "story-to-record.svg": "\n".join(parts) + "\n"}


def _panels() -> Iterator[str]:
    for left, width in PANELS:
        yield f'<rect class="panel" x="{left + 0.5}" y="0.5" width="{width - 1}" height="{HEIGHT - 1}" rx="8"/>'
    for left, _ in PANELS[1:]:
        x, y = left - 25, HEIGHT // 2
        yield f'<path class="arrow" d="M{x} {y - 9} L{x + 17} {y} L{x} {y + 9} Z"/>'


def _head(panel: int, title: str, note: str) -> Iterator[str]:
    left = PANELS[panel][0] + 18
    yield f'<text class="head" x="{left}" y="32">{escape(title)}</text>'
    yield f'<text class="note" x="{left}" y="53">{escape(note)}</text>'


def _story(reading: Reading, brief: Brief) -> Iterator[str]:
    yield from _head(0, "The story", "who said what, and which words offer something")
    overture = next(o for o, row in zip(reading.overtures, brief.words, strict=True) if row.label == brief.strongest)
    begin = reading.article.text.rfind("\n\n", 0, overture.span[0]) + 2
    end = reading.article.text.find("\n\n", begin)
    marks = [(span, "statement") for one in reading.attributions for span in one.content.spans]
    marks.append((overture.span, "overture"))
    for number, (start, stop) in enumerate(_lines(reading.article.text, begin, end)[:MOST_LINES]):
        yield from _story_line(reading.article.text, start, stop, TOP + number * LINE, marks)
    yield from _legend()


def _lines(text: str, begin: int, end: int) -> list[Span]:
    """Spans of the paragraph's lines, wrapped at COLUMNS letters."""
    lines, place = [], begin
    for line in wrap(text[begin:end], COLUMNS):
        lines.append((place, place + len(line)))
        place += len(line) + 1
    return lines


def _story_line(text: str, start: int, stop: int, y: int, marks: list[tuple[Span, str]]) -> Iterator[str]:
    left = PANELS[0][0] + 18
    for span, kind in marks:
        first, last = max(span[0], start), min(span[1], stop)
        if first < last:
            x, width = left + (first - start) * ADVANCE, (last - first) * ADVANCE
            yield f'<rect x="{x:.1f}" y="{y - 14}" width="{width:.1f}" height="19" fill="{COLORS[kind]}"/>'
    length = (stop - start) * ADVANCE
    words = escape(text[start:stop])
    yield f'<text class="story" x="{left}" y="{y}" textLength="{length:.1f}" lengthAdjust="spacing">{words}</text>'


def _legend() -> Iterator[str]:
    x, y = PANELS[0][0] + 18, HEIGHT - 20
    for kind, words, step in (("statement", "what was said", 130), ("overture", "the overture", 0)):
        yield f'<rect x="{x}" y="{y - 11}" width="14" height="14" fill="{COLORS[kind]}"/>'
        yield f'<text class="note" x="{x + 21}" y="{y}">{words}</text>'
        x += step


def _criterion(brief: Brief) -> Iterator[str]:
    yield from _head(1, "The criterion", "fixed before anything is known")
    word = next(row for row in brief.words if row.label == brief.strongest)
    row = next(row for row in brief.criteria if brief.strongest in row.labels)
    yield from _paragraph(1, TOP, [f"{word.who}, {word.office}", f"to {name_codes(word.to)} · {word.grade}"], "strong")
    deed = wrap(row.criterion.rpartition(", by ")[0] or row.criterion, 31)
    yield from _paragraph(1, TOP + 62, deed)
    if row.closes_on:
        y = TOP + 62 + 21 * len(deed)
        yield from _paragraph(1, y + 20, ["The window closes on"], "note")
        day = f"{row.closes_on.day} {row.closes_on:%b %Y}"
        yield f'<text class="number" x="{PANELS[1][0] + 18}" y="{y + 50}">{day}</text>'
    yield from _paragraph(1, HEIGHT - 20, [f"On {brief.as_of.day} {brief.as_of:%b %Y}: {row.outcome}"], "note")


def _record(brief: Brief) -> Iterator[str]:
    assert brief.record is not None
    record, left = brief.record, PANELS[2][0] + 18
    yield from _head(2, "The record", f"{sum(record.counts.values())} earlier overtures of this side")
    for number, (figure, words) in enumerate(
        ((record.in_full, "followed by the deed in full"), (record.leniently, "at least in part"))
    ):
        y = TOP + 14 + number * 72
        yield f'<text class="number" x="{left}" y="{y}">{escape(figure.partition(" (")[0])}</text>'
        yield from _paragraph(2, y + 22, [words])
    yield from _paragraph(2, TOP + 152, wrap(f"Relations before: {record.dyad_state}", 30), "strong")
    yield from _paragraph(
        2,
        HEIGHT - 58,
        ["Few cases: counts, no percentage.", "Followed by deeds, or not;", "sincerity is not known."],
        "note",
    )


def _paragraph(panel: int, y: int, lines: list[str], style: str = "") -> Iterator[str]:
    left = PANELS[panel][0] + 18
    for number, line in enumerate(lines):
        yield f'<text class="{style}" x="{left}" y="{y + number * 21}">{escape(line)}</text>'


if __name__ == "__main__":
    sys.exit(run_builder(build_pages, "draw_picture.py", __doc__ or ""))

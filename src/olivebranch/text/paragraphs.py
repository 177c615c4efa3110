"""Finds the paragraphs of a plain text in any layout: blank lines, one line each, hard-wrapped, indented, bulleted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from olivebranch.records import Span

MAX_PARAGRAPH = 10_000
"""A longer paragraph is cut, at the end of a sentence where there is one: parsing grows faster than length."""

WRAP_WIDTHS = range(38, 112)
"""Columns at which people and programs wrap text; a longest line outside is no wrapping."""

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_BULLET = re.compile(r"(?:[•·▪●◦‣■□►▶→✓*]|[-–—](?=[ \t]))[ \t\u00a0]*")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)][ \t]")
_STOPS = (".", "?", "!", ":", ";", "…", '."', '?"', '!"', ".”", "?”", "!”", ".’", ".'", ".)", "''")
_SENTENCE_END = re.compile(r"[.?!][\"”’')]*\s")
SHORTEST_RUNNING = 25
"""Characters; a shorter line is a label, even where the next begins small."""

_HEAD = 300
"""Characters in which headline and byline stand; further down only a blank line sets a title off."""

_LONGER_WORD = re.compile(r"[^\W\d_]{4,}")
_BLANK = " \t\u00a0\ufeff\u200b"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, at `[start, end)` without outer white space."""

    start: int
    end: int
    indent: int
    is_item: bool
    is_after_blank: bool
    first_word: int
    starts_small: bool
    ends_stopped: bool
    is_title: bool

    @property
    def length(self) -> int:
        return self.indent + self.end - self.start


def find_paragraphs(text: str) -> list[Span]:
    """The spans of the paragraphs, in order, without outer white space and bullets.

    Lines are joined where the text is hard-wrapped (the next word would not have fitted), or where a sentence plainly
    runs on (no stop, and the next line begins small); else every line is a paragraph.

    Example: `The talks of the envoys went\\non all night.` is one paragraph, `Talks fail\\nThe talks ended.` are two.
    """
    lines = list(_find_lines(text))
    width = _wrap_width(lines)
    spans: list[Span] = []
    start = is_in_item = None
    for number, line in enumerate(lines):
        if start is None:
            start, is_in_item = line.start, line.is_item
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is None or not _runs_on(line, following, width, bool(is_in_item)):
            spans.extend(_cut(text, start, line.end))
            start = None
    return spans


def _find_lines(text: str) -> Iterator[_Line]:
    end_before = 0
    is_after_blank = False
    for match in _LINE.finditer(text):
        gap = text[end_before : match.start()].replace("\r\n", "\n")
        is_after_blank = is_after_blank or len(gap) > 1
        end_before = match.end()
        line = match.group()
        words = line.strip().strip(_BLANK)
        if not words:
            is_after_blank = True
            continue
        start = match.start() + line.index(words[0])
        bullet = _BULLET.match(words)
        if bullet and bullet.end() == len(words):
            continue  # a bullet alone
        skipped = bullet.end() if bullet else 0
        yield _Line(
            start + skipped,
            start + len(words),
            indent=len(line[: line.index(words[0])].expandtabs(8)) + skipped,
            is_item=bool(bullet or _NUMBERED.match(words)),
            is_after_blank=is_after_blank,
            first_word=len(words.split(maxsplit=1)[0]),
            starts_small=words[skipped : skipped + 1].islower(),
            ends_stopped=words.endswith(_STOPS),
            is_title=(is_after_blank or end_before < _HEAD) and _is_title(words),
        )
        is_after_blank = False


def _is_title(words: str) -> bool:
    """Whether the longer words begin large, or it names an author: a line above a story, not of it."""
    longer = _LONGER_WORD.findall(words)
    return words[:3].lower() == "by " or sum(word[0].isupper() for word in longer) > 0.75 * len(longer)


def _wrap_width(lines: list[_Line]) -> int | None:
    """The column at which the text is hard-wrapped; None where it is not."""
    lengths = sorted(line.length for line in lines)
    if not lengths:
        return None
    width = lengths[int(0.97 * (len(lengths) - 1))]
    pairs = [(a, b) for a, b in pairwise(lines) if not b.is_after_blank]
    running = sum(a.length > 0.6 * width and not a.ends_stopped and b.starts_small for a, b in pairs)
    return width if width in WRAP_WIDTHS and running >= max(1, 0.3 * len(pairs)) else None


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    """Whether the first word of `following` would not have fitted on `line`; a few columns are given away."""
    return line.length + 1 + following.first_word > width - 3


def _runs_on(line: _Line, following: _Line, width: int | None, is_in_item: bool) -> bool:
    """Whether `following` carries on the paragraph of `line`.

    A line whose end is no stop runs on when it is long for the width (type set in columns does not fill its lines);
    one that ends with a stop only when it is full, and the next is not set in.
    """
    if following.is_after_blank or following.is_item:
        return False
    if not line.ends_stopped and following.starts_small:
        return width is not None or line.length >= SHORTEST_RUNNING
    if width is None:
        return False
    is_indented = following.indent > line.indent and not is_in_item
    if line.ends_stopped:
        return not is_indented and _is_full(line, following, width)
    is_apart = line.is_title or following.is_title or following.indent >= line.indent + 3
    return line.length > 0.6 * width and not is_apart


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """`[start, end)` in pieces of at most MAX_PARAGRAPH characters, cut at a sentence's end, a space, or anywhere."""
    while end - start > MAX_PARAGRAPH:
        ends = [
            match.end() for match in _SENTENCE_END.finditer(text, start + MAX_PARAGRAPH // 2, start + MAX_PARAGRAPH)
        ]
        cut = ends[-1] if ends else text.rfind(" ", start + 1, start + MAX_PARAGRAPH) + 1 or start + MAX_PARAGRAPH
        piece = text[start:cut].rstrip()
        yield start, start + len(piece)
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    if start < end:
        yield start, end

"""Cuts a text into words, and packs paragraphs into windows that a small encoder reads at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

WORD = re.compile(r"\w+|[^\w\s]")
FIRST, LAST = 101, 102
"""The pieces that stand around whatever an encoder reads."""
PIECES = 192
"""Word pieces of one window; longer paragraphs are cut at the end of a sentence where there is one."""

OPENING, CLOSING = "“«„‘", "”»’"
LOWER, TITLE, UPPER, MIXED, MARK = range(5)
OUTSIDE, INSIDE, QUOTE = range(3)
STOPS = frozenset(".?!")


class PieceMaker(Protocol):
    """What cuts words into the pieces that an encoder knows."""

    def pieces(self, words: Sequence[str]) -> list[list[int]]:
        """The ids of each word's pieces."""


@dataclass(frozen=True)
class Word:
    """A word or a mark: where it stands, how it is written, whether in quotation marks, in which sentence."""

    start: int
    end: int
    case: int
    quote: int
    sentence: int
    paragraph: int
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Window:
    """The words that an encoder reads at once; ids of pieces stand in the words."""

    words: tuple[Word, ...]

    def piece_count(self) -> int:
        """Pieces with the two marks at the ends."""
        return 2 + sum(len(word.pieces) for word in self.words)


def make_windows(text: str, paragraphs: Iterable[tuple[int, int]], maker: PieceMaker) -> list[Window]:
    """Packs the words of paragraphs into windows of about `PIECES` pieces, no paragraph cut that fits.

    Args:
        text: the whole text; offsets are code points of it.
        paragraphs: (start, end) of each, in order.
    """
    windows: list[Window] = []
    current: list[Word] = []
    size = 2
    for chunk in _chunks(text, paragraphs, maker):
        weight = sum(len(word.pieces) for word in chunk)
        if current and size + weight > PIECES:
            windows.append(Window(tuple(current)))
            current, size = [], 2
        current += chunk
        size += weight
    return [*windows, Window(tuple(current))] if current else windows


def _chunks(text: str, paragraphs: Iterable[tuple[int, int]], maker: PieceMaker) -> Iterator[list[Word]]:
    """The paragraphs' words; those of a paragraph too long for a window in several parts."""
    for number, (start, end) in enumerate(paragraphs):
        words = split_words(text, start, end, number, maker)
        while sum(len(word.pieces) for word in words) > PIECES - 2:
            cut = _cut(words)
            yield words[:cut]
            words = words[cut:]
        if words:
            yield words


def _cut(words: list[Word]) -> int:
    """Where a paragraph too long is cut: after the last whole sentence that fits, else where the window is full."""
    room, fits = PIECES - 2, 0
    while fits < len(words) and room >= len(words[fits].pieces):
        room -= len(words[fits].pieces)
        fits += 1
    ends = [n for n in range(1, fits) if words[n].sentence != words[n - 1].sentence]
    return max(ends[-1] if ends else fits, 1)


def split_words(text: str, start: int, end: int, paragraph: int, maker: PieceMaker) -> list[Word]:
    """The words and marks of one paragraph, each with its case, whether quoted, and its sentence's number."""
    found = [(m.start(), m.end()) for m in WORD.finditer(text, start, end)]
    pieces = maker.pieces([text[s:e] for s, e in found])
    quoting, sentence, words = False, 0, []
    for (s, e), ids in zip(found, pieces, strict=True):
        form = text[s:e]
        is_mark = _is_quote(text, s)
        opens = is_mark and (form in OPENING or (form not in CLOSING and not quoting))
        quote = QUOTE if is_mark else INSIDE if quoting else OUTSIDE
        if is_mark:
            quoting = opens
        words.append(Word(s, e, _case(form), quote, sentence, paragraph, tuple(ids[:8])))
        if form in STOPS and (e >= end or text[e : e + 1].isspace() or _is_quote(text, e)):
            sentence += 1
    return words


def _is_quote(text: str, at: int) -> bool:
    """Whether a quotation mark stands here; the apostrophe of a word is none, two of them are."""
    form = text[at : at + 1]
    if form in {"“", "”", '"', "«", "»", "„"}:
        return True
    if form == "‘":
        return True
    if form in {"'", "’"}:
        doubled = text[at + 1 : at + 2] == form or (at > 0 and text[at - 1] == form)
        before, after = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
        return doubled or (form == "'" and not before.isalnum() and after.isalnum())
    return False


def _case(form: str) -> int:
    if not form[0].isalnum():
        return MARK
    if form.islower() or form.isdigit():
        return LOWER
    if len(form) > 1 and form.isupper():
        return UPPER
    return TITLE if form[0].isupper() and (len(form) == 1 or form[1:].islower()) else MIXED

"""Lays an article's text out: paragraphs with furniture set aside, datelines split off, headline told."""

import re
from dataclasses import replace

from olivebranch.records import Furniture, Paragraph, Span
from olivebranch.text.datelines import find_dateline, find_sign_off
from olivebranch.text.furniture import Line, label_furniture
from olivebranch.text.paragraphs import find_paragraphs

LONGEST_HEADLINE = 30
"""Words."""

LONGEST_STANDFIRST = 60
DATELINE_PARAGRAPHS = 4
"""A dateline is looked for in so many of the story's first paragraphs; headline and standfirst are two of them."""

_HEAD_KINDS = frozenset({"byline", "credit", "caption", "dateline"})
_STOP_INSIDE = re.compile(r"[a-z]{3}\. [A-Z]")
_SPEAKER = re.compile(r"(?:q|a|question|answer)\s*[:.]", re.IGNORECASE)


def lay_out(text: str, title: str | None = None) -> tuple[Paragraph, ...]:
    """The paragraphs of `text`, in order and disjoint, each with its furniture kind or its role in the story.

    `title` is the article's, where known: the paragraph that repeats it is the headline.

    Example: `KIEV — Talks failed.` becomes a dateline and a body paragraph.
    """
    lines = _split_edges(text, label_furniture(text, find_paragraphs(text)))
    paragraphs = [Paragraph(index, line.span, line.furniture) for index, line in enumerate(lines)]
    own = [index for index, line in enumerate(lines) if line.furniture is None]
    if own and _is_headline(lines, own, title):
        paragraphs[own[0]] = replace(paragraphs[own[0]], role="headline")
        if len(own) > 2 and _is_standfirst(lines, own):
            paragraphs[own[1]] = replace(paragraphs[own[1]], role="standfirst")
    return tuple(paragraphs)


def lay_out_loosely(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text that is no story, such as a sentence by itself: nothing is a headline or furniture.

    Only a dateline at its front and reporters' names in brackets at its end are set apart, as in a story.

    Example: `Israel strikes Gaza tunnels` is one body paragraph.
    """
    spans = find_paragraphs(text)
    lines = [Line(span, " ".join(text[slice(*span)].split()), False, False, False) for span in spans]
    return tuple(Paragraph(n, line.span, line.furniture) for n, line in enumerate(_split_edges(text, lines)))


def _split_edges(text: str, lines: list[Line]) -> list[Line]:
    """Splits a dateline off the front, and the reporters' names off the end, of the story's own paragraphs."""
    result: list[Line] = []
    own = 0
    for line in lines:
        if line.furniture is not None:
            result.append(line)
            continue
        own += 1
        start, end = line.span
        words = re.sub(r"\s", " ", text[start:end])
        cut = find_dateline(words) if own <= DATELINE_PARAGRAPHS else 0
        if cut:
            result.append(_part(text, (start, start + cut), line, "dateline"))
        sign_off = find_sign_off(words)
        if sign_off > cut:
            result.append(_part(text, (start + cut, start + sign_off), line, None))
        if sign_off < len(words):
            result.append(_part(text, (start + sign_off, end), line, "byline"))
    return result


def _part(text: str, span: Span, line: Line, furniture: Furniture | None) -> Line:
    words = text[span[0] : span[1]]
    start = span[0] + len(words) - len(words.lstrip())
    return replace(line, span=(start, start + len(words.strip())), words=" ".join(words.split()), furniture=furniture)


def _is_headline(lines: list[Line], own: list[int], title: str | None) -> bool:
    line = lines[own[0]]
    if title and _plain(line.words) == _plain(title):
        return True
    if len(own) < 2 or line.count > LONGEST_HEADLINE or line.is_item or _SPEAKER.match(line.words):
        return False
    if line.words[-1] in ":;," or (own[0] and lines[own[0] - 1].furniture == "dateline"):
        return False
    if not line.is_stopped:
        return not _STOP_INSIDE.search(line.words)
    return line.words[-1] in "?!" or _is_title_case(line.words)


def _is_standfirst(lines: list[Line], own: list[int]) -> bool:
    """A second paragraph without a stop, or one that byline, date or picture part from the story."""
    line = lines[own[1]]
    if line.count > LONGEST_STANDFIRST or line.is_item:
        return False
    if not line.is_stopped:
        return True
    before, after = lines[own[0] : own[1]], lines[own[1] : own[2]]
    return not any(other.furniture in _HEAD_KINDS for other in before) and any(
        other.furniture in _HEAD_KINDS for other in after
    )


def _is_title_case(words: str) -> bool:
    """Whether nearly all longer words begin large, as in headlines that end with a stop."""
    longer = re.findall(r"[^\W\d_]{4,}", words)
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)


def _plain(words: str) -> str:
    return "".join(char for char in words.casefold() if char.isalnum())

"""Marks spans of a sentence for an encoder that is asked about just these: who, to whom, which act."""

from collections.abc import Sequence
from dataclasses import dataclass

from olivebranch.extraction.windows import FIRST, LAST, WORD, PieceMaker

ACTOR, RECIPIENT, TRIGGER = (1, 2), (3, 4), (5, 6)
"""Ids of the opening and closing mark, taken from the places that BERT's vocabulary leaves unused."""
MOST_PIECES = 160


@dataclass(frozen=True)
class Marked:
    """Piece ids of a sentence with its marks, and where the two opening marks stand (the same twice for a trigger)."""

    ids: tuple[int, ...]
    first_mark: int
    second_mark: int


def mark_pair(text: str, actor: tuple[int, int], recipient: tuple[int, int], maker: PieceMaker) -> Marked:
    """The sentence with actor and recipient marked; spans are code points of `text`.

    Example: "Iran freed two French citizens", (0, 4), (15, 21) asks what Iran does to France.
    """
    ids = mark_spans(text, [(actor, ACTOR), (recipient, RECIPIENT)], maker)
    return _cut(ids, ACTOR[0], RECIPIENT[0])


def mark_trigger(text: str, trigger: tuple[int, int], maker: PieceMaker) -> Marked:
    """The sentence with one act marked, to ask whether it was done, alleged, planned …"""
    ids = mark_spans(text, [(trigger, TRIGGER)], maker)
    return _cut(ids, TRIGGER[0], TRIGGER[0])


def mark_nothing(text: str, maker: PieceMaker) -> Marked:
    """The sentence as it is, to ask about the whole of it."""
    ids = mark_spans(text, [], maker)[:MOST_PIECES]
    return Marked((FIRST, *ids, LAST), 0, 0)


def mark_spans(text: str, spans: Sequence[tuple[tuple[int, int], tuple[int, int]]], maker: PieceMaker) -> list[int]:
    """Piece ids of the words, each span between its marks."""
    edges: list[tuple[int, int, int]] = []
    for (start, end), (opening, closing) in spans:
        edges += [(start, 1, opening), (end, 0, closing)]
    edges.sort()
    words = [(m.start(), m.end()) for m in WORD.finditer(text)]
    pieces = maker.pieces([text[s:e] for s, e in words])
    ids: list[int] = []
    for (start, _), of_word in zip(words, pieces, strict=True):
        while edges and edges[0][0] <= start:
            ids.append(edges.pop(0)[2])
        ids += of_word[:8]
    return ids + [edge[2] for edge in edges]


def _cut(ids: list[int], first: int, second: int) -> Marked:
    """At most `MOST_PIECES`, those around the marks."""
    low, high = sorted((ids.index(first), ids.index(second)))
    if len(ids) > MOST_PIECES:
        start = max(0, min((low + high - MOST_PIECES) // 2, low, len(ids) - MOST_PIECES))
        ids = ids[start : start + MOST_PIECES]
        if first not in ids or second not in ids:  # farther apart than an input is long: the words between go
            ids = ids[: MOST_PIECES // 2] + [i for i in (first, second) if i not in ids[: MOST_PIECES // 2]]
    whole = (FIRST, *ids, LAST)
    return Marked(whole, whole.index(first), whole.index(second))

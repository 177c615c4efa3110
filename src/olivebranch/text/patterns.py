"""Compiles the codebook's patterns of page furniture, their named pieces written out."""

import re
from functools import cache
from typing import get_args

from olivebranch.codebook.loader import load_table
from olivebranch.records import Furniture

LONGEST_LINE = 700
"""Characters; no line of furniture is longer."""

_PIECE = re.compile(r"<[a-z][a-z-]*>")


def expand_pattern(pattern: str) -> re.Pattern[str]:
    """`pattern` with its `<…>` pieces (rows of `furniture_pieces`) written out, compiled to ignore case.

    Example: `by <names>` matches `By JANE DOE and Tomas Novak`. Pieces that stand for names keep their capitals.
    """
    pieces = {row.piece: row.pattern for row in load_table("furniture_pieces")}
    while (expanded := _PIECE.sub(lambda match: pieces.get(match.group(), match.group()), pattern)) != pattern:
        pattern = expanded
    return re.compile(pattern, re.IGNORECASE)


def match_furniture(line: str) -> Furniture | None:
    """The kind of furniture that the whole of `line` is by its words alone, or None.

    Example: `Jane Doe/AP` is a credit, `5 min read` a dateline.
    """
    if len(line) > LONGEST_LINE:
        return None
    line = " ".join(line.split())
    return next((kind for kind, pattern in _compiled_patterns() if pattern.fullmatch(line)), None)


@cache
def _compiled_patterns() -> tuple[tuple[Furniture, re.Pattern[str]], ...]:
    order = ("credit", *get_args(Furniture))
    rows = sorted(load_table("furniture"), key=lambda row: order.index(row.kind))
    return tuple((row.kind, expand_pattern(row.pattern)) for row in rows)

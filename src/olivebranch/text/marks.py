"""Finds the marks in a paragraph that may open or close a quotation, and tells apostrophes from them."""

import re
from dataclasses import dataclass
from typing import Literal

Family = Literal["double", "single", "guillemet", "single_guillemet"]

OPENING = {"“": "double", "„": "double", "‟": "double", "``": "double", "«": "guillemet", "‹": "single_guillemet",
           "‘": "single", "‚": "single", "‛": "single", "`": "single"}  # fmt: skip
CLOSING = {"”": "double", "''": "double", "’’": "double", "»": "guillemet", "›": "single_guillemet", "’": "single"}
UNDIRECTED = {'"': "double", "＂": "double", "'": "single", "＇": "single", "‘‘": "double"}
FAMILIES: dict[str, Family] = {**OPENING, **CLOSING, **UNDIRECTED}  # type: ignore[dict-item]

_RUN = re.compile(r"[\"＂'＇`“”„‟‘’‚‛«»‹›]+")
_MARK = re.compile(r"``|''|’’|‘‘|.", re.DOTALL)
_DECADE = re.compile(r"\d\ds\b")
_ELISION = re.compile(r"(?:\d\d|em|til|till|tis|twas|n|cause|bout)\b")
"""What follows an apostrophe that only looks like an opening mark: '14, 'em, 'tis."""

_OPENERS_BEFORE = frozenset("([{<—–-―/=|*•")
_CLOSERS_AFTER = frozenset(".,;:?!)]}>—–-―/|…*")
_FEET = re.compile(r"\d['’′]\s?\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at `[start, end)`; both flags are set where only the state of things can tell.

    `is_weak` marks a single closing mark that may as well be a possessive (the ministers' plan).
    """

    start: int
    end: int
    family: Family
    can_open: bool
    can_close: bool
    is_weak: bool = False


def find_marks(text: str, start: int, end: int) -> list[Mark]:
    """The marks of `text[start:end]`, in order; apostrophes, feet and inches are left out.

    Example: in `the '90s of O'Brien, "quoted"` only the two double marks are found.
    """
    marks: list[Mark] = []
    for run in _RUN.finditer(text, start, end):
        before = text[run.start() - 1] if run.start() > start else " "
        after = text[run.end()] if run.end() < end else " "
        if run.group() in {"'", "’"} and before.isalnum() and after.isalnum():
            continue
        for found in _MARK.finditer(text, run.start(), run.end()):
            mark = _classify(text, found, before, after)
            if mark is not None:
                marks.append(mark)
    return _without_elided_n(marks, text)


def _classify(text: str, found: re.Match[str], before: str, after: str) -> Mark | None:
    sign, (start, end) = found.group(), found.span()
    family = FAMILIES[sign]
    opens, closes = _looks_opening(before, after), _looks_closing(before, after)
    if opens == closes:
        opens = closes = True
    if sign in OPENING and not (closes and not opens):
        opens, closes = True, False
    elif sign in CLOSING and not (opens and not closes):
        opens, closes = False, True
    if family == "single" and opens and (_DECADE.match(text, end) or (sign in "'’" and _ELISION.match(text, end))):
        return None
    if family == "single" and opens and closes and before.isalnum():
        opens = False
    if sign == '"' and before.isdigit() and _FEET.search(text, max(0, start - 5), start):
        return None
    return Mark(start, end, family, opens, closes, family == "single" and (before in "sSxXzZ" or before.isdigit()))


def _looks_opening(before: str, after: str) -> bool:
    return (before.isspace() or before in _OPENERS_BEFORE) and not (after.isspace() or after in _CLOSERS_AFTER)


def _looks_closing(before: str, after: str) -> bool:
    is_after_words = not (before.isspace() or before in "([{<")
    return is_after_words and (after.isspace() or after in _CLOSERS_AFTER)


def _without_elided_n(marks: list[Mark], text: str) -> list[Mark]:
    """Drops the second mark of rock 'n' roll; the first is an elision already."""
    return [
        mark
        for mark in marks
        if not (mark.family == "single" and text[max(0, mark.start - 2) : mark.start].lower() in {"'n", "’n", "‘n"})
    ]

"""Says where sentences must and must not begin, so that the parser cuts only where the words leave it open."""

import re
from collections.abc import Iterator
from functools import cache

from olivebranch.codebook.loader import load_table

_STARTERS = """
    the a an and but or so he she it they we i you this that these those there here in on at by for from with as if when
    while after before since although though because however meanwhile moreover also then now yet nevertheless still
    last what who why how where both some many most no not one two its his her their our my
"""
STARTERS = frozenset(_STARTERS.split())
"""Words with which a sentence begins, and no name."""

SPEECH = (
    "said|says|asked|asks|told|tells|added|adds|wrote|writes|replied|replies|answered|declared|declares|insisted|warned|"
    "shouted|cried|demanded|wondered|quipped|exclaimed|continued|noted|argued|tweeted|posted|chanted|responded|joked"
)

_CANDIDATE = re.compile(r"(?:[?!]+|\.{2,}|…|\.)[\"”’'»“)\]]*")
_WORD_BEFORE = re.compile(r"[^\s\"“”‘’'«»„()\[\]—–/]*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_SPEAKER_NEXT = re.compile(rf"\s+(?:(?:[A-Z][\w.'’-]*|the|a|an|of|[a-z]+ [a-z]+),?\s+){{1,6}}?(?:{SPEECH})\b")
_SPEECH_NEXT = re.compile(rf"\s+(?:{SPEECH})\b", re.IGNORECASE)
_CLOSERS = "\"”’'»“"


def find_cuts(text: str) -> Iterator[tuple[int, bool | None]]:
    """Each offset of one paragraph's text where a sentence may begin, and whether it does: None leaves it open.

    No sentence begins at any other offset but the first. Closing marks stay with the sentence before them.

    Example: in `Gen. Doe left. "Why?" he asked.` a sentence begins at 15 and nowhere else.
    """
    begin = 0
    for match in _CANDIDATE.finditer(text):
        start = match.end()
        while start < len(text) and text[start].isspace():
            start += 1
        if start == len(text):
            return
        verdict = _judge(text, match, start, begin)
        if verdict is not False:
            yield start, verdict
        if verdict:
            begin = start


def _judge(text: str, match: re.Match[str], start: int, begin: int) -> bool | None:
    following = _first_letter(text, start)
    if start == match.end():
        return _is_run_together(text, match)
    if following.islower() or not (following.isalnum() or text[start] in "([$€£#@•—–-‘“\"'«„"):
        return False
    closer = match.group().lstrip(".?!…")
    if match.group()[0] in "?!" or closer[:1] in tuple(_CLOSERS):
        return _judge_closed(text, match, closer)
    if match.group()[0] == "…" or match.group().startswith(".."):
        return None
    return _judge_stop(text, match.start(), start, begin)


def _first_letter(text: str, start: int) -> str:
    """The first character at or after `start` that is no opening mark, bracket or space."""
    for char in text[start : start + 4]:
        if char not in "\"“„«‘'’([ ":
            return char
    return " "


def _is_run_together(text: str, match: re.Match[str]) -> bool:
    """A space lost between two sentences: `the talks.The envoy`, not `U.S.A` or `example.Com/x`."""
    before, after = text[max(0, match.start() - 3) : match.start()], text[match.end() : match.end() + 2]
    return (
        len(before) == 3 and before.isalpha() and before[1:].islower() and after[:1].isupper() and after[1:].islower()
    )


def _judge_closed(text: str, match: re.Match[str], closer: str) -> bool:
    """After `?`, `!`, or a stop inside quotation marks: no cut before the words that say who spoke."""
    if closer[:1] not in tuple(_CLOSERS):
        return True
    is_asked = match.group()[0] in "?!"
    return not (_SPEECH_NEXT.match(text, match.end()) or (is_asked and _SPEAKER_NEXT.match(text, match.end())))


def _judge_stop(text: str, stop: int, start: int, begin: int) -> bool | None:
    """After a full stop that no mark closes."""
    word = _WORD_BEFORE.search(text, max(0, stop - 24), stop)
    before = word.group() if word else ""
    low = before.lower()
    next_word = re.match(r"[^\W\d_]*", text[start : start + 24])
    is_starter = bool(next_word and next_word.group().lower() in STARTERS)
    kind = _abbreviations().get(low) or _abbreviations().get(low.rpartition("-")[2])
    if kind == "title":
        return False
    if kind == "number":
        return not text[start].isdigit()
    if before.isdigit() and stop - begin <= 3:
        return False  # the number of a list's item
    if _INITIALS.fullmatch(before) and (len(before) > 1 or before.isupper()):
        return _judge_initials(before, is_starter)
    if kind is not None:
        return False if kind == "month" and text[start].isdigit() else is_starter or None
    return True


@cache
def _abbreviations() -> dict[str, str]:
    return {row.abbreviation: row.kind for row in load_table("abbreviations")}


def _judge_initials(before: str, is_starter: bool) -> bool | None:
    """After `W.` of a name no sentence begins; after `U.S.` one may."""
    if is_starter:
        return True
    return False if len(before) == 1 else None

"""Sets page furniture aside in text that has lost its markup: by a line's own words, then by its neighbours."""

import re
from collections import Counter
from dataclasses import dataclass

from olivebranch.records import Furniture, Span
from olivebranch.text.datelines import find_dateline, find_sign_off
from olivebranch.text.patterns import expand_pattern, match_furniture

_SCENE = expand_pattern(r"(?:(?!(?:on|to|was|were|had|has|have|will|would|\w+ed)\b)\S+ ){1,14}?<scene>\b")
_TOLD = re.compile(r"\b(?:said|says|told|warned|would|had|has)\b")
_PLAIN_SCENE = expand_pattern(
    r"(?!\b(?:he|she|it|they|we|this|that|these|there)\b)(?:[^\s,;]+,? ){1,12}?<pose>\b[^\"“”;]*?"
    r"\b<day-of-scene>\."
)
_RELATED_HEADING = re.compile(r"[^:|]{2,60}[:.]?")
_HIGHLIGHTS = expand_pattern("<highlights>")
_NAMES = expand_pattern(r"<names>|(?-i:[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){1,3})")
_BIO = expand_pattern(
    r"(?P<who><name>)(?:,? (?:who|an?|the|\w+)\b.{2,120}?,)? (?:(?:is|was|has been) (?:(?:currently|also) )?"
    r"(?:(?:an?|the|co-) ?)?(?:\S+ ){0,6}?<author>\b|(?:writes|covers|reports|teaches) (?:on|about|for|from|at)\b)"
    r".{0,400}"
)
_STOP = re.compile(r"[.?!…][\"”’')\]]*$|[:;,]$")
_BULLETS = frozenset("•·▪●◦‣■□►▶→✓*-–—")
_CITY = re.compile(r"[A-Z][A-Z.' -]{2,28}(?:, [A-Z][\w. ]{1,20})?")


@dataclass(slots=True)
class Line:
    """A paragraph while it is being told from furniture."""

    span: Span
    words: str
    is_item: bool
    is_after_blank: bool
    is_wrapped: bool
    furniture: Furniture | None = None

    @property
    def count(self) -> int:
        return self.words.count(" ") + 1

    @property
    def is_stopped(self) -> bool:
        return bool(_STOP.search(self.words[: find_sign_off(self.words)].rstrip()))

    @property
    def is_prose(self) -> bool:
        """Plainly the story's own: a stopped sentence of some length."""
        return self.furniture is None and self.count >= 8 and self.is_stopped


def label_furniture(text: str, spans: list[Span]) -> list[Line]:
    """The paragraphs at `spans`, each with the kind of furniture that it is, or None.

    Labels are given for what is surely furniture: whatever reads like prose, a question or a quotation stays.

    Example: of `Talks fail`, `Jane Doe/AP`, `The envoys left without a word on Monday night.` the second is a credit.
    """
    lines = [_line(text, number, spans) for number in range(len(spans))]
    for number, line in enumerate(lines):
        kind = match_furniture(line.words)
        if number or line.count <= 3 or _is_sure_first(line.words, kind):
            line.furniture = kind
    for label in (
        _label_captions,
        _label_related,
        _label_highlights,
        _label_head,
        _label_crossheads,
        _label_bios,
        _label_tail,
    ):
        label(lines)
    return lines


def _is_sure_first(words: str, kind: Furniture | None) -> bool:
    """The first line is most likely the headline; only what cannot be one is furniture."""
    if kind in {"navigation", "paywall"}:
        return words.endswith(".")
    return kind in {"credit", "dateline"} or (kind == "byline" and words.casefold().startswith("by "))


def _line(text: str, number: int, spans: list[Span]) -> Line:
    start, end = spans[number]
    end_before = spans[number - 1][1] if number else 0
    gap = text[max(end_before, start - 200) : start]
    is_after_blank = number == 0 or gap.replace("\r\n", "\n").count("\n") > 1 or "\f" in gap
    words = text[start:end]
    is_item = gap.rstrip()[-1:] in _BULLETS and gap.strip() != ""
    return Line((start, end), " ".join(words.split()), is_item, is_after_blank, "\n" in words)


def _label_captions(lines: list[Line]) -> None:
    """The caption beside a credit, and the line that plainly says what a picture shows."""
    tells = any(line.is_after_blank for line in lines[1:])
    for number, line in enumerate(lines):
        if line.furniture is None and number and line.count <= 60 and _PLAIN_SCENE.fullmatch(line.words):
            line.furniture = "caption"
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following and line.furniture in {"credit", "caption"} and line.words[-1] in ",:":
            following.furniture = line.furniture  # 'Image caption,' on a line of its own
        if line.furniture != "credit":
            continue
        before = lines[number - 1] if number > 1 else None
        if number > 2 and before and not tells and before.furniture is None and not before.is_stopped:
            before.furniture = "caption"
            continue
        if following and _is_caption(following, tells and not following.is_after_blank) and number:
            following.furniture = "caption"
        elif before and _is_caption(before, tells and not line.is_after_blank):
            before.furniture = "caption"


def _is_caption(line: Line, is_beside: bool) -> bool:
    """Whether the line next to a credit is its caption; `is_beside`: no blank line between, where the text has some."""
    if line.furniture is not None or line.count > 70 or line.words[:1] in '"“' or find_dateline(line.words):
        return False
    return is_beside or not line.is_stopped or bool(_SCENE.match(line.words) and not _TOLD.search(line.words))


def _label_related(lines: list[Line]) -> None:
    """Headlines listed under a heading such as 'More on this story'."""
    is_listing = False
    for line in lines:
        if line.furniture == "related":
            is_listing = is_listing or bool(_RELATED_HEADING.fullmatch(line.words) and line.count <= 8)
        elif line.furniture is None:
            is_listing = is_listing and line.count <= 20 and (not line.is_stopped or line.words.endswith("?"))
            if is_listing:
                line.furniture = "related"


def _label_highlights(lines: list[Line]) -> None:
    """The points listed under 'Key points', or between headline and story."""
    first_prose = next((n for n, line in enumerate(lines) if line.is_prose and not line.is_item), len(lines))
    for number, line in enumerate(lines):
        if line.furniture is not None and _HIGHLIGHTS.fullmatch(line.words):
            _label_points(lines, number + 1)
    items = [line for line in lines[1:first_prose] if line.is_item and line.furniture is None]
    if len(items) >= 2 and first_prose < len(lines):
        for line in items:
            line.furniture = "navigation"


def _label_points(lines: list[Line], start: int) -> None:
    are_items = start < len(lines) and lines[start].is_item
    end = start
    while end < min(len(lines), start + 8) and (lines[end].is_item if are_items else not lines[end].is_stopped):
        end += 1
    if any(line.is_prose for line in lines[end:]):
        for line in lines[start:end]:
            line.furniture = line.furniture or "navigation"


def _label_head(lines: list[Line]) -> None:
    """Names and a city that stand alone between headline and story."""
    first_prose = next((n for n, line in enumerate(lines) if line.is_prose), 0)
    speakers = _find_speakers(lines)
    for number in range(1, first_prose):
        line, following = lines[number], lines[number + 1]
        if line.furniture is not None or line.is_stopped or line.words in speakers:
            continue
        is_beside = following.furniture is not None or lines[number - 1].furniture is not None
        if _NAMES.fullmatch(line.words) and (is_beside or number + 1 == first_prose) and line.count <= 9:
            line.furniture = "byline"
        elif _CITY.fullmatch(line.words) and number + 1 == first_prose:
            line.furniture = "dateline"


def _label_crossheads(lines: list[Line]) -> None:
    """A short title-like line between two paragraphs of prose."""
    speakers = _find_speakers(lines)
    is_wrapped = any(line.is_wrapped for line in lines)
    last_own = None
    for number, line in enumerate(lines[:-1]):
        if line.furniture is not None:
            continue
        following = next((other for other in lines[number + 1 : number + 4] if other.furniture is None), None)
        is_between = last_own is not None and following is not None
        if last_own is not None and following is not None and not _is_in_capitals(line):
            is_between = last_own.is_prose and following.is_prose
        if is_wrapped and not (line.is_after_blank and lines[number + 1].is_after_blank):
            is_between = False
        if is_between and last_own and last_own.words[-1] != ":" and _is_crosshead(line) and line.words not in speakers:
            line.furniture = "navigation"
        else:
            last_own = line


def _find_speakers(lines: list[Line]) -> set[str]:
    """Names on lines of their own, in a transcript: where one of them comes twice."""
    names = Counter(line.words for line in lines if line.furniture is None and _NAMES.fullmatch(line.words))
    return set(names) if any(times > 1 for times in names.values()) else set()


def _is_in_capitals(line: Line) -> bool:
    """A heading written whole in capitals, as wires do; one word alone may be a code or a city."""
    return line.words.upper() == line.words and sum(word.isalpha() for word in re.findall(r"\w+", line.words)) > 1


def _is_crosshead(line: Line) -> bool:
    if _is_in_capitals(line):
        return line.count <= 8 and not line.is_item and not re.search(r"[:.]$", line.words)
    is_short = line.count <= 8 and len(line.words) <= 60 and not line.is_item
    return (
        is_short
        and line.words.lstrip("'‘")[:1].isupper()
        and not line.is_stopped
        and not re.search(r"[\"“”„«»:]", line.words)
    )


def _label_bios(lines: list[Line]) -> None:
    """Who the author is, told at the end; a name that the story itself speaks of is no author's."""
    own = [number for number, line in enumerate(lines) if line.furniture is None]
    for number in own[:2:-1][:3]:
        match = _BIO.fullmatch(lines[number].words) if lines[number].count <= 80 else None
        if match is None:
            return
        surname = match["who"].split()[-1]
        if any(surname in lines[other].words for other in own if other != number):
            return
        lines[number].furniture = "byline"


def _label_tail(lines: list[Line]) -> None:
    """The topics and links left below the story, once one line there is plainly such."""
    last = max(
        (number for number, line in enumerate(lines) if line.furniture is None and line.is_stopped), default=None
    )
    is_below = False
    for line in lines[last + 1 :] if last is not None else []:
        is_below = is_below or line.furniture in {"navigation", "related", "paywall"}
        if line.furniture is None and is_below and line.count <= 15:
            line.furniture = "navigation"

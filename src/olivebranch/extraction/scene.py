"""One document laid out for finding who says what: which words are quoted, which are furniture, who is named where."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from spacy.tokens import Doc, Token

from olivebranch.codebook import load_codebook
from olivebranch.records import ActorMention, DateMention, Document, Span

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
MAX_SENTENCE = 400
"""Words; a longer stretch without a stop is a list or a slip, and is read in pieces."""

STOPS = frozenset({".", "!", "?", "…", "...", "?!", "!?"})
OPENING_MARKS = frozenset({'"', "'", "``", "''"})
LOOSE_ENDS = " \t\r\n\u00a0,;:.-–—*_|"
LONGEST_DATELINE = 100
_DATELINE = re.compile(
    r"\s*[A-ZÀ-Þ][\w.’'-]*(?:[ /-][A-ZÀ-Þ][\w.’'-]*){0,4}(?:, [A-Z][\w. ]{2,20})?"
    r"(?:[,.]? [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?[.,]? ?\([A-Z][^()\n]{1,40}\)\s*(?:--|[-–—])\s+(?=\S)"
)
"""A place, perhaps a day, an agency in brackets, and a dash: "KIEV/BRUSSELS, Nov 27 (Agency) - "."""

_CITY_AND_COLON = re.compile(r"\s*([A-ZÀ-Þ]{3,}(?: [A-ZÀ-Þ]{3,}){0,2}): (?=[A-ZÀ-Þ])")
"""BAGHDAD: The talks failed."""


class Scene:
    """A document, its actors and dates, with constant-time answers about any of its tokens."""

    def __init__(self, document: Document, actors: Sequence[ActorMention], dates: Sequence[DateMention]) -> None:
        self.document = document
        self.text = document.article.text
        self.parse: Doc = document.parse
        self.dates = sorted(dates, key=lambda mention: mention.span)
        self.starts = [token.idx for token in self.parse]
        self.paragraphs = [self._tokens_of(paragraph.span) for paragraph in document.paragraphs]
        self.quotations = [quotation for quotation in document.quotations if quotation.depth == 0]
        self.quotation_of = self._quotations_by_token()
        self.is_closed_off = self._closed_off()
        self.actors = sorted(actors, key=lambda actor: actor.span)
        self._actor_starts = [actor.span[0] for actor in self.actors]

    def tokens(self, span: Span) -> list[Token]:
        """The tokens that begin in a stretch of text."""
        first, last = self._tokens_of(span)
        return [self.parse[index] for index in range(first, last)]

    def _tokens_of(self, span: Span) -> tuple[int, int]:
        return bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])

    def token_at(self, offset: int) -> int:
        """The index of the first token at or after a character."""
        return bisect_left(self.starts, offset)

    def _quotations_by_token(self) -> list[int]:
        found = [-1] * len(self.parse)
        for number, quotation in enumerate(self.quotations):
            for span in (*quotation.spans, quotation.outer):
                if span is quotation.outer and len(quotation.spans) > 1:
                    continue
                for index in range(*self._tokens_of(span)):
                    found[index] = number
        return found

    def _closed_off(self) -> bytearray:
        """Marks the tokens that no statement is taken from: furniture and headlines."""
        marks = bytearray(len(self.parse))
        shut = [s.span for s in self.document.sentences if s.furniture is not None]
        shut += [p.span for p in self.document.paragraphs if p.furniture is not None or p.role == "headline"]
        shut += [(p.span[0], p.span[0] + cut) for p in self.document.paragraphs if (cut := self._dateline_in(p.span))]
        for span in shut:
            first, last = self._tokens_of(span)
            marks[first:last] = b"\x01" * (last - first)
        return marks

    def _dateline_in(self, span: Span) -> int:
        """How many characters of a paragraph are a dateline that was left in it."""
        match = _DATELINE.match(self.text, span[0], min(span[1], span[0] + LONGEST_DATELINE))
        if match is None and (colon := _CITY_AND_COLON.match(self.text, *span)) is not None:
            code = load_codebook().resolve(colon.group(1))
            match = colon if code is not None and load_codebook().is_state(code) else None
        return match.end() - span[0] if match and match.end() < span[1] else 0

    @cached_property
    def paragraph_of(self) -> list[int]:
        """The paragraph's index for each token (-1 between paragraphs)."""
        found = [-1] * len(self.parse)
        for number, (first, last) in enumerate(self.paragraphs):
            found[first:last] = [number] * (last - first)
        return found

    @cached_property
    def sentence_bounds(self) -> list[tuple[int, int]]:
        """The first token of its sentence and the token after its last, for each token."""
        found: list[tuple[int, int]] = []
        for sent in self.parse.sents:
            end = sent.end
            while end > sent.start and self.parse[end - 1].is_space:
                end -= 1
            for first in range(sent.start, sent.end, MAX_SENTENCE):
                last = min(first + MAX_SENTENCE, sent.end)
                found.extend([(first, max(first, min(last, end)))] * (last - first))
        return found

    def is_quoted(self, token: Token) -> bool:
        """Whether a token stands inside a quotation or is one of its marks."""
        return self.quotation_of[token.i] >= 0

    def actors_in(self, span: Span) -> list[ActorMention]:
        """The actor mentions that begin inside a stretch of text, in text order."""
        first, last = bisect_left(self._actor_starts, span[0]), bisect_left(self._actor_starts, span[1])
        return self.actors[first:last]

    def last_actors_before(self, offset: int, count: int) -> list[ActorMention]:
        """Up to `count` actor mentions that begin before a character, the nearest first."""
        last = bisect_right(self._actor_starts, offset - 1)
        return self.actors[max(0, last - count) : last][::-1]

    def span_of(self, first: int, last: int) -> Span:
        """The characters of the tokens `[first, last)`, without white space and marks of punctuation at either end."""
        return self.trimmed((self.parse[first].idx, self._end_of(last - 1))) if first < last else (0, 0)

    def _end_of(self, index: int) -> int:
        token = self.parse[index]
        return int(token.idx) + len(token)

    def trimmed(self, span: Span) -> Span:
        """A stretch without white space, commas, colons, dashes and the final stop at its ends."""
        start, end = span
        while start < end and self.text[start] in LOOSE_ENDS:
            start += 1
        while end > start and self.text[end - 1] in LOOSE_ENDS and not self._is_abbreviation(start, end):
            end -= 1
        return (start, end)

    def _is_abbreviation(self, start: int, end: int) -> bool:
        """Whether the stop at the end belongs to a word (U.S., Inc.) or to an ellipsis."""
        if self.text[end - 1] != ".":
            return False
        index = bisect_right(self.starts, end - 1) - 1
        token = self.parse[index]
        return any(sign.isalnum() for sign in token.text) and token.idx >= start

    def subject_tokens(self, verb: Token) -> list[Token]:
        """The verb's own grammatical subjects that are not quoted words."""
        return [
            child
            for child in verb.children
            if child.dep_ in SUBJECTS
            and (not self.is_quoted(child) or self.is_quoted(verb))
            and not self.is_closed_off[child.i]
        ]


def left_edge(token: Token) -> int:
    """The index of the first token of what hangs on a token."""
    return int(token.left_edge.i)


def right_edge(token: Token) -> int:
    """The index after the last token of what hangs on a token."""
    return int(token.right_edge.i) + 1

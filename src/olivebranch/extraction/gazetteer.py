"""Finds the codebook's names in a story's words, and keeps what the other steps ask of those words."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from olivebranch.codebook import Codebook
from olivebranch.codebook.names import Name, first_word, fold_name
from olivebranch.codebook.tables import Metonym
from olivebranch.records import Document, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

KIND_ORDER = ("person", "country", "organisation", "demonym", "metonym", "capital", "surname")


MUCH_MORE = 2
"""A state named this many times as often as the next is the one that a story is about."""

NOT_WORDS = re.compile(r"[^\w\s-]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of the codebook in the story: tokens [start, end), and all that it may stand for, likeliest first."""

    start: int
    end: int
    names: tuple[Name, ...]

    @property
    def name(self) -> Name:
        """What it stands for."""
        return self.names[0]

    @property
    def code(self) -> str:
        """The code of the state, body or group; for a person, the printed name."""
        return self.names[0].code


class Story:
    """One story as the actor steps see it: the parse, the codebook, the day, and the names found."""

    def __init__(self, document: Document, codebook: Codebook, on: date | None) -> None:
        self.document = document
        self.parse: Doc = document.parse
        self.codebook = codebook
        self.on = on
        self.words = codebook.actor_words
        self.hits = tuple(find_hits(self))

    def __len__(self) -> int:
        return len(self.parse)

    def use(self, use: str) -> frozenset[str]:
        """The words of one class of actor_words.csv."""
        return self.words.get(use, frozenset())

    def is_word(self, index: int, *uses: str) -> bool:
        """Whether the token at `index` is of one of these classes, as written or as lemma."""
        if not 0 <= index < len(self.parse):
            return False
        token = self.parse[index]
        forms = {token.lower_, token.lemma_.lower()}
        return any(forms & self.use(use) for use in uses)

    def text(self, start: int, end: int) -> str:
        """The raw words of tokens [start, end) on one line."""
        return self.document.line(self.span(start, end))

    def span(self, start: int, end: int) -> Span:
        """The characters of tokens [start, end)."""
        last = self.parse[end - 1]
        return (self.parse[start].idx, last.idx + len(last))

    @cached_property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The token ranges of the story's own sentences, furniture left out."""
        starts = [token.idx for token in self.parse]
        return tuple(
            (bisect_right(starts, sentence.span[0]) - 1, bisect_right(starts, sentence.span[1] - 1))
            for sentence in self.document.sentences
            if sentence.furniture is None
        )

    @cached_property
    def bounds(self) -> dict[int, tuple[int, int]]:
        """The sentence, as a token range, of every token of the story."""
        return {index: stretch for stretch in self.stretches for index in range(*stretch)}

    @cached_property
    def hit_at(self) -> dict[int, Hit]:
        """The hit that covers a token."""
        return {index: hit for hit in self.hits for index in range(hit.start, hit.end)}

    @cached_property
    def powers(self) -> Counter[str]:
        """How often the story names each state or body."""
        return Counter(
            hit.code for hit in self.hits if hit.name.kind not in ("person", "surname") and not self.is_part(hit)
        )

    @cached_property
    def main_state(self) -> str | None:
        """The only state that the story names, or the one it names at least twice as often as any other."""
        states = [(code, n) for code, n in self.powers.most_common() if self.codebook.is_state(code)]
        is_clear = bool(states) and (len(states) == 1 or states[0][1] >= MUCH_MORE * states[1][1])
        return states[0][0] if is_clear else None

    @cached_property
    def grounds(self) -> Counter[str]:
        """How often the story says that something happens in a state: "in eastern Ukraine", "Donetsk"."""
        ground: Counter[str] = Counter()
        for hit in self.hits:
            place = hit.start - 1
            while place >= 0 and (self.parse[place].pos_ in ("DET", "ADJ") or self.is_word(place, "geographic")):
                place -= 1
            if place >= 0 and self.parse[place].lower_ in ("in", "inside", "across", "near"):
                ground[hit.code] += 1
        return ground + Counter(self.codebook.places[name] for name in self._places_named())

    def _places_named(self) -> Iterator[str]:
        """The places of the codebook that the story names, each once."""
        known, text = self.codebook.places_by_word, self.parse.text
        for word in {first_word(token.text) for token in self.parse if token.text[0].isupper()}:
            for name in known.get(word, ()):
                end = text.find(name) + len(name)
                if end >= len(name) and not text[end : end + 1].isalnum():
                    yield name

    @cached_property
    def full_names(self) -> tuple[tuple[str, ...], ...]:
        """People's names of two words or more, as the parser and the codebook have them."""
        spans = [(ent.start, ent.end) for ent in self.parse.ents if ent.label_ == "PERSON"]
        spans += [(hit.start, hit.end) for hit in self.hits if hit.name.kind == "person"]
        names = [
            [token.text for token in self.parse[start:end] if token.text not in ("'s", "'")] for start, end in spans
        ]
        return tuple(tuple(words) for words in names if len(words) > 1)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """Every word of a full name in the story."""
        return frozenset(word for words in self.full_names for word in words)

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of full names in the story."""
        return frozenset(words[-1] for words in self.full_names if words[-1][:1].isupper() and len(words[-1]) > 2)

    @cached_property
    def speech_verbs(self) -> frozenset[str]:
        """The lemmas of verbs that attribute words to a speaker."""
        cues = self.codebook.table("cues")
        return frozenset(row.cue for row in cues if row.kind == "verb" and row.scope == "speech")

    @cached_property
    def officials(self) -> Counter[str]:
        """How often the story names people in office, by the state they serve; a minister's home is mostly theirs."""
        named = (hit.name.words for hit in self.hits if hit.name.kind in ("person", "surname"))
        held = (self.codebook.holdings(words, self.on) for words in named if self.on)
        return Counter(rows[0].office.of for rows in held if rows and self.codebook.is_state(rows[0].office.of))

    @cached_property
    def is_american(self) -> bool:
        """Whether the story is on American politics: it names a party or a state of the United States."""
        words = self.use("us_politics") | (self.use("us_state") - self.use("province"))
        return any(token.text in words for token in self.parse)

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words that the story writes without a capital somewhere."""
        return frozenset(token.text for token in self.parse if token.is_lower)

    def is_part(self, hit: Hit) -> bool:
        """Whether it names a part of a state, or a thing that only bears its name: New Mexico, Washington state."""
        metonym = hit.name.metonym
        return metonym is not None and metonym.kind == "place" and self.codebook.is_state(hit.code)

    def country_of(self, hit: Hit) -> str | None:
        """The state a hit speaks of: its own, or that of the body; None for bodies of many states."""
        if self.codebook.is_state(hit.code):
            return hit.code
        return self.codebook.organisation(hit.code).country

    def power_of(self, hit: Hit) -> str:
        """The power a hit acts for: the state, or else the body itself."""
        return self.country_of(hit) or hit.code

    def is_headline(self, index: int) -> bool:
        """Whether most words of the sentence begin with a capital, so that a capital says nothing."""
        words = [token for token in self.parse[slice(*self.bounds[index])] if token.is_alpha and len(token) > 3]
        return bool(sum(word.text[0].isupper() for word in words) > 0.7 * len(words))

    def before(self, index: int) -> "Token | None":
        """The token before `index` in the same sentence."""
        low = self.bounds.get(index, (index, index))[0]
        return self.parse[index - 1] if index > low else None

    def after(self, end: int) -> "Token | None":
        """The token at `end`, if it is still in the sentence of the token before it."""
        high = self.bounds.get(end - 1, (end, end))[1]
        return self.parse[end] if end < high else None


def find_hits(story: Story) -> Iterator[Hit]:
    """The codebook's names in the story, longest first, none overlapping."""
    text = _search_text(story)
    index = story.codebook.names
    for start, end in story.stretches:
        place = start
        while place < end:
            hit = _hit_at(story, index.names_at(text, story.parse[place].idx), place, (start, end))
            if hit:
                yield hit
            place = hit.end if hit else place + 1


def _hit_at(story: Story, names: list[Name], place: int, stretch: tuple[int, int]) -> Hit | None:
    if not names:
        return None
    last_char = story.parse[place].idx + len(names[0].words)
    end = place + 1
    while end < stretch[1] and story.parse[end].idx < last_char:
        end += 1
    sentence = story.document.words(story.span(*stretch))
    fitting = [name for name in names if name.metonym is None or is_metonym_meant(name.metonym, sentence)]
    # A metonym whose words are there says more than the plain name: Georgia beside Atlanta.
    fitting.sort(key=lambda name: (not (name.metonym and name.metonym.when), KIND_ORDER.index(name.kind)))
    return Hit(place, end, tuple(fitting)) if fitting else None


def is_metonym_meant(metonym: Metonym, sentence: str) -> bool:
    """Whether a sentence holds one of the metonym's `when` words, if it has any, and none of its `unless` words.

    Example: "Brussels" with `when` "sanctions" is meant in "Brussels weighed new sanctions".
    """
    return (not metonym.when or _has_any(sentence, metonym.when)) and not _has_any(sentence, metonym.unless)


def _has_any(sentence: str, words: tuple[str, ...]) -> bool:
    said = f" {fold_name(NOT_WORDS.sub(' ', sentence))} "
    return any(f" {fold_name(word)} " in said for word in words)


def _search_text(story: Story) -> str:
    """The parse's text on one line; sentences in capitals are put in title case, so that their names are found."""
    text = re.sub(r"\s", " ", story.parse.text)
    for start, end in story.stretches:
        words = [token for token in story.parse[start:end] if token.is_alpha]
        if len(words) > 3 and sum(word.is_upper for word in words) > 0.8 * len(words):
            first, last = story.span(start, end)
            line = re.sub(r"[^\W\d_]{5,}", lambda word: word[0][0] + word[0][1:].lower(), text[first:last])
            text = text[:first] + line + text[last:]
    return text

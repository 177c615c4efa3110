"""Turns the noun phrases that name speakers into sources: full name, office, side, expert or not, pronouns resolved."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from olivebranch.extraction.scene import Scene, left_edge
from olivebranch.extraction.source_names import (
    actors_are_official,
    fits_gender,
    is_called,
    is_official,
    is_person_source,
    join_sources,
    may_be,
    name_of,
)
from olivebranch.extraction.source_words import has_use
from olivebranch.records import ActorMention, Attribution, Source, Span

PRONOUNS = frozenset({"he", "she", "him", "her", "his", "they", "them", "it", "i", "we", "me", "us", "one"})
DEFINITE = frozenset({"the", "this", "that", "his", "her", "their", "its"})
LEFT_OUT = frozenset({"relcl", "conj", "cc", "advcl", "ccomp", "parataxis", "preconj"})
_PROPER_RUN = re.compile(
    r"[A-Z][\w’'&.-]*(?:\s+(?:of|for|the|on|and|de|&)(?=\s+(?:the\s+)?[A-Z])|\s+the(?=\s+[A-Z])|\s+[A-Z][\w’'&.-]*)*"
)
_ARTICLE = re.compile(r"^(?:(?:the|a|an|this|that|these|those|some|several|many|most|other)\s+)+", re.IGNORECASE)
_BEFORE_BODY = re.compile(r"\b(?:of|at|for|with|from|in)\s+(?:the\s+|an?\s+)?(?:[a-z][\w-]*\s+){0,3}$")
GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
MAX_SILENCE = 3
"""A pronoun means the last speaker at most this many paragraphs on."""

RECENT = 4
NEAR = 12
"""How many actor mentions back "the minister" is looked for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the story says once of somebody, and holds for every mention."""

    affiliation: str | None
    is_expert: bool
    office: str | None


class Speakers:
    """Resolves the speakers of one scene, in text order; remembers who spoke last."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.last: Source | None = None
        self.last_at = 0
        self.recent: list[Source] = []
        self.holders: list[Source] = []
        self.facts: dict[str, Facts] = {}
        self.answerer: Source | None = None
        self.people = self._named_people()
        self.name_at = self._names_by_token()
        self.full_names = self._full_names()

    def _named_people(self) -> list[tuple[int, str]]:
        """Every person's name outside furniture: the index of its last word, and the name; in text order."""
        found = {self.scene.token_at(a.span[1]) - 1: a.name for a in self.scene.actors if a.kind == "person"}
        for ent in self.scene.parse.ents:
            if ent.label_ == "PERSON" and not self.scene.is_closed_off[ent.start]:
                name = name_of(ent.text)
                if name:
                    found.setdefault(ent.end - 1 - (ent[-1].text == "'s"), name)
        return sorted(found.items())

    def _names_by_token(self) -> dict[int, str]:
        """The name that each token of a person's name stands in, as the parser sees it."""
        people = [ent for ent in self.scene.parse.ents if ent.label_ == "PERSON"]
        return {index: name_of(ent.text) for ent in people for index in range(ent.start, ent.end)}

    def _full_names(self) -> dict[str, str]:
        """The fullest name in the story for each surname."""
        names: dict[str, str] = {}
        for _, name in self.people:
            parts = name.split()
            if parts and len(parts) > len(names.get(parts[-1], "").split()):
                names[parts[-1]] = name
        return names

    def resolve(self, voices: Sequence[Token], at: int) -> Source:
        """The source that noun phrase heads name together; joint speakers are joined with " and "."""
        sources = [self._resolve_one(head) for head in voices]
        if not sources:
            return Source()
        source = sources[0] if len(sources) == 1 else join_sources(sources)
        if source.name and (source.is_named or len(sources) == 1):
            self.last, self.last_at = source, at
            if source.office:
                self.holders = [*self.holders[-NEAR + 1 :], source]
            self.recent = [*self.recent[-RECENT + 1 :], source]
        return source

    def complete(self, record: Attribution) -> Attribution:
        """A record with what the story says of its speaker elsewhere: affiliation, calling."""
        source = record.source
        facts = self.facts.get(source.name or "")
        if facts is None or " and " in (source.name or ""):
            return record
        told = {
            "affiliation": source.affiliation or facts.affiliation,
            "office": source.office or facts.office,
            "is_expert": source.is_expert or (facts.is_expert and not is_official(source.office)),
        }
        return record.model_copy(update={"source": source.model_copy(update=told)})

    def of_label(self, span: Span, is_answer: bool) -> Source:
        """The speaker whom an interview's label names; "A:" is the person named last before it."""
        at = self.scene.token_at(span[0])
        if is_answer:
            if self.answerer is None:
                named = self.people[: bisect_left(self.people, (at, ""))]
                self.answerer = self._resolve_one(self.scene.parse[named[-1][0]]) if named else Source()
            return self.answerer.model_copy(update={"span": span})
        tokens = [t for t in self.scene.tokens(span) if t.is_alpha]
        actor = next((a for a in self.scene.actors_in(span) if a.kind == "person"), None)
        if tokens and actor is not None:
            return self._of_person(tokens[-1], span, actor)
        words = name_of(self.scene.text[span[0] : span[1]])
        name = self.full_names.get(words.split()[-1], words) if words else None
        facts = self.facts.get(name or "", Facts(None, False, None))
        return Source(
            span=span,
            name=name,
            office=facts.office,
            affiliation=facts.affiliation,
            is_expert=facts.is_expert,
            is_named=True,
        )

    def _resolve_one(self, head: Token) -> Source:
        span = self.phrase_span(head)
        if head.lower_ in PRONOUNS:
            return self._of_pronoun(head, span)
        actor = self._actor_of(head)
        if actor is not None and actor.kind == "person":
            return self._of_person(head, span, actor)
        if actor is None and head.pos_ == "PROPN" and self._is_person_name(head):
            return self._of_stranger(head, span)
        apposed = next((c for c in head.children if c.dep_ == "appos" and c.ent_type_ == "PERSON"), None)
        if actor is None and apposed is not None:
            return self._of_stranger(apposed, span)
        if actor is not None and not has_use(head, "person"):
            name = self._words_of(span) if actor.kind == "state" else actor.name
            return Source(span=span, name=name, country=actor.country, sector=actor.sector, is_named=True)
        return self._of_apposition(head, span) or self._of_noun(head, span)

    def _of_apposition(self, head: Token, span: Span) -> Source | None:
        """The person named at the end of a phrase, after its comma ("the alliance's chief, Jan Maas")."""
        people = [a for a in self.scene.actors_in(span) if a.kind == "person" and a.span[0] > head.idx]
        if len(people) != 1 or not self.scene.text[head.idx : people[0].span[0]].rstrip().endswith(","):
            return None
        return self._of_person(self.scene.parse[self.scene.token_at(people[0].span[1]) - 1], span, people[0])

    def _words_of(self, span: Span) -> str | None:
        """The words of a phrase without its article."""
        return _ARTICLE.sub("", " ".join(self.scene.text[span[0] : span[1]].split())) or None

    def phrase_span(self, head: Token) -> Span:
        """The characters of a head's phrase with its titles and appositions, without clauses and joint speakers."""
        last = head.i + 1
        for child in head.rights:
            if child.dep_ in LEFT_OUT or self.scene.is_quoted(child) != self.scene.is_quoted(head):
                break
            if child.dep_ not in {"punct", "case"} or child.text in {")", '"'}:
                last = int(child.right_edge.i) + 1
        return self.scene.span_of(max(left_edge(head), self._sentence_start(head)), last)

    def _sentence_start(self, head: Token) -> int:
        return self.scene.sentence_bounds[head.i][0]

    def _actor_of(self, head: Token) -> ActorMention | None:
        """The actor that the head names itself, or through its apposition ("the minister, Sergey Lavrov")."""
        named = [head, *(c for c in head.children if c.dep_ == "appos" and c.pos_ == "PROPN")]
        for token in named:
            for actor in reversed(self.scene.last_actors_before(token.idx + 1, 3)):
                if actor.span[0] <= token.idx < actor.span[1]:
                    return actor
        return None

    def _is_person_name(self, head: Token) -> bool:
        return head.ent_type_ == "PERSON" or (
            head.text in self.full_names and head.ent_type_ not in {"GPE", "ORG", "NORP"}
        )

    def _of_person(self, head: Token, span: Span, actor: ActorMention) -> Source:
        name = actor.name if " " in actor.name else self.full_names.get(actor.name, actor.name)
        facts = self._learn(name, head, span)
        return Source(
            span=span,
            name=name,
            country=actor.country,
            office=actor.office or facts.office,
            affiliation=facts.affiliation,
            sector=actor.sector,
            is_expert=facts.is_expert and not is_official(actor.office),
            is_named=True,
        )

    def _of_stranger(self, head: Token, span: Span) -> Source:
        """A person whom no actor mention covers."""
        words = self.name_at.get(head.i) or head.text
        name = self.full_names.get(words.split()[-1], words)
        facts = self._learn(name, head, span)
        return Source(
            span=span,
            name=name,
            office=facts.office,
            affiliation=facts.affiliation,
            is_expert=facts.is_expert,
            is_named=True,
        )

    def _learn(self, name: str, head: Token, span: Span) -> Facts:
        """What the phrase adds to what is known of a person."""
        known = self.facts.get(name, Facts(None, False, None))
        words = [t for t in self.scene.tokens(span) if t.ent_type_ != "PERSON" and t.text not in name]
        affiliation = known.affiliation or self._affiliation(span, name)
        is_expert = known.is_expert or any(has_use(t, "expert") for t in words)
        is_of_institute = affiliation is not None and any(has_use(t, "institute") for t in words)
        is_official = any(has_use(t, "official") for t in words)
        facts = Facts(
            affiliation, is_expert or (is_of_institute and not is_official), known.office or self._title(words)
        )
        self.facts[name] = facts
        return facts

    def _affiliation(self, span: Span, name: str) -> str | None:
        """The body that an apposition or title names ("deputy chair of … of the Federation Council")."""
        text = self.scene.text[span[0] : span[1]]
        for match in _PROPER_RUN.finditer(text):
            words = " ".join(match.group().split()).rstrip(".,")
            if words in name or name.split()[-1] in words or not _BEFORE_BODY.search(text[: match.start()]):
                continue
            start = span[0] + match.start()
            if text[: match.start()].rstrip().endswith(" in") or self._is_country(start, start + len(words)):
                continue
            return words.removesuffix("'s").removesuffix("’s")
        return None

    def _is_country(self, start: int, end: int) -> bool:
        return any(a.kind == "state" and a.span[1] >= end - 2 for a in self.scene.actors_in((start, end)))

    def _title(self, words: list[Token]) -> str | None:
        """A short title from the words around a name: its role noun with what it modifies."""
        for token in words:
            if has_use(token, "person") or has_use(token, "expert"):
                left = token.i
                known = {t.i for t in words}
                while (
                    left - 1 in known
                    and self.scene.parse[left - 1].dep_ in {"compound", "amod"}
                    and self.scene.parse[left - 1].ent_type_ == ""
                ):
                    left -= 1
                start, end = self.scene.span_of(left, token.i + 1)
                return self.scene.text[start:end]
        return None

    def _of_pronoun(self, head: Token, span: Span) -> Source:
        """Whoever the words before are about: the last subject named since somebody spoke, else who spoke."""
        word = head.lower_
        paragraph = self.scene.paragraph_of[head.i]
        last = (
            self.last
            if self.last is not None and paragraph - self.scene.paragraph_of[self.last_at] <= MAX_SILENCE
            else None
        )
        if word in GENDERS:
            named = self._named_before(head, GENDERS[word])
            if named is not None and (last is None or named.i > self.last_at or not may_be(last, GENDERS[word])):
                return self._resolve_one(named).model_copy(update={"span": span})
            fitting = [s for s in reversed(self.recent) if may_be(s, GENDERS[word])] if last is not None else []
            return fitting[0].model_copy(update={"span": span}) if fitting else Source(span=span)
        if word in {"they", "them", "it"} and last is not None and not (word == "it" and is_person_source(last)):
            return last.model_copy(update={"span": span})
        return Source(span=span)

    def _named_before(self, head: Token, gender: str) -> Token | None:
        """The nearest fitting person named before a pronoun, in its own paragraph or the one before; subjects first."""
        paragraph = self.scene.paragraph_of[head.i]
        place = bisect_left(self.people, (head.i, ""))
        others = []
        for index, name in reversed(self.people[max(0, place - NEAR) : place]):
            token = self.scene.parse[index]
            is_near = paragraph - self.scene.paragraph_of[index] <= 1 and not self.scene.is_closed_off[index]
            if not is_near or self.scene.is_quoted(token) or not fits_gender(name, gender):
                continue
            if token.dep_ in {"nsubj", "nsubjpass"}:
                return token
            others.append(token)
        return others[0] if others and self.last is None else None

    def _of_noun(self, head: Token, span: Span) -> Source:
        """A speaker named by a noun: "the minister", "analysts", "a spokesman for the ministry"."""
        is_definite = any(child.lower_ in DEFINITE for child in head.children)
        if is_definite and has_use(head, "person") and head.tag_ == "NN":
            earlier = self._holder_before(head)
            if earlier is not None:
                return earlier.model_copy(update={"span": span})
        actors = self.scene.actors_in(span)
        is_expert = has_use(head, "expert") and not actors_are_official(head)
        country = None if is_expert or has_use(head, "media") or not actors else actors[0].country
        sector = next((a.sector for a in actors if a.sector and a.kind != "person"), None)
        is_named = head.pos_ == "PROPN" or (is_definite and bool(actors) and not has_use(head, "person"))
        return Source(
            span=span, name=self._words_of(span), country=country, sector=sector, is_expert=is_expert, is_named=is_named
        )

    def _holder_before(self, head: Token) -> Source | None:
        """The person meant by "the minister": an earlier one whose office holds the word, else the last speaker."""
        for source in reversed(self.holders):
            if is_called(head, source.office) and not (
                self._country_in(head) and source.country != self._country_in(head)
            ):
                return source
        for actor in self.scene.last_actors_before(head.idx, NEAR):
            if actor.kind == "person" and is_called(head, actor.office):
                token = self.scene.parse[self.scene.token_at(actor.span[1]) - 1]
                return self._of_person(token, actor.span, actor)
        is_last = (
            self.last is not None and self.last.is_named and self.last.office is None and " " in (self.last.name or "")
        )
        return self.last if is_last and not self._country_in(head) else None

    def _country_in(self, head: Token) -> str | None:
        """The country that a phrase names ("the Russian minister")."""
        return next((a.country for a in self.scene.actors_in(self.phrase_span(head)) if a.country), None)

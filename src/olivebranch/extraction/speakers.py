"""Turns the noun phrases that name speakers into sources: full name, office, side, expert or not, pronouns resolved."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Token

from olivebranch.extraction.antecedents import (
    GENDERS,
    LOOK_BACK,
    Antecedents,
    Mention,
    is_subject,
    is_voice,
    office_words,
)
from olivebranch.extraction.bodies import DEFINITE, OWNERS, Bodies, is_definite
from olivebranch.extraction.personas import NO_FACTS, Personas, is_nominal, phrase_span
from olivebranch.extraction.profiles import Profiles
from olivebranch.extraction.scene import Scene
from olivebranch.extraction.source_names import (
    actors_are_official,
    holder_source,
    is_official,
    join_sources,
    name_of,
)
from olivebranch.extraction.source_words import has_use
from olivebranch.extraction.voices import verb_voices
from olivebranch.records import ActorMention, Attribution, Source, Span

PRONOUNS = frozenset({*GENDERS, "they", "them", "it", "i", "we", "me", "us"})
PARTITIVES = frozenset({"some", "others", "many", "most", "both", "several", "few", "all", "one", "another"})
_NAME_LAST = re.compile(r", ([A-ZÀ-Þ][\w'’-]+(?: (?:al-|de |van |bin )?[A-ZÀ-Þ][\w'’.-]+){1,3})$")
BODY_TYPES = frozenset({"ORG", "GPE", "NORP", "LOC", "FAC", "PRODUCT"})
COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5}
PAIRED = frozenset(
    {"side", "country", "government", "nation", "neighbour", "neighbor", "power", "capital", "leader", "party"}
)
"""Of "the two sides" it is two states that are meant."""


class Speakers:
    """Resolves the speakers of one scene, in text order; remembers who spoke."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.personas = Personas(scene)
        self.profiles = Profiles(scene, self.personas)
        self.antecedents = Antecedents(scene, self.personas, [self._mention(i) for i, _ in self.personas.people])
        self.bodies = Bodies(scene, self.personas, self.antecedents)
        self.answerer: Source | None = None

    def _mention(self, index: int) -> Mention:
        source = self.profiles.of_person(index, None)
        words = self.personas.facts_of(source.name).words | office_words(source)
        return Mention(index, source, True, frozenset(words), is_subject(self.scene, index))

    def resolve(self, voices: Sequence[Token], at: tuple[int, int]) -> Source:
        """The source that noun phrase heads name together; joint speakers are joined with " and ".

        `at` is the token of the cue, and the last token of what was said.
        """
        heads = self._without_titles(voices)
        sources = [self._resolve_one(head) for head in heads]
        if not sources:
            return Source()
        source = sources[0] if len(sources) == 1 else join_sources(sources)
        if source.name:
            self.antecedents.hear(source, at, heads, self._is_person(heads[0], source))
        return source

    def _without_titles(self, voices: Sequence[Token]) -> list[Token]:
        """The heads without a title or place that the parser set beside a name ("Foreign Minister Adel al-Jubeir")."""
        if len(voices) < 2:
            return list(voices)
        between = self.scene.parse[voices[0].i : voices[-1].i]
        if any(t.pos_ == "CCONJ" or t.lower_ in {"and", "or", "&"} for t in between):
            return list(voices)
        named = [head for head in voices if self.profiles.person_in(head, phrase_span(self.scene, head)) is not None]
        return (named or list(voices))[-1:]

    def _is_person(self, head: Token, source: Source) -> bool:
        if head.lower_ in GENDERS or head.lower_ in PARTITIVES or (source.name and source.name in self.personas.facts):
            return True
        if head.pos_ == "PROPN" and head.ent_type_ not in BODY_TYPES and self._actor_at(head) is None:
            return True
        return not has_use(head, "body") and (
            has_use(head, "person") or has_use(head, "expert") or has_use(head, "official")
        )

    def complete(self, record: Attribution) -> Attribution:
        """A record with what the story says of its speaker elsewhere: affiliation, calling."""
        source = record.source
        facts = self.personas.facts_of(source.name)
        if facts is NO_FACTS:
            return record
        is_expert = source.is_expert or (facts.is_expert and not is_official(source.office) and not source.sector)
        told = {
            "affiliation": source.affiliation or facts.affiliation,
            "office": source.office or facts.office,
            "is_expert": is_expert,
            "country": None if is_expert else source.country,
        }
        return record.model_copy(update={"source": source.model_copy(update=told)})

    def of_label(self, span: Span, is_answer: bool, end: int) -> Source:
        """The speaker whom an interview's label names, whose words end at a token; "A:" is whoever spoke before."""
        source = self._of_label(span, is_answer)
        if source.name:
            self.antecedents.hear(source, (self.scene.token_at(span[0]), end), [], is_person=True)
        return source

    def of_answer(self, at: int, end: int) -> Source:
        """The speaker of an answer without a label: the person named most before the first answer."""
        if self.answerer is None:
            self.answerer = self._find_answerer(at)
        if self.answerer.name:
            self.antecedents.hear(self.answerer, (at, end), [], is_person=True)
        return self.answerer

    def _of_label(self, span: Span, is_answer: bool) -> Source:
        at = self.scene.token_at(span[0])
        if is_answer:
            if self.answerer is None:
                self.answerer = self._find_answerer(at)
            return self.answerer.model_copy(update={"span": span})
        people = self.personas.people
        first, last = bisect_left(people, (at, "")), bisect_left(people, (self.scene.token_at(span[1]), ""))
        if first < last:
            return self.profiles.of_person(people[last - 1][0], span)
        words = name_of(self.scene.text[span[0] : span[1]])
        surname = words.split()[-1] if words else ""
        index = self.profiles.mention_of(surname)
        if index is not None:
            return self.profiles.of_person(index, span)
        return Source(span=span, name=words or None, is_named=True)

    def _find_answerer(self, at: int) -> Source:
        """Who gives the answers: whoever spoke before the first, else who is named most before it."""
        heard = next(
            (m for m in reversed(self.antecedents.heard) if m.is_person and m.at < at and m.source.is_named), None
        )
        if heard is not None:
            return heard.source
        named = self.personas.people[: bisect_left(self.personas.people, (at, ""))]
        counts = Counter(self.personas.name_of_mention(index) for index, _ in named)
        best = max(named, key=lambda one: (counts[self.personas.name_of_mention(one[0])], one[0]), default=None)
        return self.profiles.of_person(best[0], None) if best else Source()

    def _resolve_one(self, head: Token) -> Source:
        span = phrase_span(self.scene, head)
        if head.lower_ in PRONOUNS:
            return self._of_pronoun(head).model_copy(update={"span": span})
        if head.lower_ in PARTITIVES and head.pos_ in {"PRON", "DET", "ADJ", "NOUN"}:
            return self._of_some(head, span)
        index = self.profiles.person_in(head, span)
        if index is not None:
            return self.profiles.of_person(index, span)
        actor = self._actor_at(head)
        if actor is not None and actor.kind == "person":
            return (
                self._of_calling(head, span, actor)
                if is_nominal(self.scene, actor)
                else self.profiles.of_actor(actor, span)
            )
        if head.tag_ == "NNS" and is_definite(self.personas, head):
            several = self._pair_meant(head)
            if several is not None:
                return several.model_copy(update={"span": span})
        is_outlet = head.pos_ == "NOUN" and has_use(head, "outlet") and not self._issuer_named(head)
        if has_use(head, "ministry") or has_use(head, "body") or is_outlet:
            return self.bodies.of_body(head, span, actor, self._country_in(head, span))
        if actor is not None and not is_voice(head):
            return self.bodies.of_power(span, actor, head)
        return self._of_noun(head, span)

    def _actor_at(self, head: Token) -> ActorMention | None:
        """The actor whose mention covers the head, or its apposition."""
        named = [head, *(c for c in head.children if c.dep_ == "appos" and c.pos_ == "PROPN")]
        for token in named:
            for actor in self.scene.last_actors_before(token.idx + 1, 3):
                if actor.span[0] <= token.idx < actor.span[1]:
                    return actor
        return None

    def _of_pronoun(self, head: Token) -> Source:
        """Whoever the words before are about."""
        word = head.lower_
        if word in GENDERS:
            return self.antecedents.person(head) or Source()
        if word in {"they", "them"}:
            return self.antecedents.several(head) or Source()
        if word == "it":
            return self._of_it(head) or Source()
        return Source()

    def _of_it(self, head: Token) -> Source | None:
        heard = next((m for m in reversed(self.antecedents.heard) if not m.is_person), None)
        named = self.antecedents.power_before(head)
        if heard is not None and (named is None or self.scene.token_at(named.span[0]) < heard.at):
            return heard.source if self.antecedents.is_recent(head.i, heard) else None
        return self.bodies.of_power(named.span, named) if named is not None else None

    def _of_some(self, head: Token, span: Span) -> Source:
        """Some, others, both: of the people that the last sentence is about."""
        nouns = [
            c for p in head.children if p.dep_ == "prep" and p.lower_ == "of" for c in p.children if c.dep_ == "pobj"
        ]
        if nouns:
            return self._of_noun(nouns[0], span)
        meant = self.antecedents.several(head)
        if meant is None or head.lower_ in {"one", "another"}:
            return (meant or Source()).model_copy(
                update={"span": span, "name": self.bodies.words_of(span), "is_named": False}
            )
        return meant.model_copy(update={"span": span})

    def _of_calling(self, head: Token, span: Span, actor: ActorMention) -> Source:
        """A person told by a calling with its power: "the Japanese official" is known, "a Japanese official" is not."""
        if is_definite(self.personas, head):
            meant = self.antecedents.called(head, actor.country)
            if meant is not None:
                return meant.model_copy(update={"span": span})
        is_expert = (actor.is_expert or has_use(head, "expert")) and not actors_are_official(head)
        return Source(
            span=span,
            name=self.bodies.unnamed(head, span),
            country=None if is_expert or has_use(head, "media") else actor.country,
            office=actor.office,
            affiliation=actor.affiliation,
            sector=actor.sector,
            is_expert=is_expert,
        )

    def _country_in(self, head: Token, span: Span) -> str | None:
        """The country that a phrase names, or whose "its" or "his" is."""
        said = next((a.country for a in self.scene.actors_in(span) if a.country), None)
        if said is not None:
            return said
        owner = next((c for c in head.children if c.dep_ == "poss"), None)
        if owner is None:
            return None
        if owner.lower_ in GENDERS:
            person = self.antecedents.person(owner)
            return person.country if person else None
        return self.antecedents.state_meant(owner) if owner.lower_ in OWNERS else None

    def _of_noun(self, head: Token, span: Span) -> Source:
        """A speaker named by a noun: "the minister", "analysts", "a spokesman for the ministry"."""
        country = self._country_in(head, span)
        if is_definite(self.personas, head) or self._issuer_named(head):
            meant = self._meant_by(head, span, country)
            if meant is not None:
                return meant.model_copy(update={"span": span})
        is_expert = has_use(head, "expert") and not actors_are_official(head)
        sector = next((a.sector for a in self.scene.actors_in(span) if a.sector and a.kind != "person"), None)
        name, is_named = self._name_in(head, span)
        return Source(
            span=span,
            name=name,
            country=None if is_expert or has_use(head, "media") else country,
            sector=sector,
            is_expert=is_expert,
            is_named=is_named,
        )

    def _name_in(self, head: Token, span: Span) -> tuple[str | None, bool]:
        """The name that a phrase gives by its capitals alone, and whether it is one; else its words."""
        words = self.bodies.words_of(span) or ""
        is_common = is_voice(head) and (head.tag_ == "NNPS" or head.i == self.scene.sentence_bounds[head.i][0])
        if head.pos_ == "PROPN" and not is_common:
            return words.split(",")[0] or None, True
        named = _NAME_LAST.search(words) if is_voice(head) and head.tag_ == "NN" else None
        return (named.group(1), True) if named else (self.bodies.unnamed(head, span), False)

    def _meant_by(self, head: Token, span: Span, country: str | None) -> Source | None:
        """Who a definite phrase means: somebody called so before, else the holder of the office on the day."""
        if has_use(head, "document") and not has_use(head, "utterance") and not self._issuer_named(head):
            return self._issuer_before(head)
        if has_use(head, "utterance") or self._issuer_named(head):
            return self._issuer(head) or self._issuer_before(head) or self.antecedents.last_speaker(head.i)
        if head.tag_ in {"NNS", "NNPS"} or not (is_voice(head) or has_use(head, "anybody")):
            return None
        is_owned = any(c.lower_ in OWNERS for c in head.children)
        meant = self._anybody(head) if has_use(head, "anybody") else self.antecedents.called(head, country, is_owned)
        if meant is not None:
            if has_use(head, "expert") and meant.office is None:
                self.personas.call_expert(meant.name or "")
            return meant
        words = [t.lower_ for t in self.scene.tokens(span) if t.lower_ not in DEFINITE | OWNERS]
        return holder_source(
            words, country or self.antecedents.country_near(head), self.scene.document.article.published_on
        )

    def _issuer_named(self, head: Token) -> bool:
        return (has_use(head, "utterance") or has_use(head, "document")) and any(
            c.dep_ == "poss" or c.lower_ in {"by", "from"} for c in head.children
        )

    def _issuer(self, head: Token) -> Source | None:
        """Whose a statement is ("the ministry's statement", "a statement from the palace")."""
        owners = [c for c in head.children if c.dep_ == "poss"]
        preps = [c for c in head.children if c.dep_ == "prep" and c.lower_ in {"by", "from"}]
        owners += [c for prep in preps for c in prep.children if c.dep_ == "pobj"]
        return self._resolve_one(owners[0]) if owners else None

    def _issuer_before(self, head: Token) -> Source | None:
        """Who issued "the statement", where the words before tell of it ("The union issued a statement.")."""
        for token in reversed(self.scene.parse[max(0, head.i - LOOK_BACK) : head.i]):
            if token.lemma_ == head.lemma_ and token.dep_ in {"dobj", "pobj"} and not self.scene.is_quoted(token):
                verb = next((t for t in token.ancestors if t.pos_ == "VERB"), None)
                voices = verb_voices(self.scene, verb) if verb is not None else []
                return self._resolve_one(voices[0]) if voices and voices[0].i < head.i else None
        return None

    def _pair_meant(self, head: Token) -> Source | None:
        """Both ministers, the two sides, the three countries: those spoken of last."""
        counts = [COUNTS[c.lower_] for c in head.children if c.lower_ in COUNTS]
        if not counts:
            return None
        pair = self.antecedents.pair_called(head) if counts[0] == 2 else []
        if len(pair) == 2:
            return join_sources(pair).model_copy(update={"span": None})
        return self.antecedents.pair_of_states(head.i, counts[0]) if head.lemma_.lower() in PAIRED else None

    def _anybody(self, head: Token) -> Source | None:
        """The 64-year-old, the man, the veteran: the person spoken of."""
        for mention in self.antecedents.before(head.i):
            if mention.is_person and not mention.is_plural and mention.source.name:
                return mention.source
        return None

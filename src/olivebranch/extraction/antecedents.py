"""Whom a speaker's pronoun or calling means: "he", "they", "the minister", "both scholars", "the alliance"."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from olivebranch.codebook import load_codebook
from olivebranch.codebook.names import fold_name
from olivebranch.extraction.personas import Personas, head_of_name
from olivebranch.extraction.scene import SUBJECTS, Scene
from olivebranch.extraction.source_names import RANKS, fits_gender
from olivebranch.extraction.source_words import has_use, is_use, words_for
from olivebranch.records import ActorMention, Source

GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
MANY = frozenset({"they", "some", "others", "many", "most", "both", "several", "few", "all"})
NEAR = 16
"""How many mentions back an antecedent is looked for."""

MAX_SILENCE = 3
"""A pronoun means the last speaker at most this many paragraphs on."""

SERVANTS = {
    "official": frozenset({"GOV", "MIL", "SPY", "COP", "IGO", "LEG", "JUD"}),
    "politician": frozenset({"GOV", "LEG", "PTY", "OPP"}),
    "lawmaker": frozenset({"LEG"}), "legislator": frozenset({"LEG"}), "parliamentarian": frozenset({"LEG"}),
    "officer": frozenset({"MIL"}), "commander": frozenset({"MIL", "REB"}), "cleric": frozenset({"REL"}),
}  # fmt: skip
"""Callings that fit anybody of these sectors."""

LOOK_BACK = 80
"""How many words back a calling that is a subject is looked for."""

MAX_AGE = 10
"""A calling means somebody of at most this many paragraphs before."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named or heard at a token: who it is, and what he, she or it may be called.

    `until` is the last token of what was said, so that whoever is named in it is not taken for the one spoken of.
    """

    at: int
    source: Source
    is_person: bool
    words: frozenset[str]
    is_subject: bool = False
    is_plural: bool = False
    until: int = 0


class Antecedents:
    """Those named and heard in one scene, in text order; speakers are added as they are found."""

    def __init__(self, scene: Scene, personas: Personas, named: Sequence[Mention]) -> None:
        self.scene = scene
        self.personas = personas
        self.named = named
        self._named_at = [mention.at for mention in named]
        self.heard: list[Mention] = []

    def hear(self, source: Source, at: tuple[int, int], heads: Sequence[Token], is_person: bool) -> None:
        """Adds whoever has just spoken; `at` is where, and the last token of what was said."""
        facts = self.personas.facts_of(source.name)
        words = facts.words | office_words(source) | {head.lemma_.lower() for head in heads if head.pos_ == "NOUN"}
        is_plural = len(heads) > 1 or any(head.tag_ in {"NNS", "NNPS"} or head.lower_ in MANY for head in heads)
        if not is_person:
            words |= set(fold_name(source.name or "").split())
        mention = Mention(at[0], source, is_person, frozenset(words), True, is_plural, max(at))
        self.heard.append(mention)

    def before(self, index: int) -> Iterator[Mention]:
        """Those named or heard before a token, the nearest first."""
        place = bisect_left(self._named_at, index)
        near = [*self.named[max(0, place - NEAR) : place], *(m for m in self.heard[-NEAR:] if m.at < index)]
        return iter(sorted(near, key=lambda mention: -mention.at))

    def _gap(self, index: int, mention: Mention) -> int:
        """Paragraphs between."""
        return self.scene.paragraph_of[index] - self.scene.paragraph_of[mention.at]

    def person(self, head: Token) -> Source | None:
        """Whom "he" or "she" means: the subject named since somebody spoke, else who spoke, else the person named."""
        gender = GENDERS[head.lower_]
        shut = _content_subjects(head)
        fitting = [
            m
            for m in self.before(head.i)
            if m.is_person and not m.is_plural and _may_be(m, gender) and m.at not in shut
        ]
        heard = [m for m in fitting if m in self.heard[-NEAR:] and self._gap(head.i, m) <= MAX_SILENCE]
        named = [m for m in fitting if m.is_subject and self._gap(head.i, m) <= 1 and not self._is_heard(m)]
        named = self._main_first(named)
        told = self._told_of(head, gender)
        nearest = max([-1, *(max(m.at, m.until) for m in (*named[:1], *heard[:1]))])
        if told is not None and told[0] > nearest:
            return told[1]
        if named and (not heard or named[0].at > heard[0].until):
            return named[0].source
        if heard:
            return heard[0].source
        others = [m for m in fitting if self._gap(head.i, m) <= 1]
        return others[0].source if others else None

    def _main_first(self, named: list[Mention]) -> list[Mention]:
        """The subject of a sentence's main verb before that of a clause in it ("Orlov believes Putin needs it")."""
        if len(named) < 2:
            return named
        bounds = self.scene.sentence_bounds[named[0].at]
        main = [m for m in named if bounds[0] <= m.at < bounds[1] and is_main_subject(self.scene, m.at)]
        return [*main[:1], *named]

    def _told_of(self, head: Token, gender: str) -> tuple[int, Source] | None:
        """Where a calling is the subject of the words before ("The minister left."), and whom it means."""
        paragraph = self.scene.paragraph_of[head.i]
        first = max(self.scene.paragraphs[paragraph][0], head.i - LOOK_BACK) if paragraph >= 0 else head.i
        for token in reversed(self.scene.parse[first : head.i]):
            if token.dep_ not in SUBJECTS or token.tag_ != "NN" or not is_voice(token) or self.scene.is_quoted(token):
                continue
            meant = self.called(token, None) if any(child.lower_ == "the" for child in token.children) else None
            if meant is not None and fits_gender(meant.name or "", gender):
                return int(token.i), meant
        return None

    def _is_heard(self, mention: Mention) -> bool:
        return any(mention is one for one in self.heard[-NEAR:])

    def several(self, head: Token) -> Source | None:
        """Whom "they", "some" or "others" means: the people of the last plural subject, else those who spoke last."""
        subject = self._plural_subject(head)
        heard = next((m for m in reversed(self.heard[-NEAR:]) if m.is_plural or not m.is_person), None)
        if subject is not None and (heard is None or subject.i > heard.until):
            return self._of_plural(subject)
        if heard is not None and self._gap(head.i, heard) <= MAX_SILENCE:
            return heard.source
        return self.pair_of_states(head.i) if head.lower_ in {"they", "both"} else None

    def _plural_subject(self, head: Token) -> Token | None:
        """The plural noun for people that is the subject of one of the last sentences."""
        index = self.scene.sentence_bounds[head.i][0] - 1
        for _ in range(2):
            if index < 0 or self.scene.paragraph_of[head.i] - self.scene.paragraph_of[index] > 1:
                return None
            first, last = self.scene.sentence_bounds[index]
            for token in self.scene.parse[first:last]:
                if (
                    token.dep_ in SUBJECTS
                    and token.tag_ == "NNS"
                    and not self.scene.is_quoted(token)
                    and is_voice(token)
                ):
                    return token
            index = first - 1
        return None

    def _of_plural(self, subject: Token) -> Source:
        is_expert = has_use(subject, "expert")
        actors = self.scene.actors_in((subject.left_edge.idx, subject.idx + len(subject)))
        country = actors[0].country if actors and not is_expert else None
        return Source(name=subject.text, country=country, is_expert=is_expert)

    def pair_of_states(self, index: int, count: int = 2) -> Source | None:
        """Whom "the two sides" means: the last two states named (or three, or more)."""
        states: list[ActorMention] = []
        for actor in self.scene.last_actors_before(self._offset(index), NEAR):
            if actor.kind == "state" and actor.country and all(s.country != actor.country for s in states):
                states.append(actor)
            if len(states) == count:
                names = [load_codebook().name_of(state.entity or state.country or "") for state in reversed(states)]
                return Source(name=" and ".join(names), is_named=True)
        return None

    def _offset(self, index: int) -> int:
        return int(self.scene.parse[index].idx)

    def called(self, head: Token, country: str | None, is_owned: bool = False) -> Source | None:
        """The person whom a calling means: the last one whose office has the word, and the country if one is said."""
        owner = self._owner(head) if is_owned else None
        fitting = [
            mention
            for mention in self.before(head.i)
            if mention.is_person
            and not mention.is_plural
            and mention is not owner
            and self._gap(head.i, mention) <= MAX_AGE
            and _agrees(mention.source.country, country)
            and is_called(head, mention)
        ]
        is_title = head.lemma_.lower() in load_codebook().office_titles
        if not fitting and not (is_owned or is_title or has_use(head, "body")):
            last = self._last_plain_speaker(head.i)
            return last if last is not None and last.country in (None, country or last.country) else None
        return next((m.source for m in fitting if m.is_subject), fitting[0].source if fitting else None)

    def _last_plain_speaker(self, index: int) -> Source | None:
        """Who spoke last, just before, if the story has not said what he or she is."""
        last = self.heard[-1] if self.heard else None
        if last is None or not last.is_person or last.is_plural or self._gap(index, last) > 1:
            return None
        is_plain = last.source.is_named and last.source.office is None and not last.source.is_expert
        return last.source if is_plain else None

    def _owner(self, head: Token) -> Mention | None:
        return next((m for m in self.before(head.i) if m.is_person), None)

    def pair_called(self, head: Token) -> list[Source]:
        """Those whom "both ministers" means: the last two with the calling; empty where there are no two."""
        found: list[Source] = []
        for mention in self.before(head.i):
            is_new = all(source.name != mention.source.name for source in found)
            if is_new and mention.is_person and not mention.is_plural and is_called(head, mention):
                found.insert(0, mention.source)
            if len(found) == 2:
                return found
        return []

    def body(self, head: Token, country: str | None) -> Source | None:
        """The state or body that a noun means: "the ministry", "the alliance", "the court"."""
        for mention in (m for m in reversed(self.heard[-NEAR:]) if not m.is_person):
            if _agrees(mention.source.country, country) and _is_heard_body(head, mention):
                return mention.source
        for actor in self.scene.last_actors_before(head.idx, 3 * NEAR):
            if actor.kind != "person" and _agrees(actor.country, country):
                words = frozenset(fold_name(f"{actor.name} {self.scene.text[slice(*actor.span)]}").split())
                if _is_body_called(head, actor.entity, words):
                    return Source(name=actor.name, country=actor.country, sector=actor.sector, is_named=True)
        return None

    def last_speaker(self, index: int) -> Source | None:
        """Who spoke last, if that is not long ago: whose "the statement" is."""
        last = self.heard[-1] if self.heard else None
        return last.source if last is not None and self._gap(index, last) <= 2 else None

    def country_near(self, head: Token) -> str | None:
        """The state that a bare office or ministry belongs to: that of who was named or spoke last in the paragraph."""
        known = load_codebook()
        paragraph = self.scene.paragraph_of[head.i]
        for mention in self.before(head.i):
            country = mention.source.country
            if self.scene.paragraph_of[mention.at] != paragraph:
                break
            if mention.is_subject and country and known.is_state(country):
                return country
        first = self.scene.paragraphs[paragraph][0] if paragraph >= 0 else head.i
        for actor in self.scene.last_actors_before(head.idx, NEAR):
            if actor.country and known.is_state(actor.country):
                return actor.country if actor.span[0] >= self._offset(first) or not self.heard else self._last_country()
        return self._last_country()

    def _last_country(self) -> str | None:
        heard = next((m.source.country for m in reversed(self.heard[-NEAR:]) if m.source.country), None)
        return heard or next((a.country for a in self.scene.actors if a.kind == "state" and a.country), None)

    def is_recent(self, index: int, mention: Mention) -> bool:
        """Whether a mention is near enough for a pronoun."""
        return self._gap(index, mention) <= MAX_SILENCE

    def power_before(self, head: Token) -> ActorMention | None:
        """The state or body that was the subject of one of the last clauses."""
        for actor in self.scene.last_actors_before(head.idx, 8):
            last = self.scene.token_at(actor.span[1]) - 1
            if self.scene.paragraph_of[head.i] - self.scene.paragraph_of[last] > 1:
                return None
            if actor.kind != "person" and self.scene.parse[last].dep_ in SUBJECTS:
                return actor
        return None

    def state_meant(self, head: Token) -> str | None:
        """The state that "it" or "its" means: the last subject, else the last named."""
        fallback = None
        for actor in self.scene.last_actors_before(head.idx, 6):
            if actor.kind == "person" or not actor.country:
                continue
            token = self.scene.parse[self.scene.token_at(actor.span[1]) - 1]
            if self.scene.paragraph_of[head.i] - self.scene.paragraph_of[token.i] > 1:
                break
            if token.dep_ in SUBJECTS:
                return actor.country
            fallback = fallback or actor.country
        return fallback


def is_voice(token: Token) -> bool:
    """Whether a noun is one for people or bodies that speak."""
    return any(has_use(token, use) for use in ("person", "body", "expert", "official", "media"))


def _may_be(mention: Mention, gender: str) -> bool:
    return bool(mention.source.name) and fits_gender(mention.source.name or "", gender)


def _content_subjects(head: Token) -> set[int]:
    """The subjects of the clause that a pronoun's verb is set into: of "Orlov, he says, has lied" not Orlov."""
    verb = head.head
    clause = verb.head
    if clause == verb or (clause.i < head.i and verb.dep_ != "parataxis"):
        return set()
    return {child.i for child in clause.children if child.dep_ in SUBJECTS and child != verb}


def _agrees(country: str | None, said: str | None) -> bool:
    return said is None or country == said


def office_words(source: Source) -> set[str]:
    """The words of an office, by its title and by what news calls it."""
    words = set(fold_name((source.office or "").replace("-", " ")).split())
    if source.office and source.country:
        office = load_codebook().office_by_title(source.office, source.country)
        words |= {word for title in (office.titles if office else ()) for word in fold_name(title).split()}
    return words & (words_for("person") | words_for("official") | words_for("expert") | words_for("diplomat"))


def is_called(head: Token, mention: Mention) -> bool:
    """Whether somebody may be called by a noun: "the minister" is no prime minister, "the scholar" any expert."""
    word = head.lemma_.lower()
    words = mention.words | set((mention.source.office or "").lower().split())
    said = {token.lower_ for token in head.subtree} if word in words else set()
    if word in words:
        own = set(fold_name(mention.source.office or "").split())
        return all(rank in said for rank in RANKS.intersection(own) if word in own)
    if has_use(head, "expert"):
        return mention.source.is_expert
    if "counterpart" in mention.words and has_use(head, "official"):
        return True
    if word == "official" and mention.source.office and mention.source.country:
        return not mention.source.is_expert
    if word in SERVANTS and mention.source.sector in SERVANTS[word]:
        return not mention.source.is_expert
    return is_use(word) and word not in {"expert", "person"} and bool(words & words_for(word))


def _is_heard_body(head: Token, mention: Mention) -> bool:
    is_outlet = has_use(head, "outlet") and bool(mention.words & words_for("outlet") or mention.source.sector == "MED")
    return is_outlet or _is_body_called(head, mention.source.name, mention.words)


def _is_body_called(head: Token, name: str | None, words: frozenset[str]) -> bool:
    word = head.lemma_.lower()
    return word in words or (is_use(word) and fold_name(name or "") in words_for(word))


def is_subject(scene: Scene, index: int) -> bool:
    """Whether the name that ends at a token is the subject of its clause, or in apposition to it."""
    head = head_of_name(scene.parse[index])
    while head.dep_ == "appos" and head.head != head:
        head = head.head
    return head.dep_ in SUBJECTS and not scene.is_quoted(head)


def is_main_subject(scene: Scene, index: int) -> bool:
    """Whether the name that ends at a token is the subject of its sentence's main verb."""
    head = head_of_name(scene.parse[index])
    while head.dep_ == "appos" and head.head != head:
        head = head.head
    return head.dep_ in SUBJECTS and head.head.dep_ == "ROOT"

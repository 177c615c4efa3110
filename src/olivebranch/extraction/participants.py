"""Who takes part in an act: from the words around its trigger to the codes of states, bodies and groups."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook, load_table
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.coreference import resolve_nominal, resolve_pronoun
from olivebranch.extraction.syntax import phrase_tokens, prepositions_of, with_conjuncts
from olivebranch.records import ActorMention, Attribution, Document, EventActor, Span

COLLECTIVE_NOUNS = frozenset({"group", "bloc", "alliance", "union", "body", "organisation", "organization", "club"})
EXPLETIVE_VERBS = frozenset({"be", "take", "seem", "appear", "remain", "become", "look", "need", "require", "happen"})
"""Verbs whose "it" most often means nothing ("it would take a vote")."""
TWO_SIDED_SHARE = 0.6
"""Share of the mentions of powers from which the two most named ones are the story's two sides."""
SIDES = frozenset(
    {"side", "country", "government", "capital", "nation", "neighbor", "neighbour", "party", "state", "power"}
)
"""Nouns that with "both" or "the two" mean the story's pair."""
FIRST_PERSON = frozenset({"i", "we", "us", "me", "our", "my", "ours", "ourselves"})


def same_side(one: EventActor, other: EventActor) -> bool:
    """Whether two participants are one power: the same code, and not rebels beside their state."""
    return one.code == other.code and is_power(one) == is_power(other)


def _is_both_sides(head: Token) -> bool:
    """ "Both sides", "the two governments": the story's pair."""
    return head.lemma_ in SIDES and any(child.lower_ in {"all", "both", "two"} for child in head.children)


def is_power(actor: EventActor) -> bool:
    """Whether the participant can answer for a state or body: no scholar, firm or outlet."""
    sector = load_codebook().sector(actor.sector) if actor.sector else None
    return sector is None or sector.is_state or sector.code == "IGO"


@cache
def _places() -> dict[str, str]:
    return {row.name: row.code for row in load_table("places")}


@dataclass
class Participants:
    """Looks up the participants of one story by the tokens that name them."""

    document: Document
    actors: tuple[ActorMention, ...]
    attributions: tuple[Attribution, ...]
    codebook: Codebook
    _by_token: dict[int, ActorMention] = field(init=False)
    _found: dict[int, list[EventActor]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_token = {}
        for mention in sorted(self.actors, key=lambda m: m.span[1] - m.span[0]):
            tokens = self.document.parse.char_span(*mention.span, alignment_mode="expand")
            for token in tokens if tokens is not None else ():
                self._by_token.setdefault(token.i, mention)

    def of(self, heads: Iterable[Token]) -> list[EventActor]:
        """The participants that the phrases of these heads name, nearest to the head first, no side twice."""
        found: list[EventActor] = []
        for head in heads:
            if head.i not in self._found:
                self._found[head.i] = self._of_phrase(head)
            for actor in self._found[head.i]:
                if not any(same_side(actor, known) for known in found):
                    found.append(actor)
        return found

    def at(self, token: Token) -> EventActor | None:
        """The participant that this very word names or stands for, if any."""
        return self._of_token(token)

    def within(self, tokens: Iterable[Token]) -> list[EventActor]:
        """Every participant named by any of these tokens, in text order, no side twice."""
        found: list[EventActor] = []
        for token in tokens:
            actor = self._of_token(token)
            if actor and not any(same_side(actor, known) for known in found):
                found.append(actor)
        return found

    def counterpart(self, actor: EventActor) -> EventActor | None:
        """The power that the story sets against this one: the one that it names most beside it."""
        others = [a for a in self._by_weight if not same_side(a, actor)]
        return others[0] if others else None

    @cached_property
    def pair(self) -> list[EventActor]:
        """The two powers between whom the story plays, where it is about two; else none."""
        counts = [count for _, count in self._weights]
        if len(counts) < 2 or counts[1] < 2 or sum(counts[:2]) < TWO_SIDED_SHARE * sum(counts):
            return []
        return self._by_weight[:2]

    @cached_property
    def _by_weight(self) -> list[EventActor]:
        """The states and bodies of the story, the most named first."""
        return [EventActor(code=code, name=self.codebook.name_of(code)) for code, _ in self._weights]

    @cached_property
    def _weights(self) -> list[tuple[str, int]]:
        """(code, mentions) of each state and body of the story, the most named first."""
        named = [a for m in self.actors if m.kind != "group" and (a := self.of_mention(m)) is not None and is_power(a)]
        return Counter(actor.code for actor in named).most_common()

    def speaker_at(self, offset: int) -> tuple[EventActor, Attribution] | None:
        """Whose statement holds this character, as a participant: the innermost one where several do."""
        holding = [a for a in self.attributions if any(s <= offset < e for s, e in a.content.spans)]
        for attribution in sorted(holding, key=_length):
            actor = self.of_source(attribution)
            if actor:
                return actor, attribution
        return None

    def speaker_by(self, offset: int) -> EventActor | None:
        """Who says what is told by the verb at this character, as far as the statement's source is a power."""
        told = (a for a in self.attributions if a.cue is not None and a.cue.span[0] <= offset < a.cue.span[1])
        return next((actor for attribution in told if (actor := self.of_source(attribution)) is not None), None)

    def of_source(self, attribution: Attribution) -> EventActor | None:
        """The power that a statement's source speaks for, where the source is one."""
        source = attribution.source
        if source.is_expert or not source.country:
            return None
        speaks_for_itself = source.sector or source.office or self.codebook.resolve(source.name or "")
        if not speaks_for_itself and not any(m.span == source.span and m.kind != "person" for m in self.actors):
            return None
        name = source.name or source.country
        return EventActor(code=source.country, name=name, span=source.span, sector=source.sector)

    def _of_phrase(self, head: Token) -> list[EventActor]:
        if _is_both_sides(head):
            return self._by_weight[:2]
        own = self._of_token(head) or self._of_apposition(head) or self._of_nominal(head)
        if own:
            return [own, *self._of_joint_owners(head, own)]
        tokens = sorted(phrase_tokens(head), key=lambda token: abs(token.i - head.i))
        found: list[EventActor] = []
        for token in tokens:
            actor = self._of_token(token)
            if actor and not any(same_side(actor, known) for known in found):
                found.append(actor)
        return [*found, *self._of_joint_owners(head, found[0])] if len(found) == 1 else found

    def _of_joint_owners(self, head: Token, own: EventActor) -> list[EventActor]:
        """The further sides of "the ministers of Iran and Iraq", "Greek and Turkish ships"."""
        if head.tag_ != "NNS":
            return []
        owners = [obj for prep, obj in prepositions_of(head) if prep in {"of", "from"}]
        owners += with_conjuncts([child for child in head.children if child.dep_ in {"amod", "compound", "nmod"}])
        found = (self._of_token(token) for token in owners if token.pos_ in {"PROPN", "ADJ", "NOUN"})
        others = [actor for actor in found if actor is not None and actor.code != own.code]
        return [actor.model_copy(update={"sector": own.sector}) for actor in others]

    def _of_token(self, token: Token) -> EventActor | None:
        mention = self._by_token.get(token.i)
        if mention is None and token.pos_ == "PRON":
            if token.lower_ == "it" and token.head.lemma_ in EXPLETIVE_VERBS:
                return None
            if token.lower_ in FIRST_PERSON:
                speaker = self.speaker_at(token.idx)
                return speaker[0] if speaker else None
            mention = resolve_pronoun(token, self.document, self.actors)
        if mention is not None:
            return self.of_mention(mention)
        return self._of_place(token)

    def _of_apposition(self, head: Token) -> EventActor | None:
        """Who "its foreign minister, Frank-Walter Steinmeier," is."""
        return next((a for c in head.children if c.dep_ == "appos" and (a := self._of_token(c))), None)

    def _of_nominal(self, head: Token) -> EventActor | None:
        if head.pos_ != "NOUN" or not head.is_alpha:
            return None
        if head.lower_ in COLLECTIVE_NOUNS:
            return self._collective_before(head)
        span = (head.left_edge.idx, head.idx + len(head))
        published = self.document.article.published_on
        mention = resolve_nominal(span, self.document, self.actors, self.codebook, published)
        return self.of_mention(mention) if mention is not None else None

    def _collective_before(self, head: Token) -> EventActor | None:
        """ "The group" is the body named last before it."""
        before = [m for m in self.actors if m.span[1] <= head.idx and m.kind in {"organisation", "group"} and m.entity]
        nearest = max(before, key=lambda m: m.span[0], default=None)
        return self.of_mention(nearest) if nearest is not None else None

    def _of_place(self, token: Token) -> EventActor | None:
        """A country named as a place still takes part ("troops in Ukraine", "missiles over Japan")."""
        is_named = token.ent_type_ in {"GPE", "LOC", "NORP", "FAC"} or token.tag_ == "NNPS"
        if not is_named and token.text not in _places():
            return None
        ent = next((ent for ent in token.sent.ents if ent.start <= token.i < ent.end), None)
        words = (ent.text if ent is not None else token.text).removeprefix("the ")
        code = _places().get(words) or _places().get(token.text) or self.codebook.resolve(words)
        code = code or self.codebook.resolve(token.text) or self.codebook.resolve(token.text.removesuffix("s"))
        if code is None:
            return None
        span: Span = (token.idx, token.idx + len(token))
        return EventActor(code=code, name=self.codebook.name_of(code), span=span)

    def of_mention(self, mention: ActorMention) -> EventActor | None:
        """The participant of a mention; None where the codebook gives it no code."""
        code = actor_code(mention)
        return EventActor(code=code, name=mention.name, span=mention.span, sector=mention.sector) if code else None


def _length(attribution: Attribution) -> int:
    return sum(end - start for start, end in attribution.content.spans)

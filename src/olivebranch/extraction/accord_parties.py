"""Who made an accord and who mediated it, from the words around its name."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Token

from olivebranch.codebook import Codebook
from olivebranch.extraction.accord_standing import TABLE, is_city, is_in_mediation, makes_accord
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.outlook import outlook_words
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.syntax import agents_of, patients_of, prepositions_of, subjects_of
from olivebranch.extraction.word_uses import use_of, words_for
from olivebranch.records import Document, EventActor

FORUMS = frozenset({"UN", "UNSC", "UNGA"})
"""Bodies under whose roof others agree."""

BOTH = frozenset({"both", "two"})
WEIGHTY = 3


@dataclass(frozen=True)
class AccordParties:
    """Looks up the parties and mediators of the accords of one story."""

    document: Document
    participants: Participants
    codebook: Codebook

    def named_with(self, head: Token, verb: Token | None) -> list[EventActor]:
        """Whom the words make parties, the surest places first; stops where two are known."""
        prepositions = list(prepositions_of(head))
        clauses = [c for c in head.children if c.dep_ in {"relcl", "acl"} and makes_accord(c)]
        makers = [t for c in clauses for t in (agents_of(c) or [s for s in subjects_of(c) if s != head])]
        places = [
            [obj for prep, obj in prepositions if prep in {"between", "among", "with"}],
            makers,
            [c for c in head.children if c.dep_ in {"poss", "amod", "nmod", "compound"} and not is_city(c)],
        ]
        if verb is not None:
            places.append(subjects_of(verb) if use_of(TABLE, verb, "mediating") is None else [])
            places.append([obj for prep, obj in prepositions_of(verb) if prep in {"with", "between"}])
            places.append(agents_of(verb) if head.dep_ == "nsubjpass" else [])
        found: list[EventActor] = []
        for heads in places:
            extend_actors(found, [a for a in self.of(heads) if self.can_sign(a)])
            if len(found) > 1:
                return found
        clause = [token for token in head.subtree if not is_in_mediation(token, head)]
        extend_actors(found, [a for a in self.participants.within(clause) if self.can_sign(a)])
        return found

    def of(self, heads: list[Token]) -> list[EventActor]:
        """The participants of these heads; "both sides" and "the two countries" are the story's pair."""
        found = self.participants.of(heads)
        if len(found) < 2 and any(self._is_pair(head) for head in heads):
            extend_actors(found, self.dyad)
        return found

    def _is_pair(self, head: Token) -> bool:
        if head.lower_ in {"they", "both"}:
            return True
        words = {child.lower_ for child in head.children}
        return bool(words & BOTH) and head.lemma_.lower() in words_for(TABLE, "sides")

    def can_sign(self, actor: EventActor) -> bool:
        """Whether an actor can be bound: a state or its organs, a body; no outlet, firm, school or forum."""
        if actor.sector in {"MED", "EDU", "BUS", "CVL"}:
            return False
        is_state = self.codebook.is_state(actor.code)
        row = None if is_state else self.codebook.organisation(actor.code)
        return is_state or (
            row is not None and actor.code not in FORUMS and (row.kind != "group" or actor.code != "WEST")
        )

    @cached_property
    def dyad(self) -> list[EventActor]:
        """The two states that the story names most, where both are named often enough to be its pair."""
        states = [m for m in self.participants.actors if (code := actor_code(m)) and self.codebook.is_state(code)]
        counts = Counter(actor_code(mention) for mention in states).most_common(3)
        if len(counts) < 2 or (len(counts) > 2 and counts[1][1] == counts[2][1] and counts[1][1] < WEIGHTY):
            return []
        return [EventActor(code=code, name=self.codebook.name_of(code)) for code, _ in counts[:2] if code]

    def near(self, head: Token) -> list[EventActor]:
        """Who else is named in the sentence, those that only say something there left out."""
        sayers = {
            t.i for t in head.sent if t.lemma_ in outlook_words("saying") for s in subjects_of(t) for t in s.subtree
        }
        return [a for a in self.participants.within(t for t in head.sent if t.i not in sayers) if self.can_sign(a)]

    def mediator(self, head: Token) -> EventActor | None:
        """Who mediated: "brokered by", "Qatari-mediated", "under the auspices of", or who brokers it between others."""
        for child in head.children:
            if child.dep_ in {"acl", "amod", "advcl", "relcl"} and use_of(TABLE, child, "mediating"):
                by = [obj for prep, obj in prepositions_of(child) if prep == "by"]
                before = (
                    [child.doc[i] for i in range(max(0, child.left_edge.i - 1), child.i)] if child.i < head.i else []
                )
                found = self.participants.of(by) or (self.participants.within(before[::-1]) if child.i < head.i else [])
                if found:
                    return found[0]
        for prep, obj in [*prepositions_of(head), *(prepositions_of(head.head) if head.head.pos_ == "VERB" else [])]:
            if prep in {"under", "through", "with", "thanks"} and obj.lower_ in words_for(TABLE, "auspices"):
                found = self.participants.within([t for t in obj.subtree if t != obj])
                if found:
                    return found[0]
        return self._active_mediator(head)

    def _active_mediator(self, head: Token) -> EventActor | None:
        verb = head.head
        if verb.pos_ != "VERB" or verb.lemma_ not in {"broker", "mediate", "facilitate"}:
            return None
        is_object = head in patients_of(verb) and head.dep_ == "dobj"
        agents = subjects_of(verb) if is_object else [obj for prep, obj in prepositions_of(verb) if prep == "by"]
        found = self.participants.of(agents)
        return found[0] if found else None


def extend_actors(found: list[EventActor], more: list[EventActor]) -> None:
    """Adds the actors whose codes are not there yet."""
    found.extend(actor for actor in more if actor.code not in {known.code for known in found})

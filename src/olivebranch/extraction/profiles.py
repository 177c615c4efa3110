"""Who a named person is as a speaker: full name, country, office of the day, affiliation, expert or official."""

from bisect import bisect_left

from spacy.tokens import Token

from olivebranch.codebook import load_codebook
from olivebranch.extraction.antecedents import is_voice
from olivebranch.extraction.personas import Facts, Personas, head_of_name
from olivebranch.extraction.scene import Scene
from olivebranch.extraction.source_names import is_official
from olivebranch.extraction.source_words import words_for
from olivebranch.records import ActorMention, Source, Span

PEERS = 8
"""How many names back the office of a counterpart is looked for."""


class Profiles:
    """The people of one scene as sources."""

    def __init__(self, scene: Scene, personas: Personas) -> None:
        self.scene = scene
        self.personas = personas

    def person_in(self, head: Token, span: Span) -> int | None:
        """Where the person is named who is the head of a phrase, or in apposition to it or to its last word."""
        people = self.personas.people
        first, last = (bisect_left(people, (self.scene.token_at(at), "")) for at in span)
        found = [index for index, _ in people[first:last]]
        for index in found:
            token = head_of_name(self.scene.parse[index])
            if token == head or (token.dep_ == "appos" and token.head == head):
                return index
        behind = [index for index in found if index > head.i]
        if len(behind) != 1 or not is_voice(head):
            return None
        name = self.scene.parse[behind[0]]
        start = self.scene.token_at(span[0])
        while name.i > start and name.nbor(-1).pos_ == "PROPN":
            name = name.nbor(-1)
        return behind[0] if name.i > start and name.nbor(-1).text in {",", "–", "—", "-"} else None

    def of_person(self, index: int, span: Span | None) -> Source:
        """The person whose name ends at a token, with what the codebook and the story say."""
        actor = self.personas.actor_at.get(index)
        name = self.personas.name_of_mention(index)
        source = self._described(name, span, actor, self.personas.facts_of(name))
        if (source.office or "").lower() != "counterpart":
            return source
        return source.model_copy(update={"office": self._office_before(index, name)})

    def _office_before(self, index: int, name: str) -> str | None:
        """The office of the person named last before a counterpart."""
        people = self.personas.people
        place = bisect_left(people, (index, ""))
        for other, said in reversed(people[max(0, place - PEERS) : place]):
            if said != name:
                actor = self.personas.actor_at.get(other)
                return (actor.office if actor else None) or self.personas.facts_of(
                    self.personas.name_of_mention(other)
                ).office
        return None

    def of_actor(self, actor: ActorMention, span: Span) -> Source:
        """The person whom a calling means by the codebook ("the Russian president")."""
        return self._described(actor.name, span, actor, self.personas.facts_of(actor.name))

    def _described(self, name: str, span: Span | None, actor: ActorMention | None, facts: Facts) -> Source:
        office = actor.office if actor else None
        is_scholar = bool(set((office or "").lower().split()) & words_for("expert"))
        is_expert = (facts.is_expert or is_scholar or bool(actor and actor.is_expert)) and not is_official(office)
        country = actor.country if actor and not is_expert else None
        return Source(
            span=span,
            name=name,
            country=country or self._country_of(facts),
            office=office or facts.office,
            affiliation=facts.affiliation or (actor.affiliation if actor else None),
            sector=actor.sector if actor else None,
            is_expert=is_expert,
            is_named=True,
        )

    def _country_of(self, facts: Facts) -> str | None:
        """The country of somebody who serves a state ("who advises the Israeli government")."""
        if facts.is_expert or not facts.affiliation:
            return None
        return load_codebook().resolve(facts.affiliation.split()[0])

    def mention_of(self, surname: str) -> int | None:
        """Where somebody of this surname, in whatever case, is named first."""
        low = surname.lower()
        return next(
            (i for i, name in self.personas.people if name.split()[-1:] and name.split()[-1].lower() == low), None
        )

"""Which state, ministry, outlet or other body a speaker's phrase means, and how it is called."""

from spacy.tokens import Token

from olivebranch.extraction.antecedents import Antecedents
from olivebranch.extraction.personas import Personas
from olivebranch.extraction.scene import Scene
from olivebranch.extraction.source_names import ministry_name, without_article
from olivebranch.extraction.source_words import has_use
from olivebranch.records import ActorMention, Source, Span

DEFINITE = frozenset({"the", "this", "that", "both", "these", "those"})
INDEFINITE = frozenset({"a", "an", "one", "some", "another"})
OWNERS = frozenset({"his", "her", "their", "its"})
PLACING = frozenset({"in", "at", "near", "outside", "inside"})


class Bodies:
    """The bodies of one scene as sources."""

    def __init__(self, scene: Scene, personas: Personas, antecedents: Antecedents) -> None:
        self.scene = scene
        self.personas = personas
        self.antecedents = antecedents

    def of_power(self, span: Span, actor: ActorMention, head: Token | None = None) -> Source:
        """A state or body that the phrase names; "Turkish truckers" and "a Russian bank" are nobody's names."""
        is_named = head is None or not (head.tag_ == "NNS" or any(c.lower_ in INDEFINITE for c in head.children))
        words = (self.words_of(span) or "").split(",")[0]
        country = None if actor.sector == "MED" else actor.country
        name = words if actor.kind == "state" and words else actor.name
        return Source(span=span, name=name, country=country, sector=actor.sector, is_named=is_named)

    def words_of(self, span: Span) -> str | None:
        """The words of a phrase as a name, without its article."""
        return without_article(" ".join(self.scene.text[span[0] : span[1]].split())) or None

    def unnamed(self, head: Token, span: Span) -> str | None:
        """The words for somebody unnamed, without where he or she is ("a diplomat in Vienna")."""
        places = [c.idx for c in head.rights if c.dep_ == "prep" and c.lower_ in PLACING and c.idx < span[1]]
        return self.words_of((span[0], min([span[1], *places])))

    def of_body(self, head: Token, span: Span, actor: ActorMention | None, country: str | None) -> Source:
        """A ministry, a court, an alliance: of the country said or meant, or the one named before."""
        if has_use(head, "ministry"):
            return self.of_ministry(head, span, country)
        if is_definite(self.personas, head) and (actor is None or not self._has_own_name(head, actor)):
            meant = self.antecedents.body(head, country)
            if meant is not None:
                return meant.model_copy(update={"span": span})
        return self.of_power(span, actor, head) if actor is not None else self._of_stranger(head, span, country)

    def _of_stranger(self, head: Token, span: Span, country: str | None) -> Source:
        """A body that is no actor by its name: "a rights group", "the military", "the weekly Vostok"."""
        sector = next((a.sector for a in self.scene.actors_in(span) if a.sector and a.kind != "person"), None)
        if country is None and has_use(head, "organ") and is_definite(self.personas, head):
            country = self.antecedents.country_near(head)
        is_one = not any(c.lower_ in INDEFINITE for c in head.children) and not head.tag_.endswith("S")
        is_outlet = has_use(head, "outlet")
        return Source(
            span=span,
            name=(self.words_of(span) or "").split(",")[0] or None,
            country=None if is_outlet else country,
            sector=sector,
            is_named=head.pos_ == "PROPN" or (is_one and (country is not None or is_outlet)),
        )

    def _has_own_name(self, head: Token, actor: ActorMention) -> bool:
        return head.pos_ == "PROPN" or bool(actor.entity)

    def of_ministry(self, head: Token, span: Span, country: str | None) -> Source:
        """A ministry by its country: "the foreign ministry" is the one of the state spoken of."""
        words = [t.lower_ for t in self.scene.tokens(span)]
        if country is None and words[:-1] in ([], ["the"], ["this"]):
            meant = self.antecedents.body(head, None)
            if meant is not None:
                return meant.model_copy(update={"span": span})
        country = country or self.antecedents.country_near(head)
        name = ministry_name(words, country) if country else None
        return Source(span=span, name=name or self.words_of(span), country=country, sector="GOV", is_named=True)


def is_definite(personas: Personas, head: Token) -> bool:
    """Whether a phrase means somebody known: "the minister", "both ministers"; not "the Orlov aide"."""
    if any(c.dep_ == "compound" and c.i in personas.name_at for c in head.children):
        return False
    return any(child.lower_ in DEFINITE | OWNERS and child.dep_ in {"det", "poss", "predet"} for child in head.children)

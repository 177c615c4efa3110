"""Which body a deciding act is of: a group of states, a parliament, a court, a cabinet, the voters of a country."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Token

from olivebranch.codebook import Codebook
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.word_uses import search_words, words_for
from olivebranch.records import ActorMention, Document, EventActor

TABLE = "decision_words"
DECIDING_SECTORS = frozenset({"LEG", "JUD"})
RULING_SECTORS = frozenset({None, "GOV", "MIL", "LEG", "JUD", "PTY"})
OWNERS = frozenset({"compound", "poss", "amod", "nmod", "prep", "pobj"})
LOOKED_BACK = 6


@dataclass(frozen=True)
class DecidingBodies:
    """Looks up the bodies that decide, in one story."""

    document: Document
    participants: Participants
    codebook: Codebook

    def of(self, heads: list[Token], may_rule: bool = False) -> EventActor | None:
        """The body that these words name, also through its delegates ("ambassadors of the 28 EU states").

        `may_rule` lets states, ministries and their heads decide too: "Mr Kerry has six months to recommend whether".
        """
        for head in heads:
            clause = [t for t in head.subtree if t.dep_ not in {"relcl", "acl"}]
            near = self.participants.within(clause)
            named = next((a for a in [*self.participants.of([head]), *near] if self._is_body(a)), None)
            named = named or (self.nearby(head) if self._is_the_body(head) and not near else None)
            found = named or self._named_body(head) or self._bare_body(head, near)
            if found is None and may_rule:
                found = next((a for a in self.participants.of([head]) if self._may_rule(a)), None)
            if found is None and search_words(TABLE, "delegates", head.lemma_) and not near:
                found = self.nearby(head)
            found = found or self._unlisted_body(head)
            if found is not None:
                return found
        return None

    def _is_the_body(self, head: Token) -> bool:
        """ "The Council", "the bloc": named in full before."""
        is_bare = {child.lower_ for child in head.children if child.dep_ != "punct"} <= {"the", "this"}
        return is_bare and head.lemma_.lower() in {
            "council",
            "bloc",
            "alliance",
            "union",
            "commission",
            "court",
            "tribunal",
        }

    def _unlisted_body(self, head: Token) -> EventActor | None:
        """A body that the codebook does not list, by its capitals: "the Wolesi Jirga", of the country in hand."""
        is_name = head.pos_ == "PROPN" and head.ent_type_ not in {"PERSON", "DATE", "TIME"} and head.text[:1].isupper()
        if not is_name or self.participants.of([head]):
            return None
        code = self.nation_at(head)
        return (
            EventActor(code=code, name=head.text, span=(head.idx, head.idx + len(head)), sector="LEG") if code else None
        )

    def _is_body(self, actor: EventActor) -> bool:
        if actor.sector in DECIDING_SECTORS:
            return True
        return self.codebook.is_group(actor.code) and actor.code != "WEST"

    def _may_rule(self, actor: EventActor) -> bool:
        return self.codebook.is_state(actor.code) and actor.sector in RULING_SECTORS

    def _named_body(self, head: Token) -> EventActor | None:
        """A body named as a place: "in the Security Council"."""
        words = "".join(t.text_with_ws for t in head.doc[head.left_edge.i : head.i + 1] if t.pos_ == "PROPN").strip()
        code = self.codebook.resolve(words) if words else None
        actor = EventActor(code=code, name=words, span=(head.idx, head.idx + len(head))) if code else None
        return actor if actor is not None and self._is_body(actor) else None

    def _bare_body(self, head: Token, near: list[EventActor]) -> EventActor | None:
        """ "Parliament", "the cabinet", "voters": of the country named with it, else of the one in hand."""
        if head.lemma_.lower() not in words_for(TABLE, "bodies") or self._is_small(head):
            return None
        named = [t for t in head.subtree if t.pos_ in {"PROPN", "ADJ"} and t != head]
        codes = [*(a.code for a in near), *(code for t in named if (code := self.codebook.resolve(t.text)))]
        country = next((code for code in codes if self.codebook.is_state(code)), None) or self.nation_at(head)
        if country is None:
            return None
        return EventActor(code=country, name=head.text, span=(head.idx, head.idx + len(head)), sector="LEG")

    def _is_small(self, head: Token) -> bool:
        """A town's council, a bank's board, "the people" of nowhere."""
        if head.tag_ == "NNS" and head.lemma_ in {"government", "country", "member", "administration"}:
            return True  # "all 28 governments" are members of a group
        words = {t.lemma_.lower() for c in head.children for t in (c, *c.children) if c.dep_ in OWNERS}
        if head.lemma_.lower() in {"country", "member", "people", "board", "commission", "committee"}:
            return not any(t.pos_ == "PROPN" for t in head.subtree)
        return bool(words & words_for(TABLE, "small_bodies"))

    def nation_at(self, head: Token) -> str | None:
        """The country spoken of where a body is named without one: the last named before it in its paragraph."""
        paragraph = self.document.paragraph_at(head.idx)
        start, end = paragraph.span if paragraph is not None else (0, head.idx)
        here = [m for m in self.participants.actors if start <= m.span[0] < end]
        before = [m for m in here if m.span[1] <= head.idx and not self._is_aimed_at(m)]
        holders = [m for m in here if m.kind != "state"]
        for mention in [*reversed(before), *holders, *here]:
            code = actor_code(mention)
            if code is not None and self.codebook.is_state(code):
                return code
        return self._main_nation

    def _is_aimed_at(self, mention: ActorMention) -> bool:
        """ "Sanctions against Russia", "the accord with Iran": the other side, not the one that decides."""
        tokens = self.document.parse.char_span(*mention.span, alignment_mode="expand")
        root = tokens.root if tokens is not None else None
        return root is not None and root.dep_ == "pobj" and root.head.lower_ in {"against", "on", "with", "to", "from"}

    @cached_property
    def _main_nation(self) -> str | None:
        codes = (actor_code(mention) for mention in self.participants.actors)
        states = Counter(code for code in codes if code and self.codebook.is_state(code))
        return states.most_common(1)[0][0] if states else None

    def nearby(self, head: Token) -> EventActor | None:
        """ "The leaders will decide": of the body named last in the sentence or the ones before it."""
        before = [m for m in self.participants.actors if m.span[1] <= head.idx]
        groups = [a for m in before[-LOOKED_BACK:] if (a := self.participants.of_mention(m)) and self._is_body(a)]
        return groups[-1] if groups else None

"""Finds where the members of a body, and those who have a vote in it, stand on its decisions."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.judged_sides import JudgedSides
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.stance_words import TABLE, Stance, is_phrased, stance_of
from olivebranch.extraction.syntax import agents_of, is_passive, subjects_of
from olivebranch.extraction.word_uses import search_words, stems_of, use_of, words_for
from olivebranch.records import ActorMention, Attribution, Decision, Document, EventActor, Position, Span

NEAR = 700
"""A decision so many characters away may be meant by "it" or "them"."""

FACTION = "PTY"
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})


def find_positions(
    document: Document,
    attributions: tuple[Attribution, ...],
    decisions: tuple[Decision, ...],
    actors: tuple[ActorMention, ...],
) -> tuple[Position, ...]:
    """Where members stand on the decisions of a story, each tied to the statement that says so.

    Members are named: divisions that name nobody give no position. Example: "Hungary will veto the extension, its
    foreign minister said" gives HUN against.
    """
    codebook = load_codebook()
    participants = Participants(document, actors, attributions, codebook)
    is_between_powers = JudgedSides(document, participants, codebook).is_foreign
    finder = _Finder(document, attributions, decisions, participants, codebook, is_between_powers)
    kept = {(p.who, p.on, p.position, p.span): p for p in reversed([*finder.iter_positions()])}
    firsts: dict[tuple[str, str | None, str], Position] = {}
    for position in sorted(kept.values(), key=lambda p: (p.span, p.who)):
        firsts.setdefault((position.who + position.why.rpartition(" of ")[2], position.on, position.position), position)
    return tuple(position.model_copy(update={"id": f"p{n}"}) for n, position in enumerate(firsts.values(), 1))


@dataclass(frozen=True)
class _Finder:
    document: Document
    attributions: tuple[Attribution, ...]
    decisions: tuple[Decision, ...]
    participants: Participants
    codebook: Codebook
    is_between_powers: bool

    def iter_positions(self) -> Iterator[Position]:
        """Every stance that a sentence outside furniture and headline gives somebody with a vote."""
        for sentence in self.document.sentences:
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            role = self.document.paragraphs[sentence.paragraph].role
            if sentence.furniture or tokens is None or role == "headline":
                continue
            for head in tokens:
                stance = stance_of(head)
                if stance is not None and not _is_of_a_day(head):
                    anchor = head.head if head.dep_ in {"aux", "auxpass"} else head
                    yield from self._positions_at(anchor, stance, sentence.span)

    def _positions_at(self, head: Token, stance: Stance, span: Span) -> Iterator[Position]:
        decision = self._decision_meant(head, span) if self.decisions else None
        if decision is None and not (self.is_between_powers and self._is_on_joint_matter(head)):
            return
        said = next((a for a in self.attributions if any(s <= head.idx < e for s, e in a.content.spans)), None)
        for who in self._holders(head, said):
            if self._may_hold(who, stance, decision):
                yield Position(
                    id="p0", span=self._span(head, span), who=who.code, on=decision.id if decision else None,
                    position=stance, attribution=said.id if said else None, why=f"“{head.text}” of {who.name}",
                )  # fmt: skip

    def _span(self, head: Token, span: Span) -> Span:
        """The clause that says it: from its first holder to the end of what hangs on the head."""
        heads = _subjects(head)
        last = head.right_edge
        if head.pos_ not in {"VERB", "AUX"} and head.head != head:
            last = max(head.right_edge, head, key=lambda t: t.i)
        start = min([h.left_edge.idx for h in heads if span[0] <= h.idx < span[1]] + [head.idx])
        end = last.idx + len(last)
        while (
            end > start
            and not self.document.article.text[end - 1].isalnum()
            and self.document.article.text[end - 1] not in "\"”’'"
        ):
            end -= 1
        return (start, end)

    def _holders(self, head: Token, said: Attribution | None) -> list[EventActor]:
        """Whose stance it is: who is named, a faction, or the speaker where he speaks of his own side."""
        others = words_for(TABLE, "things") | (words_for(TABLE, "bodies") - words_for(TABLE, "factions"))
        heads = [h for h in _subjects(head) if h.lemma_.lower() not in others]
        found = self.participants.of(heads)
        if not found:
            found = [a for h in heads if (a := self._faction(h)) is not None]
        speaker = self.participants.of_source(said) if said is not None else None
        own = any(h.lemma_.lower() in {"country", "government", "nation", "cabinet", "we", "i"} for h in heads)
        is_of_thing = speaker is not None and not found and (own or head.lower_ in {"should", "must"})
        return [speaker] if speaker is not None and is_of_thing else found

    def _faction(self, head: Token) -> EventActor | None:
        """ "The Republicans", "three opposition senators": of the country whose parliament decides."""
        words = {t.lemma_.lower() for t in (head, *head.children)}
        states = [d.body for d in self.decisions if self.codebook.is_state(d.body)]
        if not states or not words & words_for(TABLE, "factions") or head.lemma_.lower() == "parliament":
            return None
        return EventActor(code=states[0], name=head.text, span=(head.idx, head.idx + len(head)), sector=FACTION)

    def _decision_meant(self, head: Token, span: Span) -> Decision | None:
        """The decision whose matter a sentence speaks of; a near one where it speaks of a vote or a joint measure."""
        text = self.document.words(span)
        best = max(self.decisions, key=lambda d: len(stems_of(d.what) & stems_of(text)))
        if stems_of(best.what) & stems_of(text):
            return best
        nearest = min(self.decisions, key=lambda d: abs(d.span[0] - span[0]))
        is_near = abs(nearest.span[0] - span[0]) < NEAR
        names_vote = any(
            search_words(TABLE, use, text) for use in ("vote_nouns", "for_phrases", "against_phrases", "abstain")
        )
        if names_vote and (len(self.decisions) == 1 or is_near):
            return nearest
        governed = {t.lemma_.lower() for t in head.subtree} | {t.lemma_.lower() for t in head.head.children}
        is_joint = bool(governed & (words_for(TABLE, "joint") | {"it", "they", "that", "this", "wait"}))
        return nearest if is_near and is_joint else None

    def _is_on_joint_matter(self, head: Token) -> bool:
        """Whether a stance is on something that states decide, where the story tells of no decision near it.

        A turn of phrase or an adjective of stance is enough ("would rather wait"); backing must be of a thing, not of
        a side in a war; a refusal or a wish must name a joint measure.
        """
        if head.lemma_ != "call" and (head.pos_ == "ADJ" or is_phrased(head)):
            return True
        objects = [c for c in head.children if c.dep_ in {"dobj", "nsubjpass"}]
        if use_of(TABLE, head, "for"):
            return any(c.pos_ == "NOUN" and not self._is_somebody(c) for c in objects)
        governed = {t.lemma_.lower() for c in head.children if c.dep_ not in SUBJECTS for t in c.subtree}
        return bool(governed & words_for(TABLE, "joint"))

    def _is_somebody(self, token: Token) -> bool:
        return token.lemma_.lower() in words_for(TABLE, "sides") or bool(self.participants.of([token]))

    def _may_hold(self, who: EventActor, stance: Stance, decision: Decision | None) -> bool:
        """A member of the body; of a state's parliament, who has a vote in it; the body itself only where divided."""
        if decision is None:
            return self._is_member_here(who)
        if who.code == decision.body:
            return stance == "divided" or (self.codebook.is_state(who.code) and self._is_voter(who))
        if not self.codebook.is_state(who.code) or self.codebook.is_state(decision.body):
            return False
        day = self.document.article.published_on
        members = self.codebook.members(decision.body, day) if day is not None else ()
        return not members or who.code in members

    def _is_voter(self, who: EventActor) -> bool:
        """A person or a faction: not the parliament itself."""
        if who.sector == FACTION:
            return True
        return any(m.span == who.span and m.kind == "person" for m in self.participants.actors)

    def _is_member_here(self, who: EventActor) -> bool:
        """Whether one of the bodies that the story names has this state as a member."""
        day = self.document.article.published_on
        if day is None or not self.codebook.is_state(who.code):
            return False
        named = {m.entity for m in self.participants.actors if m.entity in self.codebook.bodies_with_members}
        return any(who.code in self.codebook.members(body, day) for body in named if body)


def _is_of_a_day(head: Token) -> bool:
    """ "An election that Kiev has called for May 25" """
    preps = [c for c in head.children if c.lower_ == "for"]
    return any(o.ent_type_ in {"DATE", "TIME"} for prep in preps for o in prep.children)


def _subjects(head: Token) -> list[Token]:
    """Whose stance it is: the subject of the verb, or of the verb that an adjective completes."""
    verb = head if head.pos_ in {"VERB", "AUX"} else head.head
    return agents_of(verb) if is_passive(verb) and head.lower_ not in {"should", "must"} else subjects_of(verb)

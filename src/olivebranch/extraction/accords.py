"""Finds agreements between powers, one record an accord, with parties, mediator and standing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Token

from olivebranch.codebook import Codebook, load_codebook
from olivebranch.extraction.accord_standing import (
    STANDING,
    TABLE,
    Status,
    is_ceasefire,
    is_city,
    is_definite,
    is_in_mediation,
    is_matter,
    is_tentative,
    matters_of,
    standing_of,
    topic_of,
)
from olivebranch.extraction.actors import actor_code
from olivebranch.extraction.participants import Participants
from olivebranch.extraction.syntax import prepositions_of, subjects_of
from olivebranch.extraction.word_uses import iter_words, search_words, use_of, words_for
from olivebranch.records import Accord, ActorMention, DateMention, Document, EventActor, Span

FORUMS = frozenset({"UN", "UNSC", "UNGA"})
"""Bodies under whose roof others agree."""

CAP = 80
NAMED, IN_SENTENCE = "named with it", "named in its sentence"


@dataclass
class _Mention:
    """One naming of an accord: its head noun and what the words around it say."""

    head: Token
    is_ceasefire: bool
    is_named: bool
    is_definite: bool
    matters: frozenset[str]
    parties: list[EventActor]
    mediator: EventActor | None
    status: Status | None
    decided_by: str
    hedges: list[str] = field(default_factory=list)


def find_accords(
    document: Document, actors: tuple[ActorMention, ...], dates: tuple[DateMention, ...]
) -> tuple[Accord, ...]:
    """The accords between powers that a story names, one record each, in text order.

    Example: "Moscow embraced a tentative accord, mediated by the EU, that would suspend a gas war with Ukraine" gives
    parties RUS and UKR, mediator EU, status tentative.
    """
    finder = _Finder(document, Participants(document, actors, (), load_codebook()), dates, load_codebook())
    groups: list[list[_Mention]] = []
    for mention in finder.iter_mentions():
        home = next((group for group in reversed(groups) if _is_same(group, mention)), None)
        if home is None:
            groups.append([mention])
        else:
            home.append(mention)
    made = [accord for group in groups if (accord := finder.make_accord(group)) is not None]
    return tuple(accord.model_copy(update={"id": f"c{n}"}) for n, accord in enumerate(made, 1))


def _is_same(group: list[_Mention], mention: _Mention) -> bool:
    """Whether a mention is of an accord already named: the same kind, no other matter, no other parties."""
    first = group[0]
    if first.is_ceasefire != mention.is_ceasefire:
        return False
    known = frozenset(matter for one in group for matter in one.matters)
    if known and mention.matters:
        return bool(known & mention.matters)
    known_parties = {party.code for one in group for party in one.parties}
    parties = {party.code for party in mention.parties}
    if mention.is_ceasefire:
        return not parties or not known_parties or bool(parties & known_parties)
    return mention.is_definite and (not parties or not known_parties or bool(parties & known_parties))


@dataclass(frozen=True)
class _Finder:
    document: Document
    participants: Participants
    dates: tuple[DateMention, ...]
    codebook: Codebook

    def iter_mentions(self) -> Iterator[_Mention]:
        """Every naming of an accord outside furniture and headlines, of home affairs left out."""
        for sentence in self.document.sentences:
            paragraph = self.document.paragraphs[sentence.paragraph]
            tokens = self.document.parse.char_span(*sentence.span, alignment_mode="expand")
            if sentence.furniture or paragraph.furniture or paragraph.role == "headline" or tokens is None:
                continue
            for token in sorted({*filter(self._names_accord, tokens), *self._treaties(sentence.span)}):
                yield self._read(token)

    def _treaties(self, span: Span) -> Iterator[Token]:
        """Accords told by their own name alone: New START, the JCPOA."""
        text = self.document.words(span)
        for found in iter_words(TABLE, "named", text):
            name = self.document.parse.char_span(
                span[0] + found.start(), span[0] + found.end(), alignment_mode="expand"
            )
            if name is not None and found[0][0].isupper() and not any(map(self._names_accord, name)):
                yield name.root

    def _names_accord(self, token: Token) -> bool:
        if token.pos_ not in {"NOUN", "PROPN"} or use_of(TABLE, token, "ceasefire", "accord") is None:
            return False
        if token.dep_ in {"compound", "nmod"} and token.head.pos_ in {"NOUN", "PROPN"}:
            # "A truce deal" is one accord, named by its last noun; "ceasefire violations" names the ceasefire.
            return use_of(TABLE, token.head, "ceasefire", "accord") is None and is_ceasefire(token)
        before = {child.lower_ for child in token.children if child.dep_ in {"compound", "amod", "nmod"}}
        if before & words_for(TABLE, "home"):
            return False
        if any(child.lower_ in {"any", "every", "whatever"} for child in token.children):
            return False
        return token.pos_ == "PROPN" or any(
            child.dep_ in {"det", "poss", "amod", "compound", "nummod", "prep"} for child in token.children
        )

    def _read(self, head: Token) -> _Mention:
        text = self.document.words(self._span(head)).lower()
        verb, status, word = standing_of(head)
        hedges = [
            found[0].lower() for h in ("tentative", "hedge") if (found := search_words(TABLE, h, self._clause(head)))
        ]
        if status in {None, "signed", "in_force"} and is_tentative(head, self._near(head)):
            status, word = "tentative", hedges[0] if hedges else "tentative"
        mediator = self._mediator(head)
        return _Mention(
            head=head,
            is_ceasefire=is_ceasefire(head),
            is_named=search_words(TABLE, "named", text) is not None,
            is_definite=is_definite(head),
            matters=matters_of(head),
            parties=[p for p in self._parties(head, verb) if mediator is None or p.code != mediator.code],
            mediator=mediator,
            status=status,
            decided_by=word,
            hedges=hedges,
        )

    def _span(self, head: Token) -> Span:
        """The accord's noun phrase: its modifiers, and what follows with "between", "on", "with", "of"."""
        end = head.i
        for child in head.children:
            if (
                child.dep_ == "prep"
                and child.lower_ in {"between", "on", "with", "of", "over", "among", "for"}
                and child.i > head.i
            ):
                clauses = [t.i for t in child.subtree if t.dep_ in {"relcl", "acl", "advcl", "ccomp"}]
                end = max(end, min([*(c - 1 for c in clauses), child.right_edge.i]))
        doc = head.doc
        start = head.left_edge.i
        while start < head.i and (doc[start].is_punct or doc[start].pos_ in {"CCONJ", "ADP", "PRON"}):
            start += 1
        if end - head.i > CAP // 8:
            end = head.i
        return (doc[start].idx, doc[end].idx + len(doc[end]))

    def _clause(self, head: Token) -> str:
        """The words of the noun phrase with its clauses, where hedges stand."""
        return str(head.doc[head.left_edge.i : head.right_edge.i + 1].text)

    def _near(self, head: Token) -> str:
        first = max(head.sent.start, head.i - 7)
        return str(head.doc[first : min(head.sent.end, head.i + 4)].text)

    def _parties(self, head: Token, verb: Token | None) -> list[EventActor]:
        """Whom the words make parties, the surest places first; stops where two are known."""
        prepositions = list(prepositions_of(head))
        places = [
            [obj for prep, obj in prepositions if prep in {"between", "among", "with"}],
            [c for c in head.children if c.dep_ in {"poss", "amod", "nmod", "compound"} and not is_city(c)],
        ]
        if verb is not None:
            places.append(subjects_of(verb) if use_of(TABLE, verb, "mediating") is None else [])
            places.append([obj for prep, obj in prepositions_of(verb) if prep in {"with", "between"}])
        found: list[EventActor] = []
        for heads in places:
            _extend(found, [a for a in self.participants.of(heads) if self._can_sign(a)])
            if len(found) > 1:
                return found
        clause = [token for token in head.subtree if not is_in_mediation(token, head)]
        _extend(found, [a for a in self.participants.within(clause) if self._can_sign(a)])
        return found

    def _can_sign(self, actor: EventActor) -> bool:
        if actor.sector in {"MED", "EDU", "BUS", "CVL"}:
            return False
        is_state = self.codebook.is_state(actor.code)
        return is_state or (actor.code not in FORUMS and self.codebook.organisation(actor.code).kind != "group")

    def _mediator(self, head: Token) -> EventActor | None:
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
        agents = (
            [obj for prep, obj in prepositions_of(verb) if prep == "by"] if head.dep_ != "dobj" else subjects_of(verb)
        )
        found = self.participants.of(agents)
        return found[0] if found else None

    def make_accord(self, group: list[_Mention]) -> Accord | None:
        """The record of one accord from all its mentions; None where no two powers can be told."""
        parties: list[EventActor] = []
        mediator = next((m.mediator for m in group if m.mediator), None)
        for mention in group:
            _extend(parties, [p for p in mention.parties if mediator is None or p.code != mediator.code])
        how = NAMED
        if len(parties) < 2:
            parties, how = self._filled(group, parties, mediator)
        is_named = any(m.is_named for m in group)
        if len(parties) < 2 and not is_named:
            return None
        stated = [m for m in group if m.status is not None]
        best = max(stated, key=lambda m: STANDING.index(m.status or "proposed"), default=None)
        if how.startswith("one named") and not is_named and not any(m.matters or m.is_ceasefire for m in group):
            return None
        is_sure = how == NAMED or (how == IN_SENTENCE and any(m.is_definite for m in group))
        if best is None and not is_named and not (is_sure and any(m.matters or m.is_ceasefire for m in group)):
            return None
        stands = is_named or any(m.is_definite for m in group)
        status: Status = (best.status if best else None) or ("in_force" if stands else "signed")
        shown = max(group, key=lambda m: (m.status is not None and m is best, len(m.matters), not m.is_definite))
        hedges = list(dict.fromkeys(h for m in group for h in m.hedges))
        reason = f"“{best.decided_by}” makes it {status}" if best else f"nothing else said: taken as {status}"
        return Accord(
            id="c0",
            span=self._span(shown.head),
            parties=_in_text_order(parties),
            mediator=mediator.code if mediator else None,
            subject=self._subject(group),
            status=status,
            until=next((day for m in group if (day := self._until(m.head))), None),
            why=f"“{shown.head.text}”; {reason}; parties {how}" + (f"; hedged: {', '.join(hedges)}" if hedges else ""),
        )

    def _filled(
        self, group: list[_Mention], parties: list[EventActor], mediator: EventActor | None
    ) -> tuple[list[EventActor], str]:
        """The second party from the sentence, then from the dyad that the story is about."""
        filled = list(parties)
        for mention in group:
            near = [a for a in self.participants.within(mention.head.sent) if self._can_sign(a)]
            _extend(filled, [a for a in near if mediator is None or a.code != mediator.code])
            if len(filled) > 1:
                return filled[: max(2, len(parties))], IN_SENTENCE
        if len(filled) == 1 and (other := self.participants.counterpart(filled[0])) and self._can_sign(other):
            is_near = any(m.is_ceasefire or self._is_named_near(m.head, other.code) for m in group)
            is_near = is_near and not any(m.is_named for m in group)
            if is_near and (mediator is None or other.code != mediator.code):
                return [*filled, other], "one named with it, the other the story's counterpart"
        if not filled and any(m.is_ceasefire or m.matters for m in group):
            return self._dyad(), "none named with it: the two powers that the story names most"
        return filled, NAMED

    def _is_named_near(self, head: Token, code: str) -> bool:
        """Whether a power is named in the paragraph of an accord."""
        paragraph = self.document.paragraph_at(head.idx)
        span = paragraph.span if paragraph is not None else (0, 0)
        return any(span[0] <= m.span[0] < span[1] and actor_code(m) == code for m in self.participants.actors)

    def _dyad(self) -> list[EventActor]:
        """The two states that the story names most."""
        states = [m for m in self.participants.actors if (code := actor_code(m)) and self.codebook.is_state(code)]
        counts = Counter(actor_code(mention) for mention in states)
        codes = [code for code, _ in counts.most_common(2) if code]
        return [EventActor(code=code, name=self.codebook.name_of(code)) for code in codes]

    def _subject(self, group: list[_Mention]) -> str:
        """A few words of the text on what the accord is about."""
        best = max(group, key=lambda m: (len(m.matters), bool(topic_of(m.head))))
        head = best.head
        kept = [c for c in head.children if c.dep_ in {"compound", "amod", "nmod"} and is_matter(c)]
        topic = topic_of(head)
        if head.pos_ == "PROPN":
            kept = [
                t
                for t in head.doc[head.left_edge.i : head.i]
                if t.pos_ not in {"DET", "PRON", "PUNCT"} or t.i > head.left_edge.i
            ]
            kept = [] if any(t.is_punct and t.text != "-" for t in kept) else kept
        elif not kept and not topic and best.matters and not best.is_ceasefire:
            return f"{min(best.matters)} {head.text}"
        name = "".join(t.text_with_ws if head.pos_ == "PROPN" else t.text + " " for t in kept) + head.text
        return f"{name} {topic}"[:CAP].strip() if topic else name

    def _until(self, head: Token) -> date | None:
        """The day up to which it holds: "until Friday", "expires on 5 February 2021"."""
        verb = head.head if head.head.pos_ == "VERB" else head
        for mention in self.dates:
            if not head.sent.start_char <= mention.span[0] < head.sent.end_char:
                continue
            before = self.document.article.text[head.sent.start_char : mention.span[0]].lower().split()
            if before and before[-1] in {"until", "till", "through"}:
                return mention.to
            if verb.lemma_ in {"expire", "lapse"} or (before[-2:] and "expire" in " ".join(before[-3:])):
                return mention.to
        return None


def _in_text_order(parties: list[EventActor]) -> tuple[str, ...]:
    ordered = sorted(parties, key=lambda party: party.span or (1 << 30, 1 << 30))
    return tuple(dict.fromkeys(party.code for party in ordered))


def _extend(found: list[EventActor], more: list[EventActor]) -> None:
    found.extend(actor for actor in more if actor.code not in {known.code for known in found})
